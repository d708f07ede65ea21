//! What the extension costs in a browser, beside one without it, and beside extensions that do nothing, or
//! the least that can be done (`tests/e2e/reference`). A line of JSON for each row.

mod traffic;
mod waits;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use latchkey_e2e::bench::Row;
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, Page, arguments, paths};
use latchkey_lab::{Lab, Scenario, by_id};

use crate::traffic::{Load, calls_in_a_row};

/// Rounds of each comparison, where none are asked for.
const ROUNDS: usize = 9;

/// Of those, how many times what a browser holds is measured: each takes minutes.
const MOST_LAUNCHES: usize = 5;

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = arguments::read()?;
    let rounds = wanted.rounds.unwrap_or(ROUNDS);
    for kind in &wanted.kinds {
        let bench = Bench {
            kind: *kind,
            rounds,
            load: by_id("load").context("no such scenario")?,
            beside: wanted.beside.clone(),
        };
        let loads: Vec<Load> =
            Load::ALL.into_iter().filter(|load| wanted.has(&format!("traffic: {}", load.name()))).collect();
        if !loads.is_empty() {
            print(&bench.traffic(&loads).await.with_context(|| format!("{} traffic", kind.name()))?);
        }
        for row in ["listening", "wake", "popup", "panel", "memory"] {
            if !wanted.has(row) {
                continue;
            }
            let rows = match row {
                "listening" => bench.listening().await,
                "wake" => bench.wake().await,
                "popup" => bench.popup().await,
                "panel" => bench.panel().await,
                _ => bench.memory().await,
            };
            print(&rows.with_context(|| format!("{} {row}", kind.name()))?);
        }
    }
    Ok(())
}

fn print(rows: &[Row]) {
    for row in rows {
        println!("{}", row.report());
    }
}

struct Bench {
    kind: Kind,
    rounds: usize,
    load: &'static Scenario,
    /// Another build of the extension.
    beside: Option<PathBuf>,
}

impl Bench {
    fn row(&self, what: &str, reference: &str, unit: &'static str, goal: &'static str) -> Row {
        Row::new(format!("{}: {what}", self.kind.name()), reference, unit, goal)
    }

    async fn launch(&self, lab: &Lab, options: Options) -> Result<Browser> {
        Browser::launch(self.kind, &Options { proxy: None, lab_port: lab.port(), ..options }).await
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
        let mut row = self.row(
            "memory after 10,000 requests",
            "an extension that listens and does nothing",
            "MB",
            "+ ≤ 8 MB",
        );
        // Each time a new process: what one holds depends on when it last tidied up.
        for _ in 0..self.rounds.min(MOST_LAUNCHES) {
            let ours = self.held(&lab, Options::new(0)).await?;
            row.push(ours, self.held(&lab, of(&empty)).await?);
        }
        Ok(vec![row])
    }

    /// The browser is started a second time: at the first, a page greets, in the same process.
    async fn held(&self, lab: &Lab, options: Options) -> Result<f64> {
        let folder = tempfile::tempdir()?;
        let options = Options { profile: Some(folder.path().join("profile")), ..options };
        self.launch(lab, options.clone()).await?.close().await?;
        let browser = self.launch(lab, options).await?;
        calls_in_a_row(browser.site(), &lab.url(self.load.host, "/calls"), 10_000, "/call/").await?;
        // What was let go is no cost; Firefox gives it back when it likes.
        browser.tidy().await?;
        #[allow(clippy::cast_precision_loss)]
        let held = browser.extension_memory()? as f64 / 1e6;
        browser.close().await?;
        Ok(held)
    }
}

/// Options to start a browser with a reference extension.
fn of(reference: &tempfile::TempDir) -> Options {
    Options { dist: reference.path().to_owned(), ..Options::new(0) }
}

/// A reference extension, with what it shares with ours.
fn reference(name: &str) -> Result<tempfile::TempDir> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir()?;
    let ours = root.join("../../extension");
    let mut files: Vec<PathBuf> = vec![ours.join("browser.js"), ours.join("style.css")];
    let wasm = Options::new(0).dist.join("chrome/wasm");
    files.extend(["background_bg.wasm", "pages_bg.wasm"].map(|name| wasm.join(name)));
    if name == "least" {
        let least = paths::least();
        files.extend(["record.js", "record_bg.wasm", "show.js", "show_bg.wasm"].map(|name| least.join(name)));
    }
    for file in std::fs::read_dir(root.join("reference").join(name))? {
        files.push(file?.path());
    }
    for file in files {
        std::fs::copy(&file, folder.path().join(file.file_name().context("no name")?))
            .with_context(|| format!("no {}", file.display()))?;
    }
    Ok(folder)
}

/// When the largest thing of the page was painted, since it was opened, in milliseconds.
async fn painted(page: &Page) -> Result<f64> {
    let js = "return await new Promise((done) => {
                  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
                      .observe({ type: 'largest-contentful-paint', buffered: true });
              });";
    page.eval(js).await?.as_f64().context("nothing was painted")
}
