//! What requests cost: the same pages and calls in browsers with the extension, with one that listens and does
//! nothing, and without any.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use latchkey_e2e::bench::Row;
use latchkey_e2e::{Browser, Options, Page, wait_for_within};
use latchkey_lab::Lab;
use serde_json::json;

use crate::{Bench, reference};

/// Calls in a row.
const CALLS: usize = 1_000;

/// A busy machine takes its time for as much.
const PATIENCE: Duration = Duration::from_secs(300);

/// A browser with what is measured, or with what that is measured beside.
#[derive(Clone, Copy, PartialEq)]
enum Arm {
    Ours,
    /// An extension that listens to the same and does nothing (`tests/e2e/reference/empty`).
    Idle,
    /// The same again, for the noise.
    IdleAgain,
    Bare,
    BareAgain,
    /// An extension that listens to less and does nothing.
    Deaf,
    HearsEnds,
    HearsHeaders,
}

impl Arm {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "Latchkey",
            Self::Idle | Self::IdleAgain => "an extension that listens and does nothing",
            Self::Bare | Self::BareAgain => "no extension",
            Self::Deaf => "an extension that listens to nothing",
            Self::HearsEnds => "an extension that listens to the ends",
            Self::HearsHeaders => "an extension that listens to headers",
        }
    }

    fn told(self, what: Load) -> String {
        match self {
            Self::Ours => what.name().to_owned(),
            other => format!("{}: {}", what.name(), other.name()),
        }
    }

    fn options(self, empty: &Path) -> Options {
        let first = match self {
            Self::Ours => return Options::new(0),
            Self::Bare | Self::BareAgain => return Options { bare: true, ..Options::new(0) },
            Self::Idle | Self::IdleAgain => None,
            Self::Deaf => Some("globalThis.LISTEN = 'nothing';"),
            Self::HearsEnds => Some("globalThis.LISTEN = 'ends';"),
            Self::HearsHeaders => Some("globalThis.LISTEN = 'headers';"),
        };
        Options { dist: empty.to_owned(), first, ..Options::new(0) }
    }
}

/// What a browser is made to load.
#[derive(Clone, Copy, PartialEq)]
pub enum Load {
    Calls,
    RefusedCalls,
    Page,
    RefusedPage,
}

impl Load {
    pub const ALL: [Self; 4] = [Self::Calls, Self::RefusedCalls, Self::Page, Self::RefusedPage];

    pub fn name(self) -> &'static str {
        match self {
            Self::Calls => "a thousand calls, all 200",
            Self::RefusedCalls => "a thousand calls, all 401",
            Self::Page => "a page of 300 parts",
            Self::RefusedPage => "the page, 5 % of it 401",
        }
    }

    /// What is refused is a site of its own: where somebody is locked out, all that succeeds is looked at.
    fn host(self, host: &str) -> String {
        match self {
            Self::Calls | Self::Page => host.to_owned(),
            Self::RefusedCalls | Self::RefusedPage => host.replace('.', "-401."),
        }
    }

    async fn took(self, browser: &Browser, url: impl Fn(&str) -> String) -> Result<f64> {
        match self {
            Self::Calls => calls_in_a_row(browser.site(), &url("/calls"), CALLS, "/call/").await,
            Self::RefusedCalls => calls_in_a_row(browser.site(), &url("/calls"), CALLS, "/no/").await,
            Self::Page => loaded(browser.site(), &url("/")).await,
            Self::RefusedPage => loaded(browser.site(), &url("/refused")).await,
        }
    }
}

/// A line of the table of traffic.
struct Comparison {
    what: Load,
    ours: Arm,
    beside: Arm,
    goal: &'static str,
}

const fn compare(what: Load, ours: Arm, beside: Arm, goal: &'static str) -> Comparison {
    Comparison { what, ours, beside, goal }
}

const TRAFFIC: [Comparison; 15] = [
    compare(Load::Calls, Arm::Ours, Arm::Idle, "≤ 1.02, or noise"),
    compare(Load::Calls, Arm::IdleAgain, Arm::Idle, "(the noise)"),
    compare(Load::Calls, Arm::Ours, Arm::Bare, "≤ 1.25"),
    compare(Load::Calls, Arm::Idle, Arm::Bare, "(the floor)"),
    compare(Load::Calls, Arm::BareAgain, Arm::Bare, "(the noise)"),
    compare(Load::RefusedCalls, Arm::Ours, Arm::Idle, ""),
    compare(Load::RefusedCalls, Arm::Ours, Arm::Bare, ""),
    compare(Load::RefusedCalls, Arm::Idle, Arm::Bare, "(the floor)"),
    compare(Load::Page, Arm::Ours, Arm::Idle, ""),
    compare(Load::Page, Arm::Ours, Arm::Bare, "≤ 1.05"),
    compare(Load::Page, Arm::Idle, Arm::Bare, "(the floor)"),
    compare(Load::Page, Arm::BareAgain, Arm::Bare, "(the noise)"),
    compare(Load::RefusedPage, Arm::Ours, Arm::Idle, ""),
    compare(Load::RefusedPage, Arm::Ours, Arm::Bare, "≤ 1.10"),
    compare(Load::RefusedPage, Arm::Idle, Arm::Bare, "(the floor)"),
];

/// What listening costs, by what is listened to: the browser's own work, whatever an extension makes of it.
const LISTENING: [Comparison; 8] = [
    compare(Load::Calls, Arm::Deaf, Arm::Bare, "(a floor)"),
    compare(Load::Calls, Arm::HearsEnds, Arm::Bare, "(a floor)"),
    compare(Load::Calls, Arm::HearsHeaders, Arm::Bare, "(a floor)"),
    compare(Load::Calls, Arm::Idle, Arm::Bare, "(the floor)"),
    compare(Load::Page, Arm::Deaf, Arm::Bare, "(a floor)"),
    compare(Load::Page, Arm::HearsEnds, Arm::Bare, "(a floor)"),
    compare(Load::Page, Arm::HearsHeaders, Arm::Bare, "(a floor)"),
    compare(Load::Page, Arm::Idle, Arm::Bare, "(the floor)"),
];

impl Bench {
    /// A thousand calls in a row, an ordinary page, and both with refusals.
    pub async fn traffic(&self, loads: &[Load]) -> Result<Vec<Row>> {
        let arms = [Arm::Ours, Arm::Idle, Arm::IdleAgain, Arm::Bare, Arm::BareAgain];
        self.compared(&arms, loads, &TRAFFIC).await
    }

    /// The calls and the page, beside extensions that do nothing.
    pub async fn listening(&self) -> Result<Vec<Row>> {
        let arms = [Arm::Deaf, Arm::HearsEnds, Arm::HearsHeaders, Arm::Idle, Arm::Bare];
        self.compared(&arms, &[Load::Calls, Load::Page], &LISTENING).await
    }

    async fn compared(&self, arms: &[Arm], loads: &[Load], rows: &[Comparison]) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        Browser::allow(arms.len());
        let empty = reference("empty")?;
        let mut browsers = Vec::new();
        for arm in arms {
            browsers.push((*arm, self.launch(&lab, arm.options(empty.path())).await?));
        }
        let mut compared: Vec<(&Comparison, Row)> = rows
            .iter()
            .filter(|of| loads.contains(&of.what))
            .map(|of| (of, self.row(&of.ours.told(of.what), of.beside.name(), "ms", of.goal)))
            .collect();
        // The first round is for what is compiled, opened and kept at the first time.
        for round in 0..=self.rounds {
            for what in loads.iter().copied() {
                // Not always in the same order.
                browsers.rotate_left(1);
                let mut times = Vec::new();
                let host = what.host(self.load.host);
                for (arm, browser) in &browsers {
                    times.push((*arm, what.took(browser, |path| lab.url(&host, path)).await?));
                }
                let of = |wanted| times.iter().find(|(arm, _)| *arm == wanted).map(|(_, time)| *time);
                for (row, ours, beside) in compared
                    .iter_mut()
                    .filter(|(of, _)| of.what == what && round > 0)
                    .filter_map(|(at, row)| Some((row, of(at.ours)?, of(at.beside)?)))
                {
                    row.push(ours, beside);
                }
            }
        }
        for (_, browser) in browsers {
            browser.close().await?;
        }
        Ok(compared.into_iter().map(|(_, row)| row).collect())
    }
}

/// What the page says that it took, in milliseconds.
async fn took(page: &Page) -> Result<f64> {
    let js = "return document.body?.dataset.took ?? null;";
    wait_for_within(PATIENCE, "the page to be done", async || {
        Ok(page.eval(js).await?.as_str().and_then(|took| took.parse().ok()))
    })
    .await
}

pub async fn calls_in_a_row(page: &Page, url: &str, count: usize, path: &str) -> Result<f64> {
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
