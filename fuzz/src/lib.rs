//! What must hold for any bytes, one function for each fuzz target.
//!
//! ```console
//! $ cargo install cargo-fuzz
//! $ cargo run --manifest-path fuzz/Cargo.toml --no-default-features --example seed
//! $ cargo +nightly fuzz run challenge -- -max_total_time=600
//! $ cargo fuzz run --sanitizer none challenge -- -max_total_time=600   # without a nightly
//! ```
//!
//! The targets are `challenge`, `set_cookie`, `jwt` and `har`. An input that fails becomes a test beside
//! the parser. As a plain test (`tests/mutations.rs`) each check runs on every collected case and
//! on some thousand changed ones.

#[path = "../../tests/properties/print.rs"]
pub mod print;
pub mod seeds;

use http_auth::parser::ChallengeParser;
use latchkey::http::address::{Address, normalise};
use latchkey::http::challenge::{self, Challenge, ChallengeFacts};
use latchkey::http::cookie::path_matches;
use latchkey::http::jwt::{self, Reading, TokenFacts};
use latchkey::http::set_cookie::{self, Line, SetCookie};
use latchkey::http::storage;
use latchkey::time::Time;

/// A header field of challenges: read, printed and read again; and compared with `http-auth`.
pub fn challenge(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (challenges, oddities) = challenge::parse(&text);
    for challenge in &challenges {
        let facts = challenge.facts();
        let stored = serde_json::to_string(&facts).expect("facts are plain data");
        assert_eq!(serde_json::from_str::<ChallengeFacts>(&stored).ok(), Some(facts));
    }
    let printed = print::challenges(&challenges);
    if printed.len() <= challenge::LONGEST {
        assert_eq!(challenge::parse(&printed), (challenges.clone(), Vec::new()), "{printed}");
    }
    let strict: Result<Vec<_>, _> = ChallengeParser::new(&text).collect();
    let Ok(strict) = strict else { return };
    if oddities.contains(&challenge::Oddity::TooLong) {
        return;
    }
    let strict: Vec<Challenge> = strict
        .into_iter()
        .map(|challenge| {
            let mut params: Vec<(String, String)> = Vec::new();
            for (name, value) in challenge.params {
                // We keep the first of a name, it keeps all.
                if !params.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                    params.push((name.to_owned(), value.to_unescaped()));
                }
            }
            Challenge { scheme: challenge.scheme.to_owned(), params, token68: None }
        })
        .collect();
    assert_eq!(challenges, strict, "{text:?}");
    assert!(oddities.iter().all(|oddity| *oddity == challenge::Oddity::DuplicateParameter), "{oddities:?}");
}

/// An address, a line feed, and what it set.
pub fn set_cookie(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (url, text) = text.split_once('\n').unwrap_or(("https://www.example.com/a/b", &text));
    let url = normalise(url);
    assert_eq!(normalise(&url), url);
    let (from, line) = (Address::parse(&url), Line::read(text));
    let facts = set_cookie::parse(text, &from);
    let stored = serde_json::to_string(&facts).expect("facts are plain data");
    assert_eq!(serde_json::from_str::<SetCookie>(&stored).ok(), Some(facts));
    let printed = print::cookie(&line);
    let plain =
        |line: &Line<'_>| format!("{:?}", Line { oddities: Vec::new(), has_control: false, ..line.clone() });
    if printed.len() <= set_cookie::LONGEST {
        assert_eq!(plain(&Line::read(&printed)), plain(&line), "{printed}");
    }
    let now = Time(0);
    let placed = storage::place(&line, &from, now);
    let is_over = placed.expires.is_some_and(|expires| expires <= now);
    if storage::refusals(&line, &from).is_empty() && !is_over && path_matches(from.path, &placed.id.path) {
        assert!(line.size() <= storage::LARGEST && line.size() > 0);
        assert!(placed.applies_to(&from, now), "{line:?} {from:?}");
    }
}

/// A token.
pub fn jwt(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let reading = Reading::of(&text);
    let facts = jwt::parse(&text);
    assert_eq!(facts.is_some(), reading.is_token());
    if let Some(facts) = facts {
        let stored = serde_json::to_string(&facts).expect("facts are plain data");
        assert_eq!(serde_json::from_str::<TokenFacts>(&stored).ok(), Some(facts));
    }
    // The same content in a token of our own, which has nothing to forgive but what it says.
    if let (Some(header), Some(claims)) = (reading.header(), reading.claims()) {
        let json = [header, claims].map(|part| serde_json::to_vec(part).expect("it was JSON"));
        let token = format!("{}.{}.x", print::base64url(&json[0]), print::base64url(&json[1]));
        if token.len() <= jwt::LONGEST {
            let again = Reading::of(&token);
            // Names and kind: numbers with many digits are read to the last but one.
            let names = |reading: &Reading| {
                [reading.header(), reading.claims()]
                    .map(|part| part.map(|part| part.keys().cloned().collect::<Vec<_>>()))
            };
            assert_eq!(names(&again), names(&reading));
            assert_eq!(again.kind(), reading.kind());
        }
    }
}

/// A recording: read, explained, and the explanation as it is stored.
pub fn har(data: &[u8]) {
    let mut explainer = latchkey::explain::Explainer::default();
    let Ok(summary) = latchkey::har::read(data, &mut |seen| explainer.push(seen)) else { return };
    for incident in explainer.finish(&summary) {
        assert!(incident.verdicts().iter().all(|verdict| (0.0..=1.0).contains(&verdict.confidence)));
        assert!(incident.count >= 1 && !incident.offers().is_empty());
        let stored = serde_json::to_string(&incident).expect("an incident is plain data");
        assert_eq!(serde_json::from_str(&stored).ok().as_ref(), Some(&incident), "{stored}");
    }
}
