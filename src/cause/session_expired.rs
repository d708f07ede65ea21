//! `session_expired`: the session cookie is sent, but its server session has lapsed by time.
//!
//! Servers end sessions on a timer of their own (Jakarta Servlet 6.0 §7.5, PHP
//! `session.gc_maxlifetime`, Django `SESSION_COOKIE_AGE`), which the cookie's own lifetime does
//! not tell. So a browser goes on sending a cookie that no longer means anything.

use super::Weighing;
use crate::evidence::{Evidence, says_renewal};
use crate::exchange::{Known, SentCookie};
use crate::fix::FixId;
use crate::sign::Sign;
use crate::time::{DAY, MINUTE};
use crate::words::{Arg, Line};

/// What helps: the dead cookie goes, and the site starts over.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveCookies, FixId::SignIn, FixId::ClearSiteCookies, FixId::ClearSiteData];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !evidence.is_shut_out() {
        return None;
    }
    let sessions: Vec<&SentCookie> = evidence.sent_sessions().collect();
    let Some(first) = sessions.first() else { return behind_the_token(evidence) };
    let mut weighing = Weighing::from(-0.4);

    // 440 Login Time-out (IIS 6 and later, Exchange): the server says it in so many words.
    if exchange.says(Sign::SessionTimedOut) && exchange.status != 440 {
        weighing.finding(3.0, Line::new("why_says_timed_out"));
    }
    if exchange.status == 440 {
        weighing.finding(4.0, Line::new("why_status_440"));
    }
    if let Some((cookie, at)) = sessions
        .iter()
        .filter_map(|cookie| Some((cookie, cookie.token_expires?)))
        .find(|(_, at)| *at < evidence.now)
    {
        weighing.finding(3.5, Line::new("why_cookie_ran_out").text(&cookie.name).with(Arg::At(at)));
    }
    // A token that is still good by its own date has not lapsed by time.
    if sessions.iter().any(|cookie| cookie.token_expires.is_some_and(|at| at > evidence.now)) {
        weighing.shift(-1.5);
    }
    weighing.finding(0.0, Line::new("why_cookie_sent").text(&first.name));
    // One page takes the cookie for a sign-in, and the other knows nobody by it.
    if exchange.goes_in_circles() {
        weighing.finding(1.6, Line::new("why_in_circles"));
    }
    let cleared = evidence.cleared_session();
    if let Some(name) = cleared {
        weighing.finding(1.5, Line::new("why_server_cleared").text(name));
    }
    if let Some(at) = evidence.last_success() {
        // A timer does not run out while somebody is at work (see `session_revoked`).
        let weight = if evidence.now.since(at) < 15 * MINUTE { -0.6 } else { 1.2 };
        weighing.finding(weight, Line::new("why_worked_before").with(Arg::At(at)));
        let same = |cookie: &&SentCookie| {
            evidence.past.then.iter().any(|(name, mark)| *name == cookie.name && *mark == cookie.mark)
        };
        if let Some(cookie) = sessions.iter().copied().find(same) {
            weighing.finding(0.8, Line::new("why_same_cookie").text(&cookie.name));
        }
    }
    let age = evidence
        .in_jar(&first.name)
        .filter_map(|cookie| cookie.first_seen)
        .map(|seen| evidence.now.since(seen))
        .max();
    match age {
        Some(age) if age >= DAY => {
            weighing.finding(1.2, Line::new("why_cookie_age").text(&first.name).with(Arg::Span(age)))
        }
        Some(age) if age >= 20 * MINUTE => {
            weighing.finding(0.8, Line::new("why_cookie_age").text(&first.name).with(Arg::Span(age)))
        }
        // A cookie made a moment ago has had no time to lapse.
        Some(age) if age < MINUTE => weighing.shift(-0.5),
        _ => {}
    }

    match &exchange.challenges {
        Known::Absent => weighing.shift(0.4),
        // The site wants another kind of sign-in than a session.
        Known::Present(_) if exchange.is_challenged_by_browser() => weighing.shift(-1.5),
        Known::Present(_) => weighing.shift(-0.8),
        Known::Unknown => {}
    }
    // A request with a credential of its own fails for that one's reasons first.
    if exchange.authorization.present().is_some() {
        weighing.shift(-2.0);
    }
    match exchange.status {
        // 403: the site knows who this is and says no; not where it takes the session back.
        403 if cleared.is_none() => weighing.shift(-1.8),
        // A form's guard ran out (Laravel).
        419 => weighing.shift(-1.0),
        _ => {}
    }
    // A sealed cookie holds its session in itself: within that software's own time it is refused
    // because it cannot be read (`server_key_rotated`).
    // How old it is at least, where the answer took it back.
    let at_least = || evidence.last_success().map(|at| evidence.now.since(at));
    let is_young = |cookie: &&SentCookie| {
        let life = cookie.sealed.map(|seal| seal.life().unwrap_or(30 * DAY));
        life.is_some_and(|life| age.or_else(at_least).is_some_and(|age| age < life))
    };
    if sessions.iter().any(is_young) {
        weighing.shift(-0.9);
    }
    // What is no answer of the site's own is no news of its timer.
    if exchange.from_cache || exchange.told.stored_copy {
        weighing.shift(-1.2);
    }
    // One name twice is a story of its own.
    if sessions.iter().any(|cookie| sessions.iter().filter(|other| other.name == cookie.name).count() > 1) {
        weighing.shift(-2.0);
    }

    // A cookie that renews others, or a renewal that failed: see `refresh_failed`.
    if says_renewal(exchange) {
        weighing.shift(-3.5);
    } else if evidence.failed_renewal().is_some() {
        weighing.shift(-1.0);
    }

    for cookie in sessions.iter().flat_map(|cookie| evidence.in_jar(&cookie.name)) {
        weighing.suspect(&cookie.id);
    }
    Some(weighing)
}

/// A token that ran out a while ago and was not renewed: then the sign-in that would renew it (single
/// sign-on, a refresh token's own session) may be over as well.
fn behind_the_token(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let token = exchange.token()?;
    let expires = token.expires_at?;
    let over = exchange.server_time.unwrap_or(evidence.now).since(expires);
    // One that lives for minutes is made to be renewed all the time (Keycloak: five by default).
    let is_short = token.issued_at.is_some_and(|issued| expires.since(issued) <= 15 * MINUTE);
    if exchange.status != 401 || over <= 0 || (over < 5 * MINUTE && !is_short) {
        return None;
    }
    let mut weighing = Weighing::from(-1.1);
    weighing.finding(0.0, Line::new("why_token_ran_out").with(Arg::At(expires)));
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::time::{DAY, HOUR, MINUTE, SECOND};

    const SENT: &[(&str, &str)] = &[("Cookie", "sid=abc; theme=dark")];
    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const TOKEN_COOKIE: &str = "session=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln";

    #[test]
    fn one_that_half_the_site_takes_for_good() {
        let given = Given {
            status: 0,
            circles: true,
            request: &[("Cookie", "sid=abc")],
            worked: Some(-2 * HOUR),
            ..Given::default()
        };
        check(&given, "session_expired 0.94: why_cookie_sent why_in_circles why_worked_before");
    }

    #[test]
    fn a_403_that_takes_the_session_back() {
        let given = Given {
            status: 403,
            request: &[("Cookie", "sessionid=abc")],
            response: &[("Set-Cookie", "sessionid=; Path=/; Max-Age=0")],
            worked: Some(-2 * HOUR),
            ..Given::default()
        };
        check(&given, "session_expired 0.94: why_cookie_sent why_server_cleared why_worked_before");
        check(&Given { response: &[], ..given }, "unknown");
    }

    #[test]
    fn a_site_that_let_in_before_and_now_refuses_the_same_cookie() {
        check(
            &Given { request: SENT, worked: Some(-2 * HOUR), ..Given::default() },
            "session_expired 0.77: why_cookie_sent why_worked_before",
        );
        check(
            &Given { request: SENT, worked: Some(-2 * HOUR), cookie_age: Some(3 * DAY), ..Given::default() },
            "session_expired 0.92: why_cookie_sent why_worked_before why_cookie_age",
        );
    }

    #[test]
    fn a_token_in_the_cookie_that_ran_out_settles_it() {
        let given = Given { request: &[("Cookie", TOKEN_COOKIE)], now: 1_800_000_600, ..Given::default() };
        check(&given, "session_expired 0.97: why_cookie_ran_out why_cookie_sent");
        check(&Given { now: 1_799_999_000, ..given }, "unknown");
        // Its last second is neither here nor there.
        check_rule(rule, &Given { now: 1_800_000_000, ..given }, "0.0: why_cookie_sent [session]");
        check_rule(rule, &Given { now: 1_799_999_999, ..given }, "-1.5: why_cookie_sent [session]");
    }

    #[test]
    fn a_token_that_was_not_renewed_may_mean_that_the_sign_in_behind_it_is_over() {
        let given = Given {
            request: &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")],
            now: 1_800_008_000,
            ..Given::default()
        };
        // The token comes first; this stands behind it.
        check(&given, "token_expired 0.90: why_token_ran_out");
        check(&Given { now: 1_800_000_060, ..given }, "token_expired 0.90: why_token_ran_out");
        check_rule(rule, &given, "-1.1: why_token_ran_out");
        // Who may not is known.
        check_rule(rule, &Given { status: 403, ..given }, "nothing");
        // An app has some minutes to renew it.
        check_rule(rule, &Given { now: 1_800_000_299, ..given }, "nothing");
        check_rule(rule, &Given { now: 1_800_000_300, ..given }, "-1.1: why_token_ran_out");
    }

    #[test]
    fn a_token_that_lives_for_minutes_should_have_been_renewed_at_once() {
        // Claims `{"iat":1799999100,"exp":1800000000}`: a quarter of an hour.
        let given = Given {
            request: &[(
                "Authorization",
                "Bearer eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTk5OTkxMDAsImV4cCI6MTgwMDAwMDAwMH0.c2ln",
            )],
            now: 1_800_000_001,
            ..Given::default()
        };
        check_rule(rule, &given, "-1.1: why_token_ran_out");
        check_rule(rule, &Given { now: 1_800_000_000, ..given }, "nothing");
        // A second longer, `{"iat":1799999099,"exp":1800000000}`, is not short.
        let longer = &[(
            "Authorization",
            "Bearer eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTk5OTkwOTksImV4cCI6MTgwMDAwMDAwMH0.c2ln",
        )];
        check_rule(rule, &Given { request: longer, ..given }, "nothing");
    }

    #[test]
    fn the_server_says_so_or_takes_the_cookie_away() {
        check(
            &Given { status: 440, request: SENT, ..Given::default() },
            "session_expired 0.98: why_status_440 why_cookie_sent",
        );
        check(
            &Given { request: SENT, response: &[("Set-Cookie", "sid=; Max-Age=0")], ..Given::default() },
            "session_expired 0.82: why_cookie_sent why_server_cleared",
        );
        let says = Given { request: SENT, body: Some("Your session has expired."), ..Given::default() };
        check_rule(rule, &says, "3.0: why_says_timed_out why_cookie_sent [sid]");
        // The status says the same.
        check_rule(rule, &Given { status: 440, ..says }, "4.0: why_status_440 why_cookie_sent [sid]");
    }

    #[test]
    fn a_form_s_guard_is_rather_another_cause() {
        let given = Given { request: SENT, worked: Some(-2 * HOUR), ..Given::default() };
        check_rule(rule, &given, "1.2: why_cookie_sent why_worked_before [sid]");
        check_rule(rule, &Given { status: 419, ..given }, "0.2: why_cookie_sent why_worked_before [sid]");
    }

    #[test]
    fn not_without_a_session_cookie() {
        check(&Given { status: 403, worked: Some(-HOUR), ..Given::default() }, "unknown");
        let guard =
            Given { request: &[("Cookie", "theme=dark; XSRF-TOKEN=1")], status: 403, ..Given::default() };
        check(&guard, "unknown");
    }

    #[test]
    fn not_when_another_credential_or_challenge_is_in_play() {
        check(
            &Given {
                request: &[("Cookie", "sid=abc"), ("Authorization", "Bearer x")],
                worked: Some(-HOUR),
                ..Given::default()
            },
            "unknown",
        );
        check(
            &Given { request: SENT, response: &[("WWW-Authenticate", "Basic realm=x")], ..Given::default() },
            "unknown",
        );
        check(&Given { status: 403, request: SENT, ..Given::default() }, "unknown");
    }

    #[test]
    fn a_timer_does_not_run_out_while_somebody_is_at_work() {
        let given = Given { request: SENT, worked: Some(-15 * MINUTE), ..Given::default() };
        check_rule(rule, &given, "1.2: why_cookie_sent why_worked_before [sid]");
        let working = Given { worked: Some(1 - 15 * MINUTE), ..given };
        check_rule(rule, &working, "-0.6: why_cookie_sent why_worked_before [sid]");
    }

    #[test]
    fn the_very_cookie_that_was_let_in_then() {
        let given =
            Given { request: SENT, worked: Some(-2 * HOUR), then: &[("sid", "abc")], ..Given::default() };
        check_rule(rule, &given, "2.0: why_cookie_sent why_worked_before why_same_cookie [sid]");
        let new = "1.2: why_cookie_sent why_worked_before [sid]";
        check_rule(rule, &Given { then: &[("sid", "old")], ..given }, new);
        check_rule(rule, &Given { then: &[("other", "abc")], ..given }, new);
    }

    #[test]
    fn the_older_the_cookie_the_likelier() {
        let aged = |age| Given { request: SENT, cookie_age: Some(age), ..Given::default() };
        check_rule(rule, &aged(MINUTE - 1), "-0.5: why_cookie_sent [sid]");
        check_rule(rule, &aged(MINUTE), "0.0: why_cookie_sent [sid]");
        check_rule(rule, &aged(20 * MINUTE - 1), "0.0: why_cookie_sent [sid]");
        check_rule(rule, &aged(20 * MINUTE), "0.8: why_cookie_sent why_cookie_age [sid]");
        check_rule(rule, &aged(DAY), "1.2: why_cookie_sent why_cookie_age [sid]");
    }

    #[test]
    fn a_challenge_wants_another_kind_of_sign_in() {
        let given = Given { request: SENT, ..Given::default() };
        check_rule(rule, &given, "0.0: why_cookie_sent [sid]");
        let basic = &[("WWW-Authenticate", "Basic realm=x")];
        check_rule(rule, &Given { response: basic, ..given }, "-1.9: why_cookie_sent [sid]");
        let bearer = &[("WWW-Authenticate", "Bearer")];
        check_rule(rule, &Given { response: bearer, ..given }, "-1.2: why_cookie_sent [sid]");
        check_rule(rule, &Given { hidden: &["www-authenticate"], ..given }, "-0.4: why_cookie_sent [sid]");
    }

    #[test]
    fn a_sealed_cookie_that_is_within_its_time() {
        // Fernet has no time of its own: a month.
        let given = Given {
            request: &[("Cookie", "sid=gAAAAABinv")],
            cookie_age: Some(30 * DAY),
            ..Given::default()
        };
        check_rule(rule, &given, "1.2: why_cookie_sent why_cookie_age [sid]");
        let young = Given { cookie_age: Some(30 * DAY - SECOND), ..given };
        check_rule(rule, &young, "0.3: why_cookie_sent why_cookie_age [sid]");
    }

    #[test]
    fn a_copy_is_no_news_of_the_timer() {
        let given = Given { request: SENT, ..Given::default() };
        check_rule(rule, &Given { from_cache: true, ..given }, "-1.2: why_cookie_sent [sid]");
        let stored = Given { response: &[("Age", "60")], ..given };
        check_rule(rule, &stored, "-1.2: why_cookie_sent [sid]");
    }

    #[test]
    fn rather_another_cause_when_there_are_two_of_it_or_its_renewal_failed() {
        let given = Given { request: SENT, ..Given::default() };
        let twice = Given { request: &[("Cookie", "sid=abc; sid=def")], ..given };
        check_rule(rule, &twice, "-2.0: why_cookie_sent [sid]");
        let two_sessions = Given { request: &[("Cookie", "sid=abc; session=def")], ..given };
        check_rule(rule, &two_sessions, "0.0: why_cookie_sent [sid] [session]");
        let earlier = &[Other { method: "POST", path: "/auth/refresh", status: 401, ..Other::PLAIN }];
        check_rule(rule, &Given { earlier, ..given }, "-1.0: why_cookie_sent [sid]");
    }
}
