//! The practice sites in real browsers, without Latchkey: each plays its story, and what the server
//! is asked is what the story says.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::PathBuf;

use anyhow::{Context, Result};
use latchkey_e2e::play::{fits, jargon, lock_out, said_what_will};
use latchkey_e2e::{Browser, Kind, Options, wait_for};
use latchkey_lab::{Expect, Hit, Lab, SCENARIOS, Scenario, Server, by_id};

latchkey_e2e::in_both! {
    every_lock_out_locks_out
    a_typed_password_goes_where_it_should_not
    and_has_a_way_back_in
    the_neighbours_login_is_whole
    a_popup_that_is_too_large_does_not_fit
    advice_and_a_sign_in_page_count_as_words
    words_of_experts_are_found_above_the_folds
}

/// A browser with an extension that only looks on.
async fn launch(kind: Kind, lab: &Lab) -> Result<Browser> {
    let dist = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/echo"));
    Browser::launch(kind, &Options { dist, ..Options::new(lab.port()) }).await
}

/// What the browser asked, in order; nginx writes that down when it is over.
fn hits(lab: &Lab, scenario: &Scenario) -> Vec<Hit> {
    match scenario.server {
        Server::Nginx(_) => lab.nginx_hits(scenario.host),
        Server::Apache { .. } => lab.apache_hits(scenario.host),
        _ => lab.hits(scenario.host),
    }
}

async fn every_lock_out_locks_out(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    for scenario in SCENARIOS {
        let Expect::LockOut { status, fix: Some(_), .. } = scenario.expect else { continue };
        // What these refuse by themselves is not known here; see tests/servers.rs.
        if matches!(scenario.server, Server::Squid | Server::Practice(..) | Server::Openid { .. }) {
            continue;
        }
        // A private window is the matrix' affair.
        if scenario.in_private {
            continue;
        }
        let (method, scheme) = match scenario.id {
            "bad_credentials" | "same_site_form_post" => ("POST", None),
            // A question of the browser's own carries nobody's token.
            "cors_preflight_401" => ("OPTIONS", None),
            "token_expired" | "auth_header_malformed" | "clock_skew" | "auth_header_collision" => {
                ("GET", Some("Bearer"))
            }
            "auth_header_stripped_proxy" => ("GET", Some("Bearer")),
            "basic_login_in_the_way" | "saved_password_is_old" => ("GET", Some("Basic")),
            "session_expired" | "session_revoked" | "not_logged_in" | "unknown" => ("GET", None),
            // What it asks for is its own affair; the matrix sees whether it locks out.
            _ => continue,
        };
        lock_out(&browser, &lab, scenario).await.context(scenario.id)?;
        // An app may go on asking after it.
        let refused = wait_for("the refusal", async || {
            Ok(hits(&lab, scenario).into_iter().rfind(|hit| hit.status == status))
        });
        let refused =
            refused.await.with_context(|| format!("{}: {:#?}", scenario.id, hits(&lab, scenario)))?;
        assert_eq!((refused.method.as_str(), refused.scheme.as_deref()), (method, scheme), "{}", scenario.id);
    }
    browser.close().await
}

/// With nginx: which requests carry the password that was typed once, and which the app's token.
async fn a_typed_password_goes_where_it_should_not(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let asked = async |id: &str, count: usize| {
        let scenario = by_id(id).unwrap();
        let all = wait_for("nginx to write it down", async || {
            Ok(Some(hits(&lab, scenario)).filter(|hits| hits.len() >= count))
        });
        let line = |hit: &Hit| {
            let scheme = hit.scheme.as_deref().unwrap_or("nothing");
            format!("{} {} with {scheme}: {}", hit.method, hit.path, hit.status)
        };
        anyhow::Ok(all.await?.iter().map(line).collect::<Vec<_>>())
    };
    let wall = by_id("auth_header_collision").unwrap();
    lock_out(&browser, &lab, wall).await?;
    // The wall keeps the app out, the page not; and it is no passing trouble.
    browser.visit(&lab.url(wall.host, wall.page)).await?;
    browser.site().wait_lab(&["out"]).await?;
    let expected = [
        "GET / with nothing: 401",
        "GET / with Basic: 200",
        "GET /app with Basic: 200",
        "GET /api/me with Bearer: 401",
        "GET /app with Basic: 200",
        "GET /api/me with Bearer: 401",
    ];
    assert_eq!(asked(wall.id, expected.len()).await?, expected);
    assert!(lab.hits(wall.host).iter().all(|hit| hit.status == 200), "the refusals are nginx's own");

    let status = by_id("basic_login_in_the_way").unwrap();
    lock_out(&browser, &lab, status).await?;
    let expected = [
        "GET /status with nothing: 401",
        "GET /status with Basic: 200",
        "GET /app with Basic: 200",
        "GET /api/me with Basic: 403",
    ];
    assert_eq!(asked(status.id, expected.len()).await?, expected);
    assert_eq!(lab.hits(status.host).last().unwrap().scheme.as_deref(), Some("Basic"), "the app sees it");
    // Chromium forgets a login that meets a 401, Firefox does not; a 403 makes neither forget.
    browser.visit(&lab.url(status.host, status.page)).await?;
    browser.site().wait_lab(&["out"]).await?;
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

async fn a_popup_that_is_too_large_does_not_fit(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let popup = browser.open_popup(1).await?;
    popup.wait_state(&["incident"]).await?;
    assert!(fits(&popup).await?);
    for more in [
        "<p style='height: 560px'></p>",
        "<p style='width: 380px'></p>",
        "<p style='position: absolute; top: 0; left: 0; height: 601px; width: 1px'></p>",
        "<button data-primary></button>",
    ] {
        let js = "document.body.insertAdjacentHTML('beforeend', args);";
        popup.eval_with(js, more.into()).await?;
        assert!(!fits(&popup).await?, "{more}");
        popup.eval("document.body.lastElementChild.remove();").await?;
        assert!(fits(&popup).await?);
    }
    browser.close().await
}

/// The popup's part is played by one that only echoes.
async fn advice_and_a_sign_in_page_count_as_words(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let scenario = by_id("bad_credentials").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    let add = "document.body.insertAdjacentHTML('beforeend', args);";
    popup.eval_with(add, "<p data-advice=fix_clock>Set your clock.</p>".into()).await?;
    assert_eq!(said_what_will(&browser, &popup, "fix_clock").await?, "incident");

    popup.eval_with(add, "<p class=progress>Sign in there.</p>".into()).await?;
    popup.eval("document.documentElement.dataset.state = 'fixing';").await?;
    browser.visit(&lab.url(scenario.host, "/")).await?;
    assert_eq!(said_what_will(&browser, &popup, "sign_in").await?, "fixing");
    browser.close().await
}

async fn words_of_experts_are_found_above_the_folds(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let popup = browser.open_popup(1).await?;
    popup.wait_state(&["incident"]).await?;
    let inner = "<p>Something to read here.</p><h1>Two Tokens, one CORS</h1>
                 <p>of <bdi>bearer.test</bdi> and \u{2068}jwt\u{2069}</p>
                 <details open><summary>The cookie jar</summary><p>realm</p></details>";
    popup.eval_with("document.body.innerHTML = args;", inner.into()).await?;
    assert_eq!(jargon(&popup).await?, ["token", "cookie jar", "cors"]);
    popup.eval("document.querySelector('h1').remove(); document.querySelector('summary').remove();").await?;
    assert!(jargon(&popup).await?.is_empty());
    browser.close().await
}
