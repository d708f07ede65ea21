//! `wrong_account`: somebody is signed in, but as another one than this page is for.
//!
//! Sites that know several accounts at once choose by the address (Google: `/u/1/`, `authuser`),
//! identity providers say so in words of their own (Microsoft Entra AADSTS50020, OpenID Connect's
//! `account_selection_required`), and a login that names one person beside a cookie that names
//! another is refused (Nextcloud, ownCloud).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::http::cookie::{Purpose, purpose};
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: to go in as the right one.
pub(super) const FIXES: &[FixId] = &[
    FixId::OpenPrivateWindow,
    FixId::SignIn,
    FixId::ForgetHttpLogin,
    FixId::RemoveCookies,
    FixId::AskForAccess,
];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let says = exchange.says(Sign::OtherAccount);
    let is_refused = matches!(exchange.status, 400 | 404) || evidence.is_shut_out();
    if !is_refused || exchange.kind == Kind::Preflight {
        return None;
    }
    let mut weighing = Weighing::from(-2.8);
    if says {
        weighing.finding(4.6, Line::new("why_says_other_account"));
    }
    if exchange.asked.two_names {
        weighing.finding(4.4, Line::new("why_two_names"));
    } else {
        weighing.rule_out(FixId::ForgetHttpLogin);
    }
    if let Some(slot) = exchange.asked.account {
        let weight = if slot > 0 { 3.4 } else { 2.4 };
        weighing.finding(weight, Line::new("why_account_chosen").with(Arg::Count(u32::from(slot) + 1)));
    }
    if let Some(name) = worked_as_another(evidence) {
        weighing.finding(2.4, Line::new("why_worked_as_another").text(&name));
        let in_between = |other: &Exchange| other.site == exchange.site && other.is_sign_in_attempt();
        if evidence.earlier.iter().any(in_between) {
            weighing.shift(0.8);
        }
        // 403: the site knows who this is, and says no.
        weighing.shift(if exchange.status == 403 { 0.8 } else { -0.6 });
    }
    // Whoever sends nothing is nobody yet.
    if !evidence.carries_sign_in() && !says {
        weighing.shift(-2.0);
    }
    if exchange.challenges().iter().any(|one| one.error.as_deref() == Some("invalid_token")) && !says {
        weighing.shift(-1.5);
    }
    for cookie in evidence.sent_sessions().flat_map(|cookie| evidence.in_jar(&cookie.name)) {
        weighing.suspect(&cookie.id);
    }
    weighing.above(0.2)
}

/// The very request got through with another session: the name of its cookie.
fn worked_as_another(evidence: &Evidence<'_>) -> Option<String> {
    let exchange = evidence.exchange;
    let before =
        evidence.earlier.iter().rev().find(|other| other.is_same_request(exchange) && other.is_let_in())?;
    let Known::Present(then) = &before.cookies else { return None };
    let is_another = |name: &str, mark| then.iter().any(|cookie| cookie.name == name && cookie.mark != mark);
    evidence
        .sent_sessions()
        .find(|cookie| purpose(&cookie.name) == Purpose::Session && is_another(&cookie.name, cookie.mark))
        .map(|cookie| cookie.name.clone())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, sentences};
    use super::rule;
    use crate::exchange::Kind;
    use crate::words::{Arg, Line};

    #[test]
    fn a_login_and_a_cookie_that_name_different_people() {
        // `tusk:pw`.
        let request =
            [("Authorization", "Basic dHVzazpwdw=="), ("Cookie", "nc_username=alice; nc_session_id=1")];
        let response = [("WWW-Authenticate", "Basic realm=\"Cloud\"")];
        let given = Given { request: &request, response: &response, ..Given::default() };
        check(&given, "wrong_account 0.83: why_two_names");
        let same = [("Authorization", "Basic dHVzazpwdw=="), ("Cookie", "nc_username=tusk")];
        check(&Given { request: &same, ..given }, "bad_credentials 0.83: why_password_sent why_asked_again");
    }

    #[test]
    fn an_account_that_is_chosen_by_the_address() {
        let request = [("Cookie", "SID=1")];
        let given = Given { path: "/mail/u/1/", status: 403, request: &request, ..Given::default() };
        check(&given, "wrong_account 0.65: why_account_chosen");
        check(&Given { request: &[], ..given }, "unknown");
    }

    #[test]
    fn a_provider_that_says_so() {
        let body = Some("AADSTS50020: User account from identity provider does not exist in tenant");
        check(&Given { status: 400, body, ..Given::default() }, "wrong_account 0.86: why_says_other_account");
    }

    #[test]
    fn a_page_that_another_session_could_see() {
        let page = [Other { request: &[("Cookie", "sid=one")], ..Other::PAGE }];
        let request = [("Cookie", "sid=two")];
        let given = Given { status: 403, earlier: &page, request: &request, ..Given::default() };
        check(&given, "wrong_account 0.60: why_worked_as_another");
        check(&Given { request: &[("Cookie", "sid=one")], ..given }, "unknown");
    }

    #[test]
    fn of_requests_that_are_refused() {
        let body = Some("AADSTS50020: User account from identity provider does not exist in tenant");
        let given = Given { body, ..Given::default() };
        check_rule(rule, &given, "1.8: why_says_other_account");
        check_rule(rule, &Given { status: 404, ..given.clone() }, "1.8: why_says_other_account");
        check_rule(rule, &Given { status: 500, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
    }

    #[test]
    fn the_first_account_is_the_one_that_most_people_have() {
        let given =
            Given { path: "/mail/u/1/", status: 403, request: &[("Cookie", "SID=1")], ..Given::default() };
        check_rule(rule, &given, "0.6: why_account_chosen [SID]");
        let count = |count| [Line::new("why_account_chosen").with(Arg::Count(count))];
        assert_eq!(sentences(rule, &given), count(2));
        let first = Given { path: "/mail/u/0/", ..given };
        check_rule(rule, &first, "-0.4: why_account_chosen [SID]");
        assert_eq!(sentences(rule, &first), count(1));
    }

    #[test]
    fn another_session_saw_this_very_page() {
        let one = [("Cookie", "sid=one")];
        let page = Other { request: &one, ..Other::PAGE };
        let request = [("Cookie", "sid=two")];
        let given = Given { status: 403, request: &request, ..Given::default() };
        let after = |earlier: &[Other], expect: &str| {
            check_rule(rule, &Given { earlier, ..given.clone() }, expect);
        };
        after(&[page], "0.4: why_worked_as_another [sid]");
        after(&[Other { path: "/profile", ..page }], "nothing");
        after(&[Other { status: 401, ..page }], "nothing");
        // Somebody signed in here in between, or elsewhere.
        let login = Other { method: "POST", path: "/login", status: 302, ..Other::PAGE };
        after(&[page, login], "1.2: why_worked_as_another [sid]");
        after(
            &[page, Other { origin: "https://id.example.com", ..login }],
            "0.4: why_worked_as_another [sid]",
        );
        let earlier = [page];
        let unknown = Given { status: 401, earlier: &earlier, ..given.clone() };
        check_rule(rule, &unknown, "-1.0: why_worked_as_another [sid]");
    }

    /// Then it is the token, whoever it is for, unless the server says better.
    #[test]
    fn not_where_the_token_is_refused() {
        let response = [("WWW-Authenticate", "Bearer error=\"invalid_token\"")];
        let page = [Other { request: &[("Cookie", "sid=one")], ..Other::PAGE }];
        let given = Given {
            status: 403,
            request: &[("Cookie", "sid=two")],
            response: &response,
            earlier: &page,
            ..Given::default()
        };
        check_rule(rule, &given, "-1.1: why_worked_as_another [sid]");
        let told = Given { body: Some("You are signed in with the wrong account"), earlier: &[], ..given };
        check_rule(rule, &told, "1.8: why_says_other_account [sid]");
    }
}
