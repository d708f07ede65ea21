//! What requests cost: the same pages and calls in browsers with the extension, with one that listens and does
//! nothing, and without any.

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

/// A browser with what is measured, or with what it is measured beside; in the order of their launch.
#[derive(Clone, Copy)]
enum Arm {
    Ours,
    Idle,
    IdleAgain,
    Bare,
    BareAgain,
}

impl Arm {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "Latchkey",
            Self::Idle | Self::IdleAgain => "an extension that listens and does nothing",
            Self::Bare | Self::BareAgain => "no extension",
        }
    }

    fn told(self, what: Load) -> String {
        match self {
            Self::Ours => what.name().to_owned(),
            other => format!("{}: {}", what.name(), other.name()),
        }
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
    compare(Load::RefusedCalls, Arm::Ours, Arm::Idle, "≤ 1.10"),
    compare(Load::RefusedCalls, Arm::Ours, Arm::Bare, "≤ 1.10"),
    compare(Load::RefusedCalls, Arm::Idle, Arm::Bare, "(the floor)"),
    compare(Load::Page, Arm::Ours, Arm::Idle, ""),
    compare(Load::Page, Arm::Ours, Arm::Bare, "≤ 1.05"),
    compare(Load::Page, Arm::Idle, Arm::Bare, "(the floor)"),
    compare(Load::Page, Arm::BareAgain, Arm::Bare, "(the noise)"),
    compare(Load::RefusedPage, Arm::Ours, Arm::Idle, ""),
    compare(Load::RefusedPage, Arm::Ours, Arm::Bare, "≤ 1.10"),
    compare(Load::RefusedPage, Arm::Idle, Arm::Bare, "(the floor)"),
];

impl Bench {
    /// A thousand calls in a row, an ordinary page, and one with refusals: with the extension, twice with one
    /// that listens and does nothing, and twice without any.
    pub async fn traffic(&self, loads: &[Load]) -> Result<Vec<Row>> {
        let lab = Lab::start()?;
        Browser::allow(5);
        let bare = || Options { bare: true, ..Options::new(0) };
        let empty = reference("empty")?;
        let idle = || Options { dist: empty.path().to_owned(), ..Options::new(0) };
        let mut browsers = Vec::new();
        for options in [Options::new(0), idle(), idle(), bare(), bare()] {
            browsers.push(self.launch(&lab, options).await?);
        }
        let mut compared: Vec<(&Comparison, Row)> = TRAFFIC
            .iter()
            .filter(|of| loads.contains(&of.what))
            .map(|of| (of, self.row(&of.ours.told(of.what), of.beside.name(), "ms", of.goal)))
            .collect();
        // The first round is for what is compiled, opened and kept at the first time.
        for round in 0..=self.rounds {
            for what in loads.iter().copied() {
                // Not always in the same order.
                let mut times = [0.0; 5];
                for at in 0..browsers.len() {
                    let at = (at + round) % browsers.len();
                    times[at] = what.took(&browsers[at], |path| lab.url(self.load.host, path)).await?;
                }
                for (of, row) in compared.iter_mut().filter(|(of, _)| of.what == what && round > 0) {
                    row.push(times[of.ours as usize], times[of.beside as usize]);
                }
            }
        }
        for browser in browsers {
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
