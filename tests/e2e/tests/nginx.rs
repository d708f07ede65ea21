//! The real server in front of the practice site. Here, because here it has been set up.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::io::ErrorKind;
use std::net::TcpStream;

use anyhow::Result;
use latchkey_e2e::wait_for;
use latchkey_lab::{Hit, Lab};
use reqwest::Client;

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// Asks nginx for a path of wall.test, as a program does that cannot look up the host.
async fn ask(lab: &Lab, client: &Client, login: Option<&str>) -> Result<reqwest::Response> {
    let port = lab.port_of("wall.test")?;
    let mut request =
        client.get(format!("http://127.0.0.1:{port}/app")).header("host", format!("wall.test:{port}"));
    if let Some(password) = login {
        request = request.basic_auth("sam", Some(password));
    }
    Ok(request.send().await?)
}

#[tokio::test]
async fn it_starts_when_it_is_needed_and_ends_with_the_lab() -> Result<()> {
    let lab = Lab::start()?;
    assert_eq!(lab.port_of("unknown.test")?, lab.port(), "most scenarios do without");
    let port = lab.port_of("wall.test")?;
    assert_ne!(port, lab.port());
    assert_eq!(lab.port_of("status.test")?, port, "one for all");
    assert_eq!(lab.url("wall.test", "/app"), format!("http://wall.test:{port}/app"));
    TcpStream::connect(("127.0.0.1", port))?;
    drop(lab);
    let refused = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.kind());
    assert_eq!(refused.err(), Some(ErrorKind::ConnectionRefused));
    Ok(())
}

#[tokio::test]
async fn it_asks_for_the_password_and_leads_on() -> Result<()> {
    let lab = Lab::start()?;
    let client = client();
    let refused = ask(&lab, &client, None).await?;
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()["www-authenticate"], "Basic realm=\"Not yet public\"");
    assert_eq!(ask(&lab, &client, Some("opne")).await?.status(), 401);
    assert!(lab.hits("wall.test").is_empty(), "the lab was not asked");
    assert_eq!(ask(&lab, &client, Some("open")).await?.status(), 200);
    let hit = |scheme: Option<&str>, status| Hit {
        host: "wall.test".to_owned(),
        method: "GET".to_owned(),
        path: "/app".to_owned(),
        scheme: scheme.map(str::to_owned),
        status,
    };
    assert_eq!(lab.hits("wall.test"), [hit(Some("Basic"), 200)], "by the host that was asked for");
    let expected = [hit(None, 401), hit(Some("Basic"), 401), hit(Some("Basic"), 200)];
    wait_for("nginx to write it down", async || Ok((lab.nginx_hits("wall.test") == expected).then_some(())))
        .await
}

#[tokio::test]
async fn two_labs_have_one_each() -> Result<()> {
    let labs = [Lab::start()?, Lab::start()?];
    let [one, two] = &labs;
    assert_ne!(one.port_of("wall.test")?, two.port_of("wall.test")?);
    assert_eq!(ask(one, &client(), Some("open")).await?.status(), 200);
    assert!(two.hits("wall.test").is_empty());
    Ok(())
}
