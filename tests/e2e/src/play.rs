//! Plays a scenario of the practice site as a person would, and reports what happened.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use latchkey_lab::{Expect, Lab, Scenario};
use serde_json::{Value, json};

use crate::{Browser, Page, wait_for};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The status that the person met.
    pub status: u16,
    /// The first cause that the popup named.
    pub cause: String,
    /// The fix behind the big button.
    pub fix: String,
    /// Did one click bring the person back in?
    pub back_in: bool,
    /// What the history says of how it ended.
    pub in_history: String,
    /// Were all cookies the same again after the undo, in every field of the API? `None` when
    /// there was nothing to undo.
    pub undone: Option<bool>,
}

/// Walks into a scenario's lock-out and returns the tab's number. The popup is not open yet.
pub async fn lock_out(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<i64> {
    // A server that does not start says why here.
    lab.port_of(scenario.host)?;
    let page = lab.url(scenario.host, scenario.page);
    let site = browser.site();
    browser.visit(&lab.first_visit(scenario)).await?;
    if scenario.start.is_some() {
        site.wait_lab(&["done", "in", "out"]).await.context("the scenario's start")?;
        browser.visit(&page).await?;
    }
    if scenario.lapses {
        site.wait_lab(&["in"]).await.context("the scenario's page, before time has passed")?;
        lab.expire(scenario.host);
        browser.visit(&page).await?;
    }
    if let Some(person) = scenario.person {
        site.wait_lab(&["done"]).await.context("the scenario's page, before the person acts")?;
        site.eval(person).await?;
    }
    site.wait_lab(&["out"]).await.context("the scenario's own page")?;
    browser.tab_id_of(&page).await
}

/// Plays a scenario to its end: the lock-out, the popup, the first fix, the history, the undo.
/// Pictures go to `pictures`.
pub async fn play(
    browser: &Browser,
    lab: &Lab,
    scenario: &Scenario,
    pictures: Option<&Path>,
) -> Result<Played> {
    let Expect::LockOut { one_click, .. } = scenario.expect else {
        anyhow::bail!("{} shows no lock-out", scenario.id);
    };
    let tab = lock_out(browser, lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    let cause = first(popup.causes().await?)?;
    let fix = first(popup.fixes().await?)?;
    picture(&popup, pictures, &format!("{}-1-incident", scenario.id)).await?;

    let newest = browser.incidents().await?.pop().context("no incident on disk")?;
    let status = newest["exchange"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.context("an incident without a status")?;
    let before = cookies(browser, lab, scenario).await?;
    // Where the server is to blame, it is mended while the person reads.
    if scenario.start.is_none() {
        lab.mend(scenario.host);
    }
    popup.click("[data-primary]").await?;
    let state = popup.wait_state(&["recovered", "still-locked"]).await?;
    let seen = browser.site().wait_lab(&["in", "out"]).await?;
    let back_in = one_click && state == "recovered" && seen == "in";
    picture(&popup, pictures, &format!("{}-2-{state}", scenario.id)).await?;

    let panel = browser.open(&history_url(browser, lab, scenario)).await?;
    panel.wait_state(&["history"]).await?;
    let ended = panel.eval("return document.querySelector('[data-ended]')?.dataset.ended ?? null;").await?;
    let in_history = ended.as_str().unwrap_or("missing").to_owned();
    picture(&panel, pictures, &format!("{}-3-history", scenario.id)).await?;
    panel.close().await?;

    let can_undo = popup.eval("return document.querySelector('[data-action=undo]') !== null;").await?;
    let undone = if can_undo == Value::Bool(true) {
        let during = cookies(browser, lab, scenario).await?;
        ensure!(during != before, "the fix changed no cookie");
        popup.click("[data-action=undo]").await?;
        popup.wait_for_selector("[data-undone]").await?;
        picture(&popup, pictures, &format!("{}-4-undone", scenario.id)).await?;
        Some(cookies(browser, lab, scenario).await? == before)
    } else {
        None
    };
    popup.close().await?;
    Ok(Played { status, cause, fix, back_in, in_history, undone })
}

/// The address of a scenario's history.
pub fn history_url(browser: &Browser, lab: &Lab, scenario: &Scenario) -> String {
    browser.extension_url(&format!("panel.html?site={}:{}", scenario.host, lab.port()))
}

/// The jar of a scenario's site, every field as the API shows it, in order of name, domain, path.
pub async fn cookies(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<Value> {
    let js = "const all = await chrome.cookies.getAll({ url: args });
              const key = ({ name, domain, path }) => JSON.stringify([name, domain, path]);
              return all.sort((one, two) => (key(one) < key(two) ? -1 : 1));";
    browser.extension_eval_with(js, json!(lab.url(scenario.host, "/"))).await
}

async fn picture(page: &Page, folder: Option<&Path>, name: &str) -> Result<()> {
    match folder {
        Some(folder) => page.screenshot(&folder.join(format!("{name}.png"))).await,
        None => Ok(()),
    }
}

fn first(ids: Vec<String>) -> Result<String> {
    ids.into_iter().next().context("the popup names none")
}

impl Page {
    /// Waits until something matches.
    pub async fn wait_for_selector(&self, selector: &str) -> Result<()> {
        wait_for(selector, async || {
            let there =
                self.eval_with("return document.querySelector(args) !== null;", json!(selector)).await?;
            Ok((there == Value::Bool(true)).then_some(()))
        })
        .await
    }
}
