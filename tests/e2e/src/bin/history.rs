//! How long the history takes to be there: with a hundred incidents, and with a hundred thousand.
//! `history [COUNT …]`

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, Page, wait_for_within};
use latchkey_lab::{Lab, by_id};

/// So often each page is opened; the middle counts.
const ROUNDS: usize = 5;

/// A long history is deleted in this time, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::main]
async fn main() -> Result<()> {
    let counts: Vec<usize> = std::env::args().skip(1).map(|count| count.parse()).collect::<Result<_, _>>()?;
    let counts = if counts.is_empty() { vec![100, 100_000] } else { counts };
    println!("browser   incidents  one site  all sites  a page on  elements  delete all");
    for kind in Kind::ALL {
        for count in &counts {
            measure(kind, *count).await.with_context(|| format!("{} {count}", kind.name()))?;
        }
    }
    Ok(())
}

async fn measure(kind: Kind, count: usize) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    lock_out(&browser, &lab, by_id("session_expired").context("no such scenario")?).await?;
    browser.wait_for_incidents(1).await?;
    browser.settle().await?;
    let newest = browser.newest().await?;
    browser.fill_history(&newest, count, 1).await?;
    let panel = browser.new_window().await?;
    let one = opened(&browser, &panel, "panel.html?site=s0.test").await?;
    let begun = Instant::now();
    panel.click("[data-action=more]").await?;
    panel.wait_for_selector("[data-region=page-1]").await?;
    let more = begun.elapsed().as_millis();
    let elements = panel.eval("return document.querySelectorAll('*').length;").await?;
    let all = opened(&browser, &panel, "panel.html?site=").await?;
    panel.click("[data-action=all-sites]").await.ok();
    panel.click("[data-deletes=all]").await?;
    panel.wait_for_selector("[data-confirm]").await?;
    let begun = Instant::now();
    panel.click("[data-action=delete-now]").await?;
    wait_for_within(PATIENCE, "an empty history", async || {
        let empty = panel.eval("return document.querySelector('[data-matching=\"0\"]') !== null;").await?;
        Ok((empty == serde_json::Value::Bool(true)).then_some(()))
    })
    .await?;
    let deleted = begun.elapsed().as_millis();
    println!(
        "{:<9} {count:>9} {one:>6} ms {all:>7} ms {more:>7} ms {elements:>9} {deleted:>8} ms",
        kind.name()
    );
    browser.close().await
}

/// The time from the beginning of the page until something of it is painted, in milliseconds.
async fn opened(browser: &Browser, panel: &Page, path: &str) -> Result<u64> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        panel.goto(&browser.extension_url(path)).await?;
        panel.wait_state(&["history"]).await?;
        let js = "return await new Promise((done) => {
                      const seen = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
                      const look = () => (seen() ? done(seen()) : requestAnimationFrame(look));
                      look();
                  });";
        let painted = panel.eval(js).await?.as_f64().context("nothing was painted")?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        times.push(painted as u64);
    }
    times.sort_unstable();
    times.get(ROUNDS / 2).copied().context("no time")
}
