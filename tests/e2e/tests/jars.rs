//! Random jars: all cookies of a site go, are put back, and are the same in every field and in
//! their order.
//!
//! `LATCHKEY_JARS` says how many jars, over all stores together; otherwise a few.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::lock_out_in;
use latchkey_e2e::{Browser, Dice, Kind, Options, Page, wait_for};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    what_goes_comes_back_the_same
}

const DOMAIN: &str = "jars.test";

/// How many jars each browser gets unless it is said otherwise.
const FEW: usize = 12;

async fn what_goes_comes_back_the_same(kind: Kind) -> Result<()> {
    let jars = std::env::var("LATCHKEY_JARS").ok().and_then(|jars| jars.parse().ok()).unwrap_or(FEW);
    let lab = Lab::start()?;
    let options = Options { private_allowed: true, ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    let scenario = by_id("session_expired_among_others").unwrap();
    let stores: &[&str] = match kind {
        Kind::Chromium => &["0", "1"],
        Kind::Firefox => &["firefox-default", "firefox-private", "firefox-container-1"],
    };
    let mut dice = Dice::new(20_260_616);
    for (index, store) in stores.iter().enumerate() {
        let site = in_store(&browser, store).await?;
        lock_out_in(&browser, &lab, scenario, &site).await.with_context(|| format!("in {store}"))?;
        wait_for("the lock-out to be looked at", async || {
            let seen = browser.newest().await?;
            Ok((seen["exchange"]["store"] == *store && seen["diagnosis"].is_object()).then_some(()))
        })
        .await?;
        let share = jars / stores.len() + usize::from(index < jars % stores.len());
        let dead = browser.jar(DOMAIN).await?.into_iter().find(|cookie| cookie["name"] == "sid");
        let dead = dead.context("no dead session")?;
        for _ in 0..share {
            let cookies: Vec<Value> =
                (0..1 + dice.below(30)).map(|_| dice.cookie(scenario.host, store)).collect();
            round(&browser, store, &dead, cookies).await?;
        }
        println!("{}: {share} jars in {store}", kind.name());
        site.close().await?;
    }
    browser.close().await
}

/// A tab in a cookie store.
async fn in_store(browser: &Browser, store: &str) -> Result<Page> {
    match store {
        "1" | "firefox-private" => browser.open_private("about:blank").await,
        "0" | "firefox-default" => browser.new_tab().await,
        container => browser.open_in_container(container).await,
    }
}

/// One jar: planted, looked at, cleared by the fix, put back.
async fn round(browser: &Browser, store: &str, dead: &Value, cookies: Vec<Value>) -> Result<()> {
    browser.empty_jar(DOMAIN).await?;
    let sid = json!({
        "url": format!("http://{}/", dead["domain"].as_str().unwrap()), "name": "sid", "value": dead["value"],
        "httpOnly": true, "storeId": store, "expirationDate": dead["expirationDate"],
    });
    let cookies: Vec<Value> = [sid].into_iter().chain(cookies).collect();
    let before = browser.plant(DOMAIN, &cookies).await?;
    let told = format!("{store}: {}", serde_json::to_string_pretty(&before)?);

    let seen = browser.retried().await.context(told.clone())?;
    let offer = seen["diagnosis"]["offers"].as_array().into_iter().flatten();
    let offer = offer.clone().find(|offer| offer["fix"] == "clear_site_cookies");
    let shown = offer.map_or(0, |offer| offer["cookies"].as_array().map_or(0, Vec::len));
    assert_eq!(shown, before.len(), "the preview names them all: {seen:#}\n{told}");

    let after = browser.fixed(&seen, "clear_site_cookies", shown).await.context(told.clone())?;
    assert_eq!(
        after["attempts"].as_array().unwrap().last().unwrap()["removed"],
        json!([shown, shown]),
        "{told}"
    );
    assert_eq!(browser.jar(DOMAIN).await?, Vec::<Value>::new(), "{told}");

    let undone = browser.undone(&after).await.context(told.clone())?;
    assert_eq!(undone["undo"]["done"], json!({ "restored": shown, "newer": 0, "refused": 0 }), "{told}");
    let now = browser.jar(DOMAIN).await?;
    assert_eq!(
        now,
        before,
        "not the same: {:#?}",
        now.iter().zip(&before).find(|(now, before)| now != before)
    );
    Ok(())
}
