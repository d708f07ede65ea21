//! How each scene of the gallery comes about, and how it is put back.

use anyhow::{Context, Result};
use latchkey_lab::{Lab, Scenario, by_id};
use serde_json::{Value, json};

use super::Scene::{self, *};
use crate::play::lock_out;
use crate::{Browser, Page};

impl Scene {
    /// Brings it about, and opens `page`.
    pub(super) async fn set(&self, browser: &Browser, lab: &Lab, page: &str) -> Result<Page> {
        let tab = match self {
            New | Month | ManySites | Chosen => 0,
            Quiet | Ignored => {
                if matches!(self, Ignored) {
                    browser.choose("ignored", "quiet.test", true).await?;
                }
                browser.visit(&lab.url("quiet.test", "/")).await?;
                browser.site_tab_id().await?
            }
            BrowserPage => {
                browser.visit("about:blank").await?;
                browser.tab_id_of("about:blank").await?
            }
            Withheld => {
                browser.revoke_hosts().await?;
                browser.visit(&lab.url("quiet.test", "/")).await?;
                // Its address is hidden from the extension as well.
                let js = "const [tab] = await chrome.tabs.query({ index: 0, windowType: 'normal' });
                          return tab.id;";
                browser.extension_eval(js).await?.as_i64().context("no tab")?
            }
            LockedOut(id) | Clicked(id) | Held(id) | Trouble(id, _) => {
                browser.forget().await?;
                lock_out(browser, lab, scenario(id)?).await?
            }
            Several => {
                browser.forget().await?;
                let tab = lock_out(browser, lab, scenario("session_expired")?).await?;
                browser.site().eval("await fetch(location.href);").await?;
                tab
            }
            Broken => {
                browser.visit(&lab.url("quiet.test", "/")).await?;
                let tab = browser.site_tab_id().await?;
                let js = "const { tabs } = await chrome.storage.session.get('tabs');
                          await chrome.storage.session.set({ 'incident:0': 0, tabs: { ...tabs, [args]: ['0'] } });";
                browser.extension_eval_with(js, json!(tab)).await?;
                tab
            }
        };
        match self {
            Trouble(_, word) => browser.trouble(Some(word)).await?,
            Month => month(browser, lab).await?,
            ManySites => {
                month(browser, lab).await?;
                browser.fill_history(&browser.newest().await?, 70, 70).await?;
            }
            Chosen => {
                for site in CHOSEN {
                    browser.choose("ignored", site, true).await?;
                }
                browser.choose("expiry", "sso.example.com", true).await?;
            }
            _ => {}
        }
        let file = match self {
            New | Month | ManySites | Chosen => format!("{page}.html"),
            _ => format!("{page}.html?tab={tab}"),
        };
        let page = browser.open(&browser.extension_url(&file)).await?;
        if let Clicked(_) | Held(_) = self {
            page.wait_state(&["incident"]).await?;
            if let Held(id) = self {
                lab.hold(Some(scenario(id)?.host));
            }
            page.click("[data-primary]").await?;
        }
        Ok(page)
    }

    /// Puts back what it has changed.
    pub(super) async fn leave(&self, browser: &Browser, lab: &Lab) -> Result<()> {
        match self {
            Withheld => browser.grant_hosts().await,
            Held(_) => {
                lab.hold(None);
                Ok(())
            }
            Trouble(..) => browser.trouble(None).await,
            Ignored => browser.choose("ignored", "quiet.test", false).await,
            Chosen => {
                for site in CHOSEN {
                    browser.choose("ignored", site, false).await?;
                }
                browser.choose("expiry", "sso.example.com", false).await
            }
            Broken => {
                let js = "const { tabs } = await chrome.storage.session.get('tabs');
                          for (const tab of Object.keys(tabs)) if (tabs[tab][0] === '0') delete tabs[tab];
                          await chrome.storage.session.set({ tabs });
                          await chrome.storage.session.remove('incident:0');";
                browser.extension_eval(js).await.map(drop)
            }
            _ => Ok(()),
        }
    }
}

/// Sites that are left alone, one with a name as long as some are.
const CHOSEN: [&str; 2] = ["example.com", "kundenportal.stadtwerke-musterstadt-an-der-lahn.example:8443"];

fn scenario(id: &str) -> Result<&'static Scenario> {
    by_id(id).with_context(|| format!("no scenario {id}"))
}

/// A month of lock-outs, once: some that were lived through, and copies of them.
async fn month(browser: &Browser, lab: &Lab) -> Result<()> {
    let known = browser.records("summaries").await?;
    if known.as_array().into_iter().flatten().any(|summary| summary["site"] == "shop.example") {
        return Ok(());
    }
    let mut lived = Vec::new();
    for id in ["session_expired", "unknown", "token_expired"] {
        let tab = lock_out(browser, lab, scenario(id)?).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        if id != "unknown" {
            popup.click("[data-primary]").await?;
            popup.wait_state(&["recovered"]).await?;
        }
        popup.close().await?;
        browser.settle().await?;
        lived.push(browser.newest().await?);
    }
    browser.fill_month(&lived).await
}

impl Browser {
    /// Deletes the history, so that a lock-out is the first.
    async fn forget(&self) -> Result<()> {
        self.ask(json!({ "delete": { "what": "all" } })).await.map(drop)
    }

    /// Chooses as the options do: whether a site is on a list.
    async fn choose(&self, list: &str, site: &str, on: bool) -> Result<()> {
        let change = json!({ list: { "site": site, "on": on } });
        self.ask(json!({ "set": { "change": change } })).await.map(drop)
    }

    /// Says what the background says when nothing can be kept.
    async fn trouble(&self, word: Option<&str>) -> Result<()> {
        let js = "if (args) await chrome.storage.session.set({ trouble: args });
                  else await chrome.storage.session.remove('trouble');";
        self.extension_eval_with(js, word.map_or(Value::Null, |word| json!(word))).await.map(drop)
    }
}
