//! What the extension has on record, read as a person with the developer tools would.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Browser, wait_for};

/// What the watcher saw, and how much of it crossed into wasm, since the background woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Census {
    /// Requests that ended.
    pub seen: u64,
    /// Events that crossed.
    pub crossed: u64,
    /// How often wasm began to be compiled.
    pub compiled: u64,
}

/// The beginning of a script: waits for a request, and opens the database where there is one.
///
/// To open one that is not there would make an empty one, which the extension would then find. That it stands in
/// the list of databases tells nothing: so does one that the extension is about to find missing.
const OPEN: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const open = async () => {
        const opening = indexedDB.open('latchkey');
        opening.onupgradeneeded = () => opening.transaction.abort();
        try { return await wait(opening); }
        catch (error) { if (error.name !== 'AbortError') throw error; }
    };
";

impl Browser {
    /// All records of an IndexedDB store; none where there is no database yet.
    pub async fn records(&self, store: &str) -> Result<Value> {
        let js = "const database = await open();
                  if (!database) return [];
                  try {
                      const records = await wait(database.transaction(args).objectStore(args).getAll());
                      return JSON.parse(JSON.stringify(records));
                  } finally { database.close(); }";
        self.extension_eval_with(&format!("{OPEN}{js}"), json!(store)).await
    }

    /// The incidents on disk, oldest first.
    pub async fn incidents(&self) -> Result<Vec<Value>> {
        let records = self.records("incidents").await?;
        Ok(records.as_array().context("no list")?.clone())
    }

    /// The incidents of one site (`host[:port]`) on disk, oldest first.
    pub async fn incidents_of(&self, site: &str) -> Result<Vec<Value>> {
        let js = "const database = await open();
                  if (!database) return [];
                  try {
                      const index = database.transaction('incidents').objectStore('incidents').index('site');
                      const range = IDBKeyRange.bound([args], [args, []]);
                      return JSON.parse(JSON.stringify(await wait(index.getAll(range))));
                  } finally { database.close(); }";
        let records = self.extension_eval_with(&format!("{OPEN}{js}"), json!(site)).await?;
        Ok(records.as_array().context("no list")?.clone())
    }

    /// Waits until that many incidents are on disk.
    pub async fn wait_for_incidents(&self, count: usize) -> Result<()> {
        wait_for(&format!("{count} incidents on disk"), async || {
            Ok((self.incidents().await?.len() == count).then_some(()))
        })
        .await
    }

    /// Waits until the newest incident's undo is done.
    pub async fn wait_for_undo(&self) -> Result<()> {
        wait_for("an undo", async || {
            let incidents = self.incidents().await?;
            Ok(incidents.last().filter(|incident| incident["undo"]["done"].is_object()).map(|_| ()))
        })
        .await
    }

    /// What the watcher saw since the background woke.
    pub async fn census(&self) -> Result<Census> {
        let census =
            self.extension_eval("return await chrome.runtime.sendMessage({ kind: 'census' });").await?;
        let field = |name: &str| census[name].as_u64().with_context(|| format!("no {name} in {census}"));
        let (seen, crossed, compiled) = (field("seen")?, field("crossed")?, field("compiled")?);
        Ok(Census { seen, crossed, compiled })
    }

    /// Waits until the background has dealt with everything that it was told so far: it answers
    /// in order.
    pub async fn settle(&self) -> Result<()> {
        self.extension_eval("return await chrome.runtime.sendMessage('wake');").await.map(drop)
    }

    /// Lets the background stop for good before the named effect. Only in the build for it.
    pub async fn hold_at(&self, effect: &str) -> Result<()> {
        self.set_failpoint(&format!("hold {effect}")).await
    }

    /// Lets the wasm trap before the named effect. Only in the build for it.
    pub async fn trap_at(&self, effect: &str) -> Result<()> {
        self.set_failpoint(&format!("trap {effect}")).await
    }

    async fn set_failpoint(&self, failpoint: &str) -> Result<()> {
        let js = "await chrome.storage.session.set({ failpoint: args, reached: null });";
        self.extension_eval_with(js, json!(failpoint)).await.map(drop)
    }

    /// The mark on the toolbar button of a tab, once it is `wanted`.
    pub async fn wait_for_badge(&self, tab: i64, wanted: &str) -> Result<()> {
        wait_for(&format!("the badge {wanted:?}"), async || {
            let js = "return await chrome.action.getBadgeText({ tabId: args });";
            Ok((self.extension_eval_with(js, json!(tab)).await? == wanted).then_some(()))
        })
        .await
    }

    /// Waits until the background stands there.
    pub async fn wait_until_held_at(&self, effect: &str) -> Result<()> {
        wait_for(&format!("the background to stop at {effect}"), async || {
            let reached =
                self.extension_eval("return (await chrome.storage.session.get('reached')).reached;").await?;
            Ok((reached == effect).then_some(()))
        })
        .await
    }
}
