//! `token_expired`: the access token's time is over.
//!
//! A JWT says so itself by `exp` (RFC 7519, section 4.1.4); of an opaque token only the server can
//! say it, by `invalid_token` with a sentence (RFC 6750, section 3.1), or by 498 (Esri).

use super::Weighing;
use crate::evidence::{Evidence, says_renewal};
use crate::exchange::Kind;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::time::{HOUR, MINUTE, SECOND};
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
    let is_invalid = exchange.signs.is_empty()
        && exchange.challenges().iter().any(|one| one.error.as_deref() == Some("invalid_token"));
    if exchange.status == 498 {
        weighing.finding(3.0, Line::new("why_status_498"));
    }
    if exchange.says(Sign::TokenExpired) {
        weighing.finding(4.2, Line::new("why_says_token_expired"));
    }
    match expires {
        // On or after it (RFC 7519, section 4.1.4).
        Some(at) if at <= now => {
            weighing.finding(4.4, Line::new("why_token_ran_out").with(Arg::At(at)));
            // A moment ago is within what many servers forgive.
            if now.since(at) < 10 * SECOND {
                weighing.shift(-1.0);
            }
        }
        // By the server's own clock it is still good.
        Some(at) if at.since(now) > LEEWAY => weighing.shift(-2.5),
        Some(_) => weighing.shift(0.5),
        // RFC 6750, section 3.1: expired, revoked, malformed; of these time is the commonest.
        None if is_invalid && credential.oddities.is_empty() && credential.token.is_none() => {
            weighing.finding(2.4, Line::new("why_says_invalid"));
        }
        None => {}
    }
    if is_silent(evidence) {
        weighing.finding(2.3, Line::new("why_token_refused"));
        if let Some(at) = evidence.last_success().filter(|at| evidence.now.since(*at) > HOUR / 4) {
            weighing.finding(0.8, Line::new("why_worked_before").with(Arg::At(at)));
        }
    }
    if expires.is_none_or(|at| at >= now) && evidence.accepted_elsewhere().is_some() {
        weighing.shift(-1.5);
    }
    // The app did what it should, and its renewal failed: see `refresh_failed`.
    if evidence.failed_renewal().is_some() || says_renewal(exchange) {
        weighing.shift(-1.5);
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
    weighing.above(0.15)
}

/// Was an app's opaque token refused without a word? Apps keep theirs past its time more often than
/// they meet any other of the reasons of RFC 6750, section 3.1.
fn is_silent(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    let is_app = matches!(exchange.kind, Kind::Fetch | Kind::Script);
    let is_opaque = exchange.authorization.present().is_some_and(|sent| {
        matches!(sent.scheme.as_str(), "bearer" | "token") && sent.oddities.is_empty() && sent.token.is_none()
    });
    let says_nothing = exchange.signs.is_empty()
        && exchange.challenges().iter().all(|one| one.error.is_none() && one.scheme == "bearer");
    exchange.status == 401 && is_app && is_opaque && says_nothing && exchange.asked.api_key.is_none()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::HOUR;

    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const JWT: &[(&str, &str)] =
        &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    /// When it runs out.
    const END: i64 = 1_800_000_000;
    const SAYS: &[(&str, &str)] =
        &[("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"Token expired\"")];

    /// A token that would still do, and a server that says that it does not.
    const LAST_SECOND: Given = Given { request: JWT, response: SAYS, now: END - 1, ..Given::PLAIN };
    const OPAQUE: Given = Given { request: &[("Authorization", "Bearer abc")], ..Given::PLAIN };

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
    fn an_app_whose_token_is_refused_without_a_word() {
        let opaque = Given {
            kind: Kind::Fetch,
            request: &[("Authorization", "Bearer abc")],
            worked: Some(-2 * HOUR),
            ..Given::default()
        };
        check(&opaque, "token_expired 0.71: why_token_refused why_worked_before");
        check(&Given { worked: None, ..opaque.clone() }, "token_expired 0.52: why_token_refused");
        let invalid = &[("WWW-Authenticate", "Bearer error=\"invalid_token\"")];
        check(
            &Given { kind: Kind::MainFrame, response: invalid, ..opaque },
            "token_expired 0.55: why_says_invalid",
        );
    }

    #[test]
    fn not_a_password() {
        let given = Given { request: &[("Authorization", "Basic bWU6cHc=")], ..Given::default() };
        check(&given, "bad_credentials 0.69: why_password_sent");
    }

    #[test]
    fn how_far_a_token_is_from_its_end() {
        for (now, expect) in [
            (END - 301, "-0.5: why_says_token_expired"),
            // Within what verifiers forgive, from here on.
            (END - 300, "2.5: why_says_token_expired"),
            (END - 1, "2.5: why_says_token_expired"),
            (END, "5.4: why_says_token_expired why_token_ran_out"),
            (END + 9, "5.4: why_says_token_expired why_token_ran_out"),
            (END + 10, "6.4: why_says_token_expired why_token_ran_out"),
        ] {
            check_rule(rule, &Given { now, ..LAST_SECOND }, expect);
        }
    }

    #[test]
    fn the_clock_of_the_server_decides() {
        let late: &[(&str, &str)] = &[("Date", "Fri, 15 Jan 2027 08:01:00 GMT")];
        let given = Given { response: late, ..LAST_SECOND };
        check_rule(rule, &given, "2.2: why_token_ran_out");
        // What was stored tells of another time.
        check_rule(rule, &Given { from_cache: true, ..given }, "-1.7");
    }

    #[test]
    fn a_token_that_opens_other_doors_has_not_run_out() {
        let opens = [Other { path: "/api/me", request: JWT, ..Other::PLAIN }];
        let given = Given { earlier: &opens, ..LAST_SECOND };
        check_rule(rule, &LAST_SECOND, "2.5: why_says_token_expired");
        check_rule(rule, &given, "1.0: why_says_token_expired");
        check_rule(rule, &Given { now: END - 1, ..given.clone() }, "1.0: why_says_token_expired");
        // Unless it says so itself: the other door may check less, or was opened in time.
        let over = Given { now: END + 60, ..given };
        check_rule(rule, &over, "6.4: why_says_token_expired why_token_ran_out");
        let opens = [Other { path: "/api/me", request: OPAQUE.request, ..Other::PLAIN }];
        let opaque = Given { response: SAYS, earlier: &opens, ..OPAQUE };
        check_rule(rule, &opaque, "0.5: why_says_token_expired");
    }

    #[test]
    fn less_where_the_renewal_is_what_failed() {
        let renewal = [Other { method: "POST", path: "/auth/refresh", status: 401, ..Other::PLAIN }];
        check_rule(rule, &Given { later: &renewal, ..LAST_SECOND }, "1.0: why_says_token_expired");
        let itself = Given { path: "/auth/refresh", ..LAST_SECOND };
        check_rule(rule, &itself, "1.0: why_says_token_expired");
    }

    #[test]
    fn what_the_status_says_beside() {
        let given = Given { response: SAYS, ..OPAQUE };
        for (status, expect) in [
            (401, "2.0: why_says_token_expired"),
            (403, "0.8: why_says_token_expired"),
            (400, "0.5: why_says_token_expired"),
            (498, "5.0: why_status_498 why_says_token_expired"),
            (404, "nothing"),
        ] {
            check_rule(rule, &Given { status, ..given.clone() }, expect);
        }
    }

    #[test]
    fn a_quarter_of_an_hour_is_the_least_that_a_token_lives() {
        let given = Given { kind: Kind::Fetch, worked: Some(-HOUR / 4), ..OPAQUE };
        check_rule(rule, &given, "0.1: why_token_refused");
        let longer = Given { worked: Some(-HOUR / 4 - 1), ..given };
        check_rule(rule, &longer, "0.9: why_token_refused why_worked_before");
    }

    #[test]
    fn no_silence_where_something_is_said() {
        let given = Given { kind: Kind::Fetch, response: &[("WWW-Authenticate", "Bearer")], ..OPAQUE };
        check_rule(rule, &given, "0.1: why_token_refused");
        let error = [("WWW-Authenticate", "Bearer error=\"invalid_token\"")];
        check_rule(rule, &Given { response: &error, ..given.clone() }, "0.2: why_says_invalid");
        let password = [("WWW-Authenticate", "Basic realm=x")];
        check_rule(rule, &Given { response: &password, ..given.clone() }, "nothing");
        let words = Given { body: Some("jwt expired"), ..given };
        check_rule(rule, &words, "2.0: why_says_token_expired");
    }
}
