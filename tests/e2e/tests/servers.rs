//! Lock-outs that take more than the lab's plain http: TLS, a proxy, servers that people run.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::play;
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Lab, by_id, lacking};

latchkey_e2e::in_both! {
    over_https
    by_a_proxy
    on_express
    on_django
    by_an_openid_provider
    behind_mod_auth_openidc
}

/// Plays scenarios as a person would.
async fn play_all(kind: Kind, ids: &[&str]) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::of(&lab)?).await?;
    let mut amiss = Vec::new();
    // Each in one of the browsers, for the sake of time, but for the only ones; the matrix plays all in both.
    let half = usize::from(kind == Kind::Firefox);
    let halves = if ids.len() > 1 { 2 } else { 1 };
    for id in ids.iter().skip(half % halves).step_by(halves) {
        let scenario = by_id(id).with_context(|| format!("no scenario {id}"))?;
        if let Some(why) = lacking(scenario) {
            eprintln!("skipped: {id}: {why}");
            continue;
        }
        match play(&browser, &lab, scenario, None).await {
            Ok(played) => {
                let differs = played.amiss(scenario, kind);
                if !differs.is_empty() {
                    amiss.push(format!("{id}: {differs:?} in {played:#?}"));
                }
            }
            Err(error) => amiss.push(format!("{id}: {error:#}")),
        }
    }
    browser.close().await?;
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
    Ok(())
}

async fn over_https(kind: Kind) -> Result<()> {
    let ids = ["secure_cookie_over_http", "host_prefix_refused", "same_site_form_post", "redirect_to_https"];
    play_all(kind, &ids).await
}

async fn by_a_proxy(kind: Kind) -> Result<()> {
    play_all(kind, &["proxy_wants_a_login"]).await
}

async fn on_express(kind: Kind) -> Result<()> {
    play_all(kind, &["express_restarted", "express_cookie_secret", "express_jwt_secret"]).await
}

async fn on_django(kind: Kind) -> Result<()> {
    let ids = ["django_csrf", "django_secret_rotated", "django_session_lost", "django_token_deleted"];
    play_all(kind, &ids).await
}

async fn by_an_openid_provider(kind: Kind) -> Result<()> {
    play_all(kind, &["oidc_token_expired", "oidc_rotation_lost", "oidc_another_audience"]).await
}

async fn behind_mod_auth_openidc(kind: Kind) -> Result<()> {
    play_all(kind, &["openidc_session_expired", "openidc_callback_kept", "openidc_form_post"]).await
}
