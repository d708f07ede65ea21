//! `locked_or_rate_limited`: too many tries; for a while, or until a captcha is solved, even what is
//! right is refused.
//!
//! 429 (RFC 6585, section 4) and 423 (RFC 4918, section 11.3, which sign-ins borrow) say it by their
//! number, `Retry-After` (RFC 9110, section 10.2.3) says for how long; others change from one refusal
//! to another after a few.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::time::SECOND;
use crate::words::{Arg, Line};

/// What helps: to wait, to solve the captcha, to be unlocked.
pub(super) const FIXES: &[FixId] =
    &[FixId::SignIn, FixId::ResetPassword, FixId::AskForAccess, FixId::TryElsewhere];

/// After this many failures servers commonly lock or ask for a captcha (Jira 3, Spring and ASP.NET
/// Core Identity 5, Home Assistant and qBittorrent 5).
const FEW: u32 = 3;

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403 | 407 | 422 | 423 | 429 | 503) && !exchange.is_turned_away()
    {
        return None;
    }
    let mut weighing = Weighing::from(-2.4);
    // Many sign-ins answer alike whether it is the password or the account.
    if exchange.is_sign_in_attempt() && matches!(exchange.status, 401 | 403) {
        weighing.finding(1.1, Line::new("why_sign_in_refused"));
    }
    match exchange.status {
        429 => weighing.finding(4.4, Line::new("why_status_429")),
        423 => weighing.finding(4.0, Line::new("why_status_423")),
        _ => {}
    }
    if exchange.says(Sign::Locked) {
        weighing.finding(4.6, Line::new("why_says_locked"));
    }
    match exchange.told.retry_after {
        Some(seconds) if seconds > 0 => {
            let span = i64::from(seconds).saturating_mul(SECOND);
            weighing.finding(2.4, Line::new("why_retry_after").with(Arg::Span(span)));
        }
        Some(_) => weighing.finding(2.4, Line::new("why_retry_later")),
        None => {}
    }
    if exchange.told.is_used_up {
        weighing.finding(2.6, Line::new("why_used_up"));
    }
    let failures = evidence.refused_logins();
    if failures >= FEW {
        let weight = if failures >= 5 { 1.8 } else { 1.2 };
        weighing.finding(weight, Line::new("why_many_failures").with(Arg::Count(failures)));
    }
    let is_new = !evidence.tries().any(|other| other.status == exchange.status);
    if exchange.status != 401 && is_new && evidence.tries().any(is_other_refusal(exchange)) {
        weighing.finding(2.0, Line::new("why_refusal_changed"));
    }
    // An edge that wants to see a person first is another story.
    if exchange.says(Sign::BotChallenge) {
        weighing.shift(-3.5);
    } else if exchange.says(Sign::EdgeBlocked) {
        weighing.shift(-1.5);
    }
    weighing.above(0.15)
}

/// Was the very request refused before, with another status?
fn is_other_refusal(exchange: &Exchange) -> impl Fn(&Exchange) -> bool {
    let status = exchange.status;
    move |other| other.status >= 400 && other.status < 500 && other.status != status
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;
    use crate::time::SECOND;

    fn login() -> Given<'static> {
        Given { method: "POST", path: "/login", ..Given::default() }
    }

    #[test]
    fn a_server_that_says_so() {
        let slow = Given { status: 429, response: &[("Retry-After", "60")], ..login() };
        check(&slow, "locked_or_rate_limited 0.99: why_status_429 why_retry_after");
        check(&Given { status: 423, ..login() }, "locked_or_rate_limited 0.83: why_status_423");
        let jira = Given {
            status: 403,
            path: "/rest/api/2/myself",
            request: &[("Authorization", "Basic bWU6cHc=")],
            response: &[(
                "X-Authentication-Denied-Reason",
                "CAPTCHA_CHALLENGE; login-url=https://x.example/",
            )],
            ..Given::default()
        };
        check(&jira, "locked_or_rate_limited 0.90: why_says_locked");
        let spring = Given { body: Some("{\"message\":\"User account is locked\"}"), ..login() };
        check(&spring, "locked_or_rate_limited 0.96: why_sign_in_refused why_says_locked");
    }

    #[test]
    fn a_refusal_that_changes_after_a_few() {
        let before = (1..=5).rev().map(|ago| (ago * 10 * SECOND, login())).collect::<Vec<_>>();
        let given = Given { status: 403, before: &before, ..login() };
        check(
            &given,
            "locked_or_rate_limited 0.92: why_sign_in_refused why_many_failures why_refusal_changed",
        );
        // The same answer each time is a wrong password each time.
        check(&Given { before: &before, ..login() }, "bad_credentials 0.86: why_sign_in_refused");
    }

    #[test]
    fn nobody_left_for_now() {
        let given = Given {
            status: 403,
            request: &[("Authorization", "Bearer abc")],
            response: &[("X-RateLimit-Remaining", "0"), ("Retry-After", "30")],
            ..Given::default()
        };
        check(&given, "locked_or_rate_limited 0.93: why_retry_after why_used_up");
    }

    #[test]
    fn not_a_refusal_like_any_other_nor_a_robots_test() {
        check(&login(), "bad_credentials 0.86: why_sign_in_refused");
        let robot =
            Given { status: 429, response: &[("X-Vercel-Mitigated", "challenge")], ..Given::default() };
        check(&robot, "waf_or_ip_block 0.93: why_bot_challenge");
    }

    #[test]
    fn come_again_later() {
        let given = Given { status: 403, response: &[("Retry-After", "60")], ..Given::default() };
        check_rule(rule, &given, "0.0: why_retry_after");
        // A date, or nobody knows.
        let date = &[("Retry-After", "Tue, 22 Sep 2026 10:00:00 GMT")];
        check_rule(rule, &Given { response: date, ..given }, "0.0: why_retry_later");
        check_rule(rule, &Given { response: &[("Retry-After", "0")], ..given }, "0.0: why_retry_later");
        // By way of the sign-in page; and of what is not there.
        let back = &[("Location", "/login"), ("Retry-After", "60")];
        check_rule(rule, &Given { status: 302, response: back, ..given }, "0.0: why_retry_after");
        check_rule(rule, &Given { status: 404, ..given }, "nothing");
    }

    #[test]
    fn only_a_refusal_can_change() {
        let after = |status, expect: &str| {
            let before = [(10 * SECOND, Given { status, ..login() })];
            check_rule(rule, &Given { status: 403, before: &before, ..login() }, expect);
        };
        after(401, "0.7: why_sign_in_refused why_refusal_changed");
        after(403, "-1.3: why_sign_in_refused");
        after(302, "-1.3: why_sign_in_refused");
        after(500, "-1.3: why_sign_in_refused");
    }

    #[test]
    fn an_edge_that_blocks_rather_does_so_for_its_own_reasons() {
        let given = Given { status: 429, ..Given::default() };
        check_rule(rule, &given, "2.0: why_status_429");
        let edge = Given { response: &[("cf-mitigated", "block")], ..given };
        check_rule(rule, &edge, "0.5: why_status_429");
    }
}
