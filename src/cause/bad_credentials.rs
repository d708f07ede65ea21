//! `bad_credentials`: a name and a password, or what stands for them, were sent and are not right.
//!
//! RFC 9110, section 15.5.2: a 401 to a request that had credentials means that those were refused.
//! The browser forgets a refused Basic login by itself and asks anew; a form is answered by a 401
//! of its own.

use super::Weighing;
use crate::evidence::{Evidence, says_renewal};
use crate::exchange::Known;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: to type it by hand, then a new password.
pub(super) const FIXES: &[FixId] = &[FixId::SignIn, FixId::ResetPassword];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    // What renews a sign-in carries no password: see `refresh_failed`.
    let is_attempt = exchange.is_sign_in_attempt() && !says_renewal(exchange);
    if !(matches!(exchange.status, 401 | 403) || is_attempt) {
        return None;
    }
    let scheme = exchange.authorization.present().map(|credential| credential.scheme.as_str());
    let is_password = matches!(scheme, Some("basic" | "digest"));
    // Chrome shows no login of its own; that it asked more than once does.
    let asked_again = exchange.authorization == Known::Unknown && exchange.prompts > 1;
    let is_told = exchange.says(Sign::WrongPassword);
    if !(is_attempt || is_password || asked_again || is_told) {
        return None;
    }
    let mut weighing = Weighing::from(-0.6);
    if is_told {
        weighing.finding(3.4, Line::new("why_says_wrong_password"));
    }
    if is_attempt {
        weighing.finding(2.4, Line::new("why_sign_in_refused"));
        // A session that is sent along is checked first by some servers.
        if evidence.sent_sessions().next().is_some() {
            weighing.shift(-0.7);
        }
    }
    if is_password {
        weighing.finding(1.4, Line::new("why_password_sent"));
        let asks_anew = exchange.challenges().iter().any(|one| Some(one.scheme.as_str()) == scheme);
        if asks_anew {
            weighing.finding(0.8, Line::new("why_asked_again"));
        }
    }
    if asked_again {
        weighing.finding(2.4, Line::new("why_prompted").with(Arg::Count(exchange.prompts)));
    }
    if let Some(at) = evidence.last_success().filter(|_| is_password) {
        weighing.finding(-0.3, Line::new("why_worked_before").with(Arg::At(at)));
    }
    // The login is measured against somebody else's session: `wrong_account`.
    if exchange.asked.two_names {
        weighing.shift(-1.6);
    }
    // 403: who it is was understood, and the answer is no.
    if exchange.status == 403 && !is_told {
        weighing.shift(-2.0);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check};

    #[test]
    fn a_form_that_is_refused() {
        let given = Given { method: "POST", path: "/login", ..Given::default() };
        check(&given, "bad_credentials 0.86: why_sign_in_refused");
        check(&Given { method: "GET", ..given }, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_password_that_is_asked_for_again() {
        let given = Given {
            request: &[("Authorization", "Basic bWU6cHc=")],
            response: &[("WWW-Authenticate", "Basic realm=x")],
            ..Given::default()
        };
        check(&given, "bad_credentials 0.83: why_password_sent why_asked_again");
        let told = Given { response: &[("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")], ..given };
        check(&told, "bad_credentials 0.99: why_says_wrong_password why_password_sent");
    }

    #[test]
    fn not_without_a_password() {
        check(&Given { request: &[("Authorization", "Bearer x")], ..Given::default() }, "unknown");
    }
}
