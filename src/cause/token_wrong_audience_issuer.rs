//! `token_wrong_audience_issuer`: a sound token that was made for somebody else, by somebody else, or
//! for another purpose than opening an API.
//!
//! A verifier refuses a token whose `aud` does not name it and whose `iss` it does not know (RFC 7519,
//! sections 4.1.1 and 4.1.3; RFC 9068, section 4). An ID token tells an app who signed in and is for
//! that app alone (OpenID Connect Core, section 2); a refresh token is for the issuer alone.

use super::Weighing;
use crate::evidence::Evidence;
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::http::jwt::{TokenFacts, TokenKind};
use crate::sign::Sign;
use crate::words::Line;

/// What helps: another token, or an app or a server that is set up for this one.
pub(super) const FIXES: &[FixId] = &[FixId::RemoveStoredToken, FixId::SignIn, FixId::ForTheOwner];

/// What the server says when this is it.
const OWN: [Sign; 2] = [Sign::WrongAudience, Sign::WrongIssuer];

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
    let mut weighing = Weighing::from(-0.9);
    if exchange.says(Sign::WrongAudience) {
        weighing.finding(4.2, Line::new("why_says_wrong_audience"));
    }
    if exchange.says(Sign::WrongIssuer) {
        weighing.finding(4.0, Line::new("why_says_wrong_issuer"));
    }
    if let Some(token) = token {
        claims(token, Address::parse(&exchange.url).host, &mut weighing);
    }
    if !is_told {
        weighing.shift(match evidence.token_in_time() {
            Some(false) => -2.4,
            _ => 0.0,
        });
        // The very token opens other doors of this site.
        if evidence.accepted_elsewhere().is_some() {
            weighing.shift(-2.4);
        }
        if evidence.names_other_reason(&OWN)
            || exchange.challenges().iter().any(|one| one.claims || one.scope.is_some())
        {
            weighing.shift(-2.4);
        }
        if exchange.is_challenged_by_browser() {
            weighing.shift(-1.4);
        }
        match exchange.status {
            403 => weighing.shift(-1.2),
            400 => weighing.shift(-0.8),
            _ => {}
        }
    }
    weighing.above(0.2)
}

/// What the token says of itself beside whom it was sent to.
fn claims(token: &TokenFacts, host: &str, weighing: &mut Weighing) {
    match token.kind {
        TokenKind::Id => weighing.finding(1.4, Line::new("why_token_is_id")),
        TokenKind::Refresh => weighing.finding(3.0, Line::new("why_token_is_refresh")),
        TokenKind::Logout => weighing.finding(3.0, Line::new("why_token_is_logout")),
        TokenKind::Access | TokenKind::Unknown => {}
    }
    let host_of = |text: &str| {
        let host = Address::parse(text).host.to_owned();
        (!host.is_empty()).then_some(host)
    };
    let audiences: Vec<String> = token.audience.iter().filter_map(|one| host_of(one)).collect();
    // An identifier such as `api://default` names no host; one with a dot does.
    let named: Vec<&String> = audiences.iter().filter(|one| one.contains('.')).collect();
    if let Some(other) = named.first() {
        if named.iter().any(|one| *one == host) {
            weighing.shift(-1.8);
        } else if named.iter().all(|one| !same_site(one, host)) {
            weighing.finding(1.6, Line::new("why_audience_elsewhere").text(other).text(host));
        }
    }
    let issuer = token.issuer.as_deref().and_then(host_of);
    if let Some(issuer) = issuer.filter(|issuer| !same_site(issuer, host)) {
        // A shared secret (`HS256`; RFC 7518, section 3.2) is no third party's business: with a public
        // key, what differs between makers is the issuer and the audience.
        let is_public_key = token.algorithm.as_deref().is_some_and(|name| !name.starts_with("HS"));
        weighing.finding(if is_public_key { 1.1 } else { 0.2 }, Line::new("why_issued_by").text(&issuer));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    /// `{"alg":"RS256"}` `{"iss":"https://idp.other.net/","aud":"https://graph.other.net","exp":1800000000}`.
    const ELSEWHERE: &[(&str, &str)] = &[(
        "Authorization",
        "Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkcC5vdGhlci5uZXQvIiwiYXVkIjoiaHR0cHM6Ly9ncmFwaC5vdGhlci5uZXQiLCJleHAiOjE4MDAwMDAwMDB9.c2ln",
    )];
    /// `{"alg":"RS256"}` `{"token_use":"id","exp":1800000000}`.
    const ID: &[(&str, &str)] = &[(
        "Authorization",
        "Bearer eyJhbGciOiJSUzI1NiJ9.eyJ0b2tlbl91c2UiOiJpZCIsImV4cCI6MTgwMDAwMDAwMH0.c2ln",
    )];
    const API: Given = Given { kind: Kind::Fetch, path: "/api/items", request: ELSEWHERE, ..Given::PLAIN };

    #[test]
    fn a_server_that_says_so() {
        let opaque = Given {
            request: &[("Authorization", "Bearer abc")],
            response: &[(
                "WWW-Authenticate",
                "Bearer error=\"invalid_token\", error_description=\"The audience 'x' is invalid\"",
            )],
            ..API
        };
        check(&opaque, "token_wrong_audience_issuer 0.96: why_says_wrong_audience");
        let issuer = Given { body: Some("jwt issuer invalid. expected: https://a"), response: &[], ..opaque };
        check(&issuer, "token_wrong_audience_issuer 0.96: why_says_wrong_issuer");
    }

    #[test]
    fn a_token_that_names_another_place() {
        check(&API, "token_wrong_audience_issuer 0.86: why_audience_elsewhere why_issued_by");
        check(&Given { now: 1_800_008_000, ..API }, "token_expired 0.90: why_token_ran_out");
    }

    #[test]
    fn an_id_token_where_an_access_token_is_wanted() {
        check(&Given { request: ID, ..API }, "token_wrong_audience_issuer 0.62: why_token_is_id");
        let expired = Given { request: ID, now: 1_800_008_000, ..API };
        check(&expired, "token_expired 0.90: why_token_ran_out");
    }

    #[test]
    fn what_speaks_for_another_cause() {
        let all = "why_audience_elsewhere why_issued_by";
        let check = |given: &Given, log_odds: &str| check_rule(rule, given, &format!("{log_odds}: {all}"));
        check(&API, "1.8");
        check(&Given { status: 403, ..API }, "0.6");
        check(&Given { status: 400, ..API }, "1.0");
        // It ran out.
        check(&Given { now: 1_800_008_000, ..API }, "-0.6");
        let opens = [Other { path: "/api/me", request: ELSEWHERE, ..Other::PLAIN }];
        check(&Given { earlier: &opens, ..API }, "-0.6");
        check(&Given { body: Some("jwt expired"), ..API }, "-0.6");
        check(&Given { response: &[("WWW-Authenticate", "Bearer claims=\"e30=\"")], ..API }, "-0.6");
        check(&Given { response: &[("WWW-Authenticate", "Bearer scope=\"read\"")], ..API }, "-0.6");
        check(&Given { response: &[("WWW-Authenticate", "Bearer realm=\"x\"")], ..API }, "1.8");
        check(&Given { response: &[("WWW-Authenticate", "Basic realm=\"x\"")], ..API }, "0.4");
    }

    #[test]
    fn where_the_server_says_so_nothing_speaks_against_it() {
        let opens = [Other { path: "/api/me", request: ELSEWHERE, ..Other::PLAIN }];
        let given = Given { status: 403, body: Some("jwt audience invalid"), earlier: &opens, ..API };
        check_rule(rule, &given, "6.0: why_says_wrong_audience why_audience_elsewhere why_issued_by");
    }

    #[test]
    fn a_token_that_names_this_place_among_others() {
        // `{"alg":"RS256"}` `{"aud":["https://graph.other.net","https://app.example.com"],"typ":"Refresh"}`
        let request = [(
            "Authorization",
            "Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOlsiaHR0cHM6Ly9ncmFwaC5vdGhlci5uZXQiLCJodHRwczovL2FwcC5leGFtcGxlLmNvbSJdLCJ0eXAiOiJSZWZyZXNoIn0.c2ln",
        )];
        let given = Given { request: &request, ..API };
        check_rule(rule, &given, "0.3: why_token_is_refresh");
        let at_neither = Given { origin: "https://app.example.org", ..given };
        check_rule(rule, &at_neither, "3.7: why_token_is_refresh why_audience_elsewhere");
    }

    #[test]
    fn not_for_what_cannot_be_read_or_is_not_well_formed() {
        check_rule(rule, &Given { request: &[("Authorization", "Bearer abc")], ..API }, "nothing");
        let quoted = ELSEWHERE[0].1.replace("Bearer ", "Bearer \"") + "\"";
        check_rule(rule, &Given { request: &[("Authorization", &quoted)], ..API }, "nothing");
    }
}
