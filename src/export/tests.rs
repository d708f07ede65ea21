//! What is saved holds no secret, and is read again as what it was.

use serde_json::Value;

use super::*;
use crate::exchange::{Kind, Observation};
use crate::fix::{FixId, Offer};
use crate::http::cookie::Partition;
use crate::incident::{Attempt, Phase};
use crate::mark::MarkKey;

const NOW: Time = Time(1_790_000_000_000);

/// One with a secret wherever a request or an answer can hold one.
fn incident() -> Incident {
    let pairs = |all: &[(&str, &str)]| {
        Some(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    };
    let observation = Observation {
        at: NOW,
        url: "https://me:S3cr3tPw@app.test/reset/S3cr3tA1b2c3?token=S3cr3tQ#S3cr3tF".into(),
        method: "GET".into(),
        kind: Kind::MainFrame,
        tab: Some(7),
        status: 401,
        request_headers: pairs(&[
            ("Cookie", "sid=S3cr3tSid9; theme=S3cr3tTheme9"),
            ("Authorization", "Bearer S3cr3tToken9"),
            ("Referer", "https://app.test/x?S3cr3tRef"),
        ]),
        response_headers: pairs(&[
            ("WWW-Authenticate", "Digest realm=\"S3cr3tRealm9\", nonce=\"S3cr3tNonce\""),
            ("Set-Cookie", "sid=S3cr3tNew9; Path=/; HttpOnly"),
            ("Location", "/login?next=S3cr3tNext"),
        ]),
        ..Observation::default()
    };
    let exchange = observation.into_exchange(&MarkKey([7; 16]));
    let mut incident = Incident::new("0001-1".into(), exchange, Phase::Open);
    let cookie = CookieId {
        name: "sid".into(),
        domain: "app.test".into(),
        path: "/reset/S3cr3tPath9".into(),
        path_mark: None,
        store: "0".into(),
        partition: Some(Partition {
            top_level_site: "https://top.test".into(),
            has_cross_site_ancestor: None,
        }),
    };
    let offer = Offer {
        cookies: vec![cookie],
        url: Some("https://app.test/reset/S3cr3tGoTo9?S3cr3tQ".into()),
        ..Offer::plain(FixId::RemoveCookies)
    };
    incident.attempts =
        vec![Attempt { offer, at: NOW, tab: 7, reloaded_at: None, outcome: None, removed: None }];
    incident
}

fn past() -> Map<String, SiteRecord> {
    let record = SiteRecord {
        sign_in: Some("https://app.test/login/S3cr3tLogin9".into()),
        last_success: Some(NOW),
        ..SiteRecord::new("app.test")
    };
    Map::from([("app.test".to_owned(), record)])
}

#[test]
fn nothing_secret_is_in_it() {
    for export in [Export::Json, Export::Har] {
        let text = export.whole(&[incident(), incident()], &past(), NOW);
        assert!(!text.contains("S3cr3t"), "{text}");
        assert!(!text.contains("\"tab\":7"), "{text}");
        for kept in ["app.test", "\"sid", "401", "lastSuccess", "top.test"] {
            assert!(text.contains(kept), "{kept} in {text}");
        }
    }
}

#[test]
fn the_json_is_what_it_says_it_is() {
    let text = Export::Json.whole(&[incident()], &past(), NOW);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&value["format"], &value["version"]), (&"latchkey-history".into(), &VERSION.into()));
    let read: Vec<Incident> = serde_json::from_value(value["incidents"].clone()).unwrap();
    assert_eq!(read, [redacted(&incident())]);
    let sites: Map<String, SiteRecord> = serde_json::from_value(value["sites"].clone()).unwrap();
    assert_eq!(sites["app.test"].last_success, Some(NOW));
    // Twice is as good as once: what leaves has left before.
    assert_eq!(redacted(&redacted(&incident())), redacted(&incident()));
}

#[test]
fn piece_by_piece_is_the_same_as_at_once() {
    let all: Vec<Incident> = (0..7).map(|at| Incident { id: format!("000{at}"), ..incident() }).collect();
    for export in [Export::Json, Export::Har] {
        let mut text = export.head(NOW);
        for (at, batch) in all.chunks(3).enumerate() {
            text += &export.incidents(batch, at == 0);
        }
        text += &export.tail(&past());
        let parsed: Value = serde_json::from_str(&text).unwrap();
        let whole: Value = serde_json::from_str(&export.whole(&all, &past(), NOW)).unwrap();
        assert_eq!(parsed, whole);
        let none = format!("{}{}{}", export.head(NOW), export.incidents(&[], true), export.tail(&Map::new()));
        assert!(serde_json::from_str::<Value>(&none).is_ok(), "{none}");
    }
}

/// The fields that HAR 1.2 says every entry has.
#[test]
fn the_har_is_one_for_other_readers_too() {
    let text = Export::Har.whole(&[incident()], &past(), NOW);
    let har: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(har["log"]["version"], "1.2");
    let entry = &har["log"]["entries"][0];
    for field in ["startedDateTime", "time", "request", "response", "cache", "timings"] {
        assert!(!entry[field].is_null(), "{field}");
    }
    for (message, fields) in [
        (
            "request",
            &["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"]
                [..],
        ),
        (
            "response",
            &["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"][..],
        ),
    ] {
        for field in fields {
            assert!(!entry[message][field].is_null(), "{message}.{field}");
        }
    }
    let header = |message: &str, name: &str| {
        let all = entry[message]["headers"].as_array().unwrap().iter();
        let found = all.clone().find(|header| header["name"] == name).unwrap_or_else(|| panic!("{name}"));
        found["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(header("request", "Cookie"), "sid=…; theme=…");
    assert_eq!(header("request", "Authorization"), "bearer …");
    assert_eq!(header("response", "Set-Cookie"), "sid=…; Path=/; HttpOnly");
    assert_eq!(header("response", "WWW-Authenticate"), "digest realm=\"…\", nonce=\"…\"");
    assert!(entry["_incident"]["exchange"].is_null(), "once is enough");
}
