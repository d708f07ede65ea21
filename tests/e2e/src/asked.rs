//! Asks the background as the popup does, without a popup: for tests that ask a hundred times.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Browser, Page, wait_for};

impl Browser {
    /// The newest incident, on disk or (of a private window) in memory.
    pub async fn newest(&self) -> Result<Value> {
        self.all_incidents().await?.pop().context("no incident")
    }

    async fn all_incidents(&self) -> Result<Vec<Value>> {
        let js = "const all = await chrome.storage.session.get(null);
                  return Object.entries(all).filter(([key]) => key.startsWith('incident:')).map(([, it]) => it);";
        let in_memory = self.extension_eval(js).await?;
        let mut all = self.incidents().await?;
        all.extend(in_memory.as_array().into_iter().flatten().cloned());
        all.sort_by(|one, two| one["id"].as_str().cmp(&two["id"].as_str()));
        Ok(all)
    }

    /// The incident of that id.
    pub async fn incident(&self, id: &Value) -> Result<Value> {
        self.all_incidents()
            .await?
            .into_iter()
            .find(|incident| incident["id"] == *id)
            .context("no such incident")
    }

    /// Sends a page's message to the background; `null` when it died meanwhile.
    pub async fn ask(&self, message: Value) -> Result<Value> {
        let js = "return await chrome.runtime.sendMessage(args).catch(() => null) ?? null;";
        self.extension_eval_with(js, message).await
    }

    /// Loads the page once more by the fix for it, and returns the incident as it is then, looked at
    /// anew.
    pub async fn retried(&self) -> Result<Value> {
        let before = self.newest().await?;
        self.fixed(&before, "retry", 0).await
    }

    /// Asks for a fix that does not help, and returns the incident once that is known.
    pub async fn fixed(&self, incident: &Value, fix: &str, removes: usize) -> Result<Value> {
        let tab = incident["exchange"]["tab"].clone();
        let message = json!({
            "fix": { "incident": incident["id"], "fix": fix, "tab": tab, "removes": removes },
        });
        let reply = self.ask(message).await?;
        ensure!(reply == "accepted", "{fix}: {reply} of {incident:#}");
        let tried = incident["attempts"].as_array().map_or(0, Vec::len);
        wait_for(&format!("{fix} to be done"), async || {
            let now = self.newest().await?;
            let is_done = now["phase"]["is"] == "stillLocked"
                && now["attempts"].as_array().is_some_and(|attempts| attempts.len() == tried + 1);
            Ok(is_done.then_some(()))
        })
        .await?;
        self.settle().await?;
        self.newest().await
    }

    /// Undoes what the last fix took, and returns the incident once that is done.
    pub async fn undone(&self, incident: &Value) -> Result<Value> {
        let reply = self.ask(json!({ "undo": { "incident": incident["id"] } })).await?;
        ensure!(reply == "accepted", "undo: {reply}");
        wait_for("the undo", async || {
            let now = self.newest().await?;
            Ok(now["undo"]["done"].is_object().then_some(now))
        })
        .await
    }

    /// Opens an empty tab in one of Firefox's containers.
    pub async fn open_in_container(&self, store: &str) -> Result<Page> {
        self.open_with(
            "await browser.tabs.create({ cookieStoreId: args, url: 'about:blank' });",
            json!(store),
        )
        .await
        .context("no tab in a container")
    }
}
