//! `token_expired`: the access token's time is over.
//!
//! A JWT says so itself by `exp` (RFC 7519, section 4.1.4); of an opaque token only the server can
//! say it, by `invalid_token` with a sentence (RFC 6750, section 3.1), or by 498 (Esri).

use super::Weighing;
use crate::evidence::Evidence;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::time::{MINUTE, SECOND};
use crate::words::{Arg, Line};

/// What helps: a new token. The app fetches one where the old one is gone, or after a sign-in.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveStoredToken, FixId::SignIn, FixId::ClearSiteData, FixId::ForTheOwner];

/// The leeway that verifiers commonly give, in milliseconds (five minutes is the widest default:
/// ASP.NET Core `ClockSkew`).
const LEEWAY: i64 = 5 * MINUTE;

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403 | 498) {
        return None;
    }
    let credential = exchange.authorization.present()?;
    if matches!(credential.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm") {
        return None;
    }
    // The server's clock is what it is judged by.
    let now = exchange.server_time.filter(|_| !exchange.from_cache).unwrap_or(evidence.now);
    let expires = credential.token.as_ref().and_then(|token| token.expires_at);
    let mut weighing = Weighing::from(-2.2);
    if exchange.status == 498 {
        weighing.finding(3.0, Line::new("why_status_498"));
    }
    if exchange.says(Sign::TokenExpired) {
        weighing.finding(4.2, Line::new("why_says_token_expired"));
    }
    match expires {
        Some(at) if at < now => {
            weighing.finding(4.4, Line::new("why_token_ran_out").with(Arg::At(at)));
            // A moment ago is within what many servers forgive.
            if now.since(at) < 10 * SECOND {
                weighing.shift(-1.0);
            }
        }
        // By the server's own clock it is still good.
        Some(at) if at.since(now) > LEEWAY => weighing.shift(-2.5),
        Some(_) => weighing.shift(0.5),
        None => {}
    }
    if !evidence.stored.present().is_none_or(|items| items.is_empty()) {
        weighing.finding(0.2, Line::new("why_token_stored"));
    }
    match exchange.status {
        // 403: the token was read, and does not suffice.
        403 => weighing.shift(-1.2),
        400 => weighing.shift(-1.5),
        _ => {}
    }
    (weighing.confidence() > 0.15).then_some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check};

    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const JWT: &[(&str, &str)] =
        &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    const SAYS: &[(&str, &str)] =
        &[("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"Token expired\"")];

    #[test]
    fn a_token_that_says_so_itself() {
        let given = Given { request: JWT, now: 1_800_008_000, ..Given::default() };
        check(&given, "token_expired 0.90: why_token_ran_out");
        check(
            &Given { response: SAYS, ..given.clone() },
            "token_expired 1.00: why_says_token_expired why_token_ran_out",
        );
        check(&Given { now: 1_799_990_000, ..given }, "unknown");
    }

    #[test]
    fn a_server_that_says_so() {
        let opaque =
            Given { request: &[("Authorization", "Bearer abc")], response: SAYS, ..Given::default() };
        check(&opaque, "token_expired 0.88: why_says_token_expired");
        check(&Given { response: &[], ..opaque }, "unknown");
    }

    #[test]
    fn not_a_password() {
        let given = Given { request: &[("Authorization", "Basic bWU6cHc=")], ..Given::default() };
        check(&given, "bad_credentials 0.69: why_password_sent");
    }
}
