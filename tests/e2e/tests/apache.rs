//! Apache, and nginx with a program at its side: the stories of real servers, in real browsers.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::io::ErrorKind;
use std::net::TcpStream;

use anyhow::Result;
use latchkey_e2e::play::{lock_out, play};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Expect, Lab, by_id};

latchkey_e2e::in_both! {
    a_program_without_its_token
    a_doorman_who_forgot
    a_doorman_who_cannot_be_understood
    a_saved_password_that_is_old
    a_nonce_that_runs_out_unnoticed
    the_owner_of_an_apache_reads_apaches_example_first
}

async fn plays(kind: Kind, id: &str) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id(id).unwrap();
    let played = play(&browser, &lab, scenario, None).await?;
    let amiss = played.amiss(scenario, kind);
    assert!(amiss.is_empty(), "{id}: {amiss:?} in {played:#?}");
    browser.close().await
}

async fn a_program_without_its_token(kind: Kind) -> Result<()> {
    plays(kind, "auth_header_stripped_proxy").await
}

async fn a_doorman_who_forgot(kind: Kind) -> Result<()> {
    plays(kind, "behind_auth_request").await
}

async fn a_doorman_who_cannot_be_understood(kind: Kind) -> Result<()> {
    plays(kind, "auth_request_unreadable").await
}

async fn a_saved_password_that_is_old(kind: Kind) -> Result<()> {
    plays(kind, "saved_password_is_old").await
}

async fn a_nonce_that_runs_out_unnoticed(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("digest_renews").unwrap();
    assert_eq!(scenario.expect, Expect::Quiet);
    browser.visit(&lab.first_visit(scenario)).await?;
    browser.site().wait_lab(&["done"]).await?;
    for _ in 0..2 {
        browser.visit(&lab.url(scenario.host, scenario.page)).await?;
        browser.site().wait_lab(&["in"]).await?;
    }
    // It did run out: each request was refused before it was let in.
    let refused = lab.apache_hits(scenario.host).iter().filter(|hit| hit.status == 401).count();
    assert!(refused >= 4, "{:#?}", lab.apache_hits(scenario.host));
    browser.settle().await?;
    let incidents = browser.incidents().await?;
    assert!(incidents.is_empty(), "{incidents:?}");
    browser.close().await
}

async fn the_owner_of_an_apache_reads_apaches_example_first(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("auth_header_stripped_proxy").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.click("[data-primary][data-fix=for_the_owner]").await?;
    popup.wait_for_selector("[data-advice=for_the_owner] pre").await?;
    let shown = popup.text("[data-advice] div[data-server=Apache]").await?;
    assert!(shown.contains("CGIPassAuth On") && shown.contains("/var/log/apache2/error.log"), "{shown}");
    popup.wait_for_selector("[data-advice] details[data-server=nginx]:not([open])").await?;
    popup.close().await?;
    // What it says is what mends it.
    lab.mend(scenario.host);
    browser.site().reload().await?;
    browser.site().wait_lab(&["in"]).await?;
    browser.close().await
}

#[tokio::test]
async fn it_starts_when_it_is_needed_and_ends_with_the_lab() -> Result<()> {
    let lab = Lab::start()?;
    let port = lab.port_of("cgi.test")?;
    assert!(port != lab.port() && port != lab.port_of("wall.test")?);
    assert_eq!(lab.port_of("digest.test")?, port, "one for all");
    TcpStream::connect(("127.0.0.1", port))?;
    drop(lab);
    let refused = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.kind());
    assert_eq!(refused.err(), Some(ErrorKind::ConnectionRefused));
    Ok(())
}
