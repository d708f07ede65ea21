//! How much of the disk the extension gets: ample, a share that can be used up, or none.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::session::cdp;
use crate::{Browser, Kind, Options, firefox};

/// What the disk is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// There is room.
    Ample,
    /// There is room until [`Browser::fill_disk`].
    ///
    /// The browsers' own quotas stand for the end of a disk: the error is the same. Chromium exempts
    /// an extension with `unlimitedStorage` from quotas (though it says otherwise when asked for an
    /// estimate), so there the extension is loaded without that permission. Firefox exempts nobody.
    Limited,
    /// Databases cannot be opened: a file stands where their folder should be.
    Refused,
}

/// Prepares the disk before the browser starts.
pub(crate) fn prepare(kind: Kind, options: &Options, profile: &Path) -> Result<()> {
    if options.disk == Disk::Refused {
        let file = profile.join(match kind {
            Kind::Chromium => "Default/IndexedDB".to_owned(),
            Kind::Firefox => firefox::databases(),
        });
        std::fs::create_dir_all(file.parent().context("no folder")?)?;
        std::fs::write(file, "")?;
    }
    Ok(())
}

/// What Chromium gives a limited extension: enough for some records.
const SHARE: u64 = 1_000_000;

/// Uses up the share by records of an own database, down to the last hundred bytes. Chromium looks
/// up what is left when a record is larger than it remembers to be left, so the last failure counts.
const FILL: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const opening = indexedDB.open('filler', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('all', { autoIncrement: true });
    const database = await wait(opening);
    for (let size = 65536; size > 64; ) {
        const transaction = database.transaction('all', 'readwrite');
        const done = new Promise((done, failed) => {
            transaction.oncomplete = done;
            transaction.onabort = () => failed(transaction.error);
        });
        // What is random cannot be packed.
        transaction.objectStore('all').put(crypto.getRandomValues(new Uint8Array(size)));
        try {
            await done;
        } catch (error) {
            if (error.name !== 'QuotaExceededError') throw error;
            size /= 2;
        }
    }
    database.close();";

impl Browser {
    /// Leaves the extension no room for anything more; what is there stays.
    pub async fn fill_disk(&self) -> Result<()> {
        match self.kind() {
            Kind::Chromium => self.extension_eval(FILL).await.map(drop),
            Kind::Firefox => self.limit(true).await,
        }
    }

    /// Gives the room back.
    pub async fn free_disk(&self) -> Result<()> {
        self.limit(false).await
    }

    /// Sets a limit: in Chromium one that is still to be reached, in Firefox one that is.
    pub(crate) async fn limit(&self, limited: bool) -> Result<()> {
        if self.kind() == Kind::Firefox {
            let turn = self.session.at(self.site().window()).await?;
            return firefox::limit(&turn, limited).await;
        }
        let mut params = json!({ "origin": self.extension_url("").trim_end_matches('/') });
        if limited {
            params["quotaSize"] = json!(SHARE);
        }
        // What is set from a page ends when that page goes elsewhere; the helper stays.
        self.extension_eval("").await?;
        let helper = self.helper.lock().await;
        let window = helper.as_ref().context("no helper")?.window();
        self.session.at(window).await?.cmd(cdp("Storage.overrideQuotaForOrigin", params)).await?;
        Ok(())
    }
}
