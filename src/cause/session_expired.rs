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
    use super::super::testing::{Given, check, check_rule};
    use super::rule;
    use crate::time::{DAY, HOUR};

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
}
