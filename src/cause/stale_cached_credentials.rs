//! `stale_cached_credentials`: the browser, a password store or an app sends an old password again,
//! without anybody typing it.
//!
//! A browser adds a login that was once accepted to every path below (RFC 7617, section 2.2), and
//! only asks when it is refused. That nobody was asked, or that the same login worked before, tells
//! it from a slip of the fingers.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: to be asked again, and to type it by hand.
pub(super) const FIXES: &[FixId] = &[
    FixId::SignIn,
    FixId::OpenPrivateWindow,
    FixId::ResetPassword,
    FixId::ChangePassword,
    FixId::ForgetHttpLogin,
];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 401 | 403) {
        return None;
    }
    let mut weighing = match &exchange.authorization {
        Known::Present(credential) if matches!(credential.scheme.as_str(), "basic" | "digest") => {
            credential.oddities.is_empty().then(|| seen(evidence, &credential.scheme))?
        }
        // Chrome hides the login that it adds; that one was accepted here before shows.
        Known::Unknown if exchange.login_at.is_some() => hidden(exchange),
        _ => form(evidence)?,
    };
    if evidence.earlier.iter().any(|other| {
        other.site == exchange.site && other.is_success() && other.changes_sign_in && !other.is_sign_in()
    }) {
        weighing.finding(2.2, Line::new("why_password_changed"));
    }
    // Where it is locked, even the right one is refused.
    if exchange.says(Sign::Locked) || exchange.told.retry_after.is_some() {
        weighing.shift(-1.5);
    }
    if exchange.status == 403 {
        weighing.shift(-1.5);
    }
    Some(weighing)
}

/// A login that shows.
fn seen(evidence: &Evidence<'_>, scheme: &str) -> Weighing {
    let exchange = evidence.exchange;
    let mut weighing = Weighing::from(-1.0);
    let is_same = |other: &&Exchange| {
        let sent = other.authorization.present();
        other.site == exchange.site && sent.is_some_and(|sent| sent.scheme == scheme)
    };
    if exchange.login_at.is_some() || evidence.earlier.iter().filter(is_same).any(Exchange::is_success) {
        weighing.finding(2.2, Line::new("why_login_worked"));
    } else if evidence.last_success().is_some() {
        weighing.shift(0.6);
    }
    // Scripts set a login of their own; a page's address carries only the browser's.
    let is_of_browser = !matches!(exchange.kind, Kind::Fetch | Kind::Preflight);
    let is_asked = evidence.answers_a_challenge() || exchange.prompts > 1;
    if exchange.asked.had_userinfo || is_asked {
        weighing.shift(-1.6);
    } else if is_of_browser {
        weighing.finding(1.0, Line::new("why_login_unasked"));
    }
    match exchange.challenges().iter().any(|one| one.scheme == scheme) {
        true => weighing.shift(0.4),
        // What it wants is no password at all.
        false if !exchange.challenges().is_empty() => weighing.shift(-1.5),
        false => {}
    }
    // Once more and once more, faster than anybody types.
    let around = evidence.earlier.iter().chain(evidence.later);
    let again = around.filter(is_same).filter(|other| other.status == 401).count();
    if again >= 2 && !is_asked {
        weighing.finding(0.6, Line::new("why_login_again"));
    }
    // Of Digest the nonce grows old first.
    if scheme == "digest" {
        weighing.shift(-1.2);
    }
    weighing
}

/// A login that the browser does not show.
fn hidden(exchange: &Exchange) -> Weighing {
    let mut weighing = Weighing::from(-0.6);
    weighing.finding(0.8, Line::new("why_login_kept"));
    let wants_password =
        exchange.challenges().iter().any(|one| matches!(one.scheme.as_str(), "basic" | "digest"));
    weighing.shift(if wants_password { 1.0 } else { -2.0 });
    // Once for the old one that was refused; more is what somebody typed.
    weighing.shift(if exchange.prompts > 1 { -1.2 } else { 0.4 });
    weighing
}

/// A form that was filled in with what was good before.
fn form(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    // Apps that keep a key made from the password go on with it by themselves; how they do it differs.
    let weight = if exchange.is_sign_in_attempt() {
        -1.6
    } else if exchange.may_be_sign_in() {
        -1.0
    } else {
        return None;
    };
    let mut weighing = Weighing::from(weight);
    weighing.finding(0.0, Line::new("why_sign_in_refused"));
    if evidence.last_success().is_some() {
        weighing.shift(0.8);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::{HOUR, MINUTE, SECOND};

    const SENT: &[(&str, &str)] = &[("Authorization", "Basic bWU6cHc=")];
    const ASKS: &[(&str, &str)] = &[("WWW-Authenticate", "Basic realm=x")];

    #[test]
    fn a_login_that_worked_before() {
        let given = Given { request: SENT, response: ASKS, ..Given::default() };
        let worked = Given { request: SENT, status: 200, path: "/", ..Given::default() };
        check(
            &Given { before: &[(HOUR, worked.clone())], ..given.clone() },
            "stale_cached_credentials 0.93: why_login_worked why_login_unasked",
        );
        let changed = Given { method: "POST", path: "/settings/password", status: 200, ..Given::default() };
        check(
            &Given { before: &[(HOUR, worked), (MINUTE, changed)], ..given },
            "stale_cached_credentials 0.99: why_login_worked why_login_unasked why_password_changed",
        );
    }

    #[test]
    fn a_login_that_chrome_keeps_to_itself() {
        let given = Given {
            hidden: &["authorization"],
            response: ASKS,
            login_kept: true,
            prompts: 1,
            ..Given::default()
        };
        check(&given, "stale_cached_credentials 0.83: why_login_kept");
        check(&Given { prompts: 3, ..given }, "bad_credentials 0.86: why_prompted");
    }

    #[test]
    fn not_what_was_typed_just_now_or_set_by_a_script() {
        let asked = Given { response: ASKS, ..Given::default() };
        let given =
            Given { request: SENT, response: ASKS, before: &[(5 * SECOND, asked)], ..Given::default() };
        check(&given, "bad_credentials 0.83: why_password_sent why_asked_again");
        let script = Given { kind: Kind::Fetch, before: &[], ..given };
        check(&script, "bad_credentials 0.83: why_password_sent why_asked_again");
    }

    #[test]
    fn a_login_that_was_seen_to_be_accepted() {
        let given = Given { request: SENT, response: ASKS, login_kept: true, prompts: 1, ..Given::default() };
        check(&given, "stale_cached_credentials 0.93: why_login_worked why_login_unasked");
    }

    #[test]
    fn a_hidden_header_is_a_login_only_where_one_was_accepted() {
        let given = Given { hidden: &["authorization"], response: ASKS, prompts: 1, ..Given::default() };
        check_rule(rule, &given, "nothing");
        let kept = Given { login_kept: true, ..given };
        check_rule(rule, &kept, "1.6: why_login_kept");
        check_rule(rule, &Given { prompts: 2, ..kept.clone() }, "0.0: why_login_kept");
        check_rule(rule, &Given { response: &[], ..kept }, "-1.4: why_login_kept");
    }

    #[test]
    fn it_worked_only_where_this_login_was_let_in_here() {
        let given = Given { request: SENT, response: ASKS, ..Given::default() };
        let unknown = "0.4: why_login_unasked";
        check_rule(rule, &given, unknown);
        let page = Other { request: SENT, ..Other::PAGE };
        check_rule(
            rule,
            &Given { earlier: &[page], ..given.clone() },
            "2.6: why_login_worked why_login_unasked",
        );
        for other in [
            Other { request: &[], ..page },
            Other { request: &[("Authorization", "Bearer abc")], ..page },
            Other { origin: "https://shop.example.com", ..page },
            Other { status: 401, ..page },
        ] {
            check_rule(rule, &Given { earlier: &[other], ..given.clone() }, unknown);
        }
    }

    #[test]
    fn a_login_that_somebody_just_gave() {
        let given = Given { request: SENT, response: ASKS, ..Given::default() };
        check_rule(rule, &Given { prompts: 1, ..given.clone() }, "0.4: why_login_unasked");
        check_rule(rule, &Given { prompts: 2, ..given.clone() }, "-2.2");
        check_rule(rule, &Given { origin: "https://me:pw@app.example.com", ..given.clone() }, "-2.2");
        let asked = [Other { status: 401, response: ASKS, ..Other::PAGE }];
        check_rule(rule, &Given { earlier: &asked, ..given }, "-2.2");
    }

    #[test]
    fn only_a_challenge_of_its_scheme_wants_this_login() {
        let given = Given { request: SENT, ..Given::default() };
        check_rule(rule, &Given { response: ASKS, ..given.clone() }, "0.4: why_login_unasked");
        check_rule(rule, &given, "0.0: why_login_unasked");
        let bearer = [("WWW-Authenticate", "Bearer")];
        check_rule(rule, &Given { response: &bearer, ..given }, "-1.5: why_login_unasked");
    }

    #[test]
    fn the_same_login_again_and_again() {
        let refused = Other { request: SENT, status: 401, response: ASKS, ..Other::PAGE };
        let given = Given { request: SENT, response: ASKS, earlier: &[refused; 2], ..Given::default() };
        check_rule(rule, &given, "1.0: why_login_unasked why_login_again");
        check_rule(rule, &Given { earlier: &[refused], ..given.clone() }, "0.4: why_login_unasked");
        let missing = [Other { status: 404, ..refused }; 2];
        check_rule(rule, &Given { earlier: &missing, ..given.clone() }, "0.4: why_login_unasked");
        // So do the tries of somebody who types.
        check_rule(rule, &Given { prompts: 3, ..given }, "-2.2");
    }

    #[test]
    fn where_it_is_locked_even_the_right_one_is_refused() {
        let given = Given { request: SENT, ..Given::default() };
        check_rule(rule, &Given { body: Some("Account locked"), ..given.clone() }, "-1.5: why_login_unasked");
        let later = [("Retry-After", "60")];
        check_rule(rule, &Given { response: &later, ..given }, "-1.5: why_login_unasked");
    }

    #[test]
    fn a_form_that_is_filled_in_with_what_was_good() {
        let form = Given { method: "POST", path: "/login", ..Given::default() };
        check_rule(rule, &form, "-1.6: why_sign_in_refused");
        check_rule(rule, &Given { worked: Some(-HOUR), ..form.clone() }, "-0.8: why_sign_in_refused");
        check_rule(rule, &Given { path: "/api/session", ..form.clone() }, "-1.0: why_sign_in_refused");
        check_rule(rule, &Given { method: "GET", ..form }, "nothing");
    }
}
