//! `service_worker`: the program that the site keeps in the browser gave the refusal, or stands between
//! the site's question for a sign-in and the browser that could answer it.
//!
//! What passes through a worker is an app's answer to the browser: it may show no login of its own
//! (w3c/ServiceWorker issue 1400, chromium issue 623464), and a worker may give out what it stored
//! (Service Workers, section 5.4).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::time::MINUTE;
use crate::words::{Arg, Line};

/// What helps: the page past the worker, then without it.
pub(super) const FIXES: &[FixId] =
    &[FixId::ReloadFresh, FixId::ClearServiceWorker, FixId::ClearSiteData, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_failed = exchange.status == 0 && exchange.error.is_some();
    if exchange.kind == Kind::Preflight || !(evidence.is_shut_out() || is_failed || exchange.status == 407) {
        return None;
    }
    let is_script = is_workers_own(exchange);
    if !exchange.told.by_worker && !is_script {
        return None;
    }
    let mut weighing = Weighing::from(-0.4);
    if exchange.told.by_worker {
        weighing.finding(0.0, Line::new("why_by_worker"));
    } else {
        weighing.finding(0.3, Line::new("why_worker_itself"));
    }
    if is_failed {
        // Also by a redirect that the worker followed, which a page may not take (Fetch standard,
        // section 4.3, "HTTP fetch").
        weighing.finding(1.2, Line::new("why_worker_failed"));
    }
    if exchange.kind == Kind::MainFrame && exchange.told.by_worker {
        // A page that anything else would have answered: the browser's login is not shown.
        let weight = if exchange.is_challenged_by_browser() { 2.4 } else { 1.0 };
        let key = if exchange.is_challenged_by_browser() { "why_login_not_shown" } else { "why_worker_page" };
        weighing.finding(weight, Line::new(key));
    } else if exchange.is_challenged_by_browser() && !evidence.carries_sign_in() {
        weighing.finding(1.4, Line::new("why_login_not_shown"));
    }
    let around = |other: &&Exchange| {
        other.site == exchange.site
            && other.url == exchange.url
            && other.tag == exchange.tag
            && !other.told.by_worker
            && other.is_success()
            && !other.is_turned_away()
    };
    if evidence.earlier.iter().chain(evidence.later).any(|other| around(&other)) {
        weighing.finding(1.8, Line::new("why_works_without_worker"));
    }
    let made = exchange.server_time.filter(|made| exchange.at.since(*made) > 10 * MINUTE);
    if let Some(made) = made {
        let line = Line::new("why_made_before").with(Arg::At(made)).with(Arg::Span(exchange.at.since(made)));
        weighing.finding(1.2, line);
    }
    // Workers pass most requests on as they are, with a session that may have ended, and with tokens.
    if evidence.sent_sessions().next().is_some() {
        weighing.shift(-1.2);
    }
    if exchange.authorization.present().is_some() {
        weighing.shift(-1.4);
    }
    if !evidence.carries_sign_in() && exchange.told.by_worker {
        weighing.shift(0.4);
    }
    weighing.above(0.15)
}

/// Is it the worker's own script, or a list of files that it keeps (Angular's `ngsw.json`)?
fn is_workers_own(exchange: &Exchange) -> bool {
    const NAMES: [&str; 6] = [
        "/sw.js",
        "/service-worker.js",
        "/serviceworker.js",
        "/ngsw-worker.js",
        "/ngsw.json",
        "/firebase-messaging-sw.js",
    ];
    let path = Address::parse(&exchange.url).path.to_ascii_lowercase();
    exchange.asked.dest.as_deref() == Some("serviceworker") || NAMES.iter().any(|name| path.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const PAGE: Given = Given { by_worker: true, ..Given::PLAIN };
    const CALL: Given = Given { kind: Kind::Fetch, ..PAGE };
    const WALL: &[(&str, &str)] = &[("WWW-Authenticate", "Basic realm=\"staging\"")];

    #[test]
    fn a_login_that_is_not_shown() {
        let given = Given { by_worker: true, response: WALL, ..Given::default() };
        check(&given, "service_worker 0.92: why_by_worker why_login_not_shown");
        check(&Given { by_worker: false, ..given }, "not_logged_in 0.73: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_page_that_works_without_it() {
        let around = [Other { request: &[("Cookie", "sid=1")], ..Other::PAGE }];
        let given =
            Given { by_worker: true, request: &[("Cookie", "sid=1")], earlier: &around, ..Given::default() };
        check(&given, "service_worker 0.77: why_by_worker why_worker_page why_works_without_worker");
    }

    #[test]
    fn a_worker_that_only_passes_on() {
        let given =
            Given { by_worker: true, kind: Kind::Fetch, request: &[("Cookie", "sid=1")], ..Given::default() };
        check(&given, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn a_refusal_or_a_failure_that_went_through_a_worker() {
        check_rule(rule, &PAGE, "1.0: why_by_worker why_worker_page");
        check_rule(rule, &CALL, "0.0: why_by_worker");
        check_rule(rule, &Given { status: 407, ..PAGE }, "1.0: why_by_worker why_worker_page");
        check_rule(rule, &Given { by_worker: false, ..PAGE }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..PAGE }, "nothing");
        check_rule(rule, &Given { status: 500, ..PAGE }, "nothing");
    }

    #[test]
    fn a_worker_that_failed_gives_no_answer_but_an_error() {
        let failed = Given { status: 0, error: Some("net::ERR_FAILED"), ..PAGE };
        check_rule(rule, &failed, "2.2: why_by_worker why_worker_failed why_worker_page");
        check_rule(rule, &Given { error: None, ..failed.clone() }, "nothing");
        check_rule(rule, &Given { status: 401, ..failed }, "1.0: why_by_worker why_worker_page");
    }

    #[test]
    fn a_login_that_a_call_would_have_got_without_the_worker() {
        let wall = Given { response: WALL, ..CALL };
        check_rule(rule, &wall, "1.4: why_by_worker why_login_not_shown");
        let signed_in = Given { request: &[("Cookie", "sid=1")], ..wall };
        check_rule(rule, &signed_in, "-1.6: why_by_worker");
        check_rule(
            rule,
            &Given { request: &[("Authorization", "Bearer abc")], ..PAGE },
            "-0.8: why_by_worker why_worker_page",
        );
    }

    #[test]
    fn only_the_same_address_let_through_past_the_worker_tells_that_it_works() {
        let works = "2.8: why_by_worker why_worker_page why_works_without_worker";
        let around = Other::PAGE;
        check_rule(rule, &Given { earlier: &[around], ..PAGE }, works);
        check_rule(rule, &Given { later: &[around], ..PAGE }, works);
        let (status, response) = (302, &[("Location", "/login")]);
        for other in [
            Other { path: "/other", ..around },
            // Another address that reads the same without its values.
            Other { path: "/account?tab=2", ..around },
            Other { status: 401, ..around },
            Other { status, response, ..around },
        ] {
            check_rule(rule, &Given { earlier: &[other], ..PAGE }, "1.0: why_by_worker why_worker_page");
        }
        let by_worker = (1000, Given { status: 200, ..PAGE });
        check_rule(rule, &Given { before: &[by_worker], ..PAGE }, "1.0: why_by_worker why_worker_page");
    }

    #[test]
    fn an_answer_that_was_made_more_than_ten_minutes_before_was_stored() {
        let made = |date, expect: &str| {
            check_rule(rule, &Given { response: &[("Date", date)], ..PAGE }, expect);
        };
        // It is 14:13:20.
        made("Mon, 21 Sep 2026 14:11:20 GMT", "1.0: why_by_worker why_worker_page");
        made("Mon, 21 Sep 2026 14:03:20 GMT", "1.0: why_by_worker why_worker_page");
        made("Mon, 21 Sep 2026 14:03:19 GMT", "2.2: why_by_worker why_worker_page why_made_before");
    }

    #[test]
    fn the_workers_own_files_are_known_by_what_they_are_for_or_by_name() {
        let script = Given { kind: Kind::Script, ..Given::PLAIN };
        check_rule(rule, &Given { path: "/app/ngsw.json", ..script.clone() }, "-0.1: why_worker_itself");
        let loaded = Given { request: &[("Sec-Fetch-Dest", "serviceworker")], path: "/w.js", ..script };
        check_rule(rule, &loaded, "-0.1: why_worker_itself");
        check_rule(rule, &Given { request: &[], ..loaded }, "nothing");
        // Opened as a page it is still the file, not a page that a worker gave.
        check_rule(rule, &Given { path: "/sw.js", ..Given::PLAIN }, "-0.1: why_worker_itself");
    }
}
