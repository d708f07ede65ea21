//! `auth_header_malformed`: a credential was sent in a shape that no server reads.
//!
//! RFC 9110, section 11.4: a scheme, a space, and one `token68` or a list of parameters. Programs
//! write what they happen to hold: `undefined`, quotes, the scheme twice, none at all.

use super::Weighing;
use crate::evidence::Evidence;
use crate::fix::FixId;
use crate::http::authorization::Oddity;
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: what the app has stored goes, so that it fetches a sound one.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveStoredToken, FixId::SignIn, FixId::ClearSiteData, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403) {
        return None;
    }
    let credential = exchange.authorization.present()?;
    let mut weighing = Weighing::from(-1.8);
    for oddity in &credential.oddities {
        let (weight, key) = match oddity {
            Oddity::Nothing => (4.6, "why_shape_nothing"),
            Oddity::Empty => (4.2, "why_shape_empty"),
            Oddity::Placeholder => (4.2, "why_shape_placeholder"),
            Oddity::Quoted => (4.2, "why_shape_quoted"),
            Oddity::DoubledScheme => (4.2, "why_shape_doubled"),
            Oddity::ColonAfterScheme => (4.2, "why_shape_colon"),
            Oddity::NotBase64 | Oddity::NoColon => (3.8, "why_shape_not_basic"),
            Oddity::Spaced => (3.4, "why_shape_spaced"),
            // Some gateways take a bare token (Amazon Cognito authorizers do).
            Oddity::NoScheme => (3.0, "why_shape_no_scheme"),
        };
        weighing.finding(weight, Line::new(key));
    }
    // The server names the schemes it reads, and this is none of them (section 11.6.1).
    let names_another = |scheme: &str| !scheme.is_empty() && !scheme.eq_ignore_ascii_case(&credential.scheme);
    let challenges = exchange.challenges();
    let is_one_word = matches!(credential.scheme.as_str(), "bearer" | "token" | "jwt" | "apikey" | "api-key");
    if is_one_word
        && !challenges.is_empty()
        && challenges.iter().all(|one| names_another(&one.scheme) && !one.is_answered_by_browser())
    {
        let wanted = crate::redact::short_name(&challenges.first()?.scheme);
        let line = Line::new("why_other_scheme").text(&credential.scheme).with(Arg::Text(wanted));
        weighing.finding(3.2, line);
    }
    let is_invalid_request = challenges.iter().any(|one| one.error.as_deref() == Some("invalid_request"));
    if exchange.says(Sign::Malformed) || is_invalid_request {
        // "Expired, revoked, malformed" (RFC 6750, section 3.1, word for word) settles nothing.
        let is_list = exchange.says(Sign::TokenExpired) || exchange.says(Sign::TokenRevoked);
        let weight = if exchange.says(Sign::Malformed) && !is_list { 2.6 } else { 1.4 };
        weighing.finding(weight, Line::new("why_says_malformed"));
    }
    if exchange.status == 403 {
        weighing.shift(-0.8);
    }
    weighing.above(0.2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;

    #[test]
    fn shapes_that_nobody_reads() {
        let with = |request| Given { request, ..Given::default() };
        check(
            &with(&[("Authorization", "Bearer undefined")]),
            "auth_header_malformed 0.94: why_shape_nothing",
        );
        check(
            &with(&[("Authorization", "Bearer Bearer abc")]),
            "auth_header_malformed 0.92: why_shape_doubled",
        );
        check(&with(&[("Authorization", "Basic me:pw")]), "auth_header_malformed 0.88: why_shape_not_basic");
        check(&with(&[("Authorization", "Bearer abc")]), "unknown");
    }

    #[test]
    fn another_scheme_than_the_server_names() {
        let given = Given {
            request: &[("Authorization", "Bearer abc")],
            response: &[("WWW-Authenticate", "Token")],
            ..Given::default()
        };
        check(&given, "auth_header_malformed 0.80: why_other_scheme");
        check(&Given { response: &[("WWW-Authenticate", "Bearer")], ..given }, "unknown");
    }

    #[test]
    fn a_server_that_calls_it_malformed() {
        let given = Given { request: &[("Authorization", "Bearer abc")], ..Given::default() };
        let says = |body| Given { body: Some(body), ..given };
        check_rule(rule, &says("jwt malformed"), "0.8: why_says_malformed");
        // One of several reasons, word for word, settles nothing.
        check_rule(rule, &says("The access token expired or is malformed"), "-0.4: why_says_malformed");
        check_rule(rule, &says("The token was revoked or is malformed"), "-0.4: why_says_malformed");
        let by_code = &[("WWW-Authenticate", "Bearer error=\"invalid_request\"")];
        check_rule(rule, &Given { response: by_code, ..given }, "-0.4: why_says_malformed");
        check_rule(rule, &says("unauthorized"), "nothing");
    }

    #[test]
    fn a_403_is_rarely_about_the_shape() {
        let given = Given { request: &[("Authorization", "Bearer undefined")], ..Given::default() };
        check_rule(rule, &given, "2.8: why_shape_nothing");
        check_rule(rule, &Given { status: 403, ..given }, "2.0: why_shape_nothing");
    }
}
