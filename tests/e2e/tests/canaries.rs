//! Secrets planted wherever a request or an answer can hold one, and a search for them in all that the
//! extension keeps, shows, saves and says.
//!
//! `LATCHKEY_CANARIES=all` goes through every practice site; otherwise through some.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use latchkey_e2e::canary::{found, on_disk, values};
use latchkey_e2e::trial::{go_through, try_out};
use latchkey_e2e::{Browser, Kind, Options, Page, wait_for};
use latchkey_lab::{CANARIES, Lab, SCENARIOS, Scenario, by_id};

latchkey_e2e::in_both! {
    no_secret_is_kept_shown_saved_or_said
}

/// One of each kind of secret: cookies, tokens, Basic.
const SOME: [&str; 3] = ["session_expired", "token_expired", "basic_login_in_the_way"];

async fn no_secret_is_kept_shown_saved_or_said(kind: Kind) -> Result<()> {
    let is_all = std::env::var("LATCHKEY_CANARIES").is_ok_and(|which| which == "all");
    let lab = Lab::start()?;
    let profile = tempfile::tempdir()?;
    let options = Options {
        profile: Some(profile.path().to_owned()),
        private_allowed: true,
        console: true,
        granted: vec!["notifications"],
        ..Options::of(&lab)?
    };
    let browser = Browser::launch(kind, &options).await?;
    browser.extension_eval("console.warn('the search looks at this');").await?;
    let set = "return await chrome.runtime.sendMessage(
        { set: { change: { notifications: { on: true } } } });";
    assert_eq!(browser.extension_eval(set).await?, "accepted");

    let mut secrets = BTreeSet::new();
    let is_wanted = |scenario: &&Scenario| match is_all {
        true => scenario.id != "canaries",
        false => SOME.contains(&scenario.id),
    };
    for scenario in SCENARIOS.iter().filter(is_wanted) {
        let trial = try_out(&browser, &lab, scenario).await;
        // Whether it went well is asked elsewhere.
        if let Some(trouble) = trial.trouble {
            println!("{}: {}: {trouble}", kind.name(), scenario.id);
        }
        secrets.extend(values(&browser.jar("").await?).map(str::to_owned));
    }
    go_through(&browser, &lab, by_id("canaries").unwrap()).await?;
    secrets.extend(values(&browser.jar("").await?).map(str::to_owned));
    let stored = browser.site().eval("return Object.values(localStorage);").await?;
    secrets.extend(serde_json::from_value::<Vec<String>>(stored)?);
    secrets.extend(lab.issued());
    secrets.extend(CANARIES.map(|(_, secret)| secret.to_owned()));
    // A token's head says nothing that is secret; its claims and its signature do.
    let parts = secrets.iter().flat_map(|secret| secret.split('.'));
    let parts: BTreeSet<&str> =
        parts.filter(|part| part.len() >= 12 && !part.starts_with("eyJhbGciOi")).collect();
    let search = |what: &str, text: &str| {
        let found = found(text, parts.iter().copied());
        assert!(found.is_empty(), "{what}: {found:#?}");
    };

    // The last of them may still be on its way to the disk.
    let lock_outs = wait_for("the last lock-out on disk", async || {
        let count = browser.incidents().await?.len();
        Ok((count > SOME.len()).then_some(count))
    })
    .await?;
    // The search sees what is there to be seen; this is in memory alone.
    let control = latchkey_lab::token::base64(CANARIES[0].1.as_bytes());
    let js = "await chrome.storage.session.set({ control: args });";
    browser.extension_eval_with(js, serde_json::json!(control)).await?;
    let seen = found(&browser.kept().await?, parts.iter().copied());
    assert_eq!(seen.len(), 1, "{seen:#?}");
    browser.extension_eval("await chrome.storage.session.remove('control');").await?;
    let kept = browser.kept().await?;
    assert!(kept.contains("canary.test"), "{kept}");
    search("kept", &kept);
    for (what, text) in everything_shown(&browser).await? {
        assert!(text.contains("canary.test"), "{what}: {text}");
        search(&what, &text);
    }
    let said = browser.console()?;
    assert!(said.contains("the search looks at this"), "{said}");
    search("console", &said);
    browser.close().await?;
    let files = on_disk(kind, profile.path())?;
    assert!(!files.is_empty());
    for (name, bytes) in &files {
        search(name, bytes);
    }
    println!("{}: {} secrets, {lock_outs} lock-outs, {} files", kind.name(), parts.len(), files.len());
    Ok(())
}

/// The popup with all folds open, the reports, the history and what is saved of it.
async fn everything_shown(browser: &Browser) -> Result<Vec<(String, String)>> {
    let mut shown = Vec::new();
    let popup = browser.open_popup(browser.site_tab_id().await?).await?;
    popup.wait_state(&["incident"]).await?;
    popup.eval("for (const fold of document.querySelectorAll('details')) fold.open = true;").await?;
    shown.push(("popup".to_owned(), whole(&popup).await?));
    popup.close().await?;
    let all = browser.open(&browser.extension_url("panel.html")).await?;
    all.wait_state(&["history"]).await?;
    shown.push(("all sites".to_owned(), whole(&all).await?));
    for format in ["json", "har"] {
        let selector = format!("[data-action=export][data-format={format}]");
        let (_, text) = all.saved(&selector).await.with_context(|| format!("the {format}"))?;
        shown.push((format!("saved as {format}"), text));
    }
    all.close().await?;
    let newest = browser.newest().await?;
    let site = newest["site"].as_str().context("a lock-out without a site")?;
    let panel = browser.open(&browser.extension_url(&format!("panel.html?site={site}"))).await?;
    panel.wait_state(&["history"]).await?;
    shown.push(("history".to_owned(), whole(&panel).await?));
    panel.click("[data-action=report]").await?;
    for format in ["json", "har", "markdown"] {
        panel.click(&format!("[data-action=format][data-format={format}]")).await?;
        panel.wait_for_selector(&format!("[data-report={format}]")).await?;
        shown.push((format!("report as {format}"), whole(&panel).await?));
    }
    panel.close().await?;
    Ok(shown)
}

/// The page as it stands, attributes included.
async fn whole(page: &Page) -> Result<String> {
    let text = page.eval("return document.documentElement.outerHTML;").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
