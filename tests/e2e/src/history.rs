//! Histories that nobody has lived through: long ones, and such of earlier versions; and what is saved of
//! them.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Browser, Page, wait_for};

impl Browser {
    /// Makes the history long: copies of an incident, spread over sites and the minutes before it, the first
    /// the newest. Every third is not solved.
    pub async fn fill_history(&self, incident: &Value, count: usize, sites: usize) -> Result<()> {
        const BATCH: usize = 5_000;
        for from in (0..count).step_by(BATCH) {
            let to = (from + BATCH).min(count);
            let copies = (from..to).map(|at| {
                let ending = if at % 3 == 0 { "ongoing" } else { "itself" };
                json!({ "of": 0, "site": format!("s{}.test", at % sites), "ago": (at + 1) * MINUTE, "ending": ending })
            });
            self.write_copies(json!([incident]), copies.collect()).await?;
        }
        Ok(())
    }

    /// Makes the history of a month: copies of these incidents, more on some days than on others.
    pub async fn fill_month(&self, lived: &[Value]) -> Result<()> {
        let days = [2, 1, 0, 3, 1, 0, 0, 2, 6, 2, 0, 1, 0, 0, 3, 4, 1, 0, 0, 2, 0, 1, 0, 0, 5, 1, 0, 2];
        let each = (0..).zip(days).flat_map(|(day, count)| (0..count).map(move |of_day| (day, of_day)));
        let copies = each.enumerate().map(|(at, (day, of_day))| {
            let endings = ["fixed", "itself", "fixed", "lapsed", "fixed", "ongoing", "dismissed"];
            let (of, ending) = (at % lived.len(), endings[at / 2 % endings.len()]);
            // The one that nothing is known of was not mended by a click either.
            let is_unknown = lived[of]["attempts"].as_array().is_none_or(Vec::is_empty);
            let ending = if is_unknown && ending == "fixed" { "itself" } else { ending };
            let ago = day * 24 * 60 * MINUTE + (of_day * 97 + at + 1) * MINUTE;
            json!({ "of": of, "site": SITES[at * 3 % 7 % SITES.len()], "ago": ago, "ending": ending })
        });
        self.write_copies(json!(lived), copies.collect()).await
    }

    /// Writes copies of incidents straight to disk, with what the extension keeps beside them.
    async fn write_copies(&self, incidents: Value, copies: Vec<Value>) -> Result<()> {
        let args = json!({ "incidents": incidents, "copies": copies });
        self.extension_eval_with(FILL, args).await.map(drop).context("the history cannot be filled")
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

/// In milliseconds.
const MINUTE: usize = 60_000;

/// The sites of a month; one has a name as long as some are.
const SITES: [&str; 5] = [
    "shop.example",
    "mail.example",
    "intranet.example.com",
    "kundenportal.stadtwerke-musterstadt-an-der-lahn.example:8443",
    "login.bank.example",
];

const FILL: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const database = await wait(indexedDB.open('latchkey'));
    const transaction = database.transaction(['incidents', 'summaries'], 'readwrite');
    const [incidents, summaries] = ['incidents', 'summaries'].map((name) => transaction.objectStore(name));
    const sums = new Map();
    for (const { of, site, ago, ending } of args.copies) {
        const { open, ...lived } = args.incidents[of];
        const cause = lived.diagnosis.causes[0].cause;
        const seen = args.incidents[0].firstSeen - ago;
        const by = ending === 'fixed' ? lived.attempts.at(-1).fix : null;
        const closed = ending === 'ongoing' ? null : { at: seen + 90_000, by };
        const phase = { is: { ongoing: 'open', dismissed: 'dismissed', lapsed: 'lapsed' }[ending] ?? 'recovered' };
        const id = `${seen.toString(16).padStart(12, '0')}-0001`;
        const kind = `${cause}/${ending}`;
        incidents.put({ ...lived, id, site, kind, phase, closed, undo: null, attempts: by ? lived.attempts : [],
                        exchange: { ...lived.exchange, site }, firstSeen: seen, lastSeen: seen });
        if (!sums.has(site)) sums.set(site, (await wait(summaries.get(site))) ??
            { site, count: 0, kinds: {}, latest: '', latestAt: 0, latestCause: cause });
        const sum = sums.get(site);
        sum.count += 1;
        sum.kinds[kind] = (sum.kinds[kind] ?? 0) + 1;
        if (id > sum.latest) Object.assign(sum, { latest: id, latestAt: seen, latestCause: cause });
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
