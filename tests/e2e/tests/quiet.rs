//! What must not be seen, what must not be crossed, and what must never be a blank popup.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::{history_url, lock_out};
use latchkey_e2e::trial::go_through;
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Expect, Lab, SCENARIOS, by_id};

latchkey_e2e::in_both! {
    ordinary_requests_never_cross_into_wasm
    what_is_no_lock_out_opens_no_incident
    hostile_answers_get_a_clear_message
    a_site_that_may_not_be_looked_at_gets_a_clear_message
    a_page_of_the_browser_gets_a_clear_message
    web_pages_have_no_way_in
}

async fn ordinary_requests_never_cross_into_wasm(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    for id in ["quiet", "missing", "other"] {
        let scenario = by_id(id).unwrap();
        browser.visit(&lab.url(scenario.host, scenario.page)).await?;
        browser.site().wait_for_selector("body[data-lab]:not([data-lab=wait])").await?;
    }
    // One more than ordinary, to see that the counter counts.
    let before = browser.census().await?;
    assert!(before.seen >= 10, "{before:?}");
    assert_eq!((before.crossed, before.compiled), (0, 0), "{before:?}");
    browser.visit(&lab.url("unknown.test", "/")).await?;
    browser.wait_for_incidents(1).await?;
    let after = browser.census().await?;
    assert!(after.crossed > 0 && after.compiled == 1, "{after:?}");
    browser.close().await
}

async fn what_is_no_lock_out_opens_no_incident(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    for scenario in SCENARIOS.iter().filter(|scenario| scenario.expect == Expect::Quiet) {
        go_through(&browser, &lab, scenario).await.context(scenario.id)?;
        let tab = browser.site_tab_id().await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["watching"]).await.context(scenario.id)?;
        popup.close().await?;
        // A stranger's widget that is refused keeps nobody out: it is on that site's record alone.
        let mut incidents = browser.incidents().await?;
        incidents.retain(|incident| incident["scope"] != "other");
        assert!(incidents.is_empty(), "{}: {incidents:?}", scenario.id);
    }
    browser.close().await
}

async fn hostile_answers_get_a_clear_message(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let hostile = |id: &str| id.starts_with("hostile_") || ["huge_header", "bytes"].contains(&id);
    let mut visited = 0;
    for scenario in SCENARIOS.iter().filter(|scenario| hostile(scenario.id)) {
        let tab = lock_out(&browser, &lab, scenario).await.context(scenario.id)?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await.context(scenario.id)?;
        assert!(popup.text(".title").await?.len() > 20, "{}", scenario.id);
        popup.wait_for_selector("[data-primary]").await?;
        // All that was sent stands here, or as much as can be read.
        popup.unfold("developer").await.context(scenario.id)?;
        popup.close().await?;
        let panel = browser.open(&history_url(&browser, &lab, scenario)).await?;
        panel.wait_for_selector("[data-cause]").await.context(scenario.id)?;
        panel.close().await?;
        visited += 1;
    }
    assert_eq!(visited, 8);
    browser.close().await
}

async fn a_site_that_may_not_be_looked_at_gets_a_clear_message(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let options = Options { grant_hosts: false, ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    browser.visit(&lab.url("unknown.test", "/")).await?;
    browser.site().wait_lab(&["out"]).await?;
    let js = "const tabs = await chrome.tabs.query({});
              return tabs.map(({ id, index, windowId }) => ({ id, index, windowId }));";
    let tabs = browser.extension_eval(js).await?;
    let tab = tabs[0]["id"].as_i64().unwrap();
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["no-access"]).await?;
    popup.wait_for_selector("[data-action=allow]").await?;
    assert!(popup.text(".title").await?.contains("may not look"));
    browser.close().await
}

async fn a_page_of_the_browser_gets_a_clear_message(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let tab = browser.tab_id_of("about:blank").await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["no-access"]).await?;
    assert!(popup.text(".will").await?.contains("page of the browser"));
    popup.close().await?;
    // A tab that is gone.
    let popup = browser.open_popup(987_654).await?;
    popup.wait_state(&["watching", "no-access"]).await?;
    assert!(!popup.text("main").await?.is_empty());
    browser.close().await
}

async fn web_pages_have_no_way_in(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    browser.visit(&lab.url("quiet.test", "/")).await?;
    let id = browser.extension_eval("return chrome.runtime.id;").await?;
    let js = "const runtime = globalThis.chrome?.runtime ?? globalThis.browser?.runtime;
              if (!runtime?.sendMessage) return 'no way';
              return await new Promise((done) => {
                  try { runtime.sendMessage(args, { kind: 'census' }, (reply) => done(reply ?? 'no way')); }
                  catch { done('no way'); }
              });";
    assert_eq!(browser.site().eval_with(js, id).await?, "no way");
    let shown = browser.site().eval_with(
        "return await new Promise((done) => {
             const image = new Image();
             image.onload = () => done('loaded');
             image.onerror = () => done('refused');
             image.src = args;
         });",
        browser.extension_url("icons/16.png").into(),
    );
    assert_eq!(shown.await?, "refused", "nothing of ours can be loaded by a page");
    browser.close().await
}
