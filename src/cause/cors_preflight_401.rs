//! `cors_preflight_401`: before a request to another origin the browser asks whether it may, and
//! the server wants a sign-in from that question.
//!
//! The question never carries a credential (Fetch standard, section 4.8), so it can never be
//! answered; the request itself is not sent.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::Kind;
use crate::fix::FixId;
use crate::words::{Arg, Line};

/// What helps: the server lets the question through. Nothing in this browser does.
pub(super) const FIXES: &[FixId] = &[FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if exchange.kind != Kind::Preflight || !matches!(exchange.status, 401 | 403 | 407) {
        return None;
    }
    let mut weighing = Weighing::from(1.6);
    let page = exchange.page.clone().unwrap_or_default();
    weighing.finding(0.6, Line::new("why_preflight").text(&page).text(&exchange.site));
    let status = Arg::Text(exchange.status.to_string());
    weighing.finding(0.0, Line::new("why_preflight_refused").with(status));
    if exchange.asks_authorization {
        weighing.finding(0.6, Line::new("why_preflight_asks"));
    }
    if !exchange.challenges().is_empty() {
        weighing.shift(0.6);
    }
    // 407: a proxy asks, whatever passes by it (`proxy_or_captive_portal`).
    if exchange.status == 407 {
        weighing.shift(-1.5);
    }
    // 403 is also how a server says that it does not want this origin.
    if exchange.status == 403 {
        weighing.shift(-1.0);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;

    const ASKS: &[(&str, &str)] =
        &[("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization")];

    #[test]
    fn a_question_that_is_asked_for_a_sign_in() {
        let given = Given { method: "OPTIONS", request: ASKS, ..Given::default() };
        check(&given, "cors_preflight_401 0.94: why_preflight why_preflight_refused why_preflight_asks");
        // A page may send OPTIONS by itself.
        check(&Given { request: &[], ..given }, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_401_is_the_clearest_refusal() {
        let given = Given { method: "OPTIONS", request: ASKS, ..Given::default() };
        let why = "why_preflight why_preflight_refused why_preflight_asks";
        check_rule(rule, &given, &format!("2.8: {why}"));
        check_rule(rule, &Given { status: 403, ..given }, &format!("1.8: {why}"));
        check_rule(rule, &Given { status: 407, ..given }, &format!("1.3: {why}"));
        check_rule(rule, &Given { status: 405, ..given }, "nothing");
        // The server wants to know who asks, and says so.
        let challenged = Given { response: &[("WWW-Authenticate", "Bearer")], ..given };
        check_rule(rule, &challenged, &format!("3.4: {why}"));
    }
}
