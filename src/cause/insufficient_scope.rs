//! `insufficient_scope`: the site knows who it is and what they may do, and this is not among it.
//!
//! RFC 6750, section 3.1: `insufficient_scope`, with 403; RFC 9110, section 15.5.4: 403 means that the
//! credential was understood and does not suffice. Some servers say 401 (Docker's registry, older
//! versions of Doorkeeper), so what the same credential opens elsewhere counts as well.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::product::Product;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: to be given the right, or to sign in as who has it.
pub(super) const FIXES: &[FixId] = &[FixId::AskForAccess, FixId::SignIn, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 401 | 403) || exchange.kind == Kind::Preflight {
        return None;
    }
    let credential = exchange.authorization.present();
    let has_session = evidence.sent_sessions().next().is_some();
    let is_told = exchange.says(Sign::NeedsScope)
        || exchange.challenges().iter().any(|one| one.error.as_deref() == Some("insufficient_scope"));
    let may_be_hidden = is_told && exchange.authorization == Known::Unknown;
    if credential.is_none() && !has_session && !may_be_hidden {
        return None;
    }
    let mut weighing = Weighing::from(if exchange.status == 403 { -1.6 } else { -2.6 });
    if is_told {
        weighing.finding(4.4, Line::new("why_says_scope"));
    }
    if let Some(missing) = missing_scope(exchange) {
        weighing.finding(1.2, Line::new("why_scope_missing").text(&missing));
    }
    let is_password = credential
        .is_some_and(|sent| matches!(sent.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm"));
    if exchange.status == 403 && !is_told {
        if credential.is_some() && !is_password {
            weighing.finding(1.9, Line::new("why_known_and_refused"));
        } else if is_password {
            weighing.finding(1.0, Line::new("why_known_and_refused"));
        } else if matches!(exchange.method.as_str(), "GET" | "HEAD") {
            weighing.finding(0.9, Line::new("why_known_and_refused"));
            if exchange.kind == Kind::Fetch && !exchange.told.is_html {
                weighing.shift(0.8);
            }
        } else {
            // A guard against forged forms refuses what changes something.
            weighing.shift(-0.4);
        }
    }
    if evidence.accepted_elsewhere().is_some() || session_accepted_elsewhere(evidence) {
        weighing.finding(1.8, Line::new("why_accepted_elsewhere"));
        // Still good afterwards: neither over nor withdrawn.
        if exchange.status == 401 && evidence.accepted_elsewhere().is_some_and(|other| other.at > exchange.at)
        {
            weighing.shift(1.2);
        }
    }
    // Without a word for it: Doorkeeper before 2.0 (its issue 243) and Gravitee (issue 4814) refuse a
    // token without the scope by a bare 401.
    let is_opaque = credential.is_some_and(|sent| sent.scheme == "bearer" && sent.token.is_none());
    if exchange.status == 401 && is_opaque && exchange.challenges.is_absent() {
        weighing.shift(1.4);
    }
    if !is_told {
        neighbours(evidence, &mut weighing);
    }
    weighing.above(0.2)
}

/// What speaks for another cause.
fn neighbours(evidence: &Evidence<'_>, weighing: &mut Weighing) {
    let exchange = evidence.exchange;
    if evidence.names_other_reason(&[Sign::NeedsScope]) {
        weighing.shift(-2.4);
    }
    if evidence.token_in_time() == Some(false) {
        weighing.shift(-1.8);
    }
    if exchange.authorization.present().is_some_and(|sent| !sent.oddities.is_empty()) {
        weighing.shift(-1.6);
    }
    // A page of text and markup from an edge is its own, not the app's.
    let edges =
        [Product::Akamai, Product::Cloudflare, Product::CloudFront, Product::Imperva, Product::Sucuri];
    if exchange.told.is_html && edges.iter().any(|edge| exchange.products.contains(edge)) {
        weighing.shift(-1.6);
    }
    if exchange.is_sign_in_attempt() {
        weighing.shift(-2.0);
    }
    if exchange.is_challenged_by_browser() {
        weighing.shift(-1.0);
    }
    // Who it is was not known: the answer takes the session back. So Django does, whose REST framework
    // says 403 where it has no challenge to send (its documentation, "Unauthorized and Forbidden responses").
    if evidence.cleared_session().is_some() {
        weighing.shift(-2.6);
    }
    // A site that hands out a form means it to be sent.
    if evidence.was_given_the_form() {
        weighing.shift(-1.6);
    }
    // A guard that was sent may be the one that did not fit.
    if exchange.asked.guard.is_some() && exchange.method != "GET" {
        weighing.shift(-0.8);
    }
}

/// The scopes that are asked for and that the token does not have (RFC 6750, section 3).
fn missing_scope(exchange: &Exchange) -> Option<String> {
    let has = exchange.token()?.scope.as_deref()?;
    let asked = exchange.challenges().iter().find_map(|one| one.scope.as_deref())?;
    let missing: Vec<&str> = asked
        .split([' ', ','])
        .filter(|one| !one.is_empty() && !has.split(' ').any(|own| own == *one))
        .collect();
    (!missing.is_empty()).then(|| missing.join(" "))
}

/// Does the session that was sent open other addresses of this site, also afterwards?
fn session_accepted_elsewhere(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    let has_same_session = |other: &Exchange| {
        let sent = other.cookies.present().map_or(&[][..], Vec::as_slice);
        evidence
            .sent_sessions()
            .any(|own| sent.iter().any(|one| one.name == own.name && one.mark == own.mark))
    };
    evidence.others().any(|other| {
        other.site == exchange.site
            && (&other.url, other.tag) != (&exchange.url, exchange.tag)
            && (200..300).contains(&other.status)
            && other.is_let_in()
            // The page of an app is for everybody; what it may do, its calls tell.
            && (exchange.kind == Kind::MainFrame || other.kind == exchange.kind)
            // Before it, the session may have ended since; 403 says that it has not.
            && (exchange.status == 403 || other.at > exchange.at)
            && has_same_session(other)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const TOKEN: &[(&str, &str)] = &[("Authorization", "Bearer abc")];
    const API: Given =
        Given { kind: Kind::Fetch, path: "/api/admin", status: 403, request: TOKEN, ..Given::PLAIN };
    const SAID: &[(&str, &str)] =
        &[("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"read\"")];
    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const JWT: &str = "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln";
    const SESSION: &[(&str, &str)] = &[("Cookie", "sid=1")];
    /// Where the token that is refused opens another address.
    const ELSEWHERE: Given =
        Given { earlier: &[Other { path: "/api/me", request: TOKEN, ..Other::PLAIN }], ..API };
    /// The same of a session.
    const BY_SESSION: Given = Given {
        request: SESSION,
        earlier: &[Other { path: "/api/me", request: SESSION, ..Other::PLAIN }],
        ..API
    };

    #[test]
    fn a_server_that_says_so() {
        let given = Given {
            response: &[("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\"")],
            ..API
        };
        check(&given, "insufficient_scope 0.94: why_says_scope");
        let body = Given {
            response: &[],
            body: Some("{\"detail\":\"You do not have permission to perform this action.\"}"),
            ..API
        };
        check(&body, "insufficient_scope 0.94: why_says_scope");
    }

    #[test]
    fn what_the_token_lacks() {
        // Claims `{"scope":"read"}`.
        let given = Given {
            request: &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6InJlYWQifQ.c2ln")],
            response: &[("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\"")],
            ..API
        };
        check(&given, "insufficient_scope 0.98: why_says_scope why_scope_missing");
    }

    #[test]
    fn a_token_that_opens_other_doors() {
        let earlier: &[Other] = &[Other { path: "/api/me", request: TOKEN, ..Other::PLAIN }];
        check(
            &Given { earlier, ..API },
            "insufficient_scope 0.89: why_known_and_refused why_accepted_elsewhere",
        );
        check(&API, "insufficient_scope 0.57: why_known_and_refused");
    }

    #[test]
    fn not_of_strangers_nor_edges() {
        check(&Given { request: &[], ..API }, "unknown");
        check(&Given { status: 401, ..API }, "token_expired 0.52: why_token_refused");
        let edge = &[("Server", "cloudflare"), ("Content-Type", "text/html")];
        let at_edge = Given { response: edge, request: &[("Cookie", "sid=abc")], ..API };
        check(&at_edge, "waf_or_ip_block 0.55: why_edge_page");
    }

    #[test]
    fn the_page_of_an_app_says_nothing_of_its_calls() {
        let session = &[("Cookie", "sid=1")];
        let given = Given { request: session, ..API };
        let page = [Other { request: session, ..Other::PAGE }];
        check(&Given { earlier: &page, ..given.clone() }, "insufficient_scope 0.52: why_known_and_refused");
        let call = [Other { path: "/api/me", request: session, ..Other::PLAIN }];
        check(
            &Given { earlier: &call, ..given },
            "insufficient_scope 0.87: why_known_and_refused why_accepted_elsewhere",
        );
    }

    #[test]
    fn only_of_a_refusal_of_somebody_who_is_known() {
        let told = Given { response: SAID, ..API };
        check_rule(rule, &told, "2.8: why_says_scope");
        check_rule(rule, &Given { status: 404, ..told.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..told.clone() }, "nothing");
        // Nothing was sent, or nobody can see what was: then the server's word for it counts.
        let stranger = Given { request: &[], ..told };
        check_rule(rule, &stranger, "nothing");
        let hidden = Given { hidden: &["authorization"], ..stranger };
        check_rule(rule, &hidden, "2.8: why_says_scope");
        check_rule(rule, &Given { response: &[], ..hidden }, "nothing");
    }

    #[test]
    fn a_token_that_has_what_is_asked_for_lacks_nothing() {
        // Claims `{"scope":"read"}`.
        let request = &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6InJlYWQifQ.c2ln")];
        check_rule(rule, &Given { request, response: SAID, ..API }, "2.8: why_says_scope");
    }

    #[test]
    fn a_page_for_people_is_a_weaker_no_than_a_call_for_data() {
        let call = Given { request: SESSION, ..API };
        check_rule(rule, &call, "0.1: why_known_and_refused");
        let html = Given { response: &[("Content-Type", "text/html")], ..call.clone() };
        check_rule(rule, &html, "-0.7: why_known_and_refused");
        let page = Given { response: &[("Content-Type", "application/json")], kind: Kind::MainFrame, ..call };
        check_rule(rule, &page, "-0.7: why_known_and_refused");
    }

    #[test]
    fn a_token_that_still_opens_other_doors_afterwards_is_not_over() {
        let door: &[Other] = &[Other { path: "/api/me", request: TOKEN, ..Other::PLAIN }];
        let given = Given { status: 401, earlier: door, ..API };
        check_rule(rule, &given, "0.6: why_accepted_elsewhere");
        let at_once: &[Other] = &[Other { path: "/api/me", request: TOKEN, ago: 0, ..Other::PLAIN }];
        check_rule(rule, &Given { earlier: at_once, ..given.clone() }, "0.6: why_accepted_elsewhere");
        check_rule(rule, &Given { earlier: &[], later: door, ..given }, "1.8: why_accepted_elsewhere");
        // A 403 says by itself that it is not over.
        check_rule(rule, &Given { later: door, ..API }, "2.1: why_known_and_refused why_accepted_elsewhere");
    }

    #[test]
    fn a_bare_401_to_a_token_that_nobody_else_can_read_may_be_all_that_is_said() {
        let with = |request, response, expect: &str| {
            let door = [Other { path: "/api/me", request, ..Other::PLAIN }];
            check_rule(rule, &Given { status: 401, request, response, earlier: &door, ..API }, expect);
        };
        with(TOKEN, &[], "0.6: why_accepted_elsewhere");
        with(TOKEN, &[("WWW-Authenticate", "Bearer")], "-0.8: why_accepted_elsewhere");
        with(&[("Authorization", "Token abc")], &[], "-0.8: why_accepted_elsewhere");
        with(&[("Authorization", JWT)], &[], "-0.8: why_accepted_elsewhere");
    }

    #[test]
    fn a_credential_that_is_itself_amiss_is_another_story() {
        let with = |request, now, expect: &str| {
            let door = [Other { path: "/api/me", request, ..Other::PLAIN }];
            check_rule(rule, &Given { request, now, earlier: &door, ..API }, expect);
        };
        let (before, after) = (1_790_000_000, 1_800_008_000);
        with(&[("Authorization", JWT)], before, "2.1: why_known_and_refused why_accepted_elsewhere");
        with(&[("Authorization", JWT)], after, "0.3: why_known_and_refused why_accepted_elsewhere");
        let odd = &[("Authorization", "Bearer undefined")];
        with(odd, before, "0.5: why_known_and_refused why_accepted_elsewhere");
    }

    #[test]
    fn what_the_answer_tells_of_other_causes() {
        let with = |response: &[(&str, &str)], expect: &str| {
            check_rule(rule, &Given { response, ..ELSEWHERE }, expect);
        };
        with(&[], "2.1: why_known_and_refused why_accepted_elsewhere");
        // An edge's page; pages of the site, and an edge that passes data on, are none.
        with(&[("Content-Type", "text/html")], "2.1: why_known_and_refused why_accepted_elsewhere");
        with(&[("Server", "cloudflare")], "2.1: why_known_and_refused why_accepted_elsewhere");
        let edge = &[("Server", "cloudflare"), ("Content-Type", "text/html")];
        with(edge, "0.5: why_known_and_refused why_accepted_elsewhere");
        with(&[("WWW-Authenticate", "Basic")], "1.1: why_known_and_refused why_accepted_elsewhere");
        let other_reason = Given { body: Some("Wrong audience"), ..ELSEWHERE };
        check_rule(rule, &other_reason, "-0.3: why_known_and_refused why_accepted_elsewhere");
        // Where the server names this very cause, nothing speaks against it.
        let told = [("Server", "cloudflare"), ("Content-Type", "text/html"), SAID[0]];
        with(&told, "4.6: why_says_scope why_accepted_elsewhere");
    }

    #[test]
    fn what_is_sent_to_sign_in_is_no_question_of_rights() {
        let given = Given { method: "POST", ..ELSEWHERE };
        check_rule(rule, &given, "2.1: why_known_and_refused why_accepted_elsewhere");
        let sign_in = Given { path: "/api/login", ..given };
        check_rule(rule, &sign_in, "0.1: why_known_and_refused why_accepted_elsewhere");
    }

    #[test]
    fn a_403_that_takes_the_session_back_did_not_know_it() {
        check_rule(rule, &BY_SESSION, "1.9: why_known_and_refused why_accepted_elsewhere");
        let takes_back = Given { response: &[("Set-Cookie", "sid=; Max-Age=0")], ..BY_SESSION };
        check_rule(rule, &takes_back, "-0.7: why_known_and_refused why_accepted_elsewhere");
    }

    #[test]
    fn a_form_that_the_site_gave_is_meant_to_be_sent() {
        let other = Other { path: "/settings", request: SESSION, ..Other::PAGE };
        let form = Other { path: "/api/admin", ..other };
        let earlier: &[Other] = &[other];
        let given = Given { kind: Kind::MainFrame, method: "POST", request: SESSION, earlier, ..API };
        check_rule(rule, &given, "-0.2: why_accepted_elsewhere");
        check_rule(rule, &Given { earlier: &[other, form], ..given }, "nothing");
    }

    #[test]
    fn a_guard_against_forged_forms_counts_only_where_something_is_changed() {
        let guarded: &[(&str, &str)] = &[("Cookie", "sid=1"), ("X-CSRF-Token", "abc")];
        let given = Given { method: "POST", ..BY_SESSION };
        check_rule(rule, &given, "-0.2: why_accepted_elsewhere");
        check_rule(rule, &Given { request: guarded, ..given }, "-1.0: why_accepted_elsewhere");
        let read = Given { request: guarded, ..BY_SESSION };
        check_rule(rule, &read, "1.9: why_known_and_refused why_accepted_elsewhere");
    }

    #[test]
    fn the_same_session_opens_other_doors() {
        let another: &[Other] = &[Other { path: "/api/me", request: &[("Cookie", "sid=2")], ..Other::PLAIN }];
        check_rule(rule, &Given { earlier: another, ..BY_SESSION }, "0.1: why_known_and_refused");
        // A 401 may mean that it has ended since: what was let in before says nothing, nor at the same time.
        let unknown = Given { status: 401, ..BY_SESSION };
        check_rule(rule, &unknown, "nothing");
        let door = Other { path: "/api/me", request: SESSION, ..Other::PLAIN };
        check_rule(
            rule,
            &Given { earlier: &[], later: &[Other { ago: 0, ..door }], ..unknown.clone() },
            "nothing",
        );
        check_rule(rule, &Given { earlier: &[], later: &[door], ..unknown }, "-0.8: why_accepted_elsewhere");
    }
}
