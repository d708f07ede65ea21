//! The parsers against inputs that other people collected: `tests/corpus/*.json`, each with its
//! source. Sources disagree where the standards are silent; a `policy` other than the standard's is
//! only read, to see that it does no harm.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use latchkey::http::address::{Address, normalise};
use latchkey::http::cookie::{JarCookie, in_sending_order};
use latchkey::http::set_cookie::Line;
use latchkey::http::{challenge, date, storage};
use latchkey::time::{Time, parse_rfc3339};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn corpus<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct ChallengeCase {
    id: String,
    header: Vec<String>,
    #[serde(default)]
    expect: Vec<ExpectedChallenge>,
    #[serde(default)]
    invalid: bool,
    policy: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ExpectedChallenge {
    scheme: String,
    #[serde(default)]
    params: BTreeMap<String, Option<String>>,
    token68: Option<String>,
}

#[test]
fn challenges() {
    let mut scored = 0;
    for case in corpus::<ChallengeCase>("challenges.json") {
        let (mut found, mut oddities) = (Vec::new(), Vec::new());
        for field in &case.header {
            let (challenges, odd) = challenge::parse(field);
            found.extend(challenges);
            oddities.extend(odd);
        }
        if case.policy != "rfc" {
            continue;
        }
        scored += 1;
        if case.invalid {
            // What is left of it may be kept, but not as if nothing were amiss.
            assert!(found.is_empty() || !oddities.is_empty(), "{}: {found:?}", case.id);
            continue;
        }
        // Schemes and names are compared without case (RFC 9110, section 11.1).
        let found: Vec<ExpectedChallenge> = found
            .into_iter()
            .map(|challenge| ExpectedChallenge {
                scheme: challenge.scheme.to_lowercase(),
                params: challenge
                    .params
                    .into_iter()
                    .map(|(name, value)| (name.to_lowercase(), Some(value)))
                    .collect(),
                token68: challenge.token68,
            })
            .collect();
        let expected: Vec<ExpectedChallenge> = case
            .expect
            .into_iter()
            .map(|challenge| ExpectedChallenge {
                scheme: challenge.scheme.to_lowercase(),
                params: challenge
                    .params
                    .into_iter()
                    .map(|(name, value)| (name.to_lowercase(), value))
                    .collect(),
                token68: challenge.token68,
            })
            .collect();
        assert_eq!(found, expected, "{}: {:?}", case.id, case.header);
        assert!(oddities.is_empty(), "{}: {oddities:?}", case.id);
    }
    assert_eq!(scored, 108);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CookieCase {
    id: String,
    set_cookie: Vec<String>,
    sent_to: Option<String>,
    expect_sent: Vec<ExpectedCookie>,
    policy: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ExpectedCookie {
    name: String,
    value: String,
}

const SET_AT: &str = "http://home.example.org:8888/cookie-parser";
const SENT_TO: &str = "/cookie-parser-result";

/// A jar that also has values, by the last steps of RFC 6265bis, section 5.7.
#[derive(Default)]
struct Jar(Vec<(JarCookie, String)>);

impl Jar {
    fn receive(&mut self, line: &str, from: &Address<'_>, now: Time) {
        let line = Line::read(line);
        if !storage::refusals(&line, from).is_empty() {
            return;
        }
        let cookie = storage::place(&line, from, now);
        let known: Vec<JarCookie> = self.0.iter().map(|(cookie, _)| cookie.clone()).collect();
        let path = &cookie.id.path;
        if !cookie.secure && storage::overlays_secure(&cookie.id.name, cookie.domain(), path, &known, from) {
            return;
        }
        let old = self.0.iter().position(|(old, _)| old.id == cookie.id && old.host_only == cookie.host_only);
        match old {
            // It keeps the time at which the old one was made, and so its place.
            Some(at) => self.0[at] = (cookie, line.value.to_owned()),
            None => self.0.push((cookie, line.value.to_owned())),
        }
        self.0.retain(|(cookie, _)| cookie.expires.is_none_or(|expires| expires > now));
    }

    fn sent_to(&self, to: &Address<'_>, now: Time) -> Vec<ExpectedCookie> {
        let mut sent: Vec<_> = self.0.iter().filter(|(cookie, _)| cookie.applies_to(to, now)).collect();
        in_sending_order(&mut sent, |(cookie, _)| cookie);
        sent.into_iter()
            .map(|(cookie, value)| ExpectedCookie { name: cookie.id.name.clone(), value: value.clone() })
            .collect()
    }
}

#[test]
fn cookies_there_and_back() {
    let now = parse_rfc3339("2012-01-01T00:00:00Z").unwrap();
    let mut scored = 0;
    for case in corpus::<CookieCase>("cookies.json") {
        let mut jar = Jar::default();
        for line in &case.set_cookie {
            jar.receive(line, &Address::parse(SET_AT), now);
        }
        let sent_to = case.sent_to.as_deref().unwrap_or(SENT_TO);
        // A path alone is on the host that set them.
        let sent_to = match sent_to.strip_prefix('/') {
            Some(path) => format!("{}/{path}", Address::parse(SET_AT).origin()),
            None => sent_to.to_owned(),
        };
        let sent = jar.sent_to(&Address::parse(&normalise(&sent_to)), now);
        if case.policy != "rfc6265bis" {
            continue;
        }
        scored += 1;
        assert_eq!(sent, case.expect_sent, "{}: {:?}", case.id, case.set_cookie);
    }
    assert_eq!(scored, 92);
}

#[derive(Deserialize)]
struct DateCase {
    input: String,
    expect: Option<String>,
}

#[test]
fn dates() {
    let cases = corpus::<DateCase>("dates.json");
    assert_eq!(cases.len(), 34);
    for case in cases {
        let expected = case.expect.as_deref().map(|text| date::parse(text).expect(text));
        assert_eq!(date::parse(&case.input), expected, "{}", case.input);
    }
}
