//! What the world does in the midst of a fix: nothing stays half done, and nothing is done behind
//! anybody's back.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, Page, wait_for};
use latchkey_lab::{Lab, Scenario, by_id};
use serde_json::Value;

latchkey_e2e::in_both! {
    the_browser_ends
}

/// Somebody locked out, and the popup.
struct Scene {
    lab: Lab,
    browser: Browser,
    scenario: &'static Scenario,
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
        Ok(Self { lab, browser, scenario, popup, before })
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
