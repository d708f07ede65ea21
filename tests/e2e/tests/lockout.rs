//! The whole way in real browsers: seen, named, mended, checked, remembered, undone.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::{cookies, history_url, lock_out, play};
use latchkey_e2e::{Browser, Kind, Options, Page};
use latchkey_lab::{Expect, Lab, SCENARIOS, Scenario, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    each_lock_out_is_named_mended_and_remembered
    killed_between_the_refusal_and_the_click
    killed_between_the_snapshot_and_the_deletion
    killed_while_it_looks_at_the_jar
    a_newer_cookie_wins_over_the_undo
    a_fix_that_does_not_help_says_so_and_offers_the_next
    a_private_window_leaves_nothing_on_disk
    a_trap_costs_nothing_but_a_new_instance
    the_badge_says_it_and_the_toolbars_popup_shows_it
    the_private_window_test_opens_one_or_says_how
    what_goes_is_exactly_what_was_shown
    the_history_opens_beside_the_page
}

/// A person before a lock-out, with the popup open.
struct Scene {
    lab: Lab,
    browser: Browser,
    scenario: &'static Scenario,
    popup: Page,
}

impl Scene {
    async fn of(kind: Kind, scenario: &str, options: fn(u16) -> Options) -> Result<Self> {
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &options(lab.port())).await?;
        let scenario = by_id(scenario).unwrap();
        let tab = lock_out(&browser, &lab, scenario).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        Ok(Self { lab, browser, scenario, popup })
    }
}

async fn each_lock_out_is_named_mended_and_remembered(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    // Each cause in one of the browsers, for the sake of time; `cargo xtask matrix` plays all in both.
    let half = usize::from(kind == Kind::Firefox);
    let is_played = |scenario: &&Scenario| {
        let is_named = matches!(scenario.expect, Expect::LockOut { cause: Some(_), .. });
        is_named && scenario.stands_for_its_cause() && !scenario.in_private
    };
    let of_causes = SCENARIOS.iter().filter(is_played);
    for scenario in of_causes.skip(half).step_by(2) {
        let played = play(&browser, &lab, scenario, None).await.context(scenario.id)?;
        let amiss = played.amiss(scenario, kind);
        assert!(amiss.is_empty(), "{}: {amiss:?} in {played:#?}", scenario.id);
    }
    browser.close().await
}

async fn killed_between_the_refusal_and_the_click(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.wait_for_incidents(1).await?;
    browser.kill_background().await?;

    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector("[data-cause=session_expired]").await?;
    browser.kill_background().await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_state(&["recovered"]).await?;
    browser.site().wait_lab(&["in"]).await?;

    // Over, and the background killed once more: the undo is still there.
    let before = cookies(&browser, &lab, scenario).await?;
    browser.kill_background().await?;
    popup.click("[data-action=undo]").await?;
    popup.wait_for_selector("[data-undone='1']").await?;
    assert_eq!(
        cookies(&browser, &lab, scenario).await?.as_array().unwrap().len(),
        1 + before.as_array().unwrap().len()
    );
    assert_eq!(browser.incidents().await?.len(), 1, "nothing lost, nothing twice");
    browser.close().await
}

async fn killed_between_the_snapshot_and_the_deletion(kind: Kind) -> Result<()> {
    let Scene { lab, browser, scenario, popup } =
        Scene::of(kind, "session_expired", Options::with_failpoints).await?;
    popup.wait_for_selector("[data-primary]").await?;
    let before = cookies(&browser, &lab, scenario).await?;

    browser.hold_at("remove").await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    browser.wait_until_held_at("remove").await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, before, "nothing is deleted yet");
    assert_eq!(browser.records("undo").await?.as_array().unwrap().len(), 1, "the copy is on disk");
    browser.kill_background().await?;

    // The open popup, or the alarm, wakes it: it goes on where it was.
    popup.reload().await?;
    popup.wait_state(&["recovered"]).await?;
    browser.site().wait_lab(&["in"]).await?;
    popup.click("[data-action=undo]").await?;
    popup.wait_for_selector("[data-undone='1']").await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, before, "restored exactly");
    assert!(browser.records("undo").await?.as_array().unwrap().is_empty(), "the copy is gone after use");
    browser.close().await
}

async fn killed_while_it_looks_at_the_jar(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    browser.hold_at("gather").await?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.wait_until_held_at("gather").await?;
    browser.kill_background().await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_for_selector("[data-cause=session_expired]").await?;
    assert_eq!(browser.incidents().await?.len(), 1);
    browser.close().await
}

async fn a_newer_cookie_wins_over_the_undo(kind: Kind) -> Result<()> {
    let Scene { lab, browser, scenario, popup } = Scene::of(kind, "session_expired", Options::new).await?;
    popup.click("[data-primary]").await?;
    popup.wait_state(&["recovered"]).await?;
    // The person signs in anew: the site sets a cookie of the same name.
    browser.visit(&lab.url(scenario.host, "/start")).await?;
    let newer = cookies(&browser, &lab, scenario).await?;
    let history = browser.open(&history_url(&browser, &lab, scenario)).await?;
    history.click("[data-action=undo]").await?;
    browser.wait_for_undo().await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, newer, "the site's own new cookie stays");
    let undo = &browser.incidents().await?[0]["undo"]["done"];
    assert_eq!(undo, &json!({ "restored": 0, "newer": 1, "refused": 0 }));
    browser.close().await
}

async fn a_fix_that_does_not_help_says_so_and_offers_the_next(kind: Kind) -> Result<()> {
    let Scene { lab, browser, scenario, popup } = Scene::of(kind, "unknown", Options::new).await?;
    popup.click("[data-primary][data-fix=retry]").await?;
    popup.wait_state(&["still-locked"]).await?;
    popup.wait_for_selector("[data-primary][data-fix=reload_fresh]").await?;
    lab.mend(scenario.host);
    popup.click("[data-primary]").await?;
    popup.wait_state(&["recovered"]).await?;
    let attempts = &browser.incidents().await?[0]["attempts"];
    let outcomes: Vec<&Value> =
        attempts.as_array().unwrap().iter().map(|attempt| &attempt["outcome"]["is"]).collect();
    assert_eq!(outcomes, [&json!("stillLocked"), &json!("recovered")]);
    browser.close().await
}

async fn a_private_window_leaves_nothing_on_disk(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let options = Options { private_allowed: true, ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    let page = browser.open_private(&lab.url("unknown.test", "/")).await?;
    page.wait_lab(&["out"]).await?;
    let tab = browser.tab_id_of(&lab.url("unknown.test", "/")).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    for store in ["incidents", "sites", "undo"] {
        assert_eq!(browser.records(store).await?, json!([]), "{store}");
    }
    let local =
        browser.extension_eval("return JSON.stringify(await chrome.storage.local.get(null));").await?;
    assert!(!local.as_str().unwrap().contains("unknown.test"), "{local}");
    let session =
        browser.extension_eval("return JSON.stringify(await chrome.storage.session.get(null));").await?;
    assert!(session.as_str().unwrap().contains("unknown.test"), "it is in memory");
    browser.close().await
}

async fn a_trap_costs_nothing_but_a_new_instance(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    browser.trap_at("gather").await?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.wait_until_held_at("gather").await?;
    // The popup's own question wakes the next instance, which finds the incident on disk.
    let popup = browser.open_popup(tab).await?;
    popup.wait_for_selector("[data-cause=session_expired]").await?;
    browser.trap_at("remove").await?;
    popup.click("[data-primary]").await?;
    browser.wait_until_held_at("remove").await?;
    browser.settle().await?;
    popup.wait_state(&["recovered"]).await?;
    assert_eq!(browser.incidents().await?.len(), 1);
    browser.close().await
}

async fn the_badge_says_it_and_the_toolbars_popup_shows_it(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("unknown").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.wait_for_badge(tab, "!").await?;
    // The popup itself, which finds its tab by itself.
    browser.site().eval("window.focus();").await?;
    let js = "await chrome.tabs.update(args, { active: true });
              const { windowId } = await chrome.tabs.get(args);
              await chrome.windows.update(windowId, { focused: true });
              await chrome.action.openPopup({ windowId });";
    browser.extension_eval_with(js, json!(tab)).await?;
    let state = latchkey_e2e::wait_for("the toolbar's popup", async || {
        let js = "const [view] = chrome.extension.getViews({ type: 'popup' });
                  return view?.document.documentElement.dataset.state ?? null;";
        let state = browser.extension_eval(js).await?;
        Ok(state.as_str().filter(|state| *state != "loading").map(str::to_owned))
    });
    assert_eq!(state.await?, "incident");
    lab.mend(scenario.host);
    browser.site().reload().await?;
    browser.site().wait_lab(&["in"]).await?;
    browser.wait_for_badge(tab, "").await?;
    assert_eq!(browser.incidents().await?[0]["closed"]["by"], Value::Null, "by itself");
    browser.close().await
}

async fn the_private_window_test_opens_one_or_says_how(kind: Kind) -> Result<()> {
    for allowed in [true, false] {
        let lab = Lab::start()?;
        let options = Options { private_allowed: allowed, ..Options::new(lab.port()) };
        let browser = Browser::launch(kind, &options).await?;
        let scenario = by_id("unknown").unwrap();
        let tab = lock_out(&browser, &lab, scenario).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        popup.eval("document.querySelector('[data-fold=others]').open = true;").await?;
        popup.click("[data-fix=open_private_window]").await?;
        popup.wait_for_selector(".progress").await?;
        let outcome = &browser.incidents().await?[0]["attempts"][0]["outcome"]["is"];
        // Firefox does not open one for an extension that may not run there.
        let expected = if allowed || kind == Kind::Chromium { "opened" } else { "failed" };
        assert_eq!(outcome, expected, "allowed: {allowed}");
        popup.wait_state(&["incident"]).await?;
        browser.close().await?;
    }
    Ok(())
}

async fn what_goes_is_exactly_what_was_shown(kind: Kind) -> Result<()> {
    let Scene { lab, browser, scenario, popup } = Scene::of(kind, "session_expired", Options::new).await?;
    // Set after the look at the jar: of the same name and sent with the same request, but not
    // among what the popup says will go.
    let url = lab.url(scenario.host, "/");
    let js =
        "await chrome.cookies.set({ url: args.url, domain: args.host, name: 'sid', value: 'bystander' });";
    browser.extension_eval_with(js, json!({ "url": url, "host": scenario.host })).await?;
    popup.click("[data-primary]").await?;
    popup.wait_state(&["still-locked"]).await?;
    let left = cookies(&browser, &lab, scenario).await?;
    let sids: Vec<&Value> =
        left.as_array().unwrap().iter().filter(|cookie| cookie["name"] == "sid").collect();
    assert_eq!(sids.len(), 1, "{left}");
    assert_eq!(sids[0]["value"], "bystander");
    browser.close().await
}

async fn the_history_opens_beside_the_page(kind: Kind) -> Result<()> {
    let Scene { browser, popup, .. } = Scene::of(kind, "unknown", Options::new).await?;
    popup.click("[data-action=history]").await?;
    let js = match kind {
        Kind::Chromium => {
            "const all = await chrome.runtime.getContexts({ contextTypes: ['SIDE_PANEL'] });
             return all[0]?.documentUrl ?? null;"
        }
        Kind::Firefox => {
            "const [view] = browser.extension.getViews({ type: 'sidebar' });
             return view?.location.href ?? null;"
        }
    };
    let opened = latchkey_e2e::wait_for("the history beside the page", async || {
        Ok(browser.extension_eval(js).await?.as_str().map(str::to_owned))
    });
    assert!(opened.await?.contains("panel.html"));
    browser.close().await
}
