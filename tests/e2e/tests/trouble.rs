//! A disk that is full, or refuses: the lock-out is named all the same, and nothing is taken without
//! a copy.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::play::{cookies, lock_out};
use latchkey_e2e::{Browser, Disk, Kind, Options, Page, wait_for};
use latchkey_lab::{Lab, by_id};
use serde_json::Value;

latchkey_e2e::in_both! {
    a_disk_that_fills_up
    a_disk_that_is_full_from_the_start
    a_browser_that_refuses
    a_browser_that_forgets_a_question
    records_that_go_while_a_wake_compiles
    a_trap_lets_go_of_the_records
}

async fn launch(kind: Kind, lab: &Lab, disk: Disk) -> Result<Browser> {
    Browser::launch(kind, &Options { disk, ..Options::new(lab.port()) }).await
}

/// Meets a lock-out and looks at it: named, with its one big button, and the trouble beside it.
async fn meet(browser: &Browser, lab: &Lab, id: &str, fix: &str, trouble: &str) -> Result<Page> {
    let tab = lock_out(browser, lab, by_id(id).unwrap()).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector(&format!(".title[data-cause={id}]")).await?;
    popup.wait_for_selector(&format!("[data-primary][data-fix={fix}]")).await?;
    popup.wait_for_selector(&format!("[data-trouble={trouble}]")).await?;
    assert!(popup.text("[data-trouble]").await?.contains("nothing is kept"));
    assert!(latchkey_e2e::play::fits(&popup).await?);
    browser.wait_for_badge(tab, "!").await?;
    Ok(popup)
}

/// The big button would remove cookies: it says why not, and they stay.
async fn nothing_goes_without_a_copy(browser: &Browser, lab: &Lab, popup: &Page) -> Result<()> {
    let scenario = by_id("session_expired").unwrap();
    let before = cookies(browser, lab, scenario).await?;
    assert_eq!(before.as_array().unwrap().len(), 2);
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_for_selector(".progress.bad").await?;
    assert!(popup.text(".progress").await?.contains("nothing was removed"));
    popup.wait_state(&["incident"]).await?;
    assert_eq!(cookies(browser, lab, scenario).await?, before);
    assert_eq!(popup.eval("return document.querySelector('[data-action=undo]');").await?, Value::Null);
    Ok(())
}

/// The causes on disk.
async fn on_disk(browser: &Browser) -> Result<Vec<String>> {
    let cause = |incident: &Value| incident["diagnosis"]["causes"][0]["cause"].as_str().map(str::to_owned);
    Ok(browser.incidents().await?.iter().filter_map(cause).collect())
}

/// What waits in memory for room on disk.
async fn waiting(browser: &Browser) -> Result<Vec<Value>> {
    let js = "const memory = Object.keys(await chrome.storage.session.get(null));
              return memory.filter((key) => key.startsWith('incident:'));";
    Ok(browser.extension_eval(js).await?.as_array().cloned().unwrap_or_default())
}

async fn gone(popup: &Page) -> Result<()> {
    wait_for("the message to go", async || {
        let there = popup.eval("return document.querySelector('[data-trouble]') !== null;").await?;
        Ok((there == false).then_some(()))
    })
    .await
}

async fn a_disk_that_fills_up(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab, Disk::Limited).await?;
    lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    browser.wait_for_incidents(1).await?;
    browser.settle().await?;
    browser.fill_disk().await?;

    let first = meet(&browser, &lab, "session_expired", "remove_cookies", "full").await?;
    nothing_goes_without_a_copy(&browser, &lab, &first).await?;
    first.close().await?;
    // Another site, another life of the background.
    browser.kill_background().await?;
    let second = meet(&browser, &lab, "not_logged_in", "sign_in", "full").await?;
    second.click("[data-primary]").await?;
    second.wait_state(&["recovered"]).await?;
    browser.site().wait_lab(&["in"]).await?;
    // (When Firefox closes its files, it finds some room in them: the first may be written by now.)
    assert!(!waiting(&browser).await?.is_empty());

    // Room again: what comes next is written, and what had to wait as well.
    browser.free_disk().await?;
    lock_out(&browser, &lab, by_id("session_revoked").unwrap()).await?;
    browser.wait_for_incidents(4).await?;
    gone(&second).await?;
    assert_eq!(on_disk(&browser).await?, ["unknown", "session_expired", "not_logged_in", "session_revoked"]);
    assert!(waiting(&browser).await?.is_empty());
    browser.close().await
}

async fn a_disk_that_is_full_from_the_start(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab, Disk::Limited).await?;
    browser.fill_disk().await?;
    let popup = meet(&browser, &lab, "session_expired", "remove_cookies", "full").await?;
    nothing_goes_without_a_copy(&browser, &lab, &popup).await?;
    popup.wait_for_selector("[data-trouble=full]").await?;

    // Room again, and a new life of the background: the popup's own question wakes it.
    browser.free_disk().await?;
    browser.kill_background().await?;
    popup.reload().await?;
    popup.wait_state(&["incident"]).await?;
    gone(&popup).await?;
    assert_eq!(on_disk(&browser).await?, ["session_expired"]);
    popup.try_other("remove_cookies").await?;
    popup.wait_state(&["recovered"]).await?;
    popup.click("[data-action=undo]").await?;
    popup.wait_for_selector("[data-undone='1']").await?;
    browser.close().await
}

async fn a_browser_that_refuses(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab, Disk::Refused).await?;
    let popup = meet(&browser, &lab, "session_expired", "remove_cookies", "refused").await?;
    nothing_goes_without_a_copy(&browser, &lab, &popup).await?;
    browser.kill_background().await?;
    let popup = meet(&browser, &lab, "unknown", "retry", "refused").await?;
    lab.mend("unknown.test");
    popup.click("[data-primary]").await?;
    popup.wait_state(&["recovered"]).await?;
    browser.site().wait_lab(&["in"]).await?;
    browser.close().await
}

/// The first question of the watcher, and the first of wasm's start, are never answered; all others are.
const FORGETS: &str = "
    if (location.pathname.includes('background')) {
      const { session } = (globalThis.browser ?? globalThis.chrome).storage;
      const get = session.get.bind(session);
      let asked = 0;
      session.get = (...args) => ([1, 3].includes((asked += 1)) ? new Promise(() => {}) : get(...args));
    }";

async fn a_browser_that_forgets_a_question(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser =
        Browser::launch(kind, &Options { first: Some(FORGETS), ..Options::new(lab.port()) }).await?;
    let tab = lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    browser.wait_for_badge(tab, "!").await?;
    browser.wait_for_incidents(1).await?;
    browser.close().await
}

/// Whenever wasm is compiled, the records go: after they were read, and before wasm takes them over.
const LOSES: &str = "
    if (location.pathname.includes('background')) {
      const compile = WebAssembly.compileStreaming.bind(WebAssembly);
      WebAssembly.compileStreaming = async (...args) => {
        const compiled = await compile(...args);
        await new Promise((done, failed) => {
          const deleting = indexedDB.deleteDatabase('latchkey');
          deleting.onsuccess = done;
          deleting.onerror = failed;
        });
        return compiled;
      };
    }";

async fn records_that_go_while_a_wake_compiles(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options { first: Some(LOSES), ..Options::new(lab.port()) }).await?;
    lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    browser.wait_for_incidents(1).await?;
    browser.settle().await?;
    // What the next life has read and connected to is gone before it is used.
    browser.kill_background().await?;
    lock_out(&browser, &lab, by_id("session_expired").unwrap()).await?;
    wait_for("the second lock-out alone", async || {
        Ok((on_disk(&browser).await? == ["session_expired"]).then_some(()))
    })
    .await?;
    browser.close().await
}

async fn a_trap_lets_go_of_the_records(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::with_failpoints(lab.port())).await?;
    browser.trap_at("gather").await?;
    lock_out(&browser, &lab, by_id("session_expired").unwrap()).await?;
    browser.wait_until_held_at("gather").await?;
    // Answered when nobody is connected any more.
    let js = "await new Promise((done, failed) => {
                  const deleting = indexedDB.deleteDatabase('latchkey');
                  deleting.onsuccess = done;
                  deleting.onerror = failed;
              });";
    browser.extension_eval(js).await?;
    browser.close().await
}
