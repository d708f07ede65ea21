//! `extension_interference`: another extension changed the request, blocked a part of the sign-in, or
//! made the request itself.
//!
//! What a browser never does by itself is the tell: a token on a page that was opened, a page of
//! one's own site asked for without the cookie that is held, an engine that names itself as another.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, From, Kind, Known};
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::http::cookie::{JarCookie, Purpose, purpose};
use crate::time::{MINUTE, SECOND};
use crate::words::Line;

/// What helps: the same without extensions, then to find the one.
pub(super) const FIXES: &[FixId] = &[FixId::OpenPrivateWindow, FixId::CheckExtensions, FixId::TryElsewhere];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_refused = matches!(exchange.status, 400 | 401 | 403 | 407 | 419);
    if !is_refused && !exchange.is_turned_away() {
        return None;
    }
    let mut weighing = Weighing::from(-2.6);
    if exchange.asked.by_extension {
        // It is out of its own page's context; that it has no session there is another story.
        let jar = evidence.jar.present().copied().unwrap_or_default();
        let is_held = jar.iter().any(|cookie| purpose(&cookie.id.name) == Purpose::Session);
        weighing.finding(if is_held { 1.2 } else { 2.6 }, Line::new("why_made_by_extension"));
    }
    if evidence.is_led_astray() {
        weighing.finding(3.4, Line::new("why_sent_on_by_extension"));
    }
    if let Some(blocked) = evidence.earlier.iter().rev().find(|other| is_blocked(exchange, other)) {
        let is_of_sign_in = blocked.is_sign_in() || blocked.is_renewal() || blocked.may_be_sign_in();
        let weight = if is_of_sign_in { 3.6 } else { 2.2 };
        weighing.finding(weight, Line::new("why_blocked_before").text(&blocked.site));
    }
    if is_opened(exchange) && carries_foreign_header(exchange) {
        // Strange as it is, most such tokens fail for reasons of their own.
        weighing.finding(2.2, Line::new("why_token_on_page"));
    }
    if let Some(cookie) = withheld(evidence) {
        weighing.finding(3.0, Line::new("why_cookie_withheld").text(&cookie.id.name));
    }
    if exchange.asked.is_disguised {
        weighing.finding(1.0, Line::new("why_disguised"));
    }
    if exchange.authorization.is_absent() && exchange.is_challenged_by_browser() && is_asked_in_vain(evidence)
    {
        weighing.finding(1.4, Line::new("why_asked_in_vain"));
    }
    weighing.above(0.15)
}

/// Was it opened by the person, rather than asked for by a script?
fn is_opened(exchange: &Exchange) -> bool {
    exchange.kind == Kind::MainFrame && !exchange.told.by_worker
}

/// Navigations carry no header of a page's choice, and browsers add only logins of their own (Fetch
/// standard, "HTTP-network-or-cache fetch").
fn carries_foreign_header(exchange: &Exchange) -> bool {
    let sent = exchange.authorization.present();
    sent.is_some_and(|sent| !matches!(sent.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm"))
}

/// Was a request of the same site, or a sign-in's, blocked in the browser? Trackers always are.
fn is_blocked(exchange: &Exchange, other: &Exchange) -> bool {
    let near = |host: &str| same_site(Address::host_of(host), Address::parse(&other.url).host);
    let is_near = near(&exchange.site) || exchange.page.as_deref().is_some_and(near);
    other.error.as_deref().is_some_and(|error| error.contains("BLOCKED_BY_CLIENT"))
        && exchange.at.since(other.at) < 5 * MINUTE
        && matches!(other.kind, Kind::Fetch | Kind::Script | Kind::SubFrame)
        && (is_near || other.is_renewal() || other.is_sign_in())
}

/// The sign-in cookie that the browser holds for this very page and did not send, though nothing in
/// the rules keeps it back: the person opened the page, or the site's own page led there.
fn withheld<'a>(evidence: &'a Evidence<'_>) -> Option<&'a JarCookie> {
    let exchange = evidence.exchange;
    let is_own = matches!(exchange.asked.from, From::None | From::SameOrigin | From::SameSite);
    if !is_opened(exchange) || !is_own || exchange.cookies == Known::Unknown || exchange.private {
        return None;
    }
    let sent = exchange.cookies.present().map_or(&[][..], Vec::as_slice);
    let address = Address::parse(&exchange.url);
    evidence.jar.present()?.iter().find(|cookie| {
        let is_older = cookie.first_seen.is_some_and(|seen| seen.plus(SECOND) < exchange.began);
        purpose(&cookie.id.name) == Purpose::Session
            && cookie.id.partition.is_none()
            && (cookie.id.store == exchange.store || exchange.store.is_empty())
            && cookie.applies_to(&address, evidence.now)
            && is_older
            && !sent.iter().any(|one| one.name == cookie.id.name)
    })
}

/// Was the browser's question for a login answered, and the next try still without one?
fn is_asked_in_vain(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    let soon = |other: &Exchange| (other.at.since(exchange.at)).abs() < 5 * SECOND;
    let mut again =
        evidence.earlier.iter().chain(evidence.later).filter(|other| other.is_same_request(exchange));
    exchange.prompts > 1 || again.any(|other| soon(other) && other.authorization.is_absent())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::{DAY, MINUTE, SECOND};

    #[test]
    fn a_part_of_the_sign_in_that_is_blocked() {
        let blocked = Given {
            method: "POST",
            path: "/oauth/token",
            kind: Kind::Fetch,
            status: 0,
            error: Some("net::ERR_BLOCKED_BY_CLIENT"),
            ..Given::default()
        };
        let given = Given {
            kind: Kind::Fetch,
            path: "/api/me",
            before: &[(3 * SECOND, blocked)],
            ..Given::default()
        };
        check(&given, "extension_interference 0.73: why_blocked_before");
        let tracker = Given {
            origin: "https://ads.example.net",
            path: "/pixel.js",
            kind: Kind::Script,
            ..given.before[0].1.clone()
        };
        check(
            &Given { before: &[(3 * SECOND, tracker)], ..given },
            "not_logged_in 0.73: why_nothing_sent why_nothing_held",
        );
    }

    #[test]
    fn a_token_on_a_page_that_was_opened() {
        // By itself a guess; with a disguise on top no longer.
        let given = Given { request: &[("Authorization", "Bearer abc")], ..Given::default() };
        check(&given, "unknown");
        let request: &[(&str, &str)] = &[
            ("Authorization", "Bearer abc"),
            ("User-Agent", "Mozilla/5.0 Gecko/20100101 Firefox/138.0"),
            ("Sec-CH-UA", "\"Chromium\";v=\"136\""),
        ];
        check(&Given { request, ..given }, "extension_interference 0.65: why_token_on_page why_disguised");
    }

    #[test]
    fn a_cookie_that_is_kept_back() {
        let given = Given {
            request: &[("Sec-Fetch-Site", "none"), ("Cookie", "theme=dark")],
            held: &["sid"],
            cookie_age: Some(DAY),
            ..Given::default()
        };
        check(&given, "extension_interference 0.60: why_cookie_withheld");
        // Another site's page may not bring it along.
        let cross = Given { request: &[("Sec-Fetch-Site", "cross-site")], ..given.clone() };
        check(&cross, "unknown");
        // It was made only now.
        check(&Given { cookie_age: None, ..given }, "unknown");
    }

    #[test]
    fn a_redirect_that_an_extension_made() {
        let sent_on = Given {
            status: 307,
            origin: "https://old.example.com",
            response: &[
                ("Non-Authoritative-Reason", "WebRequest API"),
                ("Location", "https://app.example.com/account"),
            ],
            ..Given::default()
        };
        let given = Given {
            status: 403,
            request: &[("Authorization", "Bearer abc")],
            kind: Kind::Fetch,
            before: &[(SECOND, sent_on.clone())],
            ..Given::default()
        };
        check(&given, "extension_interference 0.69: why_sent_on_by_extension");
        let response: &[(&str, &str)] =
            &[("Non-Authoritative-Reason", "HSTS"), ("Location", "https://app.example.com/account")];
        let by_browser = [(SECOND, Given { response, ..sent_on })];
        check(&Given { before: &by_browser, ..given }, "insufficient_scope 0.57: why_known_and_refused");
    }

    #[test]
    fn a_request_that_an_extension_made() {
        let given = Given { by_extension: true, ..Given::default() };
        check_rule(rule, &given, "0.0: why_made_by_extension");
        check_rule(rule, &Given { held: &["theme"], ..given }, "0.0: why_made_by_extension");
        // That it is out of the page's session is another story.
        check_rule(rule, &Given { held: &["sid"], ..given }, "-1.4: why_made_by_extension");
        // Sent away to sign in is refused as well; not to be there is not.
        let away = Given { status: 302, response: &[("Location", "/login")], ..given };
        check_rule(rule, &away, "0.0: why_made_by_extension");
        check_rule(rule, &Given { status: 404, ..given }, "nothing");
    }

    #[test]
    fn what_is_blocked_matters_for_five_minutes_and_nearby() {
        let blocked = Given {
            path: "/config",
            kind: Kind::Fetch,
            status: 0,
            error: Some("net::ERR_BLOCKED_BY_CLIENT"),
            ..Given::default()
        };
        let check_with = |given: &Given, ago: i64, before: Given, expect| {
            check_rule(rule, &Given { before: &[(ago, before)], ..*given }, expect);
        };
        let page = Given::default();
        check_with(&page, 5 * MINUTE - 1, blocked.clone(), "-0.4: why_blocked_before");
        check_with(&page, 5 * MINUTE, blocked.clone(), "nothing");
        // Near to the page that makes the call, if not to the API.
        let call = Given { origin: "https://api.test", kind: Kind::Fetch, ..Given::default() };
        check_with(&call, SECOND, blocked.clone(), "-0.4: why_blocked_before");
        // Elsewhere only what belongs to a sign-in matters.
        let there = Given { origin: "https://idp.test", ..blocked };
        let renewal = Given { method: "POST", path: "/oauth/token", ..there };
        check_with(&page, SECOND, renewal, "1.0: why_blocked_before");
        let sign_in = Given { path: "/sso", ..there };
        check_with(&page, SECOND, sign_in, "1.0: why_blocked_before");
        check_with(&page, SECOND, there, "nothing");
    }

    #[test]
    fn a_cookie_is_kept_back_only_where_it_would_have_been_sent() {
        let given = Given {
            request: &[("Sec-Fetch-Site", "none")],
            held: &["sid"],
            cookie_age: Some(SECOND + 1),
            store: "0",
            ..Given::default()
        };
        check_rule(rule, &given, "0.4: why_cookie_withheld");
        // It may have come with this very page.
        check_rule(rule, &Given { cookie_age: Some(SECOND), ..given }, "nothing");
        // What was sent could not be seen.
        check_rule(rule, &Given { hidden: &["cookie"], ..given }, "nothing");
        // Other windows and containers have jars of their own.
        check_rule(rule, &Given { private: true, ..given }, "nothing");
        check_rule(rule, &Given { store: "1", ..given }, "nothing");
    }

    #[test]
    fn a_login_that_is_asked_for_again_and_does_not_come() {
        let given = Given { response: &[("WWW-Authenticate", "Basic realm=\"x\"")], ..Given::default() };
        let expect = "-1.2: why_asked_in_vain";
        check_rule(rule, &Given { prompts: 2, ..given }, expect);
        check_rule(rule, &Given { prompts: 1, ..given }, "nothing");
        let login: &[(&str, &str)] = &[("Authorization", "Basic bWU6cHc=")];
        check_rule(rule, &Given { prompts: 2, request: login, ..given }, "nothing");
        let again = Other { status: 401, ago: 5 * SECOND - 1, ..Other::PAGE };
        let with = |earlier: &[Other], expect| check_rule(rule, &Given { earlier, ..given }, expect);
        with(&[again], expect);
        with(&[Other { ago: 5 * SECOND, ..again }], "nothing");
        with(&[Other { request: login, ..again }], "nothing");
        with(&[Other { path: "/other", ..again }], "nothing");
        check_rule(rule, &Given { later: &[again], ..given }, expect);
    }
}
