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
    // What a page loads whose own address had them: those are not inherited.
    let of_page = !own
        && exchange.kind != Kind::MainFrame
        && evidence.earlier.iter().any(|other| {
            other.asked.had_userinfo && other.kind == Kind::MainFrame && other.site == exchange.site
        });
    // A redirect or a later request to where the address had them.
    let of_earlier = !own
        && !of_page
        && evidence.earlier.iter().any(|other| other.asked.had_userinfo && other.site == exchange.site);
    if !(own || of_page || of_earlier) || exchange.authorization.present().is_some() {
        return None;
    }
    let mut weighing = Weighing::from(if own { 1.4 } else { 0.2 });
    weighing.finding(0.0, Line::new(if own { "why_login_in_address" } else { "why_login_in_page_address" }));
    match exchange.authorization {
        Known::Absent => weighing.finding(0.6, Line::new("why_no_authorization")),
        // Chrome hides a login that it adds by itself; asked again, that one was refused.
        _ if exchange.prompts > 0 => weighing.shift(-1.0),
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
    use super::super::testing::{Given, Other, check, first_fix};
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
}
