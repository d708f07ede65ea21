//! Speaking with the extension's own interfaces, from a page of its own.

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::{Browser, Page, wait_for};

/// A file of the extension that runs nothing, and still has the extension's rights as a page.
const HELPER: &str = "manifest.json";

impl Browser {
    /// Runs the body of an async function in a page of the extension: `chrome.*` is there.
    ///
    /// The page is opened at the first call and stays, in a window of its own. It runs nothing
    /// of the extension's, so it does not wake the background.
    pub async fn extension_eval(&self, js: &str) -> Result<Value> {
        self.extension_eval_with(js, Value::Null).await
    }

    /// The same with a value that the script finds in `args`.
    pub async fn extension_eval_with(&self, js: &str, args: Value) -> Result<Value> {
        let mut helper = self.helper.lock().await;
        let page = match helper.take() {
            Some(page) => page,
            None => self.open_helper().await?,
        };
        helper.insert(page).eval_with(js, args).await
    }

    /// An extension that is being loaded again has no pages for a moment, so this tries again.
    async fn open_helper(&self) -> Result<Page> {
        let page = self.new_window().await?;
        let url = self.extension_url(HELPER);
        wait_for("a page of the extension", async || {
            page.goto(&url).await?;
            let id = page.eval("return chrome.runtime.id;").await?;
            Ok(id.is_string().then_some(()))
        })
        .await?;
        Ok(page)
    }

    /// Closes the helper page, before a change that would close it.
    pub(crate) async fn close_helper(&self) -> Result<()> {
        match self.helper.lock().await.take() {
            Some(page) => page.close().await,
            None => Ok(()),
        }
    }

    /// The extension's number for the tab that shows an address beginning with `url`.
    pub async fn tab_id_of(&self, url: &str) -> Result<i64> {
        let js = "const tabs = await chrome.tabs.query({});
                  return tabs.map(({ id, url, pendingUrl }) => ({ id, url: url || pendingUrl }));";
        let tabs = self.extension_eval(js).await?;
        let found = tabs
            .as_array()
            .into_iter()
            .flatten()
            .rev()
            .find(|tab| tab["url"].as_str().is_some_and(|address| address.starts_with(url)));
        found.and_then(|tab| tab["id"].as_i64()).ok_or_else(|| anyhow!("no tab at {url}: {tabs}"))
    }

    /// The extension's number for the site's tab, where [`Browser::visit`] goes.
    pub async fn site_tab_id(&self) -> Result<i64> {
        self.tab_id_of(&self.site().url().await?).await
    }

    /// Opens what the toolbar's popup would show for a tab, in a window of its own.
    pub async fn open_popup(&self, tab: i64) -> Result<Page> {
        self.open(&self.extension_url(&format!("popup.html?tab={tab}"))).await
    }

    /// Opens an address in a private window, by the extension's own means.
    pub async fn open_private(&self, url: &str) -> Result<Page> {
        let js = "await chrome.windows.create({ incognito: true, url: args });";
        self.open_with(js, json!(url)).await.context("no private window")
    }

    /// The tab that a script in the extension opens.
    pub(crate) async fn open_with(&self, js: &str, args: Value) -> Result<Page> {
        // The helper's window must not count as new.
        self.extension_eval("").await?;
        let before = self.session.windows().await?;
        self.extension_eval_with(js, args).await?;
        let window = wait_for("a new tab", async || {
            let now = self.session.windows().await?;
            Ok(now.into_iter().find(|window| !before.contains(window)))
        })
        .await?;
        Ok(Page::new(self.session.clone(), window))
    }
}
