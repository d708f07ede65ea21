//! The practice sites in real browsers, without Latchkey: each plays its story, and what the server
//! is asked is what the story says.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::PathBuf;

use anyhow::{Context, Result};
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Expect, Lab, SCENARIOS, Scenario, by_id};

latchkey_e2e::in_both! {
    every_lock_out_locks_out
    and_has_a_way_back_in
    the_neighbours_login_is_whole
}

/// A browser with an extension that only looks on.
async fn launch(kind: Kind, lab: &Lab) -> Result<Browser> {
    let dist = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/echo"));
    Browser::launch(kind, &Options { dist, ..Options::new(lab.port()) }).await
}

async fn every_lock_out_locks_out(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    for scenario in SCENARIOS {
        let Expect::LockOut { status, fix: Some(_), .. } = scenario.expect else { continue };
        let begun = std::time::Instant::now();
        lock_out(&browser, &lab, scenario).await.context(scenario.id)?;
        let hits = lab.hits(scenario.host);
        for hit in &hits {
            eprintln!("{} {} {:?}", kind.name(), scenario.id, hit);
        }
        eprintln!("{} {:?}", scenario.id, begun.elapsed());
        assert_eq!(hits.last().unwrap().status, status, "{}: {hits:#?}", scenario.id);
    }
    browser.close().await
}

/// What each fix does, done by hand.
async fn and_has_a_way_back_in(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let site = browser.site();
    let back = async |scenario: &Scenario| {
        browser.visit(&lab.url(scenario.host, scenario.page)).await?;
        site.wait_lab(&["in"]).await.context(scenario.id)
    };

    for id in ["token_expired", "auth_header_malformed"] {
        let scenario = by_id(id).unwrap();
        lock_out(&browser, &lab, scenario).await?;
        site.eval("localStorage.clear();").await?;
        back(scenario).await?;
    }
    for id in ["clock_skew", "cors_preflight_401"] {
        let scenario = by_id(id).unwrap();
        lock_out(&browser, &lab, scenario).await?;
        lab.mend(scenario.host);
        back(scenario).await?;
    }

    let revoked = by_id("session_revoked").unwrap();
    lock_out(&browser, &lab, revoked).await?;
    browser.visit(&lab.url(revoked.host, "/")).await?;
    site.wait_lab(&["in"]).await?;
    assert_eq!(site.url().await?, lab.url(revoked.host, revoked.page));

    lock_out(&browser, &lab, by_id("bad_credentials").unwrap()).await?;
    let right = "document.querySelector('[name=password]').value = 'open';
                 document.querySelector('form').requestSubmit();";
    site.eval(right).await?;
    site.wait_lab(&["in"]).await?;
    browser.close().await
}

async fn the_neighbours_login_is_whole(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let shown = async || {
        browser.visit(&lab.url("neighbour.test", "/account")).await?;
        browser.site().wait_lab(&["in", "out"]).await
    };
    let plant = async || browser.visit(&lab.url("neighbour.test", "/start")).await;
    assert_eq!(shown().await?, "out");
    plant().await?;
    assert_eq!(shown().await?, "in");
    browser.site().eval("localStorage.clear();").await?;
    assert_eq!(shown().await?, "out", "its cookie alone will not do");
    plant().await?;
    let url = lab.url("neighbour.test", "/");
    let js = "await chrome.cookies.remove({ url: args, name: 'login' });";
    browser.extension_eval_with(js, url.into()).await?;
    assert_eq!(shown().await?, "out", "its stored item alone will not do");
    browser.close().await
}
