#![allow(clippy::unwrap_used)]

use super::*;
use crate::mark::MarkKey;

fn observe(request: &[(&str, &str)], response: &[(&str, &str)]) -> Exchange {
    let own =
        |all: &[(&str, &str)]| Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    Observation {
        url: "https://me:pw@app.example.com/reset/9f86d081884c7d65?code=s3cr3t#x".to_owned(),
        method: "get".to_owned(),
        status: 401,
        request_headers: own(request),
        response_headers: own(response),
        ..Observation::default()
    }
    .into_exchange(&MarkKey([7; 16]))
}

#[test]
fn no_secret_survives() {
    let exchange = observe(
        &[("Cookie", "sid=s3cr3t; theme=dark"), ("Authorization", "Bearer s3cr3t-t0ken")],
        &[
            ("Set-Cookie", "sid=n3ws3cr3t; Path=/"),
            ("WWW-Authenticate", "Basic realm=\"user s3cr3t9f86d081884c7d65\""),
        ],
    );
    let kept = serde_json::to_string(&exchange).unwrap();
    for secret in ["s3cr3t", "n3ws3cr3t", "t0ken", "9f86", "pw", "code", "dark"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    assert!(kept.contains("theme"), "names are kept");
}

#[test]
fn unknown_is_not_absent() {
    assert_eq!(observe(&[], &[]).cookies, Known::Absent);
    let unseen =
        Observation { request_headers: None, ..Observation::default() }.into_exchange(&MarkKey::default());
    assert_eq!(unseen.cookies, Known::Unknown);
    let hidden = Observation {
        request_headers: Some(Vec::new()),
        hidden: vec!["authorization".to_owned()],
        ..Observation::default()
    }
    .into_exchange(&MarkKey::default());
    assert_eq!(hidden.authorization, Known::Unknown);
    assert_eq!(hidden.cookies, Known::Absent);
}

#[test]
fn a_probe_is_called_one_only_when_seen_to_be_one() {
    assert!(!observe(&[], &[]).carries_credential());
    assert!(!observe(&[("Cookie", "_ga=1")], &[]).carries_credential());
    assert!(observe(&[("Cookie", "sid=1")], &[]).carries_credential());
    assert!(observe(&[("Authorization", "Bearer x")], &[]).carries_credential());
    let unseen = Observation::default().into_exchange(&MarkKey::default());
    assert!(unseen.carries_credential());
}

#[test]
fn whose_failure() {
    let exchange = |kind, page: &str| Exchange {
        kind,
        url: "https://api.example.com/me".to_owned(),
        page: Some(page.to_owned()),
        authorization: Known::Absent,
        ..Exchange::default()
    };
    assert_eq!(exchange(Kind::Fetch, "app.example.com").scope(), Scope::App);
    assert_eq!(exchange(Kind::Fetch, "news.test").scope(), Scope::Other);
    assert_eq!(exchange(Kind::SubFrame, "news.test").scope(), Scope::Other);
    assert_eq!(exchange(Kind::Resource, "app.example.com").scope(), Scope::Other);
    assert_eq!(exchange(Kind::MainFrame, "news.test").scope(), Scope::Page);
}

#[test]
fn a_stored_exchange_reads_back() {
    let exchange = observe(&[("Cookie", "sid=1")], &[("WWW-Authenticate", "Negotiate, NTLM")]);
    let text = serde_json::to_string(&exchange).unwrap();
    assert_eq!(serde_json::from_str::<Exchange>(&text).unwrap(), exchange);
}

#[test]
fn oversized_cookies_make_a_400_a_refusal() {
    let big = format!("a={}", "x".repeat(5000));
    let with = |cookie: &str| Exchange { status: 400, ..observe(&[("Cookie", cookie)], &[]) };
    assert!(with(&big).is_refusal());
    assert!(!with("a=1").is_refusal());
}

#[test]
fn what_ends_a_sign_in_is_refused_with_a_400() {
    let with = |kind, query: &str| {
        let url = format!("https://app.example.com/oidc/callback?{query}");
        let seen = Observation { url, kind, status: 400, ..Observation::default() };
        seen.into_exchange(&MarkKey::default())
    };
    let exchange = with(Kind::MainFrame, "state=s3cr3t&code=s3cr3t");
    assert!(exchange.is_refusal());
    assert!(!serde_json::to_string(&exchange).unwrap().contains("s3cr3t"));
    assert!(!with(Kind::Fetch, "code=1&state=2").is_refusal());
    let set = [("Set-Cookie", "mod_auth_openidc_state_0a9b=1; HttpOnly")];
    let begun = Exchange { site: "app.example.com".to_owned(), ..observe(&[], &set) };
    let form = Exchange { method: "POST".to_owned(), ..with(Kind::MainFrame, "") };
    let by_form = |origin: &str, before: &[Exchange]| {
        let asked = Asked { origin: Some(origin.to_owned()), ..Asked::default() };
        Exchange { asked, before: before.to_vec(), ..form.clone() }.is_refusal()
    };
    assert!(by_form("login.test", core::slice::from_ref(&begun)));
    assert!(!by_form("login.test", &[observe(&[], &[])]), "nothing was begun");
    assert!(!by_form("app.example.com", &[begun]), "a form of its own");
    for other in ["", "code=1", "state=2", "zipcode=1&state=2", "error=access_denied&state=2"] {
        assert!(!with(Kind::MainFrame, other).is_refusal(), "{other}");
    }
}

#[test]
fn a_nonce_is_compared_and_not_kept() {
    let digest = "Digest username=\"me\", nonce=\"s3cr3t\", nc=0000000a, response=\"s3cr3t\"";
    let exchange = observe(
        &[("Authorization", digest)],
        &[("WWW-Authenticate", "Basic realm=x"), ("WWW-Authenticate", "Digest realm=x, nonce=\"s3cr3t\"")],
    );
    assert_eq!(exchange.asked.nonce_count, Some(10));
    assert!(exchange.asked.nonce.is_some() && exchange.asked.nonce == exchange.told.nonce);
    assert!(!serde_json::to_string(&exchange).unwrap().contains("s3cr3t"));
}

#[test]
fn a_browser_that_says_to_be_another() {
    let of = |agent: &str, hint: &str| {
        observe(&[("User-Agent", agent), ("Sec-CH-UA", hint)], &[]).asked.is_disguised
    };
    let hint = "\"Not.A/Brand\";v=\"99\", \"Chromium\";v=\"136\"";
    assert!(!of("Mozilla/5.0 Chrome/136.0.0.0 Safari/537.36", hint));
    assert!(of("Mozilla/5.0 Gecko/20100101 Firefox/138.0", hint));
    assert!(of("Mozilla/5.0 Chrome/99.0.0.0 Safari/537.36", hint));
    assert!(!of("Mozilla/5.0 Gecko/20100101 Firefox/138.0", ""));
}

#[test]
fn a_redirect_that_an_extension_made() {
    let of = |reason| observe(&[], &[("Non-Authoritative-Reason", reason)]).told.by_extension;
    assert!(of("WebRequest API") && !of("HSTS") && !of("DNS"));
}

#[test]
fn a_key_tells_who_asks() {
    assert!(!observe(&[], &[]).carries_credential());
    assert!(observe(&[("X-API-Key", "abc")], &[]).carries_credential());
}

#[test]
fn what_came_just_before_is_evidence_and_not_stored() {
    let sent_on = Observation {
        url: "https://example.com/api".to_owned(),
        status: 307,
        request_headers: Some(vec![("Authorization".to_owned(), "Bearer s3cr3t".to_owned())]),
        response_headers: Some(vec![("Location".to_owned(), "https://www.example.com/api".to_owned())]),
        ..Observation::default()
    };
    let exchange = Observation {
        url: "https://www.example.com/api".to_owned(),
        status: 401,
        before: vec![sent_on],
        ..Observation::default()
    }
    .into_exchange(&MarkKey::default());
    let past = crate::evidence::Past::default();
    assert!(crate::evidence::Evidence::of(&exchange, &past).signed_source().is_some());
    let text = serde_json::to_string(&exchange).unwrap();
    assert!(!text.contains("https://example.com"), "{text}");
}
