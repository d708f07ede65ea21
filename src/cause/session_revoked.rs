//! `session_revoked`: a session or token that was still good by its own dates was ended: by a
//! sign-out elsewhere, a changed password, an administrator, or a sign-in that replaced it.
//!
//! Servers' timers run for a quarter of an hour and more (Jakarta Servlet 6.0 §7.5: 30 minutes is
//! usual; PHP 24, Django two weeks; OWASP names 15–30 minutes for what matters little), so a refusal
//! soon after a success is no timer's.

use super::Weighing;
use crate::evidence::{Evidence, says_renewal};
use crate::exchange::{Exchange, Known, SentCookie};
use crate::fix::FixId;
use crate::sign::Sign;
use crate::time::{DAY, MINUTE};
use crate::words::{Arg, Line};

/// What helps: a new session. A stored token that is sent again and again stands in the way of any
/// sign-in.
pub(super) const FIXES: &[FixId] = &[
    FixId::RemoveStoredToken,
    FixId::SignIn,
    FixId::RemoveCookies,
    FixId::ResetPassword,
    FixId::ClearSiteCookies,
    FixId::ClearSiteData,
];

/// A timer shorter than this is rare, in milliseconds.
const NO_TIMER: i64 = 15 * MINUTE;

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if exchange.status != 401 {
        return None;
    }
    let sessions: Vec<&SentCookie> = evidence.sent_sessions().collect();
    // Whatever an app calls it: `Bearer`, or `Token` (Django REST framework), `ApiKey` … Passwords and what a
    // browser makes of them are no session's.
    let bearer = exchange.authorization.present().filter(|credential| {
        !matches!(credential.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm")
    });
    if sessions.is_empty() && bearer.is_none() {
        return None;
    }
    let mut weighing = Weighing::from(-1.6);
    if exchange.says(Sign::TokenRevoked) || exchange.says(Sign::SignedOut) {
        weighing.finding(4.0, Line::new("why_says_revoked"));
        // "Expired or revoked" (Google, and RFC 6750, section 3.1, word for word) settles nothing.
        if exchange.says(Sign::TokenExpired) {
            weighing.shift(-2.0);
        }
    }
    // What ended would open no other door afterwards.
    if evidence.accepted_elsewhere().is_some_and(|other| other.at > exchange.at) {
        weighing.shift(-2.0);
    }
    if let Some(first) = sessions.first() {
        weighing.finding(0.0, Line::new("why_cookie_sent").text(&first.name));
    }
    // Its own dates: of a token in the cookie or the header, or of the cookie.
    let own = sessions.iter().find_map(|cookie| Some((cookie.name.clone(), cookie.token_expires?)));
    let of_header = bearer.and_then(|bearer| bearer.token.as_ref()?.expires_at);
    if let Some((name, at)) = own.filter(|(_, at)| *at > evidence.now) {
        weighing.finding(1.2, Line::new("why_still_good").text(&name).with(Arg::At(at)));
    } else if let Some(at) = of_header.filter(|at| *at > evidence.now) {
        weighing.finding(0.5, Line::new("why_token_still_good").with(Arg::At(at)));
    } else if let Some(cookie) = sessions.iter().find_map(|sent| {
        evidence
            .in_jar(&sent.name)
            .find(|cookie| cookie.expires.is_some_and(|at| at.since(evidence.now) > DAY))
    }) {
        let at = cookie.expires.unwrap_or_default();
        weighing.finding(0.5, Line::new("why_kept_until").text(&cookie.id.name).with(Arg::At(at)));
    }
    if sessions.iter().any(|cookie| cookie.token_expires.is_some_and(|at| at <= evidence.now))
        || of_header.is_some_and(|at| at <= evidence.now)
    {
        weighing.shift(-3.0);
    }
    if let Some(at) = evidence.last_success() {
        let ago = evidence.now.since(at);
        if ago < NO_TIMER {
            weighing.finding(1.9, Line::new("why_worked_just_now").with(Arg::At(at)));
        } else {
            weighing.shift(-0.4);
        }
    }
    let changed =
        |other: &Exchange| other.site == exchange.site && other.is_success() && other.changes_sign_in;
    if evidence.earlier.iter().any(changed) {
        weighing.finding(2.2, Line::new("why_sign_in_changed"));
    }
    match &exchange.challenges {
        Known::Present(_) if exchange.is_challenged_by_browser() => weighing.shift(-1.5),
        Known::Absent => weighing.shift(0.3),
        _ => {}
    }
    // A request with a credential of its own fails for that one's reasons first.
    if !sessions.is_empty() && exchange.authorization.present().is_some() {
        weighing.shift(-1.2);
    }
    if sessions.iter().any(|one| sessions.iter().filter(|other| other.name == one.name).count() > 1) {
        weighing.shift(-2.0);
    }
    // A sealed cookie holds its session in itself, so nobody can end it before its time; that it cannot
    // be read is the likelier story (`server_key_rotated`).
    if sessions.iter().any(|cookie| cookie.sealed.is_some()) {
        weighing.shift(-1.4);
    }
    // A renewal has its own reasons: see `refresh_failed`.
    if says_renewal(exchange) {
        weighing.shift(-1.5);
    }
    for cookie in sessions.iter().flat_map(|cookie| evidence.in_jar(&cookie.name)) {
        weighing.suspect(&cookie.id);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::{HOUR, MINUTE};

    const SENT: &[(&str, &str)] = &[("Cookie", "sid=abc")];
    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const TOKEN_COOKIE: &[(&str, &str)] =
        &[("Cookie", "session=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    const TOKEN: &[(&str, &str)] =
        &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    const RUNS_OUT: i64 = 1_800_000_000;

    #[test]
    fn a_token_that_is_no_bearers() {
        let given = Given {
            kind: Kind::Fetch,
            path: "/api/me",
            request: &[("Authorization", "Token 9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b")],
            response: &[("WWW-Authenticate", "Token")],
            worked: Some(-2 * MINUTE),
            ..Given::default()
        };
        check(&given, "session_revoked 0.57: why_worked_just_now");
    }

    #[test]
    fn a_refusal_soon_after_a_success_is_no_timers() {
        let given = Given { request: SENT, worked: Some(-2 * MINUTE), ..Given::default() };
        check(&given, "session_revoked 0.65: why_cookie_sent why_worked_just_now");
        check(
            &Given { worked: Some(-2 * HOUR), ..given },
            "session_expired 0.77: why_cookie_sent why_worked_before",
        );
    }

    #[test]
    fn a_token_that_is_still_good_by_its_own_date() {
        let given =
            Given { request: TOKEN_COOKIE, now: 1_799_990_000, worked: Some(-MINUTE), ..Given::default() };
        check(&given, "session_revoked 0.86: why_cookie_sent why_still_good why_worked_just_now");
    }

    #[test]
    fn not_of_a_stranger() {
        check(
            &Given { worked: Some(-MINUTE), request: &[("Cookie", "theme=dark")], ..Given::default() },
            "not_logged_in 0.71: why_nothing_sent why_nothing_held why_worked_before",
        );
    }

    #[test]
    fn a_sealed_session_is_nobodys_to_end() {
        let sealed = &[("Cookie", "session=gAAAAABmFernetSealedValue")];
        let given = Given { request: sealed, worked: Some(-2 * MINUTE), ..Given::default() };
        check(&given, "server_key_rotated 0.57: why_sealed why_worked_before");
    }

    #[test]
    fn expired_or_revoked_settles_little() {
        let given = Given { request: SENT, body: Some("The token was revoked."), ..Given::default() };
        check_rule(rule, &given, "2.7: why_says_revoked why_cookie_sent [sid]");
        let either = Given { body: Some("The token has expired or was revoked."), ..given };
        check_rule(rule, &either, "0.7: why_says_revoked why_cookie_sent [sid]");
    }

    #[test]
    fn what_ended_opens_no_other_door_afterwards() {
        let request = [("Authorization", "Bearer opaque-token")];
        let given = Given { request: &request, ..Given::default() };
        check_rule(rule, &given, "-1.3");
        let taken = Other { request: &request, ..Other::PLAIN };
        check_rule(rule, &Given { later: &[taken], ..given.clone() }, "-3.3");
        check_rule(rule, &Given { later: &[Other { ago: 0, ..taken }], ..given.clone() }, "-1.3");
        check_rule(rule, &Given { earlier: &[taken], ..given }, "-1.3");
    }

    #[test]
    fn a_token_is_good_up_to_the_moment_it_runs_out() {
        let cookie = Given { request: TOKEN_COOKIE, now: RUNS_OUT - 1, ..Given::default() };
        check_rule(rule, &cookie, "-0.1: why_cookie_sent why_still_good [session]");
        check_rule(rule, &Given { now: RUNS_OUT, ..cookie.clone() }, "-4.3: why_cookie_sent [session]");
        let header = Given { request: TOKEN, ..cookie };
        check_rule(rule, &header, "-0.8: why_token_still_good");
        check_rule(rule, &Given { now: RUNS_OUT, ..header }, "-4.3");
    }

    #[test]
    fn a_cookie_that_was_to_be_kept_for_days() {
        let two_days = [("https://app.example.com/", "sid=abc; Path=/; Max-Age=172800")];
        let given = Given { request: SENT, jar: &two_days, ..Given::default() };
        check_rule(rule, &given, "-0.8: why_cookie_sent why_kept_until [sid] [sid]");
        let an_hour = [("https://app.example.com/", "sid=abc; Path=/; Max-Age=3600")];
        check_rule(rule, &Given { jar: &an_hour, ..given }, "-1.3: why_cookie_sent [sid] [sid]");
    }

    #[test]
    fn timers_run_for_a_quarter_of_an_hour_at_least() {
        let worked = |ago: i64| Given { request: SENT, worked: Some(-ago), ..Given::default() };
        check_rule(rule, &worked(15 * MINUTE - 1), "0.6: why_cookie_sent why_worked_just_now [sid]");
        check_rule(rule, &worked(15 * MINUTE), "-1.7: why_cookie_sent [sid]");
    }

    #[test]
    fn a_sign_out_of_this_site_alone() {
        let out = Other { method: "POST", path: "/logout", ..Other::PLAIN };
        let given = Given { request: SENT, earlier: &[out], ..Given::default() };
        check_rule(rule, &given, "0.9: why_cookie_sent why_sign_in_changed [sid]");
        let elsewhere = Other { origin: "https://shop.example.com", ..out };
        check_rule(rule, &Given { earlier: &[elsewhere], ..given }, "-1.3: why_cookie_sent [sid]");
    }

    #[test]
    fn what_else_may_be_the_reason_weighs_against_it() {
        let given = Given { request: SENT, ..Given::default() };
        check_rule(rule, &given, "-1.3: why_cookie_sent [sid]");
        let basic = [("WWW-Authenticate", "Basic realm=x")];
        check_rule(rule, &Given { response: &basic, ..given.clone() }, "-3.1: why_cookie_sent [sid]");
        let bearer = [("WWW-Authenticate", "Bearer")];
        check_rule(rule, &Given { response: &bearer, ..given.clone() }, "-1.6: why_cookie_sent [sid]");
        let signed = [SENT[0], ("Authorization", "Bearer abc")];
        check_rule(rule, &Given { request: &signed, ..given.clone() }, "-2.5: why_cookie_sent [sid]");
        check_rule(rule, &Given { path: "/auth/refresh", ..given }, "-2.8: why_cookie_sent [sid]");
    }

    #[test]
    fn two_sessions_of_one_name_are_another_story() {
        let twins = [("Cookie", "sid=a; sid=b")];
        let given = Given { request: &twins, ..Given::default() };
        check_rule(rule, &given, "-3.3: why_cookie_sent [sid]");
        let three = [("Cookie", "sid=a; JSESSIONID=b; PHPSESSID=c")];
        check_rule(
            rule,
            &Given { request: &three, ..given },
            "-1.3: why_cookie_sent [sid] [JSESSIONID] [PHPSESSID]",
        );
    }
}
