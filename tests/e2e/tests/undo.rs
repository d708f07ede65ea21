//! Fixes that are cut off at each of their steps, and what is put back afterwards.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::{cookies, lock_out};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    killed_at_each_step_a_fix_is_whole_or_can_be_undone
    twins_are_read_in_the_same_order_after_an_undo
    an_undo_that_is_cut_off_goes_on
    a_cookie_that_cannot_be_deleted_is_said_and_the_rest_is_kept
    without_access_nothing_is_said_to_be_done
}

/// Each fix that takes something, and the steps at which it is cut off.
const STEPS: [(&str, &str, &[&str]); 4] = [
    ("session_expired", "remove_cookies", &["snapshot", "remove", "cookie", "reload"]),
    ("much_stored", "clear_site_cookies", &["snapshot", "remove", "cookie 2", "reload"]),
    ("much_stored", "clear_site_data", &["snapshot", "remove", "cookie 2", "clear", "reload"]),
    ("token_expired", "remove_stored_token", &["snapshot", "remove", "reload"]),
];

/// What a site keeps that can be put back.
async fn kept(browser: &Browser, lab: &Lab, host: &str) -> Result<(Value, Value)> {
    let scenario = latchkey_lab::SCENARIOS.iter().find(|scenario| scenario.host == host).unwrap();
    let stored = browser.site().eval("return { ...localStorage };").await?;
    Ok((cookies(browser, lab, scenario).await?, stored))
}

async fn killed_at_each_step_a_fix_is_whole_or_can_be_undone(kind: Kind) -> Result<()> {
    for (scenario, fix, steps) in STEPS {
        let scenario = by_id(scenario).unwrap();
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
        for step in steps {
            let told = format!("{fix} cut off at {step}");
            browser.extension_eval("await chrome.storage.session.remove(['failpoint', 'reached']);").await?;
            let tab = lock_out(&browser, &lab, scenario).await.with_context(|| told.clone())?;
            let popup = browser.open_popup(tab).await?;
            popup.wait_state(&["incident", "still-locked"]).await?;
            popup.wait_for_selector(&format!("[data-fix={fix}]")).await.with_context(|| told.clone())?;
            let before = kept(&browser, &lab, scenario.host).await?;
            browser.hold_at(step).await?;
            let primary = popup.fixes().await?.first().is_some_and(|first| first == fix);
            if primary {
                popup.click(&format!("[data-primary][data-fix={fix}]")).await?;
            } else {
                popup.try_other(fix).await?;
            }
            let held = step.split(' ').next().unwrap();
            browser.wait_until_held_at(held).await.with_context(|| told.clone())?;
            browser.kill_background().await?;
            // The open popup, or the alarm, wakes it: it goes on where it was.
            popup.reload().await?;
            popup.wait_state(&["recovered", "still-locked"]).await.with_context(|| told.clone())?;
            let incident = browser.newest().await?;
            let attempt = incident["attempts"].as_array().unwrap().last().unwrap().clone();
            let [gone, of] = [0, 1].map(|at| attempt["removed"][at].as_u64().unwrap_or_default());
            assert!(gone == of, "{told}: {attempt:#}");
            assert_ne!(kept(&browser, &lab, scenario.host).await?, before, "{told}: it is done");

            popup.click("[data-action=undo]").await.with_context(|| told.clone())?;
            popup.wait_for_selector("[data-undone]").await.with_context(|| told.clone())?;
            let after = kept(&browser, &lab, scenario.host).await?;
            assert_eq!(after.0, before.0, "{told}: the cookies are back");
            if fix == "remove_stored_token" {
                assert!(after.1["access_token"].is_string(), "{told}: the entry is back");
            }
            assert!(browser.records("undo").await?.as_array().unwrap().is_empty(), "{told}");
            popup.close().await?;
            // The next round begins with a new story.
            lab.reset(scenario.host);
            browser.empty_jar(scenario.host).await?;
        }
        browser.close().await?;
    }
    Ok(())
}

async fn twins_are_read_in_the_same_order_after_an_undo(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("duplicate_cookie").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    // As the site reads them, not sorted.
    let url = lab.url(scenario.host, "/");
    let js = "return await chrome.cookies.getAll({ url: args });";
    let before = browser.extension_eval_with(js, json!(url)).await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_state(&["recovered"]).await?;
    assert_ne!(browser.extension_eval_with(js, json!(url)).await?, before);
    popup.click("[data-action=undo]").await?;
    popup.wait_for_selector("[data-undone]").await?;
    assert_eq!(browser.extension_eval_with(js, json!(url)).await?, before);
    browser.close().await
}

async fn an_undo_that_is_cut_off_goes_on(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let before = cookies(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_state(&["recovered"]).await?;
    browser.hold_at("back").await?;
    popup.click("[data-action=undo]").await?;
    browser.wait_until_held_at("back").await?;
    browser.kill_background().await?;
    popup.reload().await?;
    popup.wait_for_selector("[data-undone='1']").await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, before);
    browser.close().await
}

async fn a_cookie_that_cannot_be_deleted_is_said_and_the_rest_is_kept(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let before = cookies(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    browser.extension_eval("await chrome.storage.session.set({ refuses: 'cookies.set' });").await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_for_selector(".progress.bad").await?;
    let said = popup.text(".progress.bad").await?;
    assert!(said.contains("did not let go"), "{said}");
    assert_eq!(cookies(&browser, &lab, scenario).await?, before);
    // Something else takes its place.
    popup.wait_for_selector("[data-primary]:not([data-fix=remove_cookies])").await?;
    browser.close().await
}

async fn without_access_nothing_is_said_to_be_done(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let before = cookies(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    browser.revoke_hosts().await?;
    // Withdrawing it may load the extension anew, and its pages with it.
    let popup = if popup.eval("return 1;").await.is_ok() { popup } else { browser.open_popup(tab).await? };
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_for_selector(".progress.bad").await?;
    let said = popup.text(".progress.bad").await?;
    assert!(said.contains("keeps Latchkey from looking"), "{said}");
    browser.grant_hosts().await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, before);
    browser.close().await
}
