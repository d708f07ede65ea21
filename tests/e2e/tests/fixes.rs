//! The fixes that are no big button, each pressed in real browsers.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::play::{cookies, lock_out};
use latchkey_e2e::{Browser, Kind, Options, Page};
use latchkey_lab::{Lab, Scenario, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    all_that_a_site_stored_goes_and_nothing_of_its_neighbour
    a_forgotten_password_leads_to_the_sites_own_page
    a_report_holds_no_secret
    the_owner_gets_examples
    the_clocks_are_said_to_be_an_hour_apart
    what_did_not_help_goes_down
}

/// A person before a lock-out, with the popup open.
struct Scene {
    lab: Lab,
    browser: Browser,
    scenario: &'static Scenario,
    popup: Page,
}

impl Scene {
    async fn of(kind: Kind, scenario: &str) -> Result<Self> {
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
        let scenario = by_id(scenario).unwrap();
        let tab = lock_out(&browser, &lab, scenario).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        Ok(Self { lab, browser, scenario, popup })
    }
}

/// What the page in a tab has stored, cookies apart: the names in each place.
async fn stored(page: &Page) -> Result<Value> {
    let js = "return {
        local: Object.keys(localStorage), session: Object.keys(sessionStorage),
        databases: (await indexedDB.databases()).map(({ name }) => name),
        caches: (await globalThis.caches?.keys()) ?? [],
        workers: ((await navigator.serviceWorker?.getRegistrations()) ?? []).length };";
    page.eval(js).await
}

async fn all_that_a_site_stored_goes_and_nothing_of_its_neighbour(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let neighbour = by_id("neighbour").unwrap();
    let beside = browser.open(&lab.url(neighbour.host, "/start")).await?;
    let js = "sessionStorage.draft = 'ours';
              await new Promise((done) => { indexedDB.open('ours', 1).onsuccess = done; });";
    beside.eval(js).await?;
    let theirs = (stored(&beside).await?, cookies(&browser, &lab, neighbour).await?);
    assert_eq!(theirs.0["databases"], json!(["ours"]));

    let scenario = by_id("much_stored").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let all = json!({ "local": ["theme"], "session": ["draft"], "databases": ["notes"],
                      "caches": ["pages"], "workers": 1 });
    assert_eq!(stored(browser.site()).await?, all);
    let before = cookies(&browser, &lab, scenario).await?;
    assert_eq!(before.as_array().unwrap().len(), 2);
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.try_other("clear_site_data").await?;
    // Nobody is known there any more, so the door stays shut: the site asks for a sign-in.
    popup.wait_state(&["still-locked"]).await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, json!([]));
    let nothing = json!({ "local": [], "session": [], "databases": [], "caches": [], "workers": 0 });
    assert_eq!(stored(browser.site()).await?, nothing);

    popup.click("[data-action=undo]").await?;
    popup.wait_for_selector("[data-undone='2']").await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, before, "put back exactly");

    assert_eq!((stored(&beside).await?, cookies(&browser, &lab, neighbour).await?), theirs);
    beside.goto(&lab.url(neighbour.host, neighbour.page)).await?;
    beside.wait_lab(&["in"]).await?;
    browser.close().await
}

async fn a_forgotten_password_leads_to_the_sites_own_page(kind: Kind) -> Result<()> {
    let Scene { lab, browser, scenario, popup } = Scene::of(kind, "bad_credentials").await?;
    popup.try_other("reset_password").await?;
    browser.site().wait_lab(&["done"]).await?;
    assert_eq!(browser.site().url().await?, lab.url(scenario.host, "/password/forgot"));
    popup.wait_state(&["fixing"]).await?;
    browser.close().await
}

async fn a_report_holds_no_secret(kind: Kind) -> Result<()> {
    for (id, js) in [
        ("session_expired", "return [];"),
        ("token_expired", "return localStorage.access_token.split('.').concat(localStorage.access_token);"),
    ] {
        let Scene { lab, browser, scenario, popup } = Scene::of(kind, id).await?;
        let jar = cookies(&browser, &lab, scenario).await?;
        let of_jar = jar.as_array().unwrap().iter().map(|cookie| cookie["value"].clone());
        let of_page = browser.site().eval(js).await?.as_array().unwrap().clone();
        let secrets: Vec<Value> = of_jar.chain(of_page).collect();
        assert!(!secrets.is_empty());

        popup.try_other("copy_report").await?;
        popup.wait_for_selector("[data-advice=copy_report] pre").await?;
        let report = popup.text("[data-advice=copy_report] pre").await?;
        assert!(report.starts_with("## ") && report.contains(&format!("**{id}**")), "{report}");
        assert!(report.contains(scenario.host) && report.contains("401"), "{report}");
        for secret in secrets.iter().filter_map(Value::as_str) {
            assert!(secret.len() > 8 && !report.contains(secret), "{secret} in {report}");
        }
        browser.close().await?;
    }
    Ok(())
}

async fn the_owner_gets_examples(kind: Kind) -> Result<()> {
    let Scene { browser, popup, .. } = Scene::of(kind, "cors_preflight_401").await?;
    popup.click("[data-primary][data-fix=for_the_owner]").await?;
    popup.wait_for_selector("[data-advice=for_the_owner] pre").await?;
    // Folded, each under its server's name; what is copied holds them all.
    let js = "return [...document.querySelectorAll('[data-advice] details')].map((fold) =>
                  [fold.querySelector('summary').textContent, fold.querySelector('pre').textContent]);";
    let shown = popup.eval(js).await?;
    let names: Vec<&str> = shown.as_array().unwrap().iter().filter_map(|fold| fold[0].as_str()).collect();
    assert_eq!(names, ["nginx", "Apache", "IIS", "Express", "Kong"]);
    for (fold, word) in
        shown.as_array().unwrap().iter().zip(["OPTIONS", "OPTIONS", "<cors", "cors(", "run_on_preflight"])
    {
        assert!(fold[1].as_str().unwrap().contains(word), "{fold}");
    }
    browser.close().await
}

async fn the_clocks_are_said_to_be_an_hour_apart(kind: Kind) -> Result<()> {
    let Scene { browser, popup, .. } = Scene::of(kind, "clock_skew").await?;
    popup.click("[data-primary][data-fix=fix_clock]").await?;
    popup.wait_for_selector("[data-advice=fix_clock]").await?;
    let said = popup.text("[data-advice=fix_clock]").await?;
    assert!(said.contains("1 hour behind yours"), "{said}");
    browser.close().await
}

async fn what_did_not_help_goes_down(kind: Kind) -> Result<()> {
    let Scene { browser, popup, .. } = Scene::of(kind, "unknown").await?;
    let before = popup.fixes().await?;
    assert_eq!(before[0], "retry");
    popup.click("[data-primary][data-fix=retry]").await?;
    popup.wait_state(&["still-locked"]).await?;
    popup.wait_for_selector("[data-primary][data-fix=reload_fresh]").await?;
    let mut expected = before;
    expected.rotate_left(1);
    assert_eq!(popup.fixes().await?, expected);
    popup.click("[data-primary][data-fix=reload_fresh]").await?;
    expected.rotate_left(1);
    latchkey_e2e::wait_for("the one after that", async || {
        Ok((popup.fixes().await? == expected).then_some(()))
    })
    .await?;
    popup.wait_state(&["still-locked"]).await?;
    browser.close().await
}
