//! Every page of the extension in every state, as a table: for pictures, and for checks that hold of
//! all of them.

use anyhow::{Context, Result};
use latchkey_lab::{Lab, by_id};
use serde_json::json;

use crate::play::{history_url, lock_out};
use crate::session::cdp;
use crate::{Browser, Kind, Page, firefox};

/// A page in a state.
pub struct View {
    /// The file, without its ending.
    pub page: &'static str,
    /// The state's name, for files and messages.
    pub name: &'static str,
    scene: Scene,
    /// The root's `data-state`, or one of these.
    state: &'static [&'static str],
    /// With all folds open?
    unfolded: bool,
}

/// What has happened when the page is opened.
enum Scene {
    /// Nothing: a page that is fine.
    Quiet,
    /// The tab shows a page of the browser.
    BrowserPage,
    /// The person withholds the site; the page is opened while that lasts.
    Withheld,
    /// Somebody is locked out, as in this scenario.
    LockedOut(&'static str),
    /// The same, and the big button was clicked.
    Clicked(&'static str),
    /// The same, and taken back.
    Undone(&'static str),
    /// A page and a call of its app are refused.
    Several,
    /// The page as its file has it, before any program runs.
    Unfilled,
    /// The history of what went before.
    History,
    /// The history of all sites.
    AllSites,
}

const fn view(page: &'static str, name: &'static str, scene: Scene, state: &'static [&'static str]) -> View {
    View { page, name, scene, state, unfolded: false }
}

const fn unfolded(view: View) -> View {
    View { unfolded: true, ..view }
}

/// All of them; a page more is a line more.
pub const VIEWS: &[View] = &[
    view("popup", "watching", Scene::Quiet, &["watching"]),
    view("popup", "browser-page", Scene::BrowserPage, &["no-access"]),
    view("popup", "incident", Scene::LockedOut("session_expired"), &["incident"]),
    unfolded(view("popup", "unfolded", Scene::LockedOut("session_expired"), &["incident"])),
    view("popup", "recovered", Scene::Clicked("session_expired"), &["recovered"]),
    view("popup", "undone", Scene::Undone("session_expired"), &["recovered"]),
    view("popup", "unknown", Scene::LockedOut("unknown"), &["incident"]),
    unfolded(view("popup", "still-locked", Scene::Clicked("unknown"), &["still-locked"])),
    unfolded(view("popup", "token", Scene::LockedOut("token_expired"), &["incident"])),
    unfolded(view("popup", "for-the-owner", Scene::Clicked("cors_preflight_401"), &["incident"])),
    view("popup", "several", Scene::Several, &["incident"]),
    view("popup", "loading", Scene::Unfilled, &["loading"]),
    view("devtools", "nothing", Scene::Quiet, &["watching"]),
    unfolded(view("devtools", "token", Scene::LockedOut("token_expired"), &["incident"])),
    unfolded(view("devtools", "preflight", Scene::LockedOut("cors_preflight_401"), &["incident"])),
    view("panel", "history", Scene::History, &["history"]),
    view("panel", "all-sites", Scene::AllSites, &["history"]),
    // Last: what follows a permission that was taken away is another story.
    view("popup", "withheld", Scene::Withheld, &["no-access"]),
];

impl View {
    /// Brings it about, and opens the page.
    pub async fn open(&self, browser: &Browser, lab: &Lab) -> Result<Page> {
        let opened = self.set(browser, lab).await;
        opened.with_context(|| format!("{} {}", self.page, self.name))
    }

    async fn set(&self, browser: &Browser, lab: &Lab) -> Result<Page> {
        let scenario = |id| by_id(id).with_context(|| format!("no scenario {id}"));
        let tab = match self.scene {
            Scene::Quiet | Scene::Unfilled => {
                browser.visit(&lab.url("quiet.test", "/")).await?;
                browser.site_tab_id().await?
            }
            Scene::BrowserPage => {
                browser.visit("about:blank").await?;
                browser.tab_id_of("about:blank").await?
            }
            Scene::Withheld => {
                browser.revoke_hosts().await?;
                browser.visit(&lab.url("quiet.test", "/")).await?;
                // Its address is hidden from the extension as well.
                let js = "const [tab] = await chrome.tabs.query({ index: 0, windowType: 'normal' });
                          return tab.id;";
                browser.extension_eval(js).await?.as_i64().context("no tab")?
            }
            Scene::LockedOut(id) | Scene::Clicked(id) | Scene::Undone(id) => {
                lock_out(browser, lab, scenario(id)?).await?
            }
            Scene::Several => {
                let tab = lock_out(browser, lab, scenario("session_expired")?).await?;
                browser.site().eval("await fetch(location.href);").await?;
                tab
            }
            Scene::History | Scene::AllSites => 0,
        };
        let page = match self.scene {
            Scene::History | Scene::AllSites => {
                browser.open(&history_url(browser, lab, scenario("session_expired")?)).await?
            }
            _ => browser.open(&browser.extension_url(&format!("{}.html?tab={tab}", self.page))).await?,
        };
        match self.scene {
            Scene::Clicked(_) => {
                page.wait_state(&["incident"]).await?;
                page.click("[data-primary]").await?;
            }
            Scene::Undone(_) => {
                page.wait_state(&["incident"]).await?;
                page.click("[data-primary]").await?;
                page.click("[data-action=undo]").await?;
                page.wait_for_selector("[data-undone]").await?;
            }
            Scene::AllSites => {
                page.click("[data-action=all-sites]").await?;
                page.wait_for_selector("[data-action=site]").await?;
            }
            Scene::Several => page.wait_for_selector("[data-region=also] details").await?,
            Scene::Unfilled => {
                page.wait_state(&["watching"]).await?;
                page.empty().await?;
            }
            _ => {}
        }
        page.wait_state(self.state).await?;
        if self.unfolded {
            page.eval("document.querySelectorAll('details').forEach((fold) => { fold.open = true; });")
                .await?;
            if self.page == "popup" {
                // Its cookies are asked for only now.
                page.wait_for_selector("[data-fold=developer] .dev").await?;
            }
        }
        Ok(page)
    }

    /// Puts back what the scene has changed for those after it.
    pub async fn leave(&self, browser: &Browser, page: Page) -> Result<()> {
        page.close().await?;
        if matches!(self.scene, Scene::Withheld) { browser.grant_hosts().await } else { Ok(()) }
    }
}

impl Page {
    /// Shows what the page's file has, as before its program runs.
    pub async fn empty(&self) -> Result<()> {
        let js = "const text = await (await fetch(location.pathname)).text();
                  const file = new DOMParser().parseFromString(text, 'text/html');
                  document.querySelector('main').replaceWith(file.querySelector('main'));
                  document.documentElement.dataset.state = 'loading';
                  // One that goes with what it moves is over as well.
                  await Promise.allSettled(document.getAnimations().map((one) => one.finished));";
        self.eval(js).await.map(drop)
    }

    /// Lets the page run from right to left, whatever its language.
    pub async fn turn(&self, right_to_left: bool) -> Result<()> {
        let dir = if right_to_left { "rtl" } else { "ltr" };
        self.eval_with("document.documentElement.dir = args;", json!(dir)).await.map(drop)
    }
}

impl Browser {
    /// Asks a page for its dark colours, or its light ones.
    pub async fn dress(&self, page: &Page, dark: bool) -> Result<()> {
        let turn = self.session.at(page.window()).await?;
        match self.kind() {
            Kind::Chromium => {
                let value = if dark { "dark" } else { "light" };
                let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
                turn.cmd(cdp("Emulation.setEmulatedMedia", json!({ "features": features }))).await?;
            }
            Kind::Firefox => firefox::dress(&turn, dark).await?,
        }
        drop(turn);
        let js = "return matchMedia('(prefers-color-scheme: dark)').matches;";
        crate::wait_for("the colours", async || Ok((page.eval(js).await? == dark).then_some(()))).await
    }
}
