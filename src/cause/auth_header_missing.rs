//! `auth_header_missing`: an app asked an API for data and attached no token, though it should have.
//!
//! Unlike a cookie, `Authorization` is attached by the app, request by request: a request made before
//! the app has its token, a link or a download that the browser makes instead of the app, a
//! `WebSocket` or an `EventSource` (whose interfaces have no room for headers: HTML standard, sections
//! "WebSocket" and "Server-sent events"), or a page that tries out an API and was told of no sign-in
//! (Swagger UI attaches only what `securitySchemes` *and* `security` name: OpenAPI 3.0, section 4.8.30).

use super::Weighing;
use crate::evidence::{Evidence, renews};
use crate::exchange::{Exchange, From, Kind, Scope};
use crate::fix::FixId;
use crate::http::cookie::{Purpose, purpose};
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: the page again, once it has its token; then a sign-in.
pub(super) const FIXES: &[FixId] = &[FixId::Retry, FixId::SignIn, FixId::CheckExtensions, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let could_carry = exchange.kind != Kind::Preflight;
    if !matches!(exchange.status, 401 | 403)
        || !could_carry
        || !exchange.lacks_app_authorization()
        // Its own story: see `api_key_missing_or_invalid`, `bad_credentials`, `refresh_failed`.
        || exchange.asked.api_key.is_some()
        || exchange.is_sign_in_attempt()
        || renews(exchange)
    {
        return None;
    }
    let challenges = exchange.challenges();
    let wants_token = !challenges.is_empty() && challenges.iter().all(|one| is_of_app(&one.scheme));
    let sibling = evidence.signed_sibling();
    let is_app = matches!(exchange.kind, Kind::Fetch | Kind::Script);
    let is_socket = exchange.asked.mode.as_deref() == Some("websocket");
    let mut weighing = Weighing::from(-1.4);
    // A sign-in has nothing to attach yet.
    if exchange.may_be_sign_in() {
        weighing.shift(-1.0);
    }
    weighing.finding(0.0, Line::new("why_no_authorization"));
    if let Some(sibling) = sibling {
        let scheme = sibling.authorization.present().map(|sent| sent.scheme.clone()).unwrap_or_default();
        weighing.finding(3.0, Line::new("why_sibling_signed").text(&scheme));
        if sibling.is_success() {
            weighing.shift(0.4);
        }
    } else if evidence.app_got_token() {
        weighing.finding(1.8, Line::new("why_app_got_token"));
    }
    // What the browser opens by itself carries no header of an app's, however often it is opened.
    if exchange.kind == Kind::MainFrame && sibling.is_some_and(Exchange::is_success) {
        for fix in [FixId::Retry, FixId::SignIn, FixId::CheckExtensions] {
            weighing.rule_out(fix);
        }
    }
    if wants_token {
        let wanted = crate::redact::short_name(&challenges.first()?.scheme);
        weighing.finding(1.6, Line::new("why_wants_scheme").with(Arg::Text(wanted)));
    } else if exchange.is_challenged_by_browser() {
        // A wall that the browser answers: no app's business.
        weighing.shift(-2.0);
    }
    if exchange.says(Sign::NoCredential) {
        weighing.finding(1.6, Line::new("why_says_nothing_came"));
    }
    if exchange.asked.from_docs {
        weighing.finding(2.4, Line::new("why_from_docs"));
    }
    if is_socket {
        weighing.finding(1.6, Line::new("why_socket_bare"));
    }
    if is_app {
        weighing.shift(0.4);
    }
    // Another site's API, where cookies are of no use.
    if exchange.asked.from == From::CrossSite && exchange.scope() != Scope::Page {
        weighing.shift(0.4);
    }
    // Where the site signs people in by cookie, that one counts.
    if evidence.sent_sessions().next().is_some() {
        weighing.shift(if sibling.is_some() || wants_token { -0.8 } else { -2.0 });
    }
    let held = |purposes: &[Purpose]| {
        evidence.jar.present().is_some_and(|jar| {
            jar.iter().any(|cookie| purposes.contains(&purpose(&cookie.id.name)))
                && evidence.sent_sessions().next().is_none()
        })
    };
    if held(&[Purpose::Session]) && sibling.is_none() {
        weighing.shift(-1.6);
    }
    if exchange.status == 403 && !exchange.says(Sign::NoCredential) {
        weighing.shift(-1.0);
    }
    // It was attached, and left behind on the way: see `auth_header_stripped_redirect`.
    if evidence.signed_source().is_some() {
        weighing.shift(-1.6);
    }
    if evidence.names_other_reason(&[Sign::NoCredential]) {
        weighing.shift(-1.6);
    }
    weighing.above(0.2)
}

/// A scheme that no browser answers and that is no key's.
fn is_of_app(scheme: &str) -> bool {
    matches!(scheme, "bearer" | "token" | "jwt" | "dpop" | "oauth" | "privatetoken")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix};
    use super::rule;
    use crate::exchange::Kind;

    const API: Given = Given { kind: Kind::Fetch, path: "/api/items", ..Given::PLAIN };
    /// An API that says what it reads.
    const ASKS: Given = Given { response: &[("WWW-Authenticate", "Bearer")], ..API };
    const TOKEN: &[(&str, &str)] = &[("Authorization", "Bearer abc")];

    #[test]
    fn the_apps_other_requests_carried_one() {
        let earlier: &[Other] =
            &[Other { path: "/api/me", request: &[("Authorization", "Bearer abc")], ..Other::PLAIN }];
        check(&Given { earlier, ..API }, "auth_header_missing 0.92: why_no_authorization why_sibling_signed");
        // A link out of the app, which the browser follows by itself.
        check(
            &Given { earlier, kind: Kind::MainFrame, ..API },
            "auth_header_missing 0.88: why_no_authorization why_sibling_signed",
        );
    }

    #[test]
    fn a_page_that_tries_out_an_api() {
        let given = Given { request: &[("Referer", "https://app.example.com/swagger/")], ..API };
        check(&given, "auth_header_missing 0.80: why_no_authorization why_from_docs");
    }

    #[test]
    fn an_api_that_reads_tokens() {
        let given = Given {
            response: &[("WWW-Authenticate", "Bearer")],
            body: Some("{\"msg\":\"Missing Authorization Header\"}"),
            ..API
        };
        check(
            &given,
            "auth_header_missing 0.90: why_no_authorization why_wants_scheme why_says_nothing_came",
        );
    }

    #[test]
    fn an_app_that_signed_in_just_before() {
        let earlier: &[Other] = &[Other { method: "POST", path: "/api/login", ..Other::PLAIN }];
        check(&Given { earlier, ..API }, "auth_header_missing 0.69: why_no_authorization why_app_got_token");
        let with_cookie: &[Other] = &[Other {
            method: "POST",
            path: "/api/login",
            response: &[("Set-Cookie", "sid=1")],
            ..Other::PLAIN
        }];
        check(&Given { earlier: with_cookie, ..API }, "unknown");
        let socket = Given { request: &[("Sec-Fetch-Mode", "websocket")], path: "/ws", ..API };
        check(&socket, "auth_header_missing 0.65: why_no_authorization why_socket_bare");
    }

    #[test]
    fn not_of_strangers_walls_and_what_is_hidden() {
        check(&API, "not_logged_in 0.73: why_nothing_sent why_nothing_held");
        check(&Given { hidden: &["authorization", "cookie"], ..API }, "unknown");
        let wall = Given { response: &[("WWW-Authenticate", "Basic realm=x")], ..API };
        check(&wall, "not_logged_in 0.52: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn where_the_browser_hides_its_own_login() {
        let given = Given { response: &[("WWW-Authenticate", "Bearer")], ..API };
        check(&given, "auth_header_missing 0.65: why_no_authorization why_wants_scheme");
        let hidden = Given { hidden: &["authorization"], ..given };
        check(&hidden, "auth_header_missing 0.65: why_no_authorization why_wants_scheme");
        // A recording that hides the cookies too tells nothing.
        check(&Given { hidden: &["authorization", "cookie"], ..hidden }, "unknown");
    }

    #[test]
    fn a_link_out_of_the_app_is_the_owners_to_mend() {
        let earlier: &[Other] =
            &[Other { path: "/api/me", request: &[("Authorization", "Bearer abc")], ..Other::PLAIN }];
        assert_eq!(first_fix(&Given { earlier, ..API }).0, "retry");
        assert_eq!(first_fix(&Given { earlier, kind: Kind::MainFrame, ..API }).0, "for_the_owner");
    }

    #[test]
    fn only_of_a_refusal_that_is_not_of_another_credential() {
        check_rule(rule, &API, "-1.0: why_no_authorization");
        check_rule(rule, &Given { status: 500, ..API }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..API }, "nothing");
        check_rule(rule, &Given { request: &[("X-API-Key", "abc")], ..API }, "nothing");
        check_rule(rule, &Given { method: "POST", path: "/api/login", ..API }, "nothing");
        check_rule(rule, &Given { path: "/api/auth/refresh", ..API }, "nothing");
    }

    #[test]
    fn a_sign_in_has_no_token_yet() {
        check_rule(rule, &ASKS, "0.6: why_no_authorization why_wants_scheme");
        let sign_in = Given { method: "POST", path: "/api/session", ..ASKS };
        check_rule(rule, &sign_in, "-0.4: why_no_authorization why_wants_scheme");
    }

    #[test]
    fn an_api_of_another_site_has_no_use_for_cookies() {
        let request = &[("Sec-Fetch-Site", "cross-site")];
        let across = Given { page: Some("https://shop.test/"), request, ..API };
        check_rule(rule, &across, "-0.6: why_no_authorization");
        // A link there is the browser's to follow, wherever it stands.
        let page = Given { kind: Kind::MainFrame, ..ASKS };
        check_rule(rule, &page, "0.2: why_no_authorization why_wants_scheme");
        check_rule(rule, &Given { request, ..page }, "0.2: why_no_authorization why_wants_scheme");
    }

    #[test]
    fn a_session_that_was_sent_counts_less_where_tokens_are_known_to_be_read() {
        let request = &[("Cookie", "sid=1")];
        check_rule(rule, &Given { request, ..API }, "nothing");
        check_rule(rule, &Given { request, ..ASKS }, "-0.2: why_no_authorization why_wants_scheme");
        let earlier: &[Other] = &[Other { path: "/api/me", request: TOKEN, ..Other::PLAIN }];
        check_rule(rule, &Given { request, earlier, ..API }, "1.6: why_no_authorization why_sibling_signed");
    }

    #[test]
    fn a_403_means_it_only_where_it_says_so() {
        let given = Given { status: 403, ..ASKS };
        check_rule(rule, &given, "-0.4: why_no_authorization why_wants_scheme");
        check_rule(
            rule,
            &Given { body: Some("Missing Authorization Header"), ..given },
            "2.2: why_no_authorization why_wants_scheme why_says_nothing_came",
        );
    }

    #[test]
    fn one_that_was_left_behind_or_another_reason_is_another_story() {
        let sent_on: &[Other] = &[Other {
            path: "/items",
            status: 307,
            request: TOKEN,
            response: &[("Location", "https://app.example.com/api/items")],
            ..Other::PLAIN
        }];
        let given = Given { earlier: sent_on, ..ASKS };
        check_rule(rule, &given, "-1.0: why_no_authorization why_wants_scheme");
        let expired = Given { body: Some("jwt expired"), ..ASKS };
        check_rule(rule, &expired, "-1.0: why_no_authorization why_wants_scheme");
    }
}
