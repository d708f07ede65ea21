//! `api_key_missing_or_invalid`: the API tells programs apart by a key, and there is none or a wrong one.
//!
//! Keys travel in headers or parameters of their own, not by HTTP authentication, so each gateway has
//! its own words: Kong challenges with `Key`, Azure API Management with `AzureApiManagementKey`, Amazon
//! API Gateway answers 403 `Forbidden` (gateway response `INVALID_API_KEY`).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{KeyPlace, Kind};
use crate::fix::FixId;
use crate::product::Product;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: a key that is good, put everywhere the old one stood.
pub(super) const FIXES: &[FixId] = &[FixId::RenewToken, FixId::AskForAccess, FixId::ForTheOwner];

/// Schemes of challenges that ask for a key.
const SCHEMES: [&str; 5] = ["key", "apikey", "api-key", "x-api-key", "api_key"];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403) || exchange.kind == Kind::Preflight {
        return None;
    }
    let challenges = exchange.challenges();
    let asks_key = challenges.iter().any(|one| SCHEMES.contains(&one.scheme.as_str()))
        || exchange.products.contains(&Product::AzureApiManagement);
    let says_missing = exchange.says(Sign::ApiKeyMissing);
    let says_wrong = exchange.says(Sign::ApiKeyWrong);
    let credential = exchange.authorization.present();
    let is_key_scheme = credential.is_some_and(|sent| SCHEMES.contains(&sent.scheme.as_str()));
    // By Basic, without the browser being asked: a key in the place of a name (Stripe, Mailgun, Duo).
    let is_basic_key = credential.is_some_and(|sent| sent.scheme == "basic" && sent.oddities.is_empty())
        && matches!(exchange.kind, Kind::Fetch | Kind::Script)
        && challenges.is_empty()
        && !exchange.told.is_html;
    let sent = exchange.asked.api_key;
    let is_gateway = exchange.products.contains(&Product::AmazonApiGateway) && exchange.status == 403;
    if !(asks_key
        || says_missing
        || says_wrong
        || is_key_scheme
        || is_basic_key
        || sent.is_some()
        || is_gateway)
    {
        return None;
    }
    let mut weighing = Weighing::from(-1.6);
    if says_wrong {
        weighing.finding(4.0, Line::new("why_says_key_wrong"));
    } else if says_missing {
        weighing.finding(4.0, Line::new("why_says_key_missing"));
    }
    if asks_key {
        weighing.finding(3.6, Line::new("why_asks_key"));
    }
    match sent {
        Some(KeyPlace::Header) => weighing.finding(2.2, Line::new("why_key_sent")),
        Some(KeyPlace::Query) => weighing.finding(1.8, Line::new("why_key_sent")),
        None if is_key_scheme => weighing.finding(2.2, Line::new("why_key_sent")),
        None if is_basic_key => weighing.finding(0.8, Line::new("why_basic_no_challenge")),
        None if is_gateway && exchange.authorization.is_absent() => {
            weighing.finding(1.6, Line::new("why_gateway_forbidden"));
        }
        None if asks_key => weighing.finding(0.4, Line::new("why_no_key")),
        None => {}
    }
    if !(says_wrong || says_missing || asks_key) {
        // A credential of its own fails for its own reasons first (Supabase, API Management: both).
        if sent.is_some() && credential.is_some() {
            weighing.shift(-1.6);
        }
        if evidence.sent_sessions().next().is_some() {
            weighing.shift(-1.0);
        }
        if exchange.status == 400 {
            weighing.shift(-1.4);
        }
        if exchange.is_challenged_by_browser() {
            weighing.shift(-1.0);
        }
        if evidence.names_other_reason(&[Sign::NoCredential]) {
            weighing.shift(-2.0);
        }
    }
    weighing.above(0.2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const API: Given = Given { kind: Kind::Fetch, path: "/v1/items", ..Given::PLAIN };

    #[test]
    fn gateways_that_ask_for_a_key() {
        let kong = Given { response: &[("WWW-Authenticate", "Key realm=\"kong\"")], ..API };
        check(&kong, "api_key_missing_or_invalid 0.92: why_asks_key why_no_key");
        let azure = &[("WWW-Authenticate", "AzureApiManagementKey realm=\"x\",name=\"k\",type=\"header\"")];
        check(&Given { response: azure, ..API }, "api_key_missing_or_invalid 0.92: why_asks_key why_no_key");
        let said = Given { body: Some("{\"message\":\"No API key found in request\"}"), ..kong };
        check(&said, "api_key_missing_or_invalid 1.00: why_says_key_missing why_asks_key why_no_key");
    }

    #[test]
    fn a_key_that_is_refused() {
        let given = Given { request: &[("X-API-Key", "abc")], ..API };
        check(&given, "api_key_missing_or_invalid 0.65: why_key_sent");
        let said = Given { body: Some("{\"error\":{\"message\":\"Incorrect API key provided\"}}"), ..given };
        check(&said, "api_key_missing_or_invalid 0.99: why_says_key_wrong why_key_sent");
    }

    #[test]
    fn not_when_a_token_goes_with_it() {
        // Claims `{"exp":1800000000}`, 2027-01-15.
        let given = Given {
            request: &[
                ("apikey", "abc"),
                ("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln"),
            ],
            now: 1_800_008_000,
            ..API
        };
        check(&given, "token_expired 0.90: why_token_ran_out");
        check(&API, "not_logged_in 0.73: why_nothing_sent why_nothing_held");
    }

    const KEY: &[(&str, &str)] = &[("X-API-Key", "abc")];

    #[test]
    fn only_what_is_refused_and_is_no_preflight() {
        let given = Given { request: KEY, ..API };
        check_rule(rule, &given, "0.6: why_key_sent");
        check_rule(rule, &Given { status: 404, ..given }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
    }

    #[test]
    fn what_the_server_says_is_enough() {
        let wrong = Given { body: Some("{\"message\":\"Invalid API key\"}"), ..API };
        check_rule(rule, &wrong, "2.4: why_says_key_wrong");
        let missing = Given { body: Some("{\"message\":\"No API key found\"}"), ..API };
        check_rule(rule, &missing, "2.4: why_says_key_missing");
        // Then a session beside it explains nothing.
        let session = Given { request: &[("Cookie", "sid=1")], ..missing };
        check_rule(rule, &session, "2.4: why_says_key_missing");
    }

    #[test]
    fn a_key_in_authorization() {
        let given = Given { request: &[("Authorization", "ApiKey abc")], ..API };
        check_rule(rule, &given, "0.6: why_key_sent");
        check_rule(rule, &Given { request: &[("Authorization", "Bearer abc")], ..API }, "nothing");
    }

    #[test]
    fn a_key_in_the_place_of_a_name() {
        // `me:pw`.
        let given = Given { request: &[("Authorization", "Basic bWU6cHc=")], ..API };
        check_rule(rule, &given, "-0.8: why_basic_no_challenge");
        check_rule(rule, &Given { kind: Kind::Script, ..given }, "-0.8: why_basic_no_challenge");
        check_rule(rule, &Given { kind: Kind::SubFrame, ..given }, "nothing");
        check_rule(rule, &Given { request: &[("Authorization", "Basic undefined")], ..given }, "nothing");
        check_rule(rule, &Given { response: &[("WWW-Authenticate", "Basic realm=x")], ..given }, "nothing");
        check_rule(rule, &Given { response: &[("Content-Type", "text/html")], ..given }, "nothing");
    }

    #[test]
    fn a_gateway_that_forbids() {
        let given = Given { status: 403, response: &[("apigw-requestid", "1")], ..API };
        check_rule(rule, &given, "0.0: why_gateway_forbidden");
        check_rule(rule, &Given { status: 401, ..given }, "nothing");
        // It may have looked at that.
        check_rule(rule, &Given { request: &[("Authorization", "Bearer abc")], ..given }, "nothing");
    }

    #[test]
    fn a_key_that_was_sent_is_one_suspect_among_others() {
        let given = Given { request: KEY, ..API };
        let session = Given { request: &[("X-API-Key", "abc"), ("Cookie", "sid=1")], ..given };
        check_rule(rule, &session, "-0.4: why_key_sent");
        check_rule(rule, &Given { status: 400, ..given }, "-0.8: why_key_sent");
        let asked = Given { response: &[("WWW-Authenticate", "Basic realm=x")], ..given };
        check_rule(rule, &asked, "-0.4: why_key_sent");
        check_rule(rule, &Given { body: Some("Your account is locked"), ..given }, "nothing");
    }
}
