//! `token_signature_invalid`: the token is in time, and the server cannot verify who made it.
//!
//! The key is another than the one it was signed with: a secret that differs between the two ends, keys
//! that were rotated while the verifier kept its copy (RFC 7517, section 4.5: `kid`), an algorithm that
//! it does not take (RFC 8725, section 3.1), or a token that was cut off on the way.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::Kind;
use crate::fix::FixId;
use crate::http::jwt::Oddity;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: a token of the new key, or a server that knows it.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveStoredToken, FixId::SignIn, FixId::ClearSiteData, FixId::ForTheOwner];

/// What the server says when this is it.
const OWN: [Sign; 2] = [Sign::BadSignature, Sign::UnknownKey];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403) {
        return None;
    }
    let credential = exchange.authorization.present()?;
    let is_told = OWN.iter().any(|sign| exchange.says(*sign));
    let token = credential.token.as_ref();
    if !is_told && (token.is_none() || !credential.oddities.is_empty()) {
        return None;
    }
    let challenges = exchange.challenges();
    let is_app = matches!(exchange.kind, Kind::Fetch | Kind::Script);
    let mut weighing = Weighing::from(-1.2);
    if exchange.says(Sign::BadSignature) {
        weighing.finding(4.2, Line::new("why_says_bad_signature"));
    }
    if exchange.says(Sign::UnknownKey) {
        weighing.finding(4.2, Line::new("why_says_unknown_key"));
    }
    // The audience is checked after the signature; where both are told, the one that is said to be
    // wrong by name is no doubt wrong (`IDX10214` and kin).
    if exchange.says(Sign::WrongAudience) || exchange.says(Sign::WrongIssuer) {
        weighing.shift(-1.6);
    }
    // An API of keys signs requests with them (Duo Admin API, code 40103).
    if exchange.says(Sign::ApiKeyWrong) {
        weighing.shift(-2.0);
    }
    if let Some(token) = token {
        if token.oddities.iter().any(|odd| matches!(odd, Oddity::AlgorithmNone | Oddity::NoSignature)) {
            weighing.finding(3.4, Line::new("why_token_unsigned"));
        }
        if !is_told && evidence.token_in_time() == Some(true) {
            weighing.finding(0.0, Line::new("why_token_in_time"));
            // Both ends share one secret (RFC 7518, section 3.2), and have to be told it.
            if token.algorithm.as_deref().is_some_and(|name| name.starts_with("HS")) {
                weighing.finding(if is_app { 1.3 } else { 0.6 }, Line::new("why_shared_secret"));
            }
        }
    }
    if !is_told {
        // It was read, it is in time, and it will not do.
        let is_invalid = |error: Option<&str>| error == Some("invalid_token");
        if challenges.iter().any(|one| is_invalid(one.error.as_deref()) && one.error_description.is_none()) {
            weighing.finding(1.2, Line::new("why_says_invalid"));
        }
        if evidence.token_in_time() == Some(false) {
            weighing.shift(-2.4);
        }
        if evidence.accepted_elsewhere().is_some() {
            weighing.shift(-2.4);
        }
        if evidence.names_other_reason(&OWN) || challenges.iter().any(|one| one.claims) {
            weighing.shift(-2.4);
        }
        if exchange.is_challenged_by_browser() {
            weighing.shift(-1.4);
        }
        match exchange.status {
            403 => weighing.shift(-1.4),
            400 => weighing.shift(-0.8),
            _ => {}
        }
    }
    weighing.above(0.2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const JWT: &[(&str, &str)] =
        &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    const API: Given = Given { kind: Kind::Fetch, path: "/api/items", request: JWT, ..Given::PLAIN };

    #[test]
    fn a_server_that_says_so() {
        let given = Given { body: Some("{\"message\":\"invalid signature\"}"), ..API };
        check(&given, "token_signature_invalid 0.95: why_says_bad_signature");
        let key = Given {
            body: None,
            response: &[(
                "WWW-Authenticate",
                "Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"",
            )],
            ..given
        };
        check(&key, "token_signature_invalid 0.95: why_says_unknown_key");
    }

    #[test]
    fn a_token_without_a_signature() {
        let request = &[("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJleHAiOjE4MDAwMDAwMDB9.")];
        check(
            &Given { request, ..API },
            "token_signature_invalid 0.90: why_token_unsigned why_token_in_time",
        );
    }

    #[test]
    fn a_token_in_time_that_will_not_do() {
        let given = Given { response: &[("WWW-Authenticate", "Bearer error=\"invalid_token\"")], ..API };
        check(&given, "token_signature_invalid 0.79: why_token_in_time why_shared_secret why_says_invalid");
        check(&Given { now: 1_800_008_000, ..given }, "token_expired 0.90: why_token_ran_out");
        check(&API, "token_signature_invalid 0.52: why_token_in_time why_shared_secret");
        check(&Given { kind: Kind::MainFrame, ..API }, "unknown");
    }

    #[test]
    fn of_tokens_that_can_be_read_unless_the_server_says_so() {
        check_rule(rule, &API, "0.1: why_token_in_time why_shared_secret");
        let opaque = Given { request: &[("Authorization", "Bearer abc")], ..API };
        check_rule(rule, &opaque, "nothing");
        let told = Given { body: Some("invalid signature"), ..opaque };
        check_rule(rule, &told, "3.0: why_says_bad_signature");
        // Quotes are amiss before the signature is: `auth_header_malformed`.
        let quoted = [("Authorization", "Bearer \"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln\"")];
        check_rule(rule, &Given { request: &quoted, ..API }, "nothing");
    }

    #[test]
    fn other_words_beside_the_signature() {
        let told = |body| Given { body: Some(body), ..API };
        check_rule(rule, &told("invalid signature"), "3.0: why_says_bad_signature");
        check_rule(rule, &told("invalid signature; wrong audience"), "1.4: why_says_bad_signature");
        check_rule(rule, &told("invalid signature; wrong issuer"), "1.4: why_says_bad_signature");
        // An API of keys signs its requests with them.
        let keys = told("Invalid signature in request credentials");
        check_rule(rule, &keys, "1.0: why_says_bad_signature");
    }

    #[test]
    fn what_else_may_be_wrong_with_a_token_in_time() {
        let why =
            |log_odds: &str| format!("{log_odds}: why_token_in_time why_shared_secret why_says_invalid");
        let given = Given { response: &[("WWW-Authenticate", "Bearer error=\"invalid_token\"")], ..API };
        check_rule(rule, &given, &why("1.3"));
        check_rule(rule, &Given { status: 403, ..given.clone() }, &why("-0.1"));
        check_rule(rule, &Given { status: 400, ..given.clone() }, &why("0.5"));
        let accepted = [Other { request: JWT, path: "/api/me", ..Other::PLAIN }];
        check_rule(rule, &Given { earlier: &accepted, ..given.clone() }, &why("-1.1"));
        let reason = Given { body: Some("insufficient_scope"), ..given.clone() };
        check_rule(rule, &reason, &why("-1.1"));
        let claims = [("WWW-Authenticate", "Bearer error=\"invalid_token\", claims=\"eyJhIjoxfQ\"")];
        check_rule(rule, &Given { response: &claims, ..given.clone() }, &why("-1.1"));
        let basic = [("WWW-Authenticate", "Bearer error=\"invalid_token\", Basic realm=\"x\"")];
        check_rule(rule, &Given { response: &basic, ..given }, &why("-0.1"));
    }
}
