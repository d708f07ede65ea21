//! What a person waits for: a refusal written down by a background that has to be woken for it, and the popup.

use anyhow::{Context, Result};
use latchkey_e2e::bench::Row;
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Options, Page, wait_for};
use latchkey_lab::{Lab, by_id};
use serde_json::Value;
use tempfile::TempDir;

use crate::{Bench, of, painted, reference};

/// An extension that is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Arm {
    Ours,
    /// Text, and nothing that runs.
    Text,
    /// The least that JavaScript can do for it.
    Least,
    /// The same, after as much wasm is compiled.
    Compiling,
    /// The least that wasm can do for it (`tests/e2e/least`).
    Wasm,
    /// The same, with all that is listened to and asked before a refusal may be written.
    Asking,
    /// JavaScript that asks what our popup asks and shows what it shows, as much wasm compiled and not run.
    Showing,
    /// Another build of ours.
    Before,
}

impl Arm {
    /// Those that are measured in the same rounds; the second is what the others stand beside.
    fn all(bench: &Bench, reference: Arm, rest: &[Arm]) -> Vec<Arm> {
        let before = bench.beside.iter().map(|_| Arm::Before);
        [Arm::Ours, reference].into_iter().chain(rest.iter().copied()).chain(before).collect()
    }

    fn name(self) -> &'static str {
        match self {
            Arm::Ours => "Latchkey",
            Arm::Text => "text alone",
            Arm::Least => "JavaScript that does no more",
            Arm::Compiling => "the same, as much wasm compiled",
            Arm::Wasm => "wasm that does no more",
            Arm::Asking => "the same, listening and asking as it must",
            Arm::Showing => "JavaScript that asks, compiles as much and shows our markup",
            Arm::Before => "another build",
        }
    }

    /// The browser with it, and the folder that it is in, which goes when it is let go.
    async fn launch(self, bench: &Bench, lab: &Lab) -> Result<(Browser, Option<TempDir>)> {
        let folder = match self {
            Arm::Ours | Arm::Before => None,
            Arm::Text => Some(reference("empty")?),
            Arm::Least | Arm::Compiling | Arm::Showing => Some(reference("record")?),
            Arm::Wasm | Arm::Asking => Some(reference("least")?),
        };
        let mut options = folder.as_ref().map_or_else(|| Options::new(0), of);
        options.first = match self {
            Arm::Compiling => Some("globalThis.COMPILE = true;"),
            Arm::Asking => Some("globalThis.ASKS = true;"),
            Arm::Showing => Some("globalThis.COMPILE = globalThis.ASKS = true;"),
            _ => None,
        };
        if let (Arm::Before, Some(dist)) = (self, &bench.beside) {
            options.dist.clone_from(dist);
        }
        let browser = bench.launch(lab, options).await.with_context(|| format!("{self:?}"))?;
        Ok((browser, folder))
    }
}

/// The rows of arms that were measured in the same rounds, each beside the second; ours also beside another build.
fn rows(bench: &Bench, what: &str, arms: &[Arm], rounds: &[Vec<f64>]) -> Vec<Row> {
    let row = |one: usize, other: usize, goal| {
        let name = match (arms[one], arms[other]) {
            (Arm::Ours, Arm::Before) => format!("{what}: after"),
            (Arm::Ours, _) => what.to_owned(),
            (arm, _) => format!("{what}: {}", arm.name()),
        };
        let mut row = bench.row(&name, arms[other].name(), "ms", goal);
        for times in rounds {
            row.push(times[one], times[other]);
        }
        row
    };
    let beside = |at: usize| match arms[at] {
        Arm::Ours => Some(row(at, 1, "≤ 1.5")),
        Arm::Before => Some(row(0, at, "(before and after)")),
        _ if at == 1 => None,
        _ => Some(row(at, 1, "(a floor)")),
    };
    (0..arms.len()).filter_map(beside).collect()
}

impl Bench {
    /// The times of each round, one for each arm. Another arm begins each time, and each second round goes the other
    /// way: what one still does when its time is taken falls on the next. The first round warms up.
    async fn rounds(
        &self,
        arms: &[Arm],
        mut time: impl AsyncFnMut(usize, usize) -> Result<f64>,
    ) -> Result<Vec<Vec<f64>>> {
        let mut rounds = Vec::new();
        for round in 0..=self.rounds {
            let mut times = vec![0.0; arms.len()];
            for turn in 0..arms.len() {
                let turn = if round % 2 == 0 { turn } else { arms.len() - 1 - turn };
                let at = (round + turn) % arms.len();
                times[at] = time(at, round).await.with_context(|| format!("{:?}", arms[at]))?;
            }
            if round > 0 {
                rounds.push(times);
            }
        }
        Ok(rounds)
    }

    /// From a refusal that wakes the background to a record on disk.
    pub(crate) async fn wake(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        let arms = Arm::all(self, Arm::Least, &[Arm::Compiling, Arm::Wasm, Arm::Asking]);
        Browser::allow(arms.len());
        let mut browsers = Vec::new();
        for arm in &arms {
            browsers.push(arm.launch(self, &lab).await?);
        }
        let rounds =
            self.rounds(&arms, async |at, round| self.woken(&lab, &browsers[at].0, round).await).await?;
        for (browser, _) in browsers {
            browser.close().await?;
        }
        Ok(rows(self, "from a wake to the first 401 on disk", &arms, &rounds))
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
    pub(crate) async fn popup(&self) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        let arms = Arm::all(self, Arm::Text, &[Arm::Least, Arm::Compiling, Arm::Wasm, Arm::Showing]);
        Browser::allow(arms.len());
        let scenario = by_id("session_expired").context("no such scenario")?;
        let mut browsers = Vec::new();
        let mut popups = Vec::new();
        let (mut newest, mut markup) = (Value::Null, Value::Null);
        for arm in &arms {
            let (browser, folder) = arm.launch(self, &lab).await?;
            let path = match arm {
                Arm::Ours | Arm::Before => {
                    let tab = lock_out(&browser, &lab, scenario).await?;
                    browser.wait_for_incidents(1).await?;
                    browser.settle().await?;
                    newest = browser.newest().await?;
                    let path = format!("popup.html?tab={tab}");
                    if *arm == Arm::Ours {
                        let popup = browser.open(&browser.extension_url(&path)).await?;
                        popup.wait_for_selector(".title[data-cause]").await?;
                        markup = popup.eval("return document.querySelector('main').outerHTML;").await?;
                        popup.close().await?;
                    }
                    path
                }
                Arm::Text => "popup.html".to_owned(),
                // There is something to be read.
                arm => {
                    let mut record = newest.clone();
                    if *arm == Arm::Showing {
                        record["markup"] = markup.clone();
                    }
                    browser.extension_eval(&keep(&record)).await?;
                    "popup.html".to_owned()
                }
            };
            popups.push((browser.new_window().await?, browser.extension_url(&path)));
            browsers.push((browser, folder));
        }
        let rounds = self.rounds(&arms, async |at, _| opened(&popups[at].0, &popups[at].1).await).await?;
        for (browser, _) in browsers {
            browser.close().await?;
        }
        Ok(rows(self, "from the popup's opening to the cause painted", &arms, &rounds))
    }
}

async fn opened(popup: &Page, url: &str) -> Result<f64> {
    popup.goto(url).await?;
    popup.wait_for_selector(".title[data-cause]").await?;
    painted(popup).await
}

/// Writes a record where the reference extensions read one.
fn keep(record: &Value) -> String {
    format!(
        "const opening = indexedDB.open('latchkey', 1);
         opening.onupgradeneeded = () => opening.result.createObjectStore('incidents', {{ autoIncrement: true }});
         const database = await new Promise((done, failed) => {{
             opening.onsuccess = () => done(opening.result);
             opening.onerror = () => failed(opening.error);
         }});
         const transaction = database.transaction('incidents', 'readwrite');
         transaction.objectStore('incidents').add({record});
         await new Promise((done) => {{ transaction.oncomplete = done; }});
         database.close();"
    )
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
        // Now and then: it runs on the same two cores, and a write waits for reads.
        while ((await count()) === before) await new Promise((done) => setTimeout(done, 2));
        dataset.seen = performance.timeOrigin + performance.now();
        database.close();
    };
    void look();";
