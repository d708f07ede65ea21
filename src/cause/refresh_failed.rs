//! `refresh_failed`: the app tried to renew its sign-in, and that was refused.
//!
//! A refresh token runs out, is withdrawn, or was used before: where it is rotated, the second of two
//! tabs that renew at once comes too late, and servers then end the whole family (RFC 6749, section 6;
//! RFC 9700, section 4.14.2). The token endpoint answers `invalid_grant` with 400 (RFC 6749, section 5.2).

use super::Weighing;
use crate::evidence::{Evidence, renews, says_renewal};
use crate::exchange::{Exchange, Known, SentCookie};
use crate::fix::FixId;
use crate::http::cookie::{Purpose, purpose};
use crate::sign::Sign;
use crate::time::SECOND;
use crate::words::{Arg, Line};

/// What helps: a sign-in anew; what is stored of the old one may have to go first.
pub(super) const FIXES: &[FixId] = &[
    FixId::SignIn,
    FixId::RemoveStoredToken,
    FixId::RemoveCookies,
    FixId::ClearSiteData,
    FixId::ForTheOwner,
];

/// Two renewals within this are two tabs, or two requests, that race, in milliseconds.
const RACE: i64 = 5 * SECOND;

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_renewal = renews(exchange) && matches!(exchange.status, 400 | 401 | 403);
    let failed = if is_renewal { exchange } else { evidence.failed_renewal()? };
    if !is_renewal && !matches!(exchange.status, 401 | 403 | 419 | 440 | 498) && !exchange.is_turned_away() {
        return None;
    }
    let mut weighing;
    if is_renewal {
        weighing = Weighing::from(if says_renewal(exchange) { 1.6 } else { 0.2 });
        weighing.finding(0.0, Line::new("why_renewal_refused").with(Arg::Text(exchange.status.to_string())));
    } else {
        weighing = Weighing::from(if says_renewal(failed) { 1.2 } else { 0.4 });
        weighing
            .finding(0.0, Line::new("why_renewal_failed_near").with(Arg::Text(failed.status.to_string())));
        // Over by its own date, which is why the app renewed.
        if evidence.token_in_time() == Some(false) {
            weighing.shift(0.8);
        }
    }
    let over =
        refresh_cookies(failed).find(|cookie| cookie.token_expires.is_some_and(|at| at < evidence.now));
    if let Some((name, at)) = over.and_then(|cookie| Some((&cookie.name, cookie.token_expires?))) {
        weighing.finding(1.4, Line::new("why_cookie_ran_out").text(name).with(Arg::At(at)));
    }
    if failed.says(Sign::InvalidGrant) {
        weighing.finding(2.4, Line::new("why_says_invalid_grant"));
    } else if failed.says(Sign::TokenExpired) || failed.says(Sign::TokenRevoked) {
        weighing.finding(1.2, Line::new("why_says_grant_over"));
    } else if failed.status == 400 && !says_renewal(failed) {
        // RFC 6749, section 5.2: a client that is not known would be answered with 401.
        weighing.shift(0.6);
    }
    if let Some(other) = racer(evidence, failed) {
        let key = if other.is_success() { "why_renewed_by_another" } else { "why_renewed_twice" };
        weighing.finding(1.2, Line::new(key));
    }
    if was_signed_in(evidence) {
        weighing.shift(0.6);
    } else if sends_nothing(evidence, failed) {
        // An app that asks at every start whether there is something to renew, of a stranger.
        weighing.shift(-0.9);
    }
    // A first sign-in goes to the token endpoint as well, with a password or a client's secret.
    let has_password = failed.authorization.present().is_some_and(|sent| sent.scheme == "basic");
    if has_password && !says_renewal(failed) {
        weighing.shift(-1.0);
    }
    for other in [Sign::WrongPassword, Sign::NeedsStepUp, Sign::Locked, Sign::BotChallenge, Sign::BadGuard] {
        if failed.says(other) {
            weighing.shift(-2.6);
        }
    }
    for cookie in refresh_cookies(failed).flat_map(|sent| evidence.in_jar(&sent.name)) {
        weighing.suspect(&cookie.id);
    }
    weighing.above(0.2)
}

/// Another renewal at the same time.
fn racer<'a>(evidence: &Evidence<'a>, failed: &Exchange) -> Option<&'a Exchange> {
    evidence.others().find(|other| {
        renews(other)
            && other.url == failed.url
            && *other != failed
            && failed.at.since(other.at).abs() < RACE
            // The other took what this one still holds.
            && (other.is_success() || matches!(other.status, 400 | 401 | 403))
    })
}

/// Was the person seen to be let in before?
fn was_signed_in(evidence: &Evidence<'_>) -> bool {
    let let_in = |other: &Exchange| other.is_let_in() && !renews(other);
    evidence.last_success().is_some() || evidence.earlier.iter().any(let_in)
}

/// Were both requests seen to carry nothing, and does the jar hold nothing?
fn sends_nothing(evidence: &Evidence<'_>, failed: &Exchange) -> bool {
    let bare = |exchange: &Exchange| exchange.authorization.is_absent() && exchange.cookies.is_absent();
    let holds = evidence.jar.present().is_some_and(|jar| !jar.is_empty());
    // The token endpoint is sent its token in the body, which is not seen.
    let is_by_cookie = says_renewal(failed) && evidence.jar != Known::Unknown;
    is_by_cookie && bare(failed) && bare(evidence.exchange) && !holds
}

/// The cookies that the renewal goes by.
fn refresh_cookies(failed: &Exchange) -> impl Iterator<Item = &SentCookie> {
    let sent = failed.cookies.present().map_or(&[][..], Vec::as_slice);
    let is_it = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("refresh") || purpose(&name) == Purpose::Session
    };
    sent.iter().filter(move |cookie| is_it(&cookie.name))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::HOUR;

    const REFRESH: Given = Given {
        kind: Kind::Fetch,
        method: "POST",
        path: "/api/auth/refresh",
        request: &[("Cookie", "refresh_token=abc")],
        ..Given::PLAIN
    };

    #[test]
    fn the_renewal_itself() {
        check(&REFRESH, "refresh_failed 0.83: why_renewal_refused");
        let said = Given {
            path: "/realms/r/protocol/openid-connect/token",
            status: 400,
            request: &[],
            body: Some("{\"error\":\"invalid_grant\",\"error_description\":\"Token is not active\"}"),
            ..REFRESH
        };
        check(&said, "refresh_failed 0.93: why_renewal_refused why_says_invalid_grant");
        let silent = Given { body: None, ..said };
        check(&silent, "refresh_failed 0.69: why_renewal_refused");
    }

    #[test]
    fn a_cookie_to_renew_with_that_is_over_itself() {
        // Claims `{"exp":1700000000}`.
        let request = &[("Cookie", "refresh_token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2ln")];
        check(&Given { request, ..REFRESH }, "refresh_failed 0.95: why_renewal_refused why_cookie_ran_out");
        let said = Given {
            path: "/api/token/refresh/",
            request: &[],
            body: Some("{\"detail\":\"Token is invalid or expired\",\"code\":\"token_not_valid\"}"),
            ..REFRESH
        };
        check(&said, "refresh_failed 0.87: why_renewal_refused why_says_grant_over");
    }

    #[test]
    fn what_fails_after_it() {
        let earlier: &[Other] = &[Other {
            method: "POST",
            path: "/api/auth/refresh",
            status: 401,
            request: &[("Cookie", "refresh_token=abc")],
            ago: 900,
            ..Other::PLAIN
        }];
        let given = Given { kind: Kind::Fetch, earlier, ..Given::PLAIN };
        check(&given, "refresh_failed 0.77: why_renewal_failed_near");
    }

    #[test]
    fn two_tabs_at_once() {
        let earlier: &[Other] = &[Other {
            method: "POST",
            path: "/api/auth/refresh",
            request: &[("Cookie", "refresh_token=abc")],
            response: &[("Set-Cookie", "refresh_token=def")],
            ago: 20,
            ..Other::PLAIN
        }];
        check(
            &Given { earlier, ..REFRESH },
            "refresh_failed 0.94: why_renewal_refused why_renewed_by_another",
        );
    }

    #[test]
    fn not_a_password_at_the_token_endpoint() {
        let given = Given {
            path: "/oauth/token",
            request: &[("Authorization", "Basic bWU6cHc=")],
            body: Some("{\"error\":\"invalid_client\",\"error_description\":\"Bad credentials\"}"),
            ..REFRESH
        };
        check(&given, "bad_credentials 0.99: why_says_wrong_password why_password_sent");
        check(
            &Given { path: "/feeds/renewable/list", request: &[], ..REFRESH },
            "not_logged_in 0.73: why_nothing_sent why_nothing_held",
        );
    }

    #[test]
    fn two_within_seconds_race() {
        let race = |ago, expect| {
            let other =
                Other { method: "POST", path: REFRESH.path, request: REFRESH.request, ago, ..Other::PLAIN };
            check_rule(rule, &Given { earlier: &[other], ..REFRESH }, expect);
            check_rule(rule, &Given { later: &[other], ..REFRESH }, expect);
        };
        race(4_999, "2.8: why_renewal_refused why_renewed_by_another [refresh_token]");
        race(5_000, "1.6: why_renewal_refused [refresh_token]");
    }

    #[test]
    fn a_page_that_leads_to_the_sign_in_after_it() {
        let failed = Other {
            method: "POST",
            path: "/api/auth/refresh",
            status: 401,
            request: &[("Cookie", "refresh_token=abc")],
            ..Other::PLAIN
        };
        let given = Given { status: 302, earlier: &[failed], ..Given::PLAIN };
        let away = Given { response: &[("Location", "/login")], ..given };
        check_rule(rule, &away, "1.2: why_renewal_failed_near");
        check_rule(rule, &Given { response: &[("Location", "/news")], ..given }, "nothing");
        check_rule(rule, &Given { status: 404, ..given }, "nothing");
    }

    #[test]
    fn a_cookie_is_over_after_its_last_moment() {
        // Claims `{"exp":1700000000}`.
        let request = &[("Cookie", "refresh_token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2ln")];
        let given = Given { request, now: 1_700_000_000, ..REFRESH };
        check_rule(rule, &given, "1.6: why_renewal_refused [refresh_token]");
        check_rule(
            rule,
            &Given { now: given.now + 1, ..given },
            "3.0: why_renewal_refused why_cookie_ran_out [refresh_token]",
        );
    }

    #[test]
    fn the_token_endpoint_says_400_of_a_token_and_401_of_a_client() {
        let token = Given { path: "/oauth/token", request: &[], ..REFRESH };
        check_rule(rule, &Given { status: 400, ..token }, "0.8: why_renewal_refused");
        check_rule(rule, &token, "0.2: why_renewal_refused");
        let by_password = &[("Authorization", "Basic bWU6cHc=")];
        check_rule(rule, &Given { request: by_password, ..token }, "-0.8: why_renewal_refused");
        let by_token = &[("Authorization", "Bearer x")];
        check_rule(rule, &Given { request: by_token, ..token }, "0.2: why_renewal_refused");
        // An app's own address is none where one signs in, and has its own statuses.
        check_rule(rule, &Given { request: by_password, ..REFRESH }, "1.6: why_renewal_refused");
        check_rule(rule, &Given { status: 400, ..REFRESH }, "1.6: why_renewal_refused [refresh_token]");
    }

    #[test]
    fn more_where_the_person_was_let_in() {
        check_rule(
            rule,
            &Given { worked: Some(-HOUR), ..REFRESH },
            "2.2: why_renewal_refused [refresh_token]",
        );
        let page = Other { request: &[("Cookie", "sid=1")], ..Other::PAGE };
        let given = Given { earlier: &[page], ..REFRESH };
        check_rule(rule, &given, "2.2: why_renewal_refused [refresh_token]");
        let refused = Other { status: 403, ..page };
        check_rule(rule, &Given { earlier: &[refused], ..given }, "1.6: why_renewal_refused [refresh_token]");
    }

    #[test]
    fn the_cookies_that_it_goes_by() {
        let request = &[("Cookie", "refresh=a; sid=b; theme=c")];
        check_rule(rule, &Given { request, ..REFRESH }, "1.6: why_renewal_refused [refresh] [sid]");
    }
}
