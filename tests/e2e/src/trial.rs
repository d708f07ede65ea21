//! Tries one scenario in one browser and says how far the person came: what `cargo xtask matrix`
//! counts. Where [`crate::play`] compares every detail of a few, this asks of all: was it noticed,
//! was the true cause named first, did the clicks help, was anything else harmed?

use std::time::Duration;

use anyhow::{Context, Result};
use latchkey_lab::{Expect, Lab, Scenario};
use serde_json::{Value, json};

use crate::play::{Neighbour, lock_out, said_what_will_in};
use crate::{Browser, Page, wait_for, wait_for_within};

/// A person who is not let in tries what is offered next, but not for ever.
const PATIENCE: usize = 3;

/// What it may take, on a machine that does other things, until a lock-out is noticed or the next fix
/// offered.
const NOTICE: Duration = Duration::from_secs(30);

/// How it went.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Did the popup speak of a lock-out?
    pub noticed: bool,
    /// The status on record; of a private window there is none.
    pub status: Option<u16>,
    /// The causes, most likely first.
    pub causes: Vec<String>,
    /// The big buttons that were pressed, one after the other.
    pub pressed: Vec<String>,
    /// Did they bring the person back in?
    pub back_in: bool,
    /// Where no click can: did the first say what will?
    pub said: bool,
    /// Is a neighbour's login whole?
    pub kept: bool,
    /// What broke the trial off.
    pub trouble: Option<String>,
}

impl Trial {
    /// The place of the true cause, from 1 on; `None` where it is not among them, or where nothing is
    /// there to tell it.
    pub fn rank(&self, scenario: &Scenario, browser: &str) -> Option<usize> {
        let Expect::LockOut { cause, .. } = scenario.expect_in(browser) else { return None };
        let fine = |id: &String| cause == Some(id.as_str()) || scenario.or.contains(&id.as_str());
        cause?;
        self.causes.iter().position(fine).map(|at| at + 1)
    }

    /// In what it differs from what the scenario expects.
    pub fn amiss(&self, scenario: &Scenario, browser: &str) -> Vec<&'static str> {
        if self.trouble.is_some() {
            return vec!["trouble"];
        }
        let Expect::LockOut { status, cause, fix, one_click } = scenario.expect_in(browser) else {
            return if self.noticed { vec!["quiet"] } else { Vec::new() };
        };
        let first = self.pressed.first().map(String::as_str);
        // Where no fix is named, the hostile page is all there is to it.
        let is_played = fix.is_some();
        let checks = [
            ("noticed", self.noticed),
            ("status", self.status.is_none_or(|seen| seen == status)),
            ("cause", cause.is_none() || self.rank(scenario, browser) == Some(1)),
            ("fix", fix.is_none() || fix == first),
            ("back in", !is_played || self.back_in == one_click),
            ("more than one click", !one_click || !is_played || self.pressed.len() == 1),
            ("instruction", !is_played || one_click || self.said),
            ("kept", self.kept),
        ];
        checks.into_iter().filter(|(_, fine)| !fine).map(|(name, _)| name).collect()
    }
}

/// Tries it. Trouble on the way is part of what comes back.
pub async fn try_out(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Trial {
    let mut trial = Trial::default();
    let done = match scenario.expect_in(browser.kind().name()) {
        Expect::Quiet => quiet(browser, lab, scenario, &mut trial).await,
        Expect::LockOut { .. } => locked_out(browser, lab, scenario, &mut trial).await,
    };
    if let Err(error) = done {
        trial.trouble = Some(format!("{error:#}"));
    }
    trial
}

async fn locked_out(browser: &Browser, lab: &Lab, scenario: &Scenario, trial: &mut Trial) -> Result<()> {
    let name = browser.kind().name();
    let Expect::LockOut { fix, one_click, .. } = scenario.expect_in(name) else { return Ok(()) };
    let neighbour = Neighbour::plant(browser, lab).await?;
    let (tab, site) = if scenario.in_private {
        lock_out_in_private(browser, lab, scenario).await?
    } else {
        (lock_out(browser, lab, scenario).await?, browser.site().clone())
    };
    let popup = browser.open_popup(tab).await?;
    if scenario.by_check {
        popup.click("[data-action=check]").await?;
    }
    trial.noticed = wait_until(&popup, NOTICE, &["incident"]).await.is_some();
    if trial.noticed {
        // What was seen last may still be looked at.
        browser.settle().await?;
        popup.wait_for_selector("[data-cause]").await?;
        popup.wait_for_selector("[data-primary]").await?;
        trial.causes = popup.causes().await?;
        if !scenario.in_private {
            trial.status = Some(status(browser).await?);
        }
        if fix.is_some() {
            // Where the server is to blame, it is mended while the person reads.
            if one_click && scenario.start.is_none() {
                lab.mend(scenario.host);
            }
            press(browser, &site, &popup, one_click, trial).await?;
        }
    }
    trial.kept = neighbour.is_in().await?;
    if scenario.in_private {
        close_private(browser).await?;
    }
    popup.close().await?;
    neighbour.page.close().await
}

async fn press(
    browser: &Browser,
    site: &Page,
    popup: &Page,
    one_click: bool,
    trial: &mut Trial,
) -> Result<()> {
    for _ in 0..PATIENCE {
        let fix = popup.eval("return document.querySelector('[data-primary]')?.dataset.fix ?? null;").await?;
        let fix = fix.as_str().context("no big button")?.to_owned();
        let before = browser.pages().await?.len();
        popup.click(&format!("[data-primary][data-fix={fix}]")).await?;
        trial.pressed.push(fix.clone());
        if !one_click {
            said_what_will_in(site, popup, &fix).await?;
            trial.said = true;
            if browser.pages().await?.len() > before {
                close_private(browser).await?;
            }
            return Ok(());
        }
        let state = wait_until(popup, Duration::from_secs(40), &["recovered", "still-locked"]).await;
        if state.as_deref() == Some("recovered") {
            trial.back_in = site.wait_lab(&["in", "out"]).await? == "in";
            return Ok(());
        }
        // The next thing to try takes its place.
        let next = wait_for_within(NOTICE, "the next fix", async || {
            let js = "return document.querySelector('[data-primary]')?.dataset.fix ?? null;";
            Ok(popup.eval(js).await?.as_str().filter(|next| *next != fix).map(|_| ()))
        });
        if next.await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Signs in in an ordinary window, and goes on in a private one.
async fn lock_out_in_private(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<(i64, Page)> {
    if scenario.start.is_some() {
        browser.visit(&lab.first_visit(scenario)).await?;
        browser.site().wait_lab(&["done", "in", "out"]).await.context("the scenario's start")?;
    }
    let url = lab.url(scenario.host, scenario.page);
    let site = browser.open_private(&url).await?;
    site.wait_lab(&["out"]).await.context("the page in a private window")?;
    Ok((browser.tab_id_of(&url).await?, site))
}

/// A private window is in nobody's way for long.
async fn close_private(browser: &Browser) -> Result<()> {
    let js = "for (const { id, incognito } of await chrome.windows.getAll()) {
                  if (incognito) await chrome.windows.remove(id);
              }";
    browser.extension_eval(js).await.map(drop)
}

async fn quiet(browser: &Browser, lab: &Lab, scenario: &Scenario, trial: &mut Trial) -> Result<()> {
    go_through(browser, lab, scenario).await?;
    let seen = popup_and_badge(browser).await?;
    trial.noticed = seen != ("watching".to_owned(), String::new());
    trial.kept = true;
    Ok(())
}

/// Goes through a scenario that shows no lock-out, until all that was seen has been judged.
pub async fn go_through(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<()> {
    lab.port_of(scenario.host)?;
    if scenario.start.is_some() {
        browser.visit(&lab.first_visit(scenario)).await?;
        browser.site().wait_lab(&["done", "in", "out"]).await.context("the scenario's start")?;
        browser.visit(&lab.url(scenario.host, scenario.page)).await?;
    } else {
        browser.visit(&lab.first_visit(scenario)).await?;
    }
    if let Some(person) = scenario.person {
        browser.site().wait_lab(&["done"]).await.context("the scenario's page, before the person acts")?;
        browser.site().eval(person).await?;
        browser.site().wait_lab(&["in", "out"]).await.context("the scenario's page, after that")?;
    }
    browser.site().wait_for_selector("body[data-lab]:not([data-lab=wait])").await?;
    browser.settle().await?;
    // What may still turn out well is given its time.
    wait_for("everything to be judged", async || {
        let open = browser.incidents().await?;
        let is_judged = open.iter().all(|incident| incident["phase"]["is"] != "seen");
        Ok(is_judged.then_some(()))
    })
    .await
}

/// What the popup says of the site's tab, and the mark on the button.
async fn popup_and_badge(browser: &Browser) -> Result<(String, String)> {
    let tab = browser.site_tab_id().await?;
    let popup = browser.open_popup(tab).await?;
    let state = popup.wait_state(&["watching", "incident", "still-locked", "recovered", "fixing"]).await?;
    popup.close().await?;
    let js = "return await chrome.action.getBadgeText({ tabId: args });";
    let badge = browser.extension_eval_with(js, json!(tab)).await?;
    Ok((state, badge.as_str().unwrap_or_default().to_owned()))
}

/// The status of the newest lock-out on record.
async fn status(browser: &Browser) -> Result<u16> {
    let newest = browser.incidents().await?.pop().context("no lock-out on record")?;
    let status = newest["exchange"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    status.context("a lock-out without a status")
}

/// Waits for one of these states of a popup; `None` when none came.
async fn wait_until(popup: &Page, patience: Duration, wanted: &[&str]) -> Option<String> {
    wait_for_within(patience, "a state", async || {
        let state: Value = popup.eval("return document.documentElement.dataset.state ?? null;").await?;
        Ok(state.as_str().filter(|word| wanted.contains(word)).map(str::to_owned))
    })
    .await
    .ok()
}
