//! `not_logged_in`: nothing that could let the person in was ever sent; the refusal is the
//! site's ordinary answer to a stranger (RFC 9110, section 15.5.2).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Kind, Known, Scope};
use crate::fix::FixId;
use crate::http::challenge::ChallengeFacts;
use crate::http::cookie::{Purpose, purpose};
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: to sign in.
pub(super) const FIXES: &[FixId] = &[FixId::SignIn, FixId::ResetPassword];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    // A preflight never carries a credential (Fetch standard, section 4.8).
    let could_carry = exchange.kind != Kind::Preflight;
    // Some say 403 to strangers (DRF where no class has a challenge, Spring's Http403ForbiddenEntryPoint).
    let is_refused = exchange.status == 401
        || exchange.is_turned_away()
        || (exchange.status == 403 && exchange.says(Sign::NoCredential));
    if !is_refused
        || !could_carry
        // Absence is what this is about: what could not be seen counts as carried.
        || evidence.carries_sign_in()
        // Whoever sends a name and a password is no stranger.
        || exchange.is_sign_in_attempt()
    {
        return None;
    }
    let mut weighing = Weighing::from(0.4);
    weighing.finding(0.0, Line::new("why_nothing_sent"));
    if let Some(jar) = evidence.jar.present() {
        let held = jar
            .iter()
            .find(|cookie| matches!(purpose(&cookie.id.name), Purpose::Session | Purpose::Remember));
        match held {
            None => weighing.finding(0.8, Line::new("why_nothing_held")),
            // There is a sign-in in this browser, and it was not sent: that is another story
            // (`wrong_url_or_host`, `no_session_in_this_context`, `credentials_mode_missing`).
            Some(cookie) => weighing.finding(-1.5, Line::new("why_held_not_sent").text(&cookie.id.name)),
        }
    }
    match evidence.last_success() {
        Some(at) => weighing.finding(-0.6, Line::new("why_worked_before").with(Arg::At(at))),
        None => weighing.shift(0.4),
    }
    match &exchange.challenges {
        // The browser would have asked; a person who cancels is not signed in either.
        Known::Present(_) if exchange.is_challenged_by_browser() => weighing.shift(-0.6),
        Known::Present(_) | Known::Unknown => {}
        Known::Absent => weighing.shift(0.3),
    }
    // What a neighbour tells of: a page that tries out an API, other requests of
    // the app that were signed, a name in the address.
    if exchange.asked.from_docs {
        weighing.shift(-1.0);
    }
    if evidence.signed_sibling().is_some() || evidence.signed_source().is_some() {
        weighing.shift(-1.4);
    } else if exchange.scope() == Scope::App {
        // An API that reads tokens, which the app has to attach: see `auth_header_missing`.
        let wants_token = exchange.challenges().iter().any(|one| one.scheme == "bearer");
        let is_socket = exchange.asked.mode.as_deref() == Some("websocket");
        if wants_token || is_socket || exchange.says(Sign::NoCredential) || evidence.app_got_token() {
            weighing.shift(-0.8);
        }
    }
    if exchange.asked.had_userinfo {
        weighing.shift(-1.5);
    }
    // One was set and did not come back: `cookie_not_stored`, `cookie_too_large`.
    if evidence.lost_a_cookie() {
        weighing.shift(-1.8);
    }
    // The person is signed in next door: `wrong_url_or_host`, `no_session_in_this_context`.
    if evidence.is_in_beside() {
        weighing.shift(-1.6);
    }
    // Another site asks, for which the browser may have left the cookie out.
    if evidence.is_cross_site() && exchange.kind != Kind::MainFrame {
        weighing.shift(-0.8);
    }
    // It is not this answer that the site gave to this request.
    if evidence.is_second_hand() {
        weighing.shift(-1.5);
    }
    // Browsers fetch a manifest as strangers, whoever is signed in (`credentials_mode_missing`).
    if exchange.asked.dest.as_deref() == Some("manifest") {
        weighing.shift(-1.8);
    }
    // A private window or an app's browser has no sign-in of its own yet.
    if exchange.private || exchange.asked.in_app {
        weighing.shift(-0.8);
    }
    // Only who is known to Windows can answer that: `negotiate_failed`.
    let of_windows = |one: &ChallengeFacts| matches!(one.scheme.as_str(), "negotiate" | "ntlm");
    if !exchange.challenges().is_empty() && exchange.challenges().iter().all(of_windows) {
        weighing.shift(-1.8);
    }
    // A page that is opened and answered with nothing, or a challenge that nobody can read, leaves no
    // way to sign in: `server_misconfig`.
    let says_nothing = exchange.challenges.is_absent() && !exchange.told.is_html && !exchange.told.is_json;
    let is_opened = exchange.kind == Kind::MainFrame && exchange.method == "GET";
    let is_unreadable = matches!(&exchange.challenges, Known::Present(all) if all.is_empty());
    if exchange.status == 401 && (is_unreadable || (is_opened && says_nothing)) {
        weighing.shift(-1.6);
    }
    // A call that carries nothing yet may be the sign-in itself: `bad_credentials`.
    if exchange.may_be_sign_in() {
        weighing.shift(-1.4);
    }
    // What was to let the person in may have been lost on the way: `extension_interference`.
    if evidence.is_led_astray() {
        weighing.shift(-1.5);
    }
    // What stands before the site has not asked it: `waf_or_ip_block`, `proxy_or_captive_portal`.
    if exchange.says(Sign::BotChallenge) || exchange.says(Sign::ByNetwork) {
        weighing.shift(-1.5);
    }
    // A page that nobody signed in to is plainer than a request that an app forgot to sign.
    if exchange.scope() != Scope::Page {
        weighing.shift(-0.9);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::HOUR;

    #[test]
    fn a_stranger() {
        check(&Given::default(), "not_logged_in 0.87: why_nothing_sent why_nothing_held");
        let with_settings = Given { request: &[("Cookie", "theme=dark; _ga=1")], ..Given::default() };
        check(&with_settings, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn somebody_who_was_known_before() {
        let given = Given { worked: Some(-HOUR), ..Given::default() };
        check(&given, "not_logged_in 0.71: why_nothing_sent why_nothing_held why_worked_before");
    }

    #[test]
    fn not_when_something_was_sent_or_held_or_could_not_be_seen() {
        check(&Given { request: &[("Authorization", "Bearer x")], ..Given::default() }, "unknown");
        check(&Given { held: &["sid"], ..Given::default() }, "unknown");
        check(&Given { hidden: &["cookie"], ..Given::default() }, "unknown");
        check(&Given { status: 403, ..Given::default() }, "unknown");
    }

    #[test]
    fn one_whom_an_extension_sent_here_may_have_lost_the_way() {
        let sent_on = Given {
            status: 307,
            origin: "https://old.example.com",
            response: &[
                ("Non-Authoritative-Reason", "WebRequest API"),
                ("Location", "https://app.example.com/account"),
            ],
            ..Given::default()
        };
        let given = Given { before: &[(1000, sent_on)], ..Given::default() };
        check_rule(rule, &given, "0.4: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_401_a_way_to_the_sign_in_or_a_403_that_says_nothing_came() {
        let stranger = "1.9: why_nothing_sent why_nothing_held";
        check_rule(rule, &Given::PLAIN, stranger);
        let turned_away = Given { status: 302, response: &[("Location", "/login")], ..Given::PLAIN };
        check_rule(rule, &turned_away, stranger);
        let said = Given { body: Some("Authentication credentials were not provided."), ..Given::PLAIN };
        check_rule(rule, &Given { status: 403, ..said.clone() }, stranger);
        check_rule(rule, &Given { status: 404, ..said }, "nothing");
        check_rule(rule, &Given { status: 403, ..Given::PLAIN }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..Given::PLAIN }, "nothing");
    }

    #[test]
    fn a_login_that_the_browser_asks_for_leaves_less_to_the_site() {
        let asked = |challenge, expect: &str| {
            check_rule(rule, &Given { response: &[("WWW-Authenticate", challenge)], ..Given::PLAIN }, expect);
        };
        asked("Basic realm=x", "1.0: why_nothing_sent why_nothing_held");
        asked("Bearer", "1.6: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn whoever_signs_other_requests_or_writes_a_name_in_the_address_is_no_stranger() {
        let token = &[("Authorization", "Bearer abc")];
        let beside = Other { path: "/api/me", request: token, ..Other::PLAIN };
        let sent_on = Other { status: 307, response: &[("Location", "/account")], ..beside };
        for other in [beside, sent_on] {
            let given = Given { earlier: &[other], ..Given::PLAIN };
            check_rule(rule, &given, "0.5: why_nothing_sent why_nothing_held");
        }
        let named = Given { origin: "https://me:pw@app.example.com", ..Given::PLAIN };
        check_rule(rule, &named, "0.4: why_nothing_sent why_nothing_held");
    }
}
