//! Several lock-outs at once: each is named, mended and remembered by itself.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::{cookies, lock_out, lock_out_in};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    two_on_one_page
    three_in_three_tabs
}

/// The incident of a cause, as it is on disk.
async fn of(browser: &Browser, cause: &str) -> Result<Value> {
    let all = browser.incidents().await?;
    let named = |incident: &Value| incident["diagnosis"]["causes"][0]["cause"].clone();
    let causes: Vec<Value> = all.iter().map(named).collect();
    all.into_iter().find(|one| named(one) == cause).with_context(|| format!("no {cause} in {causes:?}"))
}

async fn two_on_one_page(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("two_at_once").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.wait_for_incidents(2).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    // The one that came last is above the fold, the other below it.
    popup.wait_for_selector(".title[data-cause=session_expired]").await?;
    popup.wait_for_selector("[data-region=also] [data-cause=cors_preflight_401]").await?;
    popup.wait_for_selector("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_for_selector("[data-region=also] [data-fix=for_the_owner]").await?;
    let other = of(&browser, "cors_preflight_401").await?;

    popup.click("[data-primary]").await?;
    browser.site().wait_lab(&["in"]).await?;
    popup.wait_for_selector("[data-primary][data-fix=for_the_owner]").await?;
    // What was clicked for is said to be done, and can be put back from here.
    assert!(popup.text("[data-over]").await?.contains("cookie"));
    popup.wait_for_selector("[data-action=undo]").await?;
    let mended = of(&browser, "session_expired").await?;
    assert_eq!(mended["closed"]["by"], "remove_cookies");
    browser.settle().await?;
    let left = of(&browser, "cors_preflight_401").await?;
    for field in ["id", "phase", "closed", "attempts", "undo", "diagnosis"] {
        assert_eq!(left[field], other[field], "{field}");
    }
    browser.wait_for_badge(tab, "!").await?;
    browser.close().await
}

async fn three_in_three_tabs(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let mut tabs = Vec::new();
    for (id, cause, fix) in [
        ("duplicate_cookie", "duplicate_cookie", "remove_cookies"),
        ("session_expired", "session_expired", "remove_cookies"),
        ("unknown", "unknown", "retry"),
    ] {
        let scenario = by_id(id).unwrap();
        let page = browser.new_tab().await?;
        let tab = lock_out_in(&browser, &lab, scenario, &page).await?;
        let popup = browser.open_popup(tab).await?;
        tabs.push((scenario, page, tab, popup, cause, fix));
    }
    for (_, _, tab, popup, cause, fix) in &tabs {
        popup.wait_for_selector(&format!(".title[data-cause={cause}]")).await?;
        popup.wait_for_selector(&format!("[data-primary][data-fix={fix}]")).await?;
        assert_eq!(popup.eval("return document.querySelectorAll('[data-region=also] *').length;").await?, 0);
        browser.wait_for_badge(*tab, "!").await?;
    }

    // One is mended.
    let (first, rest) = tabs.split_first().unwrap();
    let mut before = Vec::new();
    for (scenario, _, _, _, cause, _) in rest {
        before.push((of(&browser, cause).await?, cookies(&browser, &lab, scenario).await?));
    }
    first.3.click("[data-primary]").await?;
    first.3.wait_state(&["recovered"]).await?;
    first.1.wait_lab(&["in"]).await?;
    browser.wait_for_badge(first.2, "").await?;
    assert_eq!(of(&browser, first.4).await?["closed"]["by"], "remove_cookies");
    for ((scenario, page, tab, popup, cause, fix), before) in rest.iter().zip(before) {
        assert_eq!((of(&browser, cause).await?, cookies(&browser, &lab, scenario).await?), before);
        page.wait_lab(&["out"]).await?;
        popup.wait_state(&["incident"]).await?;
        popup.wait_for_selector(&format!("[data-primary][data-fix={fix}]")).await?;
        browser.wait_for_badge(*tab, "!").await?;
    }

    // One is closed. What it showed goes with it; it stays on record, and the last is as it was.
    let last = tabs.pop().unwrap();
    let (_, closed, gone, popup, cause, _) = tabs.pop().unwrap();
    let record = (of(&browser, cause).await?, of(&browser, last.4).await?);
    closed.close().await?;
    popup.wait_state(&["watching", "no-access"]).await?;
    let bound = browser.extension_eval("return (await chrome.storage.session.get('tabs')).tabs;").await?;
    assert_eq!((bound.get(gone.to_string()), bound[last.2.to_string()].is_array()), (None, true), "{bound}");
    assert_eq!((of(&browser, cause).await?, of(&browser, last.4).await?), record);
    last.3.wait_state(&["incident"]).await?;
    browser.wait_for_badge(last.2, "!").await?;
    lab.mend(last.0.host);
    last.3.click("[data-primary]").await?;
    last.3.wait_state(&["recovered"]).await?;
    assert_eq!(of(&browser, cause).await?["closed"], json!(null));
    browser.close().await
}
