//! `url_credentials_ignored`: a name and a password stand in the address, and the browser did not use
//! them for this request.
//!
//! Chrome blocks them in what a page loads (since version 59) and `fetch` refuses such addresses (Fetch
//! standard, section 5.4 "Request class"); RFC 3986, section 3.2.1 deprecates them, and browsers use
//! them, if at all, only where the person goes to the address.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Kind, Known};
use crate::fix::FixId;
use crate::words::Line;

/// What helps: the address without them, where the browser asks for them.
pub(super) const FIXES: &[FixId] = &[FixId::OpenCorrectedUrl, FixId::SignIn, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_refused =
        matches!(exchange.status, 401 | 403) || (exchange.status == 0 && exchange.error.is_some());
    if !is_refused || exchange.kind == Kind::Preflight {
        return None;
    }
    let own = exchange.asked.had_userinfo;
    // What such a page loads, a redirect, a later request: those are not inherited.
    let of_earlier =
        || evidence.earlier.iter().any(|other| other.asked.had_userinfo && other.site == exchange.site);
    if !(own || of_earlier()) || exchange.authorization.present().is_some() {
        return None;
    }
    let mut weighing = Weighing::from(if own { 1.4 } else { 0.2 });
    weighing.finding(0.0, Line::new(if own { "why_login_in_address" } else { "why_login_in_page_address" }));
    match exchange.authorization {
        Known::Absent => weighing.finding(0.6, Line::new("why_no_authorization")),
        // Chrome hides a login that it adds by itself. It asks the person only when the one of the page's
        // own address was refused (`bad_credentials`).
        _ if exchange.prompts > 0 => weighing.shift(if own { -3.0 } else { -1.0 }),
        _ => {}
    }
    if exchange.challenges().iter().any(|one| matches!(one.scheme.as_str(), "basic" | "digest")) {
        weighing.finding(0.8, Line::new("why_asks_password"));
    }
    if exchange.kind != Kind::MainFrame {
        weighing.finding(0.4, Line::new("why_part_of_page"));
    }
    if evidence.sent_sessions().next().is_some() {
        weighing.shift(-1.0);
    }
    if exchange.status == 403 {
        weighing.shift(-0.8);
    }
    // It is kept without them. Without them, the browser asks only where the server does.
    weighing.belongs_at = Some(exchange.url.clone());
    if !exchange.is_challenged_by_browser() {
        weighing.rule_out(FixId::OpenCorrectedUrl);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix};
    use super::rule;
    use crate::exchange::Kind;

    const CAMERA: Given = Given {
        kind: Kind::SubFrame,
        origin: "https://me:pw@app.example.com",
        path: "/live",
        response: &[("WWW-Authenticate", "Basic realm=\"camera\"")],
        ..Given::PLAIN
    };

    #[test]
    fn what_a_page_loads() {
        check(
            &CAMERA,
            "url_credentials_ignored 0.96: why_login_in_address why_no_authorization why_asks_password why_part_of_page",
        );
        check(
            &Given { kind: Kind::MainFrame, ..CAMERA },
            "url_credentials_ignored 0.94: why_login_in_address why_no_authorization why_asks_password",
        );
    }

    #[test]
    fn of_a_page_whose_address_had_them() {
        let earlier: &[Other] = &[Other {
            kind: Kind::MainFrame,
            origin: "https://me:pw@app.example.com",
            path: "/",
            ..Other::PLAIN
        }];
        let given = Given { kind: Kind::Fetch, origin: "https://app.example.com", earlier, ..CAMERA };
        check(
            &given,
            "url_credentials_ignored 0.88: why_login_in_page_address why_no_authorization why_asks_password why_part_of_page",
        );
    }

    #[test]
    fn not_when_they_were_sent() {
        let given = Given { request: &[("Authorization", "Basic bWU6cHc=")], ..CAMERA };
        check(&given, "bad_credentials 0.83: why_password_sent why_asked_again");
    }

    #[test]
    fn where_nobody_asks_for_them_the_address_alone_does_not_help() {
        let page = Given { kind: Kind::MainFrame, response: &[], ..CAMERA };
        assert_eq!(first_fix(&page).0, "sign_in");
        let asked = Given { kind: Kind::MainFrame, ..CAMERA };
        assert_eq!(first_fix(&asked).0, "open_corrected_url");
    }

    const PAGE: &[Other] = &[Other { origin: "https://me:pw@app.example.com", path: "/", ..Other::PAGE }];
    /// A page without them, after one with them.
    const NEXT: Given =
        Given { kind: Kind::MainFrame, origin: "https://app.example.com", earlier: PAGE, ..CAMERA };

    #[test]
    fn refused_by_the_server_or_by_the_browser() {
        let all = "3.2: why_login_in_address why_no_authorization why_asks_password why_part_of_page";
        check_rule(rule, &CAMERA, all);
        check_rule(rule, &Given { status: 403, ..CAMERA }, &all.replace("3.2", "2.4"));
        let blocked = Given { status: 0, error: Some("net::ERR_ABORTED"), response: &[], ..CAMERA };
        check_rule(rule, &blocked, "2.4: why_login_in_address why_no_authorization why_part_of_page");
        check_rule(rule, &Given { error: None, ..blocked }, "nothing");
        check_rule(rule, &Given { status: 200, ..CAMERA }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..CAMERA }, "nothing");
    }

    #[test]
    fn after_an_address_that_had_them() {
        let lost = "why_login_in_page_address why_no_authorization why_asks_password";
        check_rule(rule, &NEXT, &format!("1.6: {lost}"));
        let part = Given { kind: Kind::Fetch, ..NEXT };
        check_rule(rule, &part, &format!("2.0: {lost} why_part_of_page"));
        // Another site's, or none at all.
        let other: &[Other] = &[Other { origin: "https://me:pw@www.other.test", ..Other::PAGE }];
        check_rule(rule, &Given { earlier: other, ..NEXT }, "nothing");
        check_rule(rule, &Given { earlier: other, ..part }, "nothing");
        check_rule(rule, &Given { earlier: &[Other::PAGE], ..NEXT }, "nothing");
    }

    #[test]
    fn asked_for_a_login_the_browser_has_used_what_it_had() {
        let hidden = Given { hidden: &["authorization"], ..CAMERA };
        let own = "why_login_in_address why_asks_password why_part_of_page";
        check_rule(rule, &hidden, &format!("2.6: {own}"));
        check_rule(rule, &Given { prompts: 1, ..hidden }, &format!("-0.4: {own}"));
        let next = Given { hidden: &["authorization"], prompts: 1, ..NEXT };
        check_rule(rule, &next, "0.0: why_login_in_page_address why_asks_password");
    }

    #[test]
    fn a_session_may_be_what_counts() {
        let given = Given { request: &[("Cookie", "sid=1")], ..CAMERA };
        check_rule(
            rule,
            &given,
            "2.2: why_login_in_address why_no_authorization why_asks_password why_part_of_page",
        );
    }
}
