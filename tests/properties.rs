//! What holds for every input: the parsers end, and they read what they themselves would write.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "properties/print.rs"]
mod print;

use latchkey::diagnose::diagnose;
use latchkey::evidence::{Evidence, Past};
use latchkey::exchange::{Known, Observation};
use latchkey::http::address::{Address, normalise};
use latchkey::http::challenge::{self, Challenge};
use latchkey::http::jwt::{self, Reading};
use latchkey::http::set_cookie::{self, Line};
use latchkey::http::{cookie, date, storage};
use latchkey::mark::MarkKey;
use latchkey::redact;
use latchkey::time::{Time, parse_rfc3339};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// Text of the letters that mean something to some parser, and text of any.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ ,;=\"\\\\\t\r\n.:/_+éA-Ca-c0-2-]{0,60}",
        "(Basic|Digest|Negotiate|x)[ ,]{0,2}(realm|nonce|error|a)?[= ]{0,2}(\"[ a-c\\\\,=]{0,9}\"?|[a-c=]{0,5}|)([ ,]{0,3}[a-c]{1,3}=?\"?[a-c]{0,3}\"?){0,4}",
        "(__Host-|__http-|)?[a-c]{0,4}=?[ a-c=]{0,9}(; ?(Domain|Path|Expires|Max-Age|Secure|SameSite|x)=?[ ./a-c0-9:-]{0,20}){0,5}",
        "[A-Za-z0-9_+/=-]{0,20}(\\.[A-Za-z0-9_+/=-]{0,20}){0,5}",
        "(http|https|x)://[a-c@:.\\[\\]0-9]{0,12}[/?#a-c]{0,9}",
        "[0-9]{1,5}[ :/-][0-9a-cjn]{1,4}[ :/-][0-9]{1,9}[ :T][0-9:]{0,10}[Z+.0-9:-]{0,9}",
        any::<String>(),
        vec(any::<u8>(), 0..80).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}

proptest! {
    // What fails is made a test by hand, where it can be read.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_parser_ends(text in text(), other in text(), now in any::<i64>()) {
        let now = Time(now);
        for challenge in challenge::parse(&text).0 {
            let _ = challenge.facts();
        }
        let (url, line) = (normalise(&text), Line::read(&other));
        let address = Address::parse(&url);
        let placed = storage::place(&line, &address, now);
        let _ = (storage::refusals(&line, &address), placed.obstacle(&address, now));
        let _ = storage::overlays_secure(&placed.id.name, placed.domain(), &placed.id.path, std::slice::from_ref(&placed), &address);
        let _ = (set_cookie::parse(&text, &address), cookie::parse_header(&text).count());
        let _ = (jwt::parse(&text), Reading::of(&text), jwt::decode_base64url(&text));
        let _ = (date::parse(&text), parse_rfc3339(&text), address.site(), address.origin());
        let _ = (redact::text(&text), redact::path(&text), redact::url(&text), redact::name(&text));
    }

    #[test]
    fn challenges_that_were_read_are_read_again(text in text()) {
        let challenges = challenge::parse(&text).0;
        let printed = print::challenges(&challenges);
        prop_assert_eq!(challenge::parse(&printed), (challenges, Vec::new()), "{}", printed);
    }

    #[test]
    fn challenges_that_are_written_are_read(
        schemes in vec(("[A-Za-z][A-Za-z0-9!#-]{0,8}", vec(any::<String>(), 0..4), proptest::option::of("[A-Za-z0-9/+._~-]{1,9}={0,2}")), 0..6),
    ) {
        let challenges: Vec<Challenge> = schemes
            .into_iter()
            .map(|(scheme, values, token68)| Challenge {
                scheme,
                params: match token68 {
                    Some(_) => Vec::new(),
                    None => values.into_iter().enumerate().map(|(at, value)| (format!("p{at}"), value)).collect(),
                },
                token68,
            })
            .collect();
        let printed = print::challenges(&challenges);
        prop_assert_eq!(challenge::parse(&printed), (challenges, Vec::new()), "{}", printed);
    }

    #[test]
    fn cookies_that_were_read_are_read_again(text in text()) {
        let once = Line { oddities: Vec::new(), has_control: false, ..Line::read(&text) };
        let printed = print::cookie(&once);
        let again = Line { oddities: Vec::new(), has_control: false, ..Line::read(&printed) };
        prop_assert_eq!(again, once, "{}", printed);
    }

    #[test]
    fn a_cookie_that_is_stored_is_sent_back(
        name in "[a-c]{1,3}", attributes in "(; ?(Secure|HttpOnly|SameSite=None|Domain=a.test|Domain=b.a.test|Domain=test|Max-Age=[0-9]|Partitioned)){0,4}",
        host in "(b\\.)?a\\.test|127\\.0\\.0\\.1|localhost", scheme in "https?", path in "(/[a-c]{0,2}){1,3}",
    ) {
        let (url, text) = (format!("{scheme}://{host}{path}"), format!("{name}=x{attributes}"));
        let (address, line) = (Address::parse(&url), Line::read(&text));
        let is_stored = storage::refusals(&line, &address).is_empty() && line.max_age != Some(0);
        let is_sent = storage::place(&line, &address, Time(0)).applies_to(&address, Time(0));
        prop_assert!(is_sent || !is_stored, "{} {}", text, url);
    }

    #[test]
    fn dates_that_are_written_are_read(seconds in -11_644_473_600_i64..253_402_300_800) {
        let time = Time::from_seconds(seconds);
        prop_assert_eq!(date::parse(&print::date(time)), Some(time));
        prop_assert_eq!(parse_rfc3339(&time.rfc3339()), Some(time));
    }

    #[test]
    fn tokens_that_are_written_are_read(
        header in vec(("[a-z]{1,5}", any::<String>()), 0..4), claims in vec(("[a-z]{1,5}", any::<i32>()), 0..4), signature in vec(any::<u8>(), 0..40),
    ) {
        let header: Value = header.into_iter().map(|(name, text)| (name, Value::from(text))).collect();
        let claims: Value = claims.into_iter().map(|(name, number)| (name, Value::from(number))).collect();
        let token = [header.to_string().as_bytes(), claims.to_string().as_bytes(), &signature].map(print::base64url).join(".");
        let reading = Reading::of(&token);
        prop_assert_eq!((reading.header, reading.claims), (Some(header), Some(claims)));
        prop_assert!(jwt::parse(&token).is_some());
    }

    #[test]
    fn neither_case_nor_place_of_a_header_matters(
        upper in vec(any::<bool>(), 16), scheme in "basic|DIGEST|NeGoTiAtE", place in 0_usize..4, others in vec("[a-z]{1,8}", 3),
    ) {
        let name: String = "www-authenticate"
            .chars()
            .zip(upper)
            .map(|(letter, upper)| if upper { letter.to_ascii_uppercase() } else { letter })
            .collect();
        let mut headers: Vec<(String, String)> =
            others.into_iter().map(|other| (format!("x-{other}"), "Bearer realm=x".to_owned())).collect();
        headers.insert(place, (name, format!("{scheme} rEaLm=x")));
        let exchange = Observation { url: "https://a.test/".to_owned(), response_headers: Some(headers), ..Observation::default() }
            .into_exchange(&MarkKey::default());
        let Known::Present(challenges) = exchange.challenges else { panic!("no challenge") };
        prop_assert_eq!(challenges.len(), 1);
        prop_assert_eq!(&challenges[0].scheme, &scheme.to_lowercase());
        prop_assert_eq!(challenges[0].realm.as_deref(), Some("x"));
        prop_assert!(challenges[0].is_answered_by_browser());
    }

    /// JavaScript counts to 2^53, and what is stored goes through it.
    #[test]
    fn no_number_is_too_large_for_javascript(
        number in prop_oneof!["-?[0-9]{1,40}", "-?[0-9]{1,3}e[0-9]{1,3}"], year in "[0-9]{1,9}", signs in any::<bool>(),
    ) {
        let token = [b"{}", format!(r#"{{"exp":{number},"iat":-{number},"nbf":"{number}"}}"#).as_bytes(), b"x"].map(print::base64url).join(".");
        let header = |name: &str, value: String| (name.to_owned(), value);
        let authorization = header("authorization", format!("Bearer {token}"));
        let observation = Observation {
            at: Time::from_millis_f64(number.parse().unwrap_or_default()),
            began: Some(Time(0)),
            url: "https://a.test/".to_owned(),
            status: 401,
            request_headers: Some(if signs { vec![authorization] } else { vec![header("cookie", format!("sid={token}"))] }),
            response_headers: Some(vec![
                header("date", format!("Fri, 31 Dec {year} 23:59:59 GMT")),
                header("age", number.clone()),
                header("retry-after", number.clone()),
                header("www-authenticate", format!("Bearer max_age={number}")),
                header("set-cookie", format!("a=1; Max-Age={number}")),
                header("set-cookie", format!("b=1; Expires=Fri, 31 Dec {year} 23:59:59 GMT")),
            ]),
            ..Observation::default()
        };
        let exchange = observation.into_exchange(&MarkKey::default());
        let diagnosis = diagnose(&Evidence { now: Time(0), ..Evidence::of(&exchange, &Past::default()) }, &[]);
        for stored in [serde_json::to_value(&exchange).unwrap(), serde_json::to_value(&diagnosis).unwrap()] {
            let most = largest(&stored);
            prop_assert!(most <= 9_007_199_254_740_991.0, "{most}: {stored}");
        }
    }
}

/// The largest number in it, whichever its sign.
fn largest(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or(f64::MAX).abs(),
        Value::Array(items) => items.iter().map(largest).fold(0.0, f64::max),
        Value::Object(members) => members.values().map(largest).fold(0.0, f64::max),
        _ => 0.0,
    }
}
