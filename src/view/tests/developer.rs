//! What developers are shown: each fact with its meaning, what is amiss, and no secret.

use super::given::*;
use super::{elements, texts, values};
use crate::exchange::{Kind, Known, Observation, SeenBy};
use crate::http::cookie::{JarCookie, SameSite};
use crate::incident::{Incident, Phase};
use crate::mark::MarkKey;
use crate::time::{HOUR, Time};
use crate::view::developer::{Developer, fold, render};
use crate::view::devtools::{self, DevTools};
use crate::words::English;

/// `{"alg":"HS256","kid":"k1"}.{"iss":"https://id.test","aud":"api","exp":1789992800,"sub":"s3cr3t"}`
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkLnRlc3QiLCJhdWQiOiJhcGkiLCJleHAiOjE3ODk5OTI4MDAsInN1YiI6InMzY3IzdCJ9.c2lnbmF0dXJl";

/// A call of an app's, refused.
fn refused(request: &[(&str, &str)], response: &[(&str, &str)]) -> Incident {
    let pairs = |headers: &[(&str, &str)]| {
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let observation = Observation {
        began: Some(NOW.plus(-2 * HOUR - 120)),
        at: NOW.plus(-2 * HOUR),
        url: "https://api.test/v1/me?key=s3cr3t".into(),
        method: "GET".into(),
        kind: Kind::Fetch,
        page: Some("https://app.test/".into()),
        status: 401,
        request_headers: Some(pairs(request)),
        response_headers: Some(pairs(response)),
        hops: vec![("https://api.test/me".into(), 307)],
        ..Observation::default()
    };
    Incident::new("i1".into(), observation.into_exchange(&MarkKey::default()), Phase::Open)
}

fn show(incident: &Incident, jar: Option<&[JarCookie]>) -> String {
    let html = render(&English::at(NOW), &Developer { incident, jar, is_below: false }).into_string();
    assert!(!html.contains("s3cr3t") && !html.contains("c2lnbmF0dXJl"), "{html}");
    let known = ["div", "h2", "p", "code", "bdi", "b", "dl", "dt", "dd", "span", "ul", "ol", "li", "time"];
    for name in elements(&html) {
        assert!(known.contains(&name), "<{name}> in {html}");
    }
    // A key without a message would show itself.
    assert!(texts(&html).iter().all(|text| !text.starts_with("dev_")), "{html}");
    html
}

/// The texts of one part.
fn part(html: &str, name: &str) -> String {
    let after = html.split(&format!("data-dev=\"{name}\"")).nth(1).unwrap_or_default();
    texts(after.split("<div class=\"dev\"").next().unwrap_or_default()).join(" ")
}

#[test]
fn a_request_with_its_time_and_way() {
    let html = show(&refused(&[], &[]), None);
    let request = part(&html, "request");
    for said in ["GET", "https://api.test/v1/me", "Status 401", "a script’s request", "(2 h ago)", "120 ms"]
    {
        assert!(request.contains(said), "{said} in {request}");
    }
    assert!(request.contains("Seen by Latchkey, as the browser made the request"), "{request}");
    assert!(part(&html, "redirects").contains("https://api.test/me 307"), "{html}");
}

#[test]
fn challenges_are_decoded_and_their_faults_are_told() {
    let header = r#"Bearer realm="api", error="invalid_token" error_description="gone, Digest nonce="s3cr3t", qop=auth"#;
    let html = show(&refused(&[], &[("WWW-Authenticate", header)]), None);
    let said = part(&html, "challenge");
    for words in
        ["bearer", "RFC 6750", "realm api", "which part of the site", "invalid_token", "A comma is missing"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(values(&html, "data-amiss").contains(&"odd_missing_comma"), "{html}");
    // With a 401 there has to be one.
    let html = show(&refused(&[], &[]), None);
    assert_eq!(values(&html, "data-amiss").first(), Some(&"odd_no_challenge"));
    // What could not be seen is not missing.
    let mut hidden = refused(&[], &[]);
    hidden.exchange.challenges = Known::Unknown;
    let html = show(&hidden, None);
    assert!(part(&html, "challenge").contains("does not show") && !html.contains("odd_no_challenge"));
}

#[test]
fn a_token_is_decoded_and_its_times_are_told() {
    let html = show(&refused(&[("Authorization", &format!("Bearer {TOKEN}"))], &[]), None);
    let said = part(&html, "credential");
    for words in
        ["bearer", "alg HS256", "kid", "iss https://id.test", "aud api", "It had run out when it was sent"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!(values(&html, "data-claim"), ["exp"]);
    let html = show(&refused(&[("Authorization", "Bearer undefined")], &[]), None);
    assert!(values(&html, "data-amiss").contains(&"shape_nothing"), "{html}");
    assert!(part(&show(&refused(&[], &[]), None), "credential").contains("No Authorization header was sent"));
    let mut hidden = refused(&[], &[]);
    hidden.exchange.authorization = Known::Unknown;
    assert!(part(&show(&hidden, None), "credential").contains("does not show whether"));
}

fn held(name: &str) -> JarCookie {
    JarCookie {
        id: cookie(name, "api.test", "/"),
        host_only: true,
        secure: true,
        http_only: true,
        same_site: SameSite::None,
        expires: Some(Time(1_900_000_000_000)),
        first_seen: None,
        size: 9,
        mark: None,
        token_expires: None,
    }
}

#[test]
fn each_cookie_says_what_became_of_it() {
    let set = "bad=s3cr3t; SameSite=None\nsid=; Max-Age=0; Secure";
    let incident = refused(&[("Cookie", "sid=s3cr3t; old=s3cr3t")], &[("Set-Cookie", set)]);
    let mut strict = JarCookie { same_site: SameSite::Strict, ..held("strict") };
    strict.id.store = String::new();
    let admin = JarCookie { id: cookie("admin", "api.test", "/admin"), ..held("admin") };
    let html = show(&incident, Some(&[held("sid"), strict, admin]));
    let fates: Vec<(&str, &str)> =
        values(&html, "data-cookie").into_iter().zip(values(&html, "data-fate")).collect();
    assert_eq!(
        fates,
        [
            ("old", "sent"),
            ("sid", "sent"),
            ("strict", "unsent"),
            ("admin", "unsent"),
            ("bad", "refused"),
            ("sid", "deleted")
        ]
    );
    let said = part(&html, "cookies");
    for words in [
        "host-only; path=/; secure; httponly; samesite=none; expires=2030-",
        "SameSite=Strict, and another site asks",
        "it is for paths under /admin",
        "The browser does not hold it any more",
        "SameSite=None without Secure",
        "Taken away",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn rules_between_origins() {
    let asks = [("Origin", "https://app.test"), ("Sec-Fetch-Mode", "cors")];
    let amiss = |request: &[(&str, &str)], response: &[(&str, &str)]| {
        let html = show(&refused(request, response), None);
        values(&html, "data-amiss")
            .into_iter()
            .filter(|key| key.starts_with("cors"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(amiss(&asks, &[]), ["cors_none"]);
    let allow = |origin| [("Access-Control-Allow-Origin", origin)];
    assert_eq!(amiss(&asks, &allow("https://other.test")), ["cors_other"]);
    assert_eq!(amiss(&asks, &allow("https://app.test")), ["cors_no_credentials"]);
    assert!(amiss(&asks, &allow("*")).is_empty());
    let mut same = refused(&[], &[]);
    same.exchange.page = Some("api.test".into());
    assert!(!show(&same, None).contains("data-dev=\"origin\""));
    let question =
        [("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization")];
    let mut incident = refused(&[], &[]);
    let observation = Observation {
        url: "https://api.test/".into(),
        method: "OPTIONS".into(),
        status: 401,
        request_headers: Some(
            question.iter().chain(&asks).map(|(n, v)| ((*n).into(), (*v).into())).collect(),
        ),
        response_headers: Some(Vec::new()),
        ..Observation::default()
    };
    incident.exchange = observation.into_exchange(&MarkKey::default());
    let html = show(&incident, None);
    assert!(values(&html, "data-amiss").contains(&"cors_preflight"), "{html}");
    assert!(part(&html, "origin").contains("the request that is to follow carries a login"), "{html}");
}

#[test]
fn the_fold_and_the_panel_show_the_same() {
    let words = English::at(NOW);
    let incident = open();
    let folded = fold(&words, &incident, None).into_string();
    assert!(folded.starts_with("<details class=\"developer\" data-fold=\"developer\">"), "{folded}");
    let mut improved = open();
    improved.id = "i2".into();
    improved.exchange.seen_by = SeenBy::DevTools;
    let shown = DevTools { incidents: vec![(improved, None), (incident, None)], is_panel: true };
    let html = devtools::render(&words, &shown).into_string();
    assert_eq!(values(&html, "data-incident"), ["i2", "i1"]);
    assert_eq!(values(&html, "data-seen-by"), ["devtools"]);
    assert_eq!((shown.shown().id(), html.matches("<h1").count()), ("incident", 1));
    let none = DevTools::default();
    let html = devtools::render(&words, &none).into_string();
    assert!(html.contains("No request of this tab was refused") && none.shown().id() == "watching");
}
