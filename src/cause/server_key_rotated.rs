//! `server_key_rotated`: the server has another key, or another store of sessions, than when it made the
//! cookie, so that it can no longer read it.
//!
//! Many servers seal a session with a key of theirs and keep nothing else: ASP.NET Core Data
//! Protection, Fernet, Laravel, Rails, Django and Flask, Tornado, gorilla, iron-session (see
//! `http::seal`). A deployment that makes a new key, or a second instance with its own, ends every
//! session at once; so does a restart where sessions lie in memory.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, SentCookie};
use crate::fix::FixId;
use crate::http::seal::Seal;
use crate::sign::Sign;
use crate::time::{DAY, HOUR};
use crate::words::{Arg, Line};

/// What helps: the cookie that nobody can read goes.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveCookies, FixId::SignIn, FixId::ClearSiteCookies, FixId::CheckStatus, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let says = exchange.says(Sign::SessionUnreadable);
    let fails = matches!(exchange.status, 400 | 500);
    if !(evidence.is_shut_out() || (fails && says)) {
        return None;
    }
    let sent = exchange.cookies.present().map_or(&[][..], Vec::as_slice);
    let sealed = sent.iter().find_map(|cookie| Some((cookie, cookie.sealed?)));
    let session = evidence.sent_sessions().next();
    let unsigned = unsigned(evidence);
    let cookie = unsigned.or(sealed.map(|(cookie, _)| cookie)).or(session);
    if cookie.is_none() && !says {
        return None;
    }
    let mut weighing = Weighing::from(-2.2);
    if says {
        weighing.finding(5.0, Line::new("why_says_unreadable"));
    }
    if let Some((cookie, seal)) = sealed {
        weighing.finding(1.6, Line::new("why_sealed").text(&cookie.name).text(seal.name()));
        within_its_life(&mut weighing, evidence, cookie, seal);
    }
    if let Some(cookie) = unsigned {
        weighing.finding(5.0, Line::new("why_signature_dropped").text(&cookie.name));
    }
    if let Some(status) = was_down(evidence) {
        weighing.finding(2.2, Line::new("why_was_down").text(&status.to_string()));
    }
    if is_now_and_then(evidence) {
        weighing.finding(2.0, Line::new("why_now_and_then"));
    }
    let replaced = exchange
        .set_cookies
        .present()
        .into_iter()
        .flatten()
        .find(|set| cookie.is_some_and(|cookie| cookie.name == set.name) && sealed.is_some());
    if let Some(set) = replaced {
        weighing.finding(0.4, Line::new("why_replaced").text(&set.name));
    }
    if exchange.authorization.present().is_some() {
        weighing.shift(-2.0);
    }
    if exchange.is_challenged_by_browser() {
        weighing.shift(-1.0);
    }
    match exchange.status {
        403 => weighing.shift(-1.2),
        419 => weighing.shift(-2.0),
        _ => {}
    }
    let twins = |one: &SentCookie| sent.iter().filter(|other| other.name == one.name).count() > 1;
    if cookie.is_some_and(twins) {
        weighing.shift(-2.0);
    }
    for cookie in cookie.into_iter().flat_map(|cookie| evidence.in_jar(&cookie.name)) {
        weighing.suspect(&cookie.id);
    }
    weighing.above(0.15)
}

/// A cookie with its signature beside it, `NAME` and `NAME.sig`, of which the answer takes the signature
/// back: so does the `cookies` module (Express's cookie-session, Koa) where that fits none of its keys.
fn unsigned<'a>(evidence: &'a Evidence<'_>) -> Option<&'a SentCookie> {
    let exchange = evidence.exchange;
    let sent = exchange.cookies.present()?;
    let mut taken = exchange.set_cookies.present()?.iter().filter(|set| set.deletes(evidence.now));
    let is_taken =
        |name: &str| exchange.set_cookies.present().into_iter().flatten().any(|set| set.name == name);
    taken.find_map(|set| {
        let name = set.name.strip_suffix(".sig").filter(|name| !is_taken(name))?;
        let was_sent = sent.iter().any(|cookie| cookie.name == set.name);
        sent.iter().find(|cookie| was_sent && cookie.name == name)
    })
}

/// Younger than that software lets a session grow, and yet refused.
fn within_its_life(weighing: &mut Weighing, evidence: &Evidence<'_>, cookie: &SentCookie, seal: Seal) {
    let Some(age) = evidence
        .in_jar(&cookie.name)
        .filter_map(|held| held.first_seen)
        .map(|seen| evidence.now.since(seen))
        .max()
    else {
        // The answer took it back; what is known is when it was good.
        if let Some(at) = evidence.last_success()
            && evidence.now.since(at) < seal.life().unwrap_or(30 * DAY)
        {
            weighing.finding(0.9, Line::new("why_worked_before").with(Arg::At(at)));
        }
        return;
    };
    match seal.life() {
        Some(life) if age > life => weighing.shift(-1.2),
        // A few hours are what owners commonly choose themselves.
        _ if age > 30 * DAY => weighing.shift(-0.4),
        _ => {
            let weight = if age > HOUR { 1.3 } else { 0.6 };
            weighing.finding(weight, Line::new("why_within_life").text(&cookie.name).with(Arg::Span(age)));
        }
    }
}

/// Between the last answer that let in and this one the site was down: with which status.
fn was_down(evidence: &Evidence<'_>) -> Option<u16> {
    let own: Vec<&Exchange> =
        evidence.earlier.iter().filter(|other| other.site == evidence.exchange.site).collect();
    let last = own.iter().rposition(|other| other.is_let_in())?;
    own.iter().skip(last).map(|other| other.status).find(|status| matches!(status, 502..=504))
}

/// The very same cookie is accepted, refused and accepted: instances with a key each.
fn is_now_and_then(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    let same = |other: &&Exchange| {
        other.is_same_request(exchange) && other.is_let_in() && !exchange.has_newer_session(other)
    };
    evidence.earlier.iter().any(|other| same(&other)) && evidence.later.iter().any(|other| same(&other))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::time::{DAY, HOUR, MINUTE};

    const SEALED: &[(&str, &str)] = &[("Cookie", ".AspNetCore.Cookies=CfDJ8AbCdEf")];
    /// Sealed by software that gives a session no time of its own.
    const TIMELESS: &[(&str, &str)] = &[("Cookie", "session=gAAAAABmFernetSealedValue")];
    const SAYS: Option<&str> = Some("The key {0b1c} was not found in the key ring.");

    #[test]
    fn a_sealed_session_that_is_taken_back() {
        let given = Given {
            request: &[("Cookie", "sessionid=eyJ1aWQiOjF9:ZxYz12:abcdefghijklmnopqrstuvwxyz0")],
            response: &[("Set-Cookie", "sessionid=; Path=/; Max-Age=0")],
            worked: Some(-2 * MINUTE),
            ..Given::default()
        };
        check(&given, "server_key_rotated 0.67: why_sealed why_worked_before why_replaced");
    }

    #[test]
    fn a_sealed_cookie_within_its_life() {
        let given = Given { request: SEALED, cookie_age: Some(3 * DAY), ..Given::default() };
        check(&given, "server_key_rotated 0.67: why_sealed why_within_life");
        let old = Given { cookie_age: Some(20 * DAY), ..given };
        check(&old, "session_expired 0.77: why_cookie_sent why_cookie_age");
    }

    #[test]
    fn a_server_that_says_so() {
        let body = Some("The key {0b1c} was not found in the key ring.");
        let given = Given { request: SEALED, body, status: 500, ..Given::default() };
        check(&given, "server_key_rotated 0.99: why_says_unreadable why_sealed");
        check(&Given { body: None, ..given }, "unknown");
    }

    #[test]
    fn a_signature_that_is_taken_back() {
        let request = [("Cookie", "session=eyJ1c2VyIjoic2FtIn0=; session.sig=Lx0Zt")];
        let response = [("Set-Cookie", "session.sig=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT")];
        let given = Given { request: &request, response: &response, ..Given::default() };
        check(&given, "server_key_rotated 0.94: why_signature_dropped");
        // Whoever signs out loses both.
        let both = [
            ("Set-Cookie", "session=; expires=Thu, 01 Jan 1970 00:00:00 GMT"),
            ("Set-Cookie", "session.sig=; expires=Thu, 01 Jan 1970 00:00:00 GMT"),
        ];
        check(
            &Given { response: &both, ..given },
            "session_expired 0.82: why_cookie_sent why_server_cleared",
        );
    }

    #[test]
    fn a_site_that_was_down_in_between() {
        let request = [("Cookie", "JSESSIONID=1")];
        let before = [Other { request: &request, ..Other::PAGE }, Other { status: 502, ..Other::PAGE }];
        let given = Given { request: &request, earlier: &before, cookie_age: Some(HOUR), ..Given::default() };
        check(&given, "session_expired 0.69: why_cookie_sent why_cookie_age");
        let sealed = [Other { request: SEALED, ..Other::PAGE }, Other { status: 502, ..Other::PAGE }];
        let given = Given { request: SEALED, earlier: &sealed, ..given };
        check(&given, "server_key_rotated 0.90: why_sealed why_within_life why_was_down");
    }

    #[test]
    fn not_for_an_ordinary_session() {
        let given =
            Given { request: &[("Cookie", "PHPSESSID=1")], cookie_age: Some(DAY), ..Given::default() };
        check(&given, "session_expired 0.77: why_cookie_sent why_cookie_age");
    }

    #[test]
    fn a_server_error_is_a_lock_out_only_where_it_speaks_of_the_session() {
        let given = Given { request: SEALED, status: 500, ..Given::default() };
        check_rule(rule, &given, "nothing");
        check_rule(
            rule,
            &Given { body: SAYS, ..given.clone() },
            "4.4: why_says_unreadable why_sealed [.AspNetCore.Cookies]",
        );
        check_rule(rule, &Given { body: SAYS, status: 404, ..given.clone() }, "nothing");
        // Which cookie it is about may stay hidden.
        check_rule(rule, &Given { body: SAYS, request: &[], ..given.clone() }, "2.8: why_says_unreadable");
        check_rule(rule, &Given { request: &[], status: 401, ..given }, "nothing");
    }

    #[test]
    fn past_its_softwares_time_a_session_ends_by_itself() {
        let given = Given { request: SEALED, body: SAYS, ..Given::default() };
        let young = "5.7: why_says_unreadable why_sealed why_within_life [.AspNetCore.Cookies]";
        check_rule(rule, &Given { cookie_age: Some(14 * DAY), ..given.clone() }, young);
        let old = "3.2: why_says_unreadable why_sealed [.AspNetCore.Cookies]";
        check_rule(rule, &Given { cookie_age: Some(14 * DAY + 1), ..given.clone() }, old);
        let timeless = Given { request: TIMELESS, ..given };
        let young = "5.7: why_says_unreadable why_sealed why_within_life [session]";
        check_rule(rule, &Given { cookie_age: Some(30 * DAY), ..timeless.clone() }, young);
        let old = "4.0: why_says_unreadable why_sealed [session]";
        check_rule(rule, &Given { cookie_age: Some(30 * DAY + 1), ..timeless }, old);
    }

    #[test]
    fn of_a_cookie_of_unknown_age_it_counts_when_it_was_good() {
        let given = Given { request: TIMELESS, ..Given::default() };
        let worked = |ago: i64| Given { worked: Some(-ago), ..given.clone() };
        check_rule(rule, &worked(30 * DAY - 1), "0.3: why_sealed why_worked_before [session]");
        check_rule(rule, &worked(30 * DAY), "-0.6: why_sealed [session]");
        let known = Given { request: SEALED, ..given.clone() };
        check_rule(
            rule,
            &Given { worked: Some(-14 * DAY), ..known },
            "-0.6: why_sealed [.AspNetCore.Cookies]",
        );
    }

    #[test]
    fn one_cookie_that_is_taken_and_refused_by_turns() {
        let page = Other { request: SEALED, ..Other::PAGE };
        let given = Given { request: SEALED, earlier: &[page], later: &[page], ..Given::default() };
        check_rule(rule, &given, "1.4: why_sealed why_now_and_then [.AspNetCore.Cookies]");
        let once = "-0.6: why_sealed [.AspNetCore.Cookies]";
        check_rule(rule, &Given { earlier: &[], ..given.clone() }, once);
        check_rule(rule, &Given { later: &[], ..given.clone() }, once);
        for other in [
            Other { path: "/other", ..page },
            Other { status: 401, ..page },
            Other { request: &[("Cookie", ".AspNetCore.Cookies=CfDJ8Another")], ..page },
        ] {
            check_rule(rule, &Given { earlier: &[other], later: &[other], ..given.clone() }, once);
        }
    }

    #[test]
    fn only_a_new_value_for_the_sealed_cookie_replaces_it() {
        let response = [("Set-Cookie", ".AspNetCore.Cookies=CfDJ8New; Path=/")];
        let given = Given { request: SEALED, response: &response, body: SAYS, ..Given::default() };
        check_rule(rule, &given, "4.8: why_says_unreadable why_sealed why_replaced [.AspNetCore.Cookies]");
        let theme = [("Set-Cookie", "theme=dark; Path=/")];
        check_rule(
            rule,
            &Given { response: &theme, ..given.clone() },
            "4.4: why_says_unreadable why_sealed [.AspNetCore.Cookies]",
        );
        let unsealed = [("Cookie", ".AspNetCore.Cookies=1")];
        check_rule(
            rule,
            &Given { request: &unsealed, ..given },
            "2.8: why_says_unreadable [.AspNetCore.Cookies]",
        );
    }

    #[test]
    fn what_else_may_be_the_reason_weighs_against_it() {
        let given = Given { request: SEALED, body: SAYS, ..Given::default() };
        let said =
            |log_odds: &str| format!("{log_odds}: why_says_unreadable why_sealed [.AspNetCore.Cookies]");
        check_rule(rule, &given, &said("4.4"));
        check_rule(rule, &Given { status: 403, ..given.clone() }, &said("3.2"));
        check_rule(rule, &Given { status: 419, ..given.clone() }, &said("2.4"));
        let asks = [("WWW-Authenticate", "Basic realm=x")];
        check_rule(rule, &Given { response: &asks, ..given.clone() }, &said("3.4"));
        let signed = [SEALED[0], ("Authorization", "Bearer abc")];
        check_rule(rule, &Given { request: &signed, ..given.clone() }, &said("2.4"));
        let twins = [("Cookie", ".AspNetCore.Cookies=CfDJ8One; .AspNetCore.Cookies=CfDJ8Two")];
        check_rule(rule, &Given { request: &twins, ..given.clone() }, &said("2.4"));
        let beside = [("Cookie", ".AspNetCore.Cookies=CfDJ8One; theme=dark; lang=en")];
        check_rule(rule, &Given { request: &beside, ..given }, &said("4.4"));
    }

    #[test]
    fn a_signature_counts_only_beside_its_cookie() {
        let request = [("Cookie", "theme=dark; session=eyJ1c2VyIjoic2FtIn0=; session.sig=Lx0Zt")];
        let response = [("Set-Cookie", "session.sig=; expires=Thu, 01 Jan 1970 00:00:00 GMT")];
        let given = Given { request: &request, response: &response, ..Given::default() };
        check_rule(rule, &given, "2.8: why_signature_dropped [session]");
        let unsigned = [("Cookie", "session=eyJ1c2VyIjoic2FtIn0=")];
        check_rule(rule, &Given { request: &unsigned, ..given.clone() }, "nothing");
        let alone = [("Cookie", "theme=dark; session.sig=Lx0Zt")];
        check_rule(rule, &Given { request: &alone, ..given }, "nothing");
    }
}
