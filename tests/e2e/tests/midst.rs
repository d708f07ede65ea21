//! What the world does in the midst of a fix, or of a lock-out: the extension is updated, its access is
//! withdrawn, the browser ends, the tab is closed. Nothing stays half done, and nothing is lost.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, Page, wait_for};
use latchkey_lab::{Lab, Scenario, by_id};
use serde_json::Value;

latchkey_e2e::in_both! {
    the_extension_is_updated
    access_is_withdrawn
    the_browser_ends
    the_tab_is_closed
}

/// Somebody locked out, and the popup.
struct Scene {
    lab: Lab,
    browser: Browser,
    scenario: &'static Scenario,
    tab: i64,
    popup: Page,
    before: Vec<Value>,
}

impl Scene {
    async fn of(kind: Kind, options: impl FnOnce(Options) -> Options) -> Result<Self> {
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &options(Options::with_failpoints(lab.port()))).await?;
        let scenario = by_id("session_expired").unwrap();
        let tab = lock_out(&browser, &lab, scenario).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        popup.wait_for_selector(FIX).await?;
        let before = browser.jar(scenario.host).await?;
        Ok(Self { lab, browser, scenario, tab, popup, before })
    }

    /// Clicks the fix, which stops before it removes anything: what would go is put aside.
    async fn begin(&self) -> Result<()> {
        self.browser.hold_at("remove").await?;
        self.popup.click(FIX).await?;
        self.browser.wait_until_held_at("remove").await
    }
}

const FIX: &str = "[data-primary][data-fix=remove_cookies]";

/// The incident of the site, once nothing is under way.
async fn at_rest(browser: &Browser) -> Result<Value> {
    wait_for("the fix to come to an end", async || {
        let newest = browser.newest().await?;
        let phase = newest["phase"]["is"].as_str().unwrap_or_default().to_owned();
        Ok((!["fixing", "checking"].contains(&phase.as_str())).then_some(newest))
    })
    .await
}

async fn the_extension_is_updated(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind, |options| options).await?;
    scene.popup.close().await?;
    let page = scene.lab.url(scene.scenario.host, scene.scenario.page);
    scene.browser.reload_extension().await?;
    // The page still stands there, and so does what is known of it.
    let tab = scene.browser.tab_id_of(&page).await?;
    let popup = scene.browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    assert_eq!(scene.browser.incidents().await?.len(), 1);
    popup.click(FIX).await?;
    popup.wait_state(&["recovered"]).await?;
    assert_eq!(scene.browser.incidents().await?.len(), 1);
    scene.browser.close().await
}

async fn access_is_withdrawn(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind, |options| options).await?;
    scene.begin().await?;
    scene.browser.revoke_hosts().await?;
    scene.browser.kill_background().await?;
    scene.browser.settle().await?;
    let incident = at_rest(&scene.browser).await?;
    let outcome = &incident["attempts"].as_array().context("no attempts")?.last().context("none")?["outcome"];
    assert_eq!(outcome["is"], "failed", "{incident:#}");
    scene.browser.grant_hosts().await?;
    assert_eq!(scene.browser.jar(scene.scenario.host).await?, scene.before);
    scene.browser.close().await
}

async fn the_browser_ends(kind: Kind) -> Result<()> {
    let profile = tempfile::tempdir()?;
    let profile = Some(profile.path().to_owned());
    let scene = Scene::of(kind, |options| Options { profile: profile.clone(), ..options }).await?;
    scene.begin().await?;
    scene.browser.close().await?;
    let options = Options { profile, ..Options::with_failpoints(scene.lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    browser.settle().await?;
    // The person has moved on: nothing is deleted behind their back.
    let incident = at_rest(&browser).await?;
    assert_eq!(incident["phase"]["is"], "open", "{incident:#}");
    let lasts = |cookie: &&Value| cookie["session"] == false;
    let before: Vec<&Value> = scene.before.iter().filter(lasts).collect();
    assert!(!before.is_empty());
    assert_eq!(browser.jar(scene.scenario.host).await?.iter().collect::<Vec<_>>(), before);
    browser.close().await
}

async fn the_tab_is_closed(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind, |options| options).await?;
    scene.begin().await?;
    let js = "await chrome.tabs.create({ active: false }); await chrome.tabs.remove(args);";
    scene.browser.extension_eval_with(js, scene.tab.into()).await?;
    scene.browser.kill_background().await?;
    scene.browser.settle().await?;
    let incident = at_rest(&scene.browser).await?;
    let attempt = incident["attempts"].as_array().context("no attempts")?.last().context("none")?;
    assert_eq!(attempt["outcome"]["is"], "failed", "{incident:#}");
    // Whole or not at all; and what went can come back.
    let now = scene.browser.jar(scene.scenario.host).await?;
    if now != scene.before {
        scene.browser.undone(&incident).await?;
        assert_eq!(scene.browser.jar(scene.scenario.host).await?.len(), scene.before.len());
    }
    scene.browser.close().await
}
