//! Fixes that are cut off at each of their steps, and what is put back afterwards.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::{cookies, history_url, lock_out};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    killed_at_each_step_a_fix_is_whole_or_can_be_undone
    twins_are_read_in_the_same_order_after_an_undo
    an_undo_that_is_cut_off_goes_on
    killed_while_a_login_is_forgotten
    killed_while_a_service_worker_goes
    a_call_that_the_browser_rejects_is_said
    a_day_is_a_day_also_when_the_browser_starts_anew
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

async fn killed_while_a_login_is_forgotten(kind: Kind) -> Result<()> {
    let scenario = by_id("basic_login_in_the_way").unwrap();
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    let url = lab.url(scenario.host, "/");
    let stays =
        json!([{ "url": url, "name": "stays", "value": "1" }, { "url": url, "name": "also", "value": "2" }]);
    let before = browser.plant(scenario.host, stays.as_array().unwrap()).await?;
    assert_eq!(before.len(), 2);
    let tab = lock_out(&browser, &lab, scenario).await?;
    let before = browser.jar(scenario.host).await?;
    let tabs = browser.pages().await?.len();
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector("[data-primary][data-fix=forget_http_login]").await?;
    browser.hold_at("forgotten").await?;
    popup.click("[data-primary][data-fix=forget_http_login]").await?;
    browser.wait_until_held_at("forgotten").await?;
    browser.kill_background().await?;
    popup.reload().await?;
    popup.wait_state(&["recovered"]).await?;
    assert_eq!(browser.jar(scenario.host).await?, before, "cookies are as they were");
    assert_eq!(browser.pages().await?.len(), tabs + 1, "nothing is left open but the popup");
    assert!(browser.records("undo").await?.as_array().unwrap().is_empty(), "no copy is left");
    browser.close().await
}

async fn killed_while_a_service_worker_goes(kind: Kind) -> Result<()> {
    let scenario = by_id("service_worker").unwrap();
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.click("[data-action=check]").await?;
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector("[data-fix=clear_service_worker]").await?;
    browser.hold_at("remove").await?;
    popup.try_other("clear_service_worker").await?;
    browser.wait_until_held_at("remove").await?;
    browser.kill_background().await?;
    popup.reload().await?;
    popup.wait_state(&["recovered"]).await?;
    let js = "return (await navigator.serviceWorker.getRegistrations()).length;";
    assert_eq!(browser.site().eval(js).await?, json!(0));
    browser.close().await
}

async fn a_call_that_the_browser_rejects_is_said(kind: Kind) -> Result<()> {
    // What stands in the page's storage is looked for, and taken, by scripts; Chromium clears by a call.
    let calls: &[(&str, &str, &str)] = match kind {
        Kind::Chromium => &[
            ("session_expired", "clear_site_data", "browsingData.remove"),
            ("token_expired", "remove_stored_token", "scripting.executeScript"),
        ],
        Kind::Firefox => &[("token_expired", "remove_stored_token", "scripting.executeScript")],
    };
    for (scenario, fix, call) in calls {
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
        let scenario = by_id(scenario).unwrap();
        let tab = lock_out(&browser, &lab, scenario).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        popup.wait_for_selector(&format!("[data-fix={fix}]")).await?;
        let js = "await chrome.storage.session.set({ refuses: args });";
        browser.extension_eval_with(js, json!(call)).await?;
        if popup.fixes().await?.first().is_some_and(|first| first == fix) {
            popup.click(&format!("[data-primary][data-fix={fix}]")).await?;
        } else {
            popup.try_other(fix).await?;
        }
        popup.wait_for_selector(".progress.bad").await.with_context(|| format!("{fix} without {call}"))?;
        let said = popup.text(".progress.bad").await?;
        assert!(said.contains("could not be done"), "{fix} without {call}: {said}");
        popup.wait_for_selector("[data-primary]").await?;
        browser.close().await?;
    }
    Ok(())
}

async fn a_day_is_a_day_also_when_the_browser_starts_anew(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let profile = tempfile::tempdir()?;
    let options = Options { profile: Some(profile.path().to_owned()), ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    let scenario = by_id("much_stored").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let before = cookies(&browser, &lab, scenario).await?;
    let (session, lasting): (Vec<Value>, Vec<Value>) =
        before.as_array().unwrap().iter().cloned().partition(|cookie| cookie["session"] == true);
    assert!(!lasting.is_empty(), "{before}");
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.try_other("clear_site_cookies").await?;
    popup.wait_state(&["still-locked", "recovered"]).await?;
    assert_ne!(cookies(&browser, &lab, scenario).await?, before);
    browser.close().await?;

    let browser = Browser::launch(kind, &options).await?;
    let history = browser.open(&history_url(&browser, &lab, scenario)).await?;
    history.click("[data-action=undo]").await?;
    let selector = format!("[data-undone='{}']", lasting.len());
    history.wait_for_selector(&selector).await?;
    let after = cookies(&browser, &lab, scenario).await?;
    assert_eq!(after.as_array().unwrap(), &lasting, "without {session:?}, which ended with the browser");
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
