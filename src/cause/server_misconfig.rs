//! `server_misconfig`: the site's own set-up of sign-ins is amiss, and nothing that a person sends can
//! be right.
//!
//! A 401 must say how to sign in (RFC 9110, section 11.6.1). APIs of web apps leave that out and mean
//! "sign in on our page"; a page that is opened and answered with nothing leaves the browser no way to
//! ask.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::http::cookie::{Purpose, purpose};
use crate::sign::Sign;
use crate::time::{MINUTE, SECOND};
use crate::words::{Arg, Line};

/// What helps: the owner mends it. Until then, to see whether it is so for everybody.
pub(super) const FIXES: &[FixId] =
    &[FixId::CheckStatus, FixId::SignIn, FixId::TryElsewhere, FixId::FlushDns, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403 | 419) || exchange.kind == Kind::Preflight {
        return None;
    }
    let mut weighing = Weighing::from(-1.8);
    if exchange.status == 401 {
        challenge(&mut weighing, evidence);
    } else {
        weighing.shift(-1.0);
    }
    if exchange.says(Sign::BackendBroken) {
        weighing.finding(4.2, Line::new("why_says_backend"));
    }
    let near = |other: &&Exchange| {
        other.site == exchange.site && (exchange.at.since(other.at)).abs() < MINUTE && other.status >= 500
    };
    let of_sign_in = |other: &Exchange| other.is_sign_in() || other.is_renewal() || other.may_be_sign_in();
    let mut broken = evidence.earlier.iter().chain(evidence.later).filter(near);
    if let Some(broken) = broken.find(|other| of_sign_in(other)) {
        let status = Arg::Text(broken.status.to_string());
        weighing.finding(2.4, Line::new("why_sign_in_broken").with(status));
    }
    if exchange.is_sign_in_attempt() && exchange.says(Sign::NoCredential) {
        weighing.finding(3.4, Line::new("why_sign_in_walled"));
    }
    if let Some(name) = forgotten(evidence) {
        weighing.finding(2.4, Line::new("why_forgotten_at_once").text(&name));
    }
    weighing.above(0.15)
}

/// How the site asks for a sign-in, and whether anybody can answer that.
fn challenge(weighing: &mut Weighing, evidence: &Evidence<'_>) {
    let exchange = evidence.exchange;
    if matches!(&exchange.challenges, Known::Present(challenges) if challenges.is_empty()) {
        weighing.finding(2.8, Line::new("why_challenge_unreadable"));
        return;
    }
    if exchange.carries_credential() {
        return;
    }
    let is_opened = matches!(exchange.kind, Kind::MainFrame | Kind::SubFrame) && exchange.method == "GET";
    if !exchange.challenges.is_absent() {
        // Of a scheme that programs know and browsers do not.
        if is_opened && !exchange.is_challenged_by_browser() && !exchange.told.is_html {
            weighing.finding(0.9, Line::new("why_challenge_not_for_browsers"));
        }
        return;
    }
    // Most calls of web apps are answered so.
    weighing.finding(if is_opened { 1.6 } else { 0.5 }, Line::new("why_no_challenge"));
    if !is_opened {
        return;
    }
    if exchange.told.is_html {
        // It may hold a form of its own.
        weighing.shift(-1.0);
    } else if exchange.told.is_json {
        // An API that was opened by its address.
        weighing.shift(-0.6);
    } else {
        weighing.finding(if exchange.told.is_empty { 1.0 } else { 0.6 }, Line::new("why_no_page"));
    }
    if exchange.is_sign_in() {
        weighing.finding(1.2, Line::new("why_sign_in_page_refused"));
    }
    let holds_session = |cookies: &[crate::http::cookie::JarCookie]| {
        cookies.iter().any(|cookie| purpose(&cookie.id.name) == Purpose::Session)
    };
    if evidence.jar.present().is_some_and(|jar| holds_session(jar)) {
        weighing.shift(-1.0);
    }
    if evidence.last_success().is_some() {
        weighing.shift(-0.5);
    }
}

/// The session that a sign-in just gave out, and that the site does not know seconds later: machines
/// that share no memory, keys that differ, a store that does not keep.
fn forgotten(evidence: &Evidence<'_>) -> Option<String> {
    let exchange = evidence.exchange;
    let given = evidence.earlier.iter().rev().find(|other| {
        other.site == exchange.site
            && other.is_sign_in_attempt()
            && other.is_success()
            && exchange.at.since(other.at) < 10 * SECOND
    })?;
    let made: Vec<&str> =
        given.set_cookies.present().into_iter().flatten().map(|set| set.name.as_str()).collect();
    let sent = evidence.sent_sessions().find(|sent| made.contains(&sent.name.as_str()))?;
    let worked = |other: &&Exchange| other.at >= given.at && other.site == exchange.site && other.is_let_in();
    let is_known =
        evidence.earlier.iter().chain(evidence.later).filter(worked).any(|other| other.status == 200);
    (!is_known).then(|| sent.name.clone())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::{HOUR, MINUTE, SECOND};

    #[test]
    fn a_page_that_is_refused_and_asks_for_nothing() {
        let bare = Given { response: &[("Content-Length", "0")], ..Given::default() };
        check(&bare, "server_misconfig 0.69: why_no_challenge why_no_page");
        let with_page = Given { response: &[("Content-Type", "text/html")], ..Given::default() };
        check(&with_page, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
        let data = Given { response: &[("Content-Type", "application/json")], ..Given::default() };
        check(&data, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
        let script = Given { kind: Kind::Fetch, ..bare };
        check(&script, "not_logged_in 0.73: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_challenge_that_nobody_can_read() {
        let given = Given { response: &[("WWW-Authenticate", "\"realm\"")], ..Given::default() };
        check(&given, "server_misconfig 0.73: why_challenge_unreadable");
        let sound = Given { response: &[("WWW-Authenticate", "Basic")], ..given };
        check(&sound, "not_logged_in 0.73: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_wall_in_front_of_the_sign_in() {
        let given = Given { path: "/login", response: &[("Content-Length", "0")], ..Given::default() };
        check(&given, "server_misconfig 0.88: why_no_challenge why_no_page why_sign_in_page_refused");
        let page = Given { response: &[], ..given };
        check(&page, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn what_checks_sign_ins_is_broken() {
        let given = Given {
            request: &[("Authorization", "Bearer abc")],
            body: Some("IDX20803: Unable to obtain configuration from: 'https://id.example/'"),
            ..Given::default()
        };
        check(&given, "server_misconfig 0.92: why_says_backend");
        let broken = Given { method: "POST", path: "/api/login", status: 502, ..Given::default() };
        let after = Given {
            kind: Kind::Fetch,
            request: &[("Cookie", "sid=abc")],
            before: &[(5 * SECOND, broken)],
            ..Given::default()
        };
        check(&after, "server_misconfig 0.65: why_sign_in_broken");
    }

    #[test]
    fn a_sign_in_that_is_forgotten_at_once() {
        let signed_in = Given {
            method: "POST",
            path: "/login",
            status: 302,
            response: &[("Set-Cookie", "sid=new; Path=/; HttpOnly"), ("Location", "/account")],
            ..Given::default()
        };
        let given =
            Given { request: &[("Cookie", "sid=new")], before: &[(SECOND, signed_in)], ..Given::default() };
        check(&given, "server_misconfig 0.65: why_forgotten_at_once");
        check(&Given { before: &[], ..given }, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn of_refusals_that_a_program_made() {
        let body = Some("IDX20803: Unable to obtain configuration from: 'https://id.example/'");
        let given = Given { status: 403, body, ..Given::default() };
        check_rule(rule, &given, "1.4: why_says_backend");
        check_rule(rule, &Given { status: 404, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
    }

    #[test]
    fn a_broken_sign_in_is_near_and_of_this_site() {
        let broken = Other { method: "POST", path: "/login", status: 502, ..Other::PLAIN };
        let given = Given { status: 403, ..Given::default() };
        let after = |other: Other, expect: &str| {
            check_rule(rule, &Given { later: &[other], ..given.clone() }, expect);
        };
        let (says, not) = ("-0.4: why_sign_in_broken", "nothing");
        after(broken, says);
        after(Other { ago: MINUTE - 1, ..broken }, says);
        after(Other { ago: MINUTE, ..broken }, not);
        after(Other { status: 499, ..broken }, not);
        after(Other { origin: "https://other.example.com", ..broken }, not);
        // A renewal, and what most likely is a sign-in.
        after(Other { path: "/connect/token", ..broken }, says);
        after(Other { path: "/api/session", ..broken }, says);
        after(Other { path: "/api/items", ..broken }, not);
    }

    /// Of a form or a call nobody expects the browser to ask.
    #[test]
    fn a_page_is_opened_by_get() {
        let bare = Given { response: &[("Content-Length", "0")], ..Given::default() };
        check_rule(rule, &bare, "0.8: why_no_challenge why_no_page");
        check_rule(
            rule,
            &Given { kind: Kind::SubFrame, ..bare.clone() },
            "0.8: why_no_challenge why_no_page",
        );
        check_rule(rule, &Given { method: "POST", ..bare.clone() }, "-1.3: why_no_challenge");
        check_rule(rule, &Given { kind: Kind::Fetch, ..bare }, "-1.3: why_no_challenge");
    }

    #[test]
    fn a_challenge_that_programs_answer_and_browsers_do_not() {
        let bearer = [("WWW-Authenticate", "Bearer"), ("Content-Type", "application/json")];
        let given = Given { response: &bearer, ..Given::default() };
        check_rule(rule, &given, "-0.9: why_challenge_not_for_browsers");
        check_rule(rule, &Given { kind: Kind::Fetch, ..given.clone() }, "nothing");
        // The page may have a form of its own, and a login is asked for.
        let page = [("WWW-Authenticate", "Bearer"), ("Content-Type", "text/html")];
        check_rule(rule, &Given { response: &page, ..given.clone() }, "nothing");
        let basic = [("WWW-Authenticate", "Basic"), ("Content-Type", "application/json")];
        check_rule(rule, &Given { response: &basic, ..given }, "nothing");
    }

    #[test]
    fn less_likely_where_the_site_lets_people_in() {
        let bare = Given { response: &[("Content-Length", "0")], ..Given::default() };
        let held = |held| Given { held, ..bare.clone() };
        check_rule(rule, &held(&["sid"]), "-0.2: why_no_challenge why_no_page");
        check_rule(rule, &held(&["lang"]), "0.8: why_no_challenge why_no_page");
        check_rule(rule, &Given { worked: Some(-HOUR), ..bare.clone() }, "0.3: why_no_challenge why_no_page");
        // Data for programs, opened by its address.
        let data = [("Content-Type", "application/json")];
        check_rule(rule, &Given { response: &data, ..bare }, "-0.8: why_no_challenge");
    }

    #[test]
    fn forgotten_is_what_a_sign_in_of_seconds_ago_gave_out() {
        let set = [("Set-Cookie", "sid=new; Path=/; HttpOnly")];
        let login = Other { method: "POST", path: "/login", status: 302, response: &set, ..Other::PAGE };
        let request = [("Cookie", "sid=new")];
        let after = |earlier: &[Other], expect: &str| {
            check_rule(rule, &Given { request: &request, earlier, ..Given::default() }, expect);
        };
        let forgotten = "0.6: why_forgotten_at_once";
        after(&[login], forgotten);
        after(&[Other { ago: 10 * SECOND - 1, ..login }], forgotten);
        after(&[Other { ago: 10 * SECOND, ..login }], "nothing");
        after(&[Other { origin: "https://id.example.com", ..login }], "nothing");
        after(&[Other { path: "/account", ..login }], "nothing");
        after(&[Other { status: 401, ..login }], "nothing");
        let other = [("Set-Cookie", "colour=red; Path=/")];
        after(&[Other { response: &other, ..login }], "nothing");
        // Where a page was shown with it, it was known.
        let page = Other { request: &request, ..Other::PAGE };
        let login = Other { ago: 5 * SECOND, ..login };
        after(&[login, page], "nothing");
        after(&[Other { ago: 6 * SECOND, ..page }, login], forgotten);
        after(&[login, Other { origin: "https://id.example.com", ..page }], forgotten);
        after(&[login, Other { status: 302, ..page }], forgotten);
        after(&[login, Other { request: &[], ..page }], forgotten);
    }
}
