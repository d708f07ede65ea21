//! `mfa_or_step_up_required`: the sign-in is good, but a stronger or a fresher one is wanted here.
//!
//! `insufficient_user_authentication` with `acr_values` or `max_age` (RFC 9470, section 3);
//! `insufficient_claims` with `claims` (Microsoft Entra, claims challenges); `interaction_required`
//! (OpenID Connect Core, section 3.1.2.6); the registry of npm asks by a scheme `OTP`; others send the
//! page on to where a second factor is entered.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::Kind;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: to sign in again, with all that is asked for.
pub(super) const FIXES: &[FixId] =
    &[FixId::SignIn, FixId::RemoveStoredToken, FixId::AskForAccess, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    const ERRORS: [&str; 5] = [
        "insufficient_claims",
        "insufficient_user_authentication",
        "interaction_required",
        "mfa_required",
        "login_required",
    ];
    let exchange = evidence.exchange;
    let is_redirect = matches!(exchange.status, 302 | 303 | 307);
    if !(matches!(exchange.status, 400 | 401 | 403 | 423) || is_redirect) || exchange.kind == Kind::Preflight
    {
        return None;
    }
    let challenges = exchange.challenges();
    let by_error =
        challenges.iter().any(|one| one.error.as_deref().is_some_and(|error| ERRORS.contains(&error)));
    let by_demand = challenges.iter().any(|one| one.acr_values || one.max_age || one.claims);
    let by_scheme = challenges.iter().any(|one| one.scheme == "otp");
    if !by_error && !by_demand && !by_scheme && !exchange.says(Sign::NeedsStepUp) {
        return None;
    }
    let mut weighing = Weighing::from(-1.8);
    if by_error || exchange.says(Sign::NeedsStepUp) {
        weighing.finding(3.8, Line::new("why_says_step_up"));
    }
    if by_demand {
        weighing.finding(1.4, Line::new("why_demands_step_up"));
    }
    if by_scheme {
        weighing.finding(3.8, Line::new("why_wants_code"));
    }
    // A claims challenge also tells that a token was withdrawn (continuous access evaluation).
    if exchange.says(Sign::TokenRevoked) {
        weighing.shift(-3.0);
    }
    if exchange.says(Sign::WrongPassword) {
        weighing.shift(-1.5);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const API: Given = Given {
        kind: Kind::Fetch,
        path: "/api/pay",
        request: &[("Authorization", "Bearer abc")],
        ..Given::PLAIN
    };

    #[test]
    fn challenges_that_ask_for_more() {
        let asked = |response| Given { response, ..API };
        check(
            &asked(&[("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ\"")]),
            "mfa_or_step_up_required 0.97: why_says_step_up why_demands_step_up",
        );
        check(
            &asked(&[(
                "WWW-Authenticate",
                "Bearer error=\"insufficient_user_authentication\", max_age=\"300\"",
            )]),
            "mfa_or_step_up_required 0.97: why_says_step_up why_demands_step_up",
        );
        check(&asked(&[("WWW-Authenticate", "OTP")]), "mfa_or_step_up_required 0.88: why_wants_code");
        check(&asked(&[("X-GitHub-OTP", "required; app")]), "mfa_or_step_up_required 0.88: why_says_step_up");
    }

    #[test]
    fn a_renewal_that_wants_a_person() {
        let given = Given {
            method: "POST",
            path: "/common/oauth2/v2.0/token",
            status: 400,
            request: &[],
            body: Some("{\"error\":\"interaction_required\",\"error_description\":\"AADSTS50076: …\"}"),
            ..API
        };
        check(&given, "mfa_or_step_up_required 0.88: why_says_step_up");
    }

    #[test]
    fn not_what_only_refuses() {
        check(
            &Given { response: &[("WWW-Authenticate", "Bearer")], ..API },
            "token_expired 0.52: why_token_refused",
        );
        let withdrawn = &[(
            "WWW-Authenticate",
            "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ\", error_description=\"TokenIssuedBeforeRevocationTimestamp\"",
        )];
        check(&Given { response: withdrawn, ..API }, "session_revoked 0.92: why_says_revoked");
    }

    #[test]
    fn each_way_to_ask_for_more_counts_by_itself() {
        let asked = |value: &str, expect: &str| {
            check_rule(rule, &Given { response: &[("WWW-Authenticate", value)], ..API }, expect);
        };
        asked("Bearer error=\"login_required\"", "2.0: why_says_step_up");
        asked("Bearer acr_values=\"urn:x\"", "-0.4: why_demands_step_up");
        asked("OTP", "2.0: why_wants_code");
        asked("Bearer error=\"invalid_token\"", "nothing");
    }

    #[test]
    fn of_refusals_and_of_redirects() {
        let given = Given { response: &[("WWW-Authenticate", "OTP")], ..API };
        check_rule(rule, &Given { status: 423, ..given.clone() }, "2.0: why_wants_code");
        check_rule(rule, &Given { status: 404, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given.clone() }, "nothing");
        let to_code = [("Location", "/login/two-factor")];
        check_rule(rule, &Given { status: 302, response: &to_code, ..given }, "2.0: why_says_step_up");
    }

    /// A code beside it is of no use to a password that is wrong.
    #[test]
    fn the_password_comes_first() {
        let given = Given { response: &[("WWW-Authenticate", "OTP")], body: Some("Invalid password"), ..API };
        check_rule(rule, &given, "0.5: why_wants_code");
    }
}
