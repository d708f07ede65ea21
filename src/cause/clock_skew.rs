//! `clock_skew`: the two ends disagree on what time it is, so a good token is not good yet, or no
//! longer.
//!
//! `nbf` and `iat` (RFC 7519, sections 4.1.5 and 4.1.6) are judged by the verifier's clock. The
//! server's `Date` (RFC 9110, section 6.6.1) beside this machine's clock shows how far they are
//! apart; who is right it does not show.

use super::Weighing;
use crate::evidence::Evidence;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::time::{MINUTE, SECOND};
use crate::words::{Arg, Line};

/// What helps: a right clock.
pub(super) const FIXES: &[FixId] = &[FixId::FixClock, FixId::ForTheOwner];

/// Less than this is a slow answer or a rounded second, in milliseconds.
const NOTICEABLE: i64 = 30 * SECOND;

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403) {
        return None;
    }
    let token = exchange.token();
    let apart = evidence.server_ahead().filter(|ahead| ahead.abs() >= NOTICEABLE);
    let server = exchange.server_time.filter(|_| !exchange.from_cache);
    let mut weighing = Weighing::from(-3.0);
    if exchange.says(Sign::TokenNotYet) {
        weighing.finding(4.2, Line::new("why_says_token_not_yet"));
    }
    let begins = token.and_then(|token| token.not_before.max(token.issued_at));
    let judged_at = server.unwrap_or(evidence.now);
    if let Some(begins) = begins.filter(|begins| begins.since(judged_at) >= SECOND) {
        weighing.finding(3.6, Line::new("why_token_not_yet").with(Arg::At(begins)));
    }
    if let Some(apart) = apart {
        let key = if apart > 0 { "why_server_ahead" } else { "why_server_behind" };
        let weight = if token.is_some() && apart.abs() >= 2 * MINUTE { 1.6 } else { 0.6 };
        weighing.finding(weight, Line::new(key).with(Arg::Span(apart.abs())));
        // Over by the server's clock, and good by ours: the difference decides.
        let expires = token.and_then(|token| token.expires_at);
        if expires.is_some_and(|at| at > exchange.at && server.is_some_and(|server| at < server)) {
            weighing.finding(2.6, Line::new("why_good_by_our_clock"));
        }
    }
    weighing.above(0.15)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;

    /// Claims `{"iat":1800000000,"nbf":1800000000,"exp":1800003600}`.
    const JWT: &[(&str, &str)] = &[(
        "Authorization",
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE4MDAwMDAwMDAsIm5iZiI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAzNjAwfQ.c2ln",
    )];

    #[test]
    fn a_server_that_lives_in_the_past() {
        // 2027-01-15 08:00:00 is 1800000000.
        let given = Given {
            request: JWT,
            response: &[
                ("Date", "Fri, 15 Jan 2027 07:00:05 GMT"),
                ("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"not valid yet\""),
            ],
            now: 1_800_000_005,
            ..Given::default()
        };
        check(&given, "clock_skew 1.00: why_says_token_not_yet why_token_not_yet why_server_behind");
        let silent = Given { response: &[("Date", "Fri, 15 Jan 2027 07:00:05 GMT")], ..given };
        check(&silent, "clock_skew 0.90: why_token_not_yet why_server_behind");
    }

    #[test]
    fn a_clock_of_ours_that_is_behind() {
        let given = Given {
            request: JWT,
            response: &[("Date", "Fri, 15 Jan 2027 09:30:00 GMT")],
            now: 1_800_000_300,
            ..Given::default()
        };
        // Over for the server, good for us: both readings are shown, the clocks' first.
        check(&given, "token_expired 0.90: why_token_ran_out");
    }

    #[test]
    fn clocks_that_agree() {
        let given = Given {
            request: JWT,
            response: &[("Date", "Fri, 15 Jan 2027 08:01:00 GMT")],
            now: 1_800_000_061,
            ..Given::default()
        };
        check(&given, "unknown");
    }

    #[test]
    fn half_a_minute_apart_is_noticeable() {
        // 2027-01-15 08:00:00 is 1800000000.
        let given = Given {
            response: &[("Date", "Fri, 15 Jan 2027 08:00:00 GMT")],
            body: Some("token not valid yet"),
            ..Given::default()
        };
        let at = |seconds: i64| Given { now: 1_800_000_000 + seconds, ..given };
        check_rule(rule, &at(-29), "1.2: why_says_token_not_yet");
        check_rule(rule, &at(-30), "1.8: why_says_token_not_yet why_server_ahead");
        check_rule(rule, &at(29), "1.2: why_says_token_not_yet");
        check_rule(rule, &at(30), "1.8: why_says_token_not_yet why_server_behind");
        // What has no dates of its own does not depend on the clock.
        check_rule(rule, &at(120), "1.8: why_says_token_not_yet why_server_behind");
    }

    #[test]
    fn two_minutes_apart_matter_to_a_token() {
        let given = Given {
            request: JWT,
            response: &[("Date", "Fri, 15 Jan 2027 08:10:00 GMT")],
            body: Some("token not valid yet"),
            ..Given::default()
        };
        let at = |seconds: i64| Given { now: 1_800_000_600 + seconds, ..given };
        check_rule(rule, &at(-119), "1.8: why_says_token_not_yet why_server_ahead");
        check_rule(rule, &at(-120), "2.8: why_says_token_not_yet why_server_ahead");
        check_rule(rule, &at(119), "1.8: why_says_token_not_yet why_server_behind");
        check_rule(rule, &at(120), "2.8: why_says_token_not_yet why_server_behind");
    }

    #[test]
    fn a_token_that_is_over_by_one_clock_alone() {
        // It runs out at 09:00:00.
        let late = Given {
            request: JWT,
            response: &[("Date", "Fri, 15 Jan 2027 09:10:00 GMT")],
            now: 1_800_003_000,
            ..Given::default()
        };
        check_rule(rule, &late, "1.2: why_server_ahead why_good_by_our_clock");
        // Over by both.
        check_rule(rule, &Given { now: 1_800_003_600, ..late }, "-1.4: why_server_ahead");
        // Good by both, for this one moment.
        let response = &[("Date", "Fri, 15 Jan 2027 09:00:00 GMT")];
        check_rule(rule, &Given { response, ..late }, "-1.4: why_server_ahead");
    }
}
