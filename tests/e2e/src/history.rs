//! Histories that nobody has lived through: long ones, and such of earlier versions; and what is saved of
//! them.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Browser, Page, wait_for};

impl Browser {
    /// Makes the history long: writes copies of an incident straight to disk, spread over sites and the
    /// minutes before it, with what the extension keeps beside them. Every third is not solved.
    pub async fn fill_history(&self, incident: &Value, count: usize, sites: usize) -> Result<()> {
        const BATCH: usize = 5_000;
        for from in (0..count).step_by(BATCH) {
            let to = (from + BATCH).min(count);
            let args = json!({ "incident": incident, "from": from, "to": to, "sites": sites });
            self.extension_eval_with(FILL, args).await.context("the history cannot be filled")?;
        }
        Ok(())
    }

    /// Makes the database what schema 1 had: these incidents, and nothing beside them. Nobody may have it
    /// open.
    pub async fn as_schema_1(&self, incidents: &Value) -> Result<()> {
        self.extension_eval_with(SCHEMA_1, incidents.clone()).await.map(drop)
    }
}

impl Page {
    /// The name and the content of the file that a click saves.
    pub async fn saved(&self, selector: &str) -> Result<(String, String)> {
        self.eval(CATCH).await?;
        self.click(selector).await?;
        let js = "const [file] = (window.wrappedJSObject ?? window).caught;
                  return file?.name ? [file.name, await file.blob.text()] : null;";
        let file =
            wait_for("a file", async || Ok(Some(self.eval(js).await?).filter(Value::is_array))).await?;
        let text = |at: usize| file[at].as_str().unwrap_or_default().to_owned();
        Ok((text(0), text(1)))
    }
}

/// A minute apart, the first the newest.
const FILL: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const database = await wait(indexedDB.open('latchkey'));
    const transaction = database.transaction(['incidents', 'summaries'], 'readwrite');
    const [incidents, summaries] = ['incidents', 'summaries'].map((name) => transaction.objectStore(name));
    const sums = new Map();
    const cause = args.incident.diagnosis.causes[0].cause;
    for (let at = args.from; at < args.to; at += 1) {
        const site = `s${at % args.sites}.test`;
        const seen = args.incident.firstSeen - (at + 1) * 60_000;
        const ending = at % 3 === 0 ? 'ongoing' : 'itself';
        const closed = ending === 'ongoing' ? null : { at: seen + 90_000, by: null };
        const phase = { is: closed ? 'recovered' : 'open' };
        const id = `${seen.toString(16).padStart(12, '0')}-0001`;
        const kind = `${cause}/${ending}`;
        const { open, ...plain } = args.incident;
        incidents.put({ ...plain, id, site, kind, phase, closed, undo: null, attempts: [],
                        firstSeen: seen, lastSeen: seen });
        if (!sums.has(site)) sums.set(site, (await wait(summaries.get(site))) ??
            { site, count: 0, kinds: {}, latest: '', latestAt: 0, latestCause: cause });
        const sum = sums.get(site);
        sum.count += 1;
        sum.kinds[kind] = (sum.kinds[kind] ?? 0) + 1;
        if (id > sum.latest) Object.assign(sum, { latest: id, latestAt: seen });
    }
    for (const sum of sums.values()) summaries.put({ ...sum, has: Object.keys(sum.kinds) });
    await new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onabort = () => failed(transaction.error);
    });
    database.close();
";

/// One record is of a kind that no version knows.
const SCHEMA_1: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    await wait(indexedDB.deleteDatabase('latchkey'));
    const request = indexedDB.open('latchkey', 1);
    request.onupgradeneeded = () => {
        const database = request.result;
        const incidents = database.createObjectStore('incidents', { keyPath: 'id' });
        incidents.createIndex('site', ['site', 'id']);
        incidents.createIndex('open', 'open');
        database.createObjectStore('sites', { keyPath: 'site' });
        database.createObjectStore('undo', { keyPath: 'incident' });
        database.createObjectStore('keys');
        for (const { kind, ...incident } of args) incidents.put(incident);
        incidents.put({ id: 'of another kind' });
    };
    (await wait(request)).close();";

/// Keeps what is handed to the browser as a file, and under which name.
const CATCH: &str = "
    // Firefox runs this beside the page, and hands the page over by that name.
    const page = window.wrappedJSObject ?? window;
    const isThere = Boolean(page.caught);
    page.caught = [];
    if (isThere) return;
    const make = page.URL.createObjectURL;
    page.URL.createObjectURL = (blob) => {
        page.caught.push({ blob });
        return make.call(page.URL, blob);
    };
    const click = page.HTMLAnchorElement.prototype.click;
    page.HTMLAnchorElement.prototype.click = function () {
        page.caught.at(-1).name = this.download;
        return click.call(this);
    };
";
