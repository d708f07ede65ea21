//! What a person says: check this page, that is not it, this is no lock-out; and is believed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::play::{history_url, lock_out};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Lab, by_id};
use serde_json::json;

latchkey_e2e::in_both! {
    a_good_page_is_checked_and_nothing_is_found
    a_refusal_that_a_worker_made_is_found_by_a_check
    how_it_went_in_a_private_window_is_evidence
    a_cause_that_is_denied_goes_down_until_that_is_taken_back
    what_is_called_no_lock_out_stays_quiet_until_that_is_taken_back
}

async fn a_good_page_is_checked_and_nothing_is_found(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let neighbour = by_id("neighbour").unwrap();
    browser.visit(&lab.url(neighbour.host, neighbour.page)).await?;
    let asked = lab.hits(neighbour.host).len();
    let popup = browser.open_popup(browser.site_tab_id().await?).await?;
    popup.wait_state(&["watching"]).await?;
    popup.click("[data-action=check]").await?;
    popup.wait_for_selector("[data-checked='200']").await?;
    popup.wait_state(&["watching"]).await?;
    assert!(lab.hits(neighbour.host).len() > asked, "it was loaded again");
    assert_eq!(browser.records("incidents").await?, json!([]));
    // What was found was of that page.
    browser.visit(&lab.url("other.test", "/")).await?;
    popup.wait_for_selector(".will:not([data-checked])").await?;
    browser.close().await
}

async fn a_refusal_that_a_worker_made_is_found_by_a_check(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("worker_made_401").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    assert!(lab.hits(scenario.host).iter().all(|hit| hit.path != scenario.page), "no server was asked");
    let popup = browser.open_popup(tab).await?;
    // Both browsers hide it from extensions.
    popup.wait_state(&["watching"]).await?;
    popup.click("[data-action=check]").await?;
    popup.wait_state(&["incident"]).await?;
    browser.wait_for_badge(tab, "!").await?;
    let incidents = browser.incidents().await?;
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    assert_eq!(incidents[0]["exchange"]["status"], 401);
    browser.close().await
}

async fn how_it_went_in_a_private_window_is_evidence(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let options = Options { private_allowed: true, ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    // By its id: the private window meets a lock-out of its own.
    let id = browser.newest().await?["id"].clone();
    let confidence = async || {
        let incident = browser.incident(&id).await?;
        anyhow::Ok(incident["diagnosis"]["causes"][0]["confidence"].as_f64().unwrap())
    };
    let before = confidence().await?;
    popup.try_other("open_private_window").await?;
    popup.wait_for_selector("[data-works]").await?;
    popup.click("[data-works=yes]").await?;
    popup.wait_for_selector("[data-said-private=true]").await?;
    browser.settle().await?;
    let with_it = confidence().await?;
    assert!(with_it > before, "something stored here is the reason");
    assert_eq!(browser.incident(&id).await?["worksPrivately"], json!(true));
    // Taken back, it says nothing again.
    popup.click("[data-said-private] button").await?;
    popup.wait_for_selector("[data-works=no]").await?;
    browser.settle().await?;
    assert!(confidence().await? < with_it);
    assert_eq!(browser.incident(&id).await?["worksPrivately"], json!(null));
    browser.close().await
}

async fn a_cause_that_is_denied_goes_down_until_that_is_taken_back(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_revoked").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_for_selector(".title[data-cause=session_revoked]").await?;
    popup.unfold("why").await?;
    popup.click("[data-action=wrong]").await?;
    // What is left is a guess, and called one.
    popup.wait_for_selector(".title[data-cause=unknown]").await?;
    assert_eq!(popup.causes().await?, ["unknown", "session_expired"]);
    popup.wait_for_selector("[data-primary][data-fix=sign_in]").await?;

    // Another lock-out of that site, and one more where it was taken back.
    for cause in ["unknown", "session_revoked"] {
        let before = browser.incidents().await?.len();
        lab.reset(scenario.host);
        lock_out(&browser, &lab, scenario).await?;
        browser.wait_for_incidents(before + 1).await?;
        popup.wait_for_selector(&format!(".title[data-cause={cause}]")).await?;
        if cause == "unknown" {
            popup.unfold("why").await?;
            popup.click("[data-action=right]").await?;
            popup.wait_for_selector(".title[data-cause=session_revoked]").await?;
            assert_eq!(popup.causes().await?, ["session_revoked", "session_expired"]);
        }
    }
    browser.close().await
}

async fn what_is_called_no_lock_out_stays_quiet_until_that_is_taken_back(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("unknown").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.wait_for_badge(tab, "!").await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.unfold("why").await?;
    popup.click("[data-action=quiet]").await?;
    popup.wait_state(&["watching"]).await?;
    popup.wait_for_selector("[data-action=loud]").await?;
    assert!(popup.text(".note").await?.contains("no lock-out"));
    browser.wait_for_badge(tab, "").await?;
    let history = browser.open(&history_url(&browser, &lab, scenario)).await?;
    history.wait_for_selector("[data-ended=dismissed]").await?;
    history.close().await?;

    // Once more, here and in another tab.
    let before = browser.census().await?.crossed;
    browser.site().reload().await?;
    browser.site().wait_lab(&["out"]).await?;
    let other = browser.open(&lab.url(scenario.host, scenario.page)).await?;
    other.wait_lab(&["out"]).await?;
    latchkey_e2e::wait_for("both to be looked at", async || {
        Ok((browser.census().await?.crossed >= before + 2).then_some(()))
    })
    .await?;
    browser.settle().await?;
    browser.wait_for_badge(tab, "").await?;
    let incidents = browser.incidents().await?;
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    popup.reload().await?;
    popup.wait_state(&["watching"]).await?;

    popup.click("[data-action=loud]").await?;
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector("[data-primary][data-fix=retry]").await?;
    browser.wait_for_badge(tab, "!").await?;
    lab.mend(scenario.host);
    popup.click("[data-primary]").await?;
    popup.wait_state(&["recovered"]).await?;
    browser.wait_for_badge(tab, "").await?;
    // And it is told again the next time.
    lab.reset(scenario.host);
    browser.site().reload().await?;
    browser.wait_for_badge(tab, "!").await?;
    browser.close().await
}
