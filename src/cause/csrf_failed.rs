//! `csrf_failed`: the guard against forged forms did not fit, so that what was sent is refused
//! though the sign-in is good.
//!
//! The guard is a value that the page repeats: in a field or a header, beside a cookie or the session
//! (OWASP Cross-Site Request Forgery Prevention Cheat Sheet), or the `Origin` that the server
//! compares with its own. Laravel answers 419, Django, Tornado, Jenkins and Spring Security 403,
//! ASP.NET Core and Flask-WTF 400, Rails 422. What ends a sign-in elsewhere is guarded as well, by
//! `state` beside a cookie (RFC 6749, section 10.12): mod_auth_openidc answers 400.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known, SentCookie};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::http::cookie::{Purpose, begins_sign_in, purpose};
use crate::product::Product;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: a fresh form.
pub(super) const FIXES: &[FixId] =
    &[FixId::ReloadFresh, FixId::RemoveCookies, FixId::SignIn, FixId::ClearSiteCookies, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_told = exchange.says(Sign::BadGuard) && !exchange.says(Sign::CookieNotBack);
    let changes = !matches!(exchange.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let is_refused = matches!(exchange.status, 400 | 401 | 403 | 412 | 419 | 422);
    let is_late = ends_unknown_sign_in(evidence);
    if exchange.kind == Kind::Preflight
        || !is_refused
        || !(changes || is_told || is_late || exchange.status == 419)
    {
        return None;
    }
    let mut weighing = Weighing::from(-2.6);
    if is_late {
        weighing.finding(4.4, Line::new("why_ends_unknown_sign_in"));
        // What ends a sign-in is good for once.
        weighing.rule_out(FixId::ReloadFresh);
    }
    if exchange.status == 419 {
        weighing.finding(4.4, Line::new("why_status_419"));
    }
    if is_told {
        weighing.finding(5.0, Line::new("why_says_bad_guard"));
    }
    if changes {
        let is_form_status = matches!(exchange.status, 403 | 419 | 422);
        weighing.finding(if is_form_status { 0.9 } else { 0.0 }, Line::new("why_changes"));
        compare(&mut weighing, evidence);
        origin(&mut weighing, exchange);
        // A sign-in form that is not even read: a wrong password is answered by 401 or by the form.
        if exchange.is_sign_in_attempt() && exchange.status == 403 {
            weighing.finding(0.9, Line::new("why_form_unread"));
            let bare = exchange.cookies.is_absent();
            if bare {
                weighing.finding(0.9, Line::new("why_guard_without_cookie"));
            }
        }
        if guards_forms(exchange) && exchange.status == 403 {
            weighing.shift(0.8);
        }
        let same_session_read = |other: &&Exchange| {
            other.site == exchange.site
                && other.method == "GET"
                && other.is_let_in()
                && !exchange.has_newer_session(other)
        };
        if exchange.status == 403 && evidence.earlier.iter().any(|other| same_session_read(&other)) {
            // A site that hands out the form means it to be sent.
            let weight = if evidence.was_given_the_form() { 1.8 } else { 0.6 };
            weighing.finding(weight, Line::new("why_reading_works"));
        }
    }
    // A token in a header is not guarded: no forged form can send one.
    if exchange.authorization.present().is_some_and(|credential| credential.scheme == "bearer") {
        weighing.shift(-2.5);
    }
    if exchange.challenges().iter().any(|one| one.error.is_some() || one.is_answered_by_browser()) {
        weighing.shift(-1.5);
    }
    if !exchange.says(Sign::BadGuard)
        && (exchange.says(Sign::WrongPassword) || exchange.says(Sign::NeedsScope))
    {
        weighing.shift(-3.0);
    }
    for cookie in guards(exchange).iter().flat_map(|cookie| evidence.in_jar(&cookie.name)) {
        weighing.suspect(&cookie.id);
    }
    weighing.above(0.15)
}

/// Does it end a sign-in whose beginning the site does not know: begun too long ago, or ended before (a
/// bookmark, “Back”)? Where this browser began it, its cookie was lost: see `cookie_not_stored`.
fn ends_unknown_sign_in(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    let is_unasked = exchange.asked.ends_sign_in
        && exchange.kind == Kind::MainFrame
        && exchange.status == 400
        && !exchange.says(Sign::CookieNotBack);
    let sent = match &exchange.cookies {
        Known::Present(sent) => sent.as_slice(),
        Known::Absent => &[],
        Known::Unknown => return false,
    };
    let is_again = || {
        let ended = |other: &&Exchange| other.asked.ends_sign_in && other.is_success();
        evidence.earlier.iter().filter(ended).any(|other| other.url == exchange.url)
    };
    let is_begun = || evidence.set_before().any(|(_, cookie)| begins_sign_in(&cookie.name));
    is_unasked && !sent.iter().any(|cookie| begins_sign_in(&cookie.name)) && (is_again() || !is_begun())
}

/// The guard's cookies that were sent.
fn guards(exchange: &Exchange) -> Vec<&SentCookie> {
    let sent = exchange.cookies.present().map_or(&[][..], Vec::as_slice);
    sent.iter().filter(|cookie| purpose(&cookie.name) == Purpose::Csrf).collect()
}

/// The header beside the cookie.
fn compare(weighing: &mut Weighing, evidence: &Evidence<'_>) {
    let exchange = evidence.exchange;
    let guards = guards(exchange);
    let Some(first) = guards.first() else {
        // The header repeats a cookie that was not sent.
        if exchange.asked.guard.is_some() && exchange.cookies != Known::Unknown {
            weighing.finding(1.4, Line::new("why_guard_without_cookie"));
        }
        return;
    };
    let twin =
        guards.iter().find(|one| guards.iter().any(|other| other.name == one.name && other.mark != one.mark));
    if let Some(twin) = twin {
        weighing.finding(2.6, Line::new("why_guard_twice").text(&twin.name));
        return;
    }
    match exchange.asked.guard {
        Some(guard) if guards.iter().all(|cookie| cookie.mark != guard) => {
            weighing.finding(2.6, Line::new("why_guard_differs").text(&first.name));
        }
        // Both fit; the server may still compare with the session.
        Some(_) => weighing.shift(-0.8),
        // A form repeats it in a field, which is not seen.
        None if exchange.asked.is_form => weighing.shift(0.3),
        None => weighing.finding(1.8, Line::new("why_guard_not_repeated").text(&first.name)),
    }
}

/// Some servers compare `Origin` with their own address (Rails, Django, SvelteKit, Grafana); behind a
/// proxy that does not pass its name or scheme on, the two differ.
fn origin(weighing: &mut Weighing, exchange: &Exchange) {
    let Some(origin) = &exchange.asked.origin else { return };
    let site = Address::parse(&exchange.url).site();
    let is_allowed = exchange.told.allows_origin.as_ref() == Some(origin);
    if *origin != site && !is_allowed && exchange.status == 403 {
        weighing.finding(0.8, Line::new("why_origin_differs").text(origin).text(&site));
    }
}

/// Software that guards every form out of the box.
fn guards_forms(exchange: &Exchange) -> bool {
    use Product::{Jenkins, Jira, Jupyter, Laravel, Rails, Tornado};
    let known = [Jenkins, Jira, Jupyter, Laravel, Rails, Tornado];
    exchange.products.iter().any(|product| known.contains(product))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const POST: Given<'_> =
        Given { method: "POST", path: "/api/items", kind: Kind::Fetch, status: 403, ..Given::PLAIN };

    #[test]
    fn a_page_that_is_too_old() {
        let request = [("Cookie", "XSRF-TOKEN=a; laravel_session=b")];
        let given = Given { status: 419, request: &request, ..POST };
        check(&given, "csrf_failed 0.99: why_status_419 why_changes why_guard_not_repeated");
        check(
            &Given { status: 419, method: "POST", ..Given::default() },
            "csrf_failed 0.94: why_status_419 why_changes",
        );
    }

    #[test]
    fn a_header_that_does_not_fit() {
        let request = [("Cookie", "csrftoken=a; sessionid=b"), ("X-CSRFToken", "c")];
        check(&Given { request: &request, ..POST }, "csrf_failed 0.71: why_changes why_guard_differs");
        let fits = [("Cookie", "csrftoken=a; sessionid=b"), ("X-CSRFToken", "a")];
        check(&Given { request: &fits, ..POST }, "unknown");
        let twice = [("Cookie", "_xsrf=a; _xsrf=b; session=c"), ("X-XSRFToken", "b")];
        let server = [("Server", "TornadoServer/6.1")];
        let given = Given { request: &twice, response: &server, ..POST };
        check(&given, "csrf_failed 0.85: why_changes why_guard_twice");
    }

    #[test]
    fn a_server_that_says_so() {
        let request = [("Cookie", "sessionid=b")];
        let body = Some("<h1>Forbidden</h1><p>CSRF verification failed. Request aborted.</p>");
        let given = Given { request: &request, body, ..POST };
        check(&given, "csrf_failed 0.96: why_says_bad_guard why_changes");
        let header = [("X-CSRF-Token", "Required")];
        let sap = Given { request: &request, response: &header, body: None, ..POST };
        check(&sap, "csrf_failed 0.96: why_says_bad_guard why_changes");
        let crumb = Some("{\"message\":\"No valid crumb was included in the request\"}");
        check(&Given { body: crumb, ..given }, "csrf_failed 0.96: why_says_bad_guard why_changes");
    }

    #[test]
    fn the_end_of_a_sign_in_that_nobody_knows_of() {
        let bookmark = "/oidc/callback?code=7c1f&state=0a9b";
        let given = Given { path: bookmark, status: 400, ..Given::default() };
        check(&given, "csrf_failed 0.86: why_ends_unknown_sign_in");
        // Signed in or not.
        let session = [("Cookie", "mod_auth_openidc_session=1")];
        check(&Given { request: &session, ..given.clone() }, "csrf_failed 0.86: why_ends_unknown_sign_in");
        // A `state` that it has the cookie of, and addresses that end nothing.
        let state = [("Cookie", "mod_auth_openidc_state_0a9b=1")];
        check(&Given { request: &state, ..given.clone() }, "unknown");
        check(&Given { path: "/voucher?code=7c1f", ..given.clone() }, "unknown");
        check(&Given { hidden: &["cookie"], ..given }, "unknown");
    }

    #[test]
    fn the_end_of_a_sign_in_that_this_browser_began() {
        let bookmark = "/oidc/callback?code=7c1f&state=0a9b";
        let set = [("Set-Cookie", "mod_auth_openidc_state_0a9b=1; HttpOnly")];
        let begun = Other { path: "/", status: 302, response: &set, ago: 2000, ..Other::PAGE };
        let ended = Other { path: bookmark, status: 302, ..Other::PAGE };
        let given = Given { path: bookmark, status: 400, ..Given::default() };
        let again = [begun, ended];
        check(&Given { earlier: &again, ..given.clone() }, "csrf_failed 0.86: why_ends_unknown_sign_in");
        check(&Given { earlier: &again[..1], ..given.clone() }, "cookie_not_stored 0.73: why_never_back");
        // One that came to its end elsewhere on the site is none of this.
        let elsewhere = again.map(|other| Other { origin: "https://other.example.com", ..other });
        check(&Given { earlier: &elsewhere, ..given }, "csrf_failed 0.86: why_ends_unknown_sign_in");
    }

    #[test]
    fn a_form_that_is_not_even_read() {
        let given = Given { method: "POST", path: "/login", status: 403, ..Given::default() };
        check(&given, "csrf_failed 0.52: why_changes why_form_unread why_guard_without_cookie");
        let server = [("Server", "TornadoServer/6.0")];
        let tornado = Given { response: &server, ..given.clone() };
        check(&tornado, "csrf_failed 0.71: why_changes why_form_unread why_guard_without_cookie");
        check(&Given { status: 401, ..given }, "bad_credentials 0.86: why_sign_in_refused");
    }

    #[test]
    fn a_form_that_the_site_handed_out_itself() {
        let request: &[(&str, &str)] = &[("Cookie", "csrftoken=a; sessionid=b")];
        let page = Other { path: "/edit", request, ..Other::PAGE };
        let sent = Given {
            kind: Kind::MainFrame,
            path: "/edit",
            request: &[
                ("Cookie", "csrftoken=a; sessionid=b"),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ],
            earlier: &[page],
            ..POST
        };
        check(&sent, "csrf_failed 0.60: why_changes why_reading_works");
        // Elsewhere reading says less.
        let other = Other { path: "/news", request, ..Other::PAGE };
        check(&Given { earlier: &[other], ..sent }, "unknown");
    }

    #[test]
    fn not_of_what_only_reads_nor_of_a_token() {
        let request = [("Cookie", "csrftoken=a; sessionid=b")];
        check(
            &Given { method: "GET", request: &request, ..POST },
            "insufficient_scope 0.52: why_known_and_refused",
        );
        let token = [("Authorization", "Bearer x")];
        check(&Given { request: &token, ..POST }, "insufficient_scope 0.57: why_known_and_refused");
    }

    const TOLD: Option<&str> = Some("CSRF verification failed. Request aborted.");

    #[test]
    fn only_of_a_refusal_of_what_changes_something_or_is_said_to() {
        let told = Given { body: TOLD, ..POST };
        check_rule(rule, &told, "3.3: why_says_bad_guard why_changes");
        check_rule(rule, &Given { status: 500, ..told }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..told }, "nothing");
        check_rule(rule, &Given { method: "GET", ..told }, "2.4: why_says_bad_guard");
        check_rule(rule, &Given { method: "GET", ..POST }, "nothing");
        check_rule(rule, &Given { method: "GET", status: 419, ..POST }, "1.8: why_status_419");
    }

    #[test]
    fn a_header_without_its_cookie() {
        let given = Given { request: &[("X-CSRF-Token", "a")], ..POST };
        check_rule(rule, &given, "-0.3: why_changes why_guard_without_cookie");
        check_rule(rule, &Given { hidden: &["cookie"], ..given }, "-1.7: why_changes");
        let fits = [("Cookie", "csrftoken=a"), ("X-CSRFToken", "a")];
        check_rule(
            rule,
            &Given { status: 419, request: &fits, ..given },
            "1.9: why_status_419 why_changes [csrftoken]",
        );
    }

    #[test]
    fn a_page_that_the_same_session_read() {
        let given = Given { request: &[("Cookie", "sessionid=b")], ..POST };
        let read = Other { path: "/news", request: given.request, ..Other::PAGE };
        check_rule(rule, &Given { earlier: &[read], ..given }, "-1.1: why_changes why_reading_works");
        for other in [
            Other { origin: "https://other.example.com", ..read },
            Other { method: "POST", ..read },
            Other { status: 401, ..read },
            Other { request: &[("Cookie", "sessionid=a")], ..read },
        ] {
            check_rule(rule, &Given { earlier: &[other], ..given }, "-1.7: why_changes");
        }
    }

    #[test]
    fn less_where_a_credential_is_refused() {
        let told = Given { body: TOLD, ..POST };
        let plain = "3.3: why_says_bad_guard why_changes";
        // A form can be made to send what the browser adds by itself, and no token.
        check_rule(rule, &Given { request: &[("Authorization", "Basic bWU6cHc=")], ..told }, plain);
        let token = &[("Authorization", "Bearer x")];
        check_rule(rule, &Given { request: token, ..told }, "0.8: why_says_bad_guard why_changes");
        let asks = |value, expect| {
            check_rule(rule, &Given { response: &[("WWW-Authenticate", value)], ..told }, expect);
        };
        asks("Bearer realm=\"x\"", plain);
        asks("Bearer error=\"invalid_token\"", "1.8: why_says_bad_guard why_changes");
        asks("Basic realm=\"x\"", "1.8: why_says_bad_guard why_changes");
    }

    #[test]
    fn less_where_another_reason_is_named_alone() {
        let given = Given { status: 419, ..POST };
        let says = |body, expect| check_rule(rule, &Given { body: Some(body), ..given }, expect);
        says("Bad credentials", "-0.3: why_status_419 why_changes");
        says("{\"error\":\"insufficient_scope\"}", "-0.3: why_status_419 why_changes");
        says(
            "Bad credentials, or: CSRF verification failed",
            "7.7: why_status_419 why_says_bad_guard why_changes",
        );
    }

    #[test]
    fn an_origin_that_is_not_the_servers_own() {
        let foreign = [("Origin", "https://other.example.com")];
        let given = Given { request: &foreign, ..POST };
        check_rule(rule, &given, "-0.9: why_changes why_origin_differs");
        check_rule(
            rule,
            &Given { request: &[("Origin", "https://app.example.com")], ..given },
            "-1.7: why_changes",
        );
        let allows = [("Access-Control-Allow-Origin", "https://other.example.com")];
        check_rule(rule, &Given { response: &allows, ..given }, "-1.7: why_changes");
        check_rule(rule, &Given { status: 419, ..given }, "2.7: why_status_419 why_changes");
    }

    #[test]
    fn the_end_of_a_sign_in_that_was_ended_before() {
        let bookmark = "/oidc/callback?code=7c1f&state=0a9b";
        let set = [("Set-Cookie", "mod_auth_openidc_state_0a9b=1; HttpOnly")];
        let begun = Other { path: "/", status: 302, response: &set, ..Other::PAGE };
        let ended = Other { path: bookmark, status: 302, ago: 2000, ..Other::PAGE };
        let given = Given { path: bookmark, status: 400, ..Given::PLAIN };
        // Another one was begun since.
        let again = |ended, expect| check_rule(rule, &Given { earlier: &[ended, begun], ..given }, expect);
        again(ended, "1.8: why_ends_unknown_sign_in");
        again(Other { path: "/saml/callback?code=7c1f&state=0a9b", ..ended }, "nothing");
        again(Other { path: "/oidc/callback", ..ended }, "nothing");
        again(Other { status: 400, ..ended }, "nothing");
    }
}
