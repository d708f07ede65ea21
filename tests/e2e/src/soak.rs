//! Lock-outs, fixes and undos while the background is killed, again and again, at moments that nobody
//! chose: what was seen must not be lost or told twice, and what was begun must not stay half done.

use std::fmt;
use std::time::Duration;

use anyhow::Result;
use latchkey_lab::Lab;
use serde_json::{Value, json};

use crate::{Browser, Dice, Kind, Options, Page, wait_for};

/// The latest moment for a kill, counted from what it is to disturb: a cold background is done by then.
const LATEST: usize = 400;

/// What is clicked: the fix of [`STORY`].
const FIX: &str = "[data-primary][data-fix=remove_cookies]";

/// Its numbered twins are the sites.
const STORY: &str = "session-expired";

/// How it went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often a living background was killed.
    pub kills: usize,
    /// Lock-outs that were met.
    pub met: usize,
    /// Those that are not on record.
    pub lost: Vec<String>,
    /// Those that are on record more than once.
    pub twice: Vec<String>,
    /// Fixes that were clicked, and taken back.
    pub fixed: usize,
    /// Those that were found half done, or half taken back.
    pub half: Vec<String>,
}

impl Tally {
    /// Is everything as it should be?
    pub fn is_fine(&self) -> bool {
        self.lost.is_empty() && self.twice.is_empty() && self.half.is_empty()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, met, lost, twice, fixed, half } = self;
        let (lost, twice, half) = (lost.len(), twice.len(), half.len());
        write!(
            f,
            "{kills} kills; {met} lock-outs, lost {lost}, twice {twice}; {fixed} fixes, half done {half}"
        )
    }
}

/// Plays until the background was killed so many times.
pub async fn soak(kind: Kind, kills: usize, seed: u64) -> Result<Tally> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let popup = browser.new_window().await?;
    let mut soak = Soak { lab, browser, popup, dice: Dice::new(seed), tally: Tally::default() };
    while soak.tally.kills < kills {
        let site = format!("{STORY}-{}.test", soak.tally.met);
        if let Err(error) = soak.round(&site).await {
            let text = soak.popup.eval("return document.body.innerText;").await.unwrap_or_default();
            let newest = soak.browser.newest().await.unwrap_or_default();
            return Err(error.context(format!("{site}, after {}: {text}\n{newest:#}", soak.tally)));
        }
        if soak.tally.met.is_multiple_of(50) {
            println!("{}: {}", kind.name(), soak.tally);
        }
    }
    soak.browser.close().await?;
    Ok(soak.tally)
}

struct Soak {
    lab: Lab,
    browser: Browser,
    popup: Page,
    dice: Dice,
    tally: Tally,
}

impl Soak {
    /// One site: its lock-out, and for every other one the fix and the undo.
    async fn round(&mut self, host: &str) -> Result<()> {
        let Self { lab, browser, .. } = self;
        let site = browser.site().clone();
        site.goto(&lab.url(host, "/start")).await?;
        site.wait_lab(&["done"]).await?;
        lab.expire(host);
        let before = sorted(browser.jar(host).await?);
        // Not by the driver, which would wait for the page, and with it the kill.
        let account = lab.url(host, "/account");
        site.eval_with("setTimeout(() => location.assign(args));", json!(account)).await?;
        self.kill_soon().await?;
        site.wait_lab(&["out"]).await?;
        self.tally.met += 1;
        if self.dice.heads() {
            self.kill_soon().await?;
        }
        let times = self.on_record(host).await?;
        match times {
            0 => self.tally.lost.push(host.to_owned()),
            1 => {}
            _ => self.tally.twice.push(host.to_owned()),
        }
        if times > 0 && self.dice.heads() {
            self.mend(host, &before).await?;
        }
        Ok(())
    }

    /// The fix and the undo, each disturbed once.
    async fn mend(&mut self, host: &str, before: &[Value]) -> Result<()> {
        let tab = self.browser.site_tab_id().await?;
        let popup = self.popup.clone();
        popup.goto(&self.browser.extension_url(&format!("popup.html?tab={tab}"))).await?;
        popup.wait_state(&["incident"]).await?;
        popup.wait_for_selector(FIX).await?;
        popup.click(FIX).await?;
        self.kill_and_look(&popup).await?;
        // Where the click did not arrive, nothing may have been done.
        if popup.wait_state(&["recovered", "still-locked", "incident"]).await? == "incident" {
            if self.jar(host).await? != before {
                self.tally.half.push(format!("{host}: the fix"));
            }
            popup.click(FIX).await?;
        }
        popup.wait_state(&["recovered"]).await?;
        self.tally.fixed += 1;
        let after = self.jar(host).await?;
        if after == before {
            self.tally.half.push(format!("{host}: nothing was removed"));
            return Ok(());
        }

        popup.click("[data-action=undo]").await?;
        self.kill_and_look(&popup).await?;
        popup.wait_for_selector("[data-undone], [data-action=undo]").await?;
        if popup.eval("return document.querySelector('[data-undone]') === null;").await? == true {
            if self.jar(host).await? != after {
                self.tally.half.push(format!("{host}: the undo"));
                return Ok(());
            }
            popup.click("[data-action=undo]").await?;
            popup.wait_for_selector("[data-undone]").await?;
        }
        if self.jar(host).await? != before {
            self.tally.half.push(format!("{host}: not as it was"));
        }
        Ok(())
    }

    /// A popup that is opened afterwards, once the background that follows has done what it found begun.
    async fn kill_and_look(&mut self, popup: &Page) -> Result<()> {
        self.kill_soon().await?;
        self.browser.settle().await?;
        popup.reload().await
    }

    async fn kill_soon(&mut self) -> Result<()> {
        let moment = self.dice.below(LATEST);
        tokio::time::sleep(Duration::from_millis(moment as u64)).await;
        self.tally.kills += usize::from(self.browser.kill_background().await?);
        Ok(())
    }

    async fn jar(&self, host: &str) -> Result<Vec<Value>> {
        Ok(sorted(self.browser.jar(host).await?))
    }

    /// How many incidents of a site are on disk, once the background has dealt with all it knows of.
    async fn on_record(&self, host: &str) -> Result<usize> {
        let site = self.lab.url(host, "").replace("http://", "");
        let of_site = async || -> Result<usize> {
            let all = self.browser.incidents_of(&site).await?;
            Ok(all.len())
        };
        self.browser.settle().await?;
        // What a kill left behind is taken up by the background that follows it.
        match wait_for("an incident", async || Ok(Some(of_site().await?).filter(|count| *count > 0))).await {
            Ok(count) => Ok(count),
            Err(_) => of_site().await,
        }
    }
}

/// In an order that does not depend on when each was made; no two have one name here.
fn sorted(mut jar: Vec<Value>) -> Vec<Value> {
    jar.sort_by_key(|cookie| cookie["name"].as_str().unwrap_or_default().to_owned());
    jar
}
