//! `no_session_in_this_context`: the person is signed in, but not here: a private window, a
//! container, another profile and an app's built-in browser each have a jar of their own.

use super::Weighing;
use crate::evidence::{Evidence, signs_in};
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::http::cookie::JarCookie;
use crate::words::Line;

/// What helps: to sign in here as well.
pub(super) const FIXES: &[FixId] = &[FixId::SignIn, FixId::TryElsewhere];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !evidence.is_shut_out()
        || exchange.kind == Kind::Preflight
        // What could not be seen counts as carried.
        || evidence.carries_sign_in()
        || exchange.is_sign_in_attempt()
    {
        return None;
    }
    let address = Address::parse(&exchange.url);
    let applies = |cookie: &&JarCookie| {
        cookie.applies_to(&address, evidence.now) && signs_in(&cookie.id.name, cookie.http_only)
    };
    let jar = evidence.jar.present().copied().unwrap_or_default();
    let is_apart = is_apart(&exchange.store);
    let elsewhere = jar.iter().filter(|cookie| !evidence.is_own_store(cookie)).find(applies);
    let unsaid = jar.iter().filter(|cookie| is_apart && cookie.id.store.is_empty()).find(applies);
    let is_here = jar.iter().any(|cookie| cookie.id.store == exchange.store && applies(&cookie));
    if is_here && !is_apart {
        return None;
    }
    let mut weighing = Weighing::from(-2.4);
    weighing.finding(0.0, Line::new("why_nothing_sent"));
    let in_elsewhere = |other: &&Exchange| {
        other.site == exchange.site
            && (&other.store, other.private) != (&exchange.store, exchange.private)
            && other.is_let_in()
    };
    if let Some(cookie) = elsewhere {
        weighing.finding(4.4, Line::new("why_other_store").text(&cookie.id.name));
    } else if evidence.earlier.iter().chain(evidence.later).any(|other| in_elsewhere(&other)) {
        weighing.finding(3.8, Line::new("why_in_elsewhere"));
    } else if let Some(cookie) = unsaid {
        weighing.finding(3.0, Line::new("why_other_store").text(&cookie.id.name));
    }
    if exchange.private {
        weighing.finding(2.0, Line::new("why_private_window"));
    } else if is_apart {
        weighing.finding(1.4, Line::new("why_container"));
    }
    if exchange.asked.in_app {
        weighing.finding(2.2, Line::new("why_in_app"));
    }
    if exchange.asked.by_extension {
        weighing.finding(0.6, Line::new("why_by_extension"));
    }
    // Somebody who is asked by another site, or whose cookie went missing, is in another story.
    if evidence.is_cross_site() && elsewhere.is_none() {
        weighing.shift(-1.0);
    }
    if evidence.lost_a_cookie() || evidence.is_second_hand() {
        weighing.shift(-1.5);
    }
    weighing.above(0.2)
}

/// Is it a store of its own, by its name: Firefox's containers and private windows, Chrome's
/// private windows (`cookies.CookieStore`)?
fn is_apart(store: &str) -> bool {
    store.starts_with("firefox-container-") || store == "firefox-private" || store == "1"
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const ELSEWHERE: &[(&str, &str)] =
        &[("https://app.example.com/", "sid=1; Path=/; HttpOnly; Secure; Store=firefox-container-2")];

    #[test]
    fn a_cookie_in_another_container() {
        let given = Given { jar: ELSEWHERE, store: "firefox-default", ..Given::default() };
        check(&given, "no_session_in_this_context 0.88: why_nothing_sent why_other_store");
        let sent = [("Cookie", "sid=1")];
        check(&Given { request: &sent, ..given.clone() }, "session_expired 0.50: why_cookie_sent");
        let own = Given { store: "firefox-container-2", ..given };
        check(&own, "unknown");
    }

    #[test]
    fn a_private_window() {
        let given = Given { private: true, store: "1", ..Given::default() };
        check(&given, "not_logged_in 0.75: why_nothing_sent why_nothing_held");
        let page = [Other { request: &[("Cookie", "sid=1")], store: "0", ..Other::PAGE }];
        let known = Given { earlier: &page, ..given };
        check(
            &known,
            "no_session_in_this_context 0.97: why_nothing_sent why_in_elsewhere why_private_window",
        );
    }

    #[test]
    fn an_app_with_a_browser_of_its_own() {
        let agent = [("User-Agent", "Mozilla/5.0 (Linux; Android 14; Pixel; wv) AppleWebKit/537.36")];
        let given = Given { request: &agent, ..Given::default() };
        check(&given, "not_logged_in 0.75: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn not_of_a_stranger() {
        check(&Given::default(), "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn only_for_a_refusal_of_the_request_itself() {
        let given = Given { jar: ELSEWHERE, store: "firefox-default", ..Given::default() };
        check_rule(rule, &given, "2.0: why_nothing_sent why_other_store");
        check_rule(rule, &Given { status: 404, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given.clone() }, "nothing");
        check_rule(rule, &Given { method: "POST", path: "/login", ..given }, "nothing");
    }

    #[test]
    fn the_cookie_elsewhere_signs_in_at_this_address() {
        let held = |line| [("https://app.example.com/", line)];
        let given = Given { store: "firefox-default", ..Given::default() };
        let theme = held("theme=dark; Path=/; Store=firefox-container-2");
        check_rule(rule, &Given { jar: &theme, ..given.clone() }, "nothing");
        let below = held("sid=1; Path=/shop; Store=firefox-container-2");
        check_rule(rule, &Given { jar: &below, ..given.clone() }, "nothing");
        let here = held("sid=1; Path=/; Store=firefox-default");
        let both = [here[0], ELSEWHERE[0]];
        check_rule(rule, &Given { jar: &both, ..given }, "nothing");
        // A container keeps a slight suspicion even where it holds a cookie of its own.
        let own = Given { jar: ELSEWHERE, store: "firefox-container-2", ..Given::default() };
        check_rule(rule, &own, "-1.0: why_nothing_sent why_container");
    }

    #[test]
    fn stores_that_stand_apart() {
        for (store, expect) in [
            ("firefox-container-3", "-1.0: why_nothing_sent why_container"),
            ("firefox-private", "-1.0: why_nothing_sent why_container"),
            ("1", "-1.0: why_nothing_sent why_container"),
            ("firefox-default", "nothing"),
            ("0", "nothing"),
        ] {
            check_rule(rule, &Given { store, ..Given::default() }, expect);
        }
    }

    #[test]
    fn a_request_of_another_site_or_a_lost_cookie_is_another_story() {
        let signed_in = Other { request: &[("Cookie", "sid=1")], store: "0", ..Other::PAGE };
        let given = Given { store: "1", private: true, earlier: &[signed_in], ..Given::default() };
        let said =
            |log_odds: &str| format!("{log_odds}: why_nothing_sent why_in_elsewhere why_private_window");
        check_rule(rule, &given, &said("3.4"));
        let across = [("Sec-Fetch-Site", "cross-site")];
        check_rule(rule, &Given { request: &across, ..given.clone() }, &said("2.4"));
        let set = [("Set-Cookie", "sid=2; Path=/; HttpOnly")];
        let lost = [signed_in, Other { response: &set, store: "1", path: "/login", ..Other::PAGE }];
        check_rule(rule, &Given { earlier: &lost, ..given.clone() }, &said("1.9"));
        check_rule(rule, &Given { from_cache: true, ..given }, &said("1.9"));
    }
}
