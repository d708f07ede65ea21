//! What the extension costs in a browser, beside one without it, and beside extensions that do nothing, or
//! the least that can be done (`tests/e2e/reference`). A line of JSON for each row.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use latchkey_e2e::bench::Row;
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, Page, arguments, wait_for, wait_for_within};
use latchkey_lab::{Lab, Scenario, by_id};
use serde_json::json;

/// Rounds of each comparison, where none are asked for.
const ROUNDS: usize = 9;

/// Calls in a row.
const CALLS: usize = 1_000;

/// A busy machine takes its time for as much.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = arguments::read()?;
    let rounds = wanted.rounds.unwrap_or(ROUNDS);
    for kind in &wanted.kinds {
        let bench = Bench { kind: *kind, rounds, load: by_id("load").context("no such scenario")? };
        for row in ["traffic", "wake", "popup", "panel", "memory"] {
            if !wanted.has(row) {
                continue;
            }
            let rows = match row {
                "traffic" => bench.traffic().await,
                "wake" => bench.wake().await,
                "popup" => bench.popup().await,
                "panel" => bench.panel().await,
                _ => bench.memory().await,
            };
            for row in rows.with_context(|| format!("{} {row}", kind.name()))? {
                println!("{}", row.report());
            }
        }
    }
    Ok(())
}

struct Bench {
    kind: Kind,
    rounds: usize,
    load: &'static Scenario,
}

impl Bench {
    fn row(&self, what: &str, reference: &str, unit: &'static str, goal: &'static str) -> Row {
        Row::new(format!("{}: {what}", self.kind.name()), reference, unit, goal)
    }

    async fn launch(&self, lab: &Lab, options: Options) -> Result<Browser> {
        Browser::launch(self.kind, &Options { proxy: None, lab_port: lab.port(), ..options }).await
    }

    /// A thousand calls in a row, an ordinary page, and one with refusals: with the extension, with one that
    /// listens and does nothing, and twice without any.
    async fn traffic(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        Browser::allow(2);
        let bare = || Options { bare: true, ..Options::new(0) };
        let empty = reference("empty")?;
        let ours = self.launch(&lab, Options::new(0)).await?;
        let idle = self.launch(&lab, Options { dist: empty.path().to_owned(), ..Options::new(0) }).await?;
        let (none, again) = (self.launch(&lab, bare()).await?, self.launch(&lab, bare()).await?);
        let arms = [&ours, &idle, &none, &again];

        let calls = "a thousand calls, all of them 200";
        let mut floor =
            self.row(calls, "an extension that listens and does nothing", "ms", "≤ 1.02, or noise");
        let mut whole = self.row(calls, "no extension", "ms", "≤ 1.25");
        let mut listening =
            self.row("the same with an extension that does nothing", "no extension", "ms", "(the floor)");
        let mut noise = self.row("the same without any", "no extension", "ms", "(the noise)");
        let mut flood = self.row(
            "a thousand calls, all of them 401",
            "an extension that listens and does nothing",
            "ms",
            "≤ 1.10",
        );
        let mut flood_whole = self.row("a thousand calls, all of them 401", "no extension", "ms", "≤ 1.10");
        let mut page = self.row("an ordinary page of 300 parts", "no extension", "ms", "≤ 1.05");
        let mut page_noise = self.row("the same page without any", "no extension", "ms", "(the noise)");
        let mut refused = self.row("the same page, 5 % of it 401", "no extension", "ms", "≤ 1.10");
        // The first round is for what is compiled, opened and kept at the first time.
        for round in 0..=self.rounds {
            let mut times = Vec::new();
            for what in ["/call/", "/no/", "/", "/refused"] {
                // Not always in the same order.
                let mut of_arm = [0.0; 4];
                for at in 0..arms.len() {
                    let at = (at + round) % arms.len();
                    let url = |path| lab.url(self.load.host, path);
                    of_arm[at] = match what {
                        "/call/" | "/no/" => {
                            calls_in_a_row(arms[at].site(), &url("/calls"), CALLS, what).await?
                        }
                        page => loaded(arms[at].site(), &url(page)).await?,
                    };
                }
                times.push(of_arm);
            }
            if round == 0 {
                continue;
            }
            let [calls, refusals, ordinary, some_refused] = times[..] else { continue };
            floor.push(calls[0], calls[1]);
            whole.push(calls[0], calls[2]);
            listening.push(calls[1], calls[2]);
            noise.push(calls[3], calls[2]);
            flood.push(refusals[0], refusals[1]);
            flood_whole.push(refusals[0], refusals[2]);
            page.push(ordinary[0], ordinary[2]);
            page_noise.push(ordinary[3], ordinary[2]);
            refused.push(some_refused[0], some_refused[2]);
        }
        for browser in [ours, idle, none, again] {
            browser.close().await?;
        }
        Ok(vec![floor, whole, listening, noise, flood, flood_whole, page, page_noise, refused])
    }

    /// From a refusal that wakes the background to a record on disk.
    async fn wake(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        let record = reference("record")?;
        let ours = self.launch(&lab, Options::new(0)).await?;
        let least = self.launch(&lab, Options { dist: record.path().to_owned(), ..Options::new(0) }).await?;
        let mut row =
            self.row("from a wake to the first 401 on disk", "JavaScript that only writes it", "ms", "≤ 1.5");
        for round in 0..=self.rounds {
            let mut times = Vec::new();
            for browser in [&ours, &least] {
                times.push(self.woken(&lab, browser, round).await?);
            }
            if let ([ours, least], true) = (&times[..], round > 0) {
                row.push(*ours, *least);
            }
        }
        ours.close().await?;
        least.close().await?;
        Ok(vec![row])
    }

    async fn woken(&self, lab: &Lab, browser: &Browser, round: usize) -> Result<f64> {
        // Each time a site that nothing is known of.
        let host = self.load.host.replace('.', &format!("-{round}."));
        browser.visit(&lab.url(&host, "/calls")).await?;
        browser.site().wait_lab(&["done"]).await?;
        if round > 0 {
            browser.extension_eval(AWAIT_RECORD).await?;
        }
        browser.kill_background().await?;
        let asked = browser.site().eval(ASK_REFUSED).await?.as_f64().context("no time")?;
        if round == 0 {
            // The database is made now.
            let made = "return (await indexedDB.databases()).some(({ name }) => name === 'latchkey');";
            wait_for(
                "the database",
                async || Ok((browser.extension_eval(made).await? == true).then_some(())),
            )
            .await?;
            return Ok(0.0);
        }
        let read = "return document.documentElement.dataset.seen ?? null;";
        let seen = wait_for("the record", async || {
            let seen = browser.extension_eval(read).await?;
            Ok(seen.as_str().and_then(|seen| seen.parse::<f64>().ok()))
        })
        .await?;
        Ok(seen - asked)
    }

    /// From the opening of the popup to the last that is painted.
    async fn popup(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        let empty = reference("empty")?;
        let ours = self.launch(&lab, Options::new(0)).await?;
        let idle = self.launch(&lab, Options { dist: empty.path().to_owned(), ..Options::new(0) }).await?;
        let tab = lock_out(&ours, &lab, by_id("session_expired").context("no such scenario")?).await?;
        ours.wait_for_incidents(1).await?;
        ours.settle().await?;
        let (popup, blank) = (ours.new_window().await?, idle.new_window().await?);
        let mut row = self.row(
            "from the popup's opening to the cause painted",
            "a popup that is text alone",
            "ms",
            "≤ 1.5",
        );
        for round in 0..=self.rounds {
            popup.goto(&ours.extension_url(&format!("popup.html?tab={tab}"))).await?;
            popup.wait_for_selector(".title[data-cause]").await?;
            let of_ours = painted(&popup).await?;
            blank.goto(&idle.extension_url("popup.html")).await?;
            let of_blank = painted(&blank).await?;
            if round > 0 {
                row.push(of_ours, of_blank);
            }
        }
        ours.close().await?;
        idle.close().await?;
        Ok(vec![row])
    }

    /// The history's first page, long and short.
    async fn panel(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        let (long, short) =
            (self.launch(&lab, Options::new(0)).await?, self.launch(&lab, Options::new(0)).await?);
        let mut panels = Vec::new();
        for (browser, count) in [(&long, 100_000), (&short, 100)] {
            lock_out(browser, &lab, by_id("session_expired").context("no such scenario")?).await?;
            browser.wait_for_incidents(1).await?;
            browser.settle().await?;
            let newest = browser.newest().await?;
            browser.fill_history(&newest, count, 1).await?;
            panels.push(browser.new_window().await?);
        }
        let mut row = self.row("the history's first page, of 100,000", "of 100", "ms", "≤ 1.2");
        for round in 0..=self.rounds {
            let mut times = Vec::new();
            for (browser, panel) in [&long, &short].into_iter().zip(&panels) {
                panel.goto(&browser.extension_url("panel.html?site=s0.test")).await?;
                panel.wait_state(&["history"]).await?;
                times.push(painted(panel).await?);
            }
            if let ([long, short], true) = (&times[..], round > 0) {
                row.push(*long, *short);
            }
        }
        long.close().await?;
        short.close().await?;
        Ok(vec![row])
    }

    /// What the extension's process holds after ten thousand requests.
    async fn memory(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        let empty = reference("empty")?;
        let ours = self.launch(&lab, Options::new(0)).await?;
        let idle = self.launch(&lab, Options { dist: empty.path().to_owned(), ..Options::new(0) }).await?;
        let mut row = self.row(
            "memory after 10,000 requests",
            "an extension that listens and does nothing",
            "MB",
            "+ ≤ 8 MB",
        );
        let mut held = Vec::new();
        for browser in [&ours, &idle] {
            calls_in_a_row(browser.site(), &lab.url(self.load.host, "/calls"), 10_000, "/call/").await?;
            // What was let go is no cost; Firefox gives it back when it likes.
            browser.tidy().await?;
            #[allow(clippy::cast_precision_loss)]
            held.push(browser.extension_memory()? as f64 / 1e6);
        }
        row.push(held[0], held[1]);
        ours.close().await?;
        idle.close().await?;
        Ok(vec![row])
    }
}

/// A reference extension, with what it shares with ours.
fn reference(name: &str) -> Result<tempfile::TempDir> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir()?;
    let ours = root.join("../../extension");
    let mut files: Vec<PathBuf> = vec![ours.join("browser.js"), ours.join("style.css")];
    for file in std::fs::read_dir(root.join("reference").join(name))? {
        files.push(file?.path());
    }
    for file in files {
        std::fs::copy(&file, folder.path().join(file.file_name().context("no name")?))?;
    }
    Ok(folder)
}

/// What the page says that it took, in milliseconds.
async fn took(page: &Page) -> Result<f64> {
    let js = "return document.body?.dataset.took ?? null;";
    wait_for_within(PATIENCE, "the page to be done", async || {
        Ok(page.eval(js).await?.as_str().and_then(|took| took.parse().ok()))
    })
    .await
}

async fn calls_in_a_row(page: &Page, url: &str, count: usize, path: &str) -> Result<f64> {
    page.goto(url).await?;
    page.wait_lab(&["done"]).await?;
    let js = "setTimeout(() => (window.wrappedJSObject ?? window).call(args.count, args.path));";
    page.eval_with(js, json!({ "count": count, "path": path })).await?;
    took(page).await
}

async fn loaded(page: &Page, url: &str) -> Result<f64> {
    page.goto(url).await?;
    took(page).await
}

/// When the largest thing of the page was painted, since it was opened, in milliseconds.
async fn painted(page: &Page) -> Result<f64> {
    let js = "return await new Promise((done) => {
                  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
                      .observe({ type: 'largest-contentful-paint', buffered: true });
              });";
    page.eval(js).await?.as_f64().context("nothing was painted")
}

/// Asks for what is refused, and returns when that began.
const ASK_REFUSED: &str = "
    const began = performance.timeOrigin + performance.now();
    await fetch('/no/1');
    return began;";

/// Looks for one more record until it is there, and leaves the time in the page.
const AWAIT_RECORD: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const database = await wait(indexedDB.open('latchkey'));
    const count = () => wait(database.transaction('incidents').objectStore('incidents').count());
    const { dataset } = document.documentElement;
    delete dataset.seen;
    const before = await count();
    const look = async () => {
        while ((await count()) === before);
        dataset.seen = performance.timeOrigin + performance.now();
        database.close();
    };
    void look();";
