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
pub(super) const FIXES: &[FixId] =
    &[FixId::SignIn, FixId::OpenPrivateWindow, FixId::ResetPassword, FixId::ForgetHttpLogin];

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
    use super::super::testing::{Given, check};
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
}
