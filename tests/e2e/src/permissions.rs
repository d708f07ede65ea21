//! What the person may grant the extension or withhold from it.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::WebDriver;

use crate::{Browser, Kind, chromium, firefox, wait_for};

impl Browser {
    /// Does the history stand beside the page, in Chrome's side panel or Firefox's sidebar?
    pub async fn shows_beside(&self) -> Result<bool> {
        match self.kind() {
            Kind::Chromium => chromium::shows_beside(&self.session.driver, self.id()).await,
            Kind::Firefox => {
                let turn = self.session.at(self.site().window()).await?;
                firefox::shows_beside(&turn).await
            }
        }
    }

    /// Ends the extension's background and returns when it is seen dead; the next event wakes it. Tells
    /// whether there was one to end.
    pub async fn kill_background(&self) -> Result<bool> {
        match self.kind() {
            Kind::Chromium => chromium::kill_background(&self.session.driver, self.id()).await,
            Kind::Firefox => {
                // The site's window may be closed.
                let helper = self.helper.lock().await;
                let window = helper.as_ref().unwrap_or(self.site()).window();
                let turn = self.session.at(window).await?;
                firefox::kill_background(&turn).await
            }
        }
    }

    /// Loads the extension anew, as an update does: its pages close, and what it held in memory is gone.
    pub async fn reload_extension(&self) -> Result<()> {
        self.close_helper().await?;
        match self.kind() {
            Kind::Chromium => {
                self.aside(async |driver| chromium::reload(driver, self.id()).await).await?;
                self.extension_eval("await navigator.serviceWorker.ready;").await.map(drop)
            }
            Kind::Firefox => {
                let turn = self.session.at(self.site().window()).await?;
                firefox::reload(&turn).await?;
                firefox::background_started(&turn).await
            }
        }
    }

    /// Withdraws the extension's access to sites, as the person can at any time.
    pub async fn revoke_hosts(&self) -> Result<()> {
        self.allow_hosts(false).await
    }

    /// Gives the extension access to all sites.
    pub async fn grant_hosts(&self) -> Result<()> {
        self.allow_hosts(true).await
    }

    async fn allow_hosts(&self, allow: bool) -> Result<()> {
        match self.kind() {
            Kind::Chromium => {
                let access = if allow { "ON_ALL_SITES" } else { "ON_CLICK" };
                self.configure(json!({ "hostAccess": access })).await?;
            }
            Kind::Firefox => {
                let turn = self.session.at(self.site().window()).await?;
                firefox::allow_hosts(&turn, allow).await?;
            }
        }
        let js = "return await chrome.permissions.contains({ origins: ['<all_urls>'] });";
        wait_for("the extension to learn what it may", async || {
            Ok((self.extension_eval(js).await? == allow).then_some(()))
        })
        .await
    }

    /// Chromium only: changes the extension's settings from Chromium's page of extensions.
    /// Some of these make Chromium load the extension again, which closes its pages.
    pub(crate) async fn configure(&self, change: Value) -> Result<()> {
        self.close_helper().await?;
        self.aside(async |driver| chromium::configure(driver, self.id(), change).await).await
    }

    /// Chromium only: has an organisation choose, and returns when the extension knows.
    pub(crate) async fn manage(&self, managed: &Value) -> Result<()> {
        self.aside(async |driver| chromium::manage(driver, self.id(), managed).await).await?;
        let js = "return Object.keys(await chrome.storage.managed.get(null)).length;";
        wait_for("the policies", async || Ok((self.extension_eval(js).await? != 0).then_some(()))).await
    }

    /// Does something in a window that is there for nothing else.
    async fn aside(&self, act: impl AsyncFnOnce(&WebDriver) -> Result<()>) -> Result<()> {
        let page = self.new_window().await?;
        let turn = self.session.at(page.window()).await?;
        let done = act(&turn).await;
        drop(turn);
        page.close().await?;
        done
    }
}
