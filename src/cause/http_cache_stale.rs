//! `http_cache_stale`: the refusal is an old one. A cache, the browser's or one on the way, kept it and
//! gives it out again without asking the site.
//!
//! A cache may keep any answer that has a lifetime (RFC 9111, section 3), a 401 or a redirect to the
//! sign-in too; 301 and 308 also without one (RFC 9110, section 15.1). `Age` above zero shows a
//! stored copy (RFC 9111, section 5.1).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::time::MINUTE;
use crate::words::{Arg, Line};

/// What helps: to ask the site itself.
pub(super) const FIXES: &[FixId] = &[FixId::ReloadFresh, FixId::ClearSiteData, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let may_be = evidence.is_shut_out() || exchange.status == 400;
    if !may_be || exchange.kind == Kind::Preflight {
        return None;
    }
    let mut weighing = Weighing::from(-3.2);
    if exchange.from_cache {
        weighing.finding(5.0, Line::new("why_from_cache"));
    } else if exchange.told.stored_copy {
        weighing.finding(4.6, Line::new("why_stored_copy"));
    } else if exchange.told.may_be_stored {
        weighing.finding(1.6, Line::new("why_may_be_stored"));
    }
    // The step before was an old copy, so that what it led to is out of date.
    if let Some(step) = evidence.earlier.iter().rev().take(4).find(|other| led_here(other, exchange)) {
        weighing.finding(4.6, Line::new("why_led_by_copy").text(Address::parse(&step.url).path));
    }
    // An answer that was made long before it was asked for. (A clock that differs is another story:
    // then every answer is off.)
    let made = exchange.server_time.map(|made| (made, exchange.at.since(made)));
    if let Some((made, age)) = made.filter(|(_, age)| *age > 10 * MINUTE) {
        let is_clock = evidence.earlier.iter().chain(evidence.later).any(|other| {
            other.server_time.is_some_and(|time| other.at.since(time) > 10 * MINUTE) && !other.from_cache
        });
        if !is_clock && (exchange.from_cache || exchange.told.stored_copy) {
            weighing.finding(0.8, Line::new("why_made_before").with(Arg::At(made)).with(Arg::Span(age)));
        }
    }
    // The same path, asked for with another query, gets through.
    let anew = |other: &&Exchange| {
        other.site == exchange.site
            && other.url == exchange.url
            && other.tag != exchange.tag
            && other.is_success()
            && !other.is_turned_away()
            && other.at >= exchange.at.plus(-5 * MINUTE)
    };
    if evidence.later.iter().chain(evidence.earlier).any(|other| anew(&other)) {
        weighing.finding(1.4, Line::new("why_other_query_works"));
    }
    // A worker has a cache of its own (`service_worker`).
    if exchange.told.by_worker {
        weighing.shift(-1.4);
    }
    (weighing.confidence() > 0.15).then_some(weighing)
}

/// Did an old copy of a redirect start what ends here? The way may lead over a sign-in elsewhere and
/// come back.
fn led_here(other: &Exchange, exchange: &Exchange) -> bool {
    let is_redirect = matches!(other.status, 301 | 302 | 303 | 307 | 308);
    is_redirect
        && (other.from_cache || other.told.stored_copy)
        && exchange.at.since(other.at) < 5 * MINUTE
        && !exchange.from_cache
        && other.site == exchange.site
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check};

    #[test]
    fn a_copy_of_the_browser() {
        let request = [("Cookie", "sid=1")];
        let given = Given { from_cache: true, request: &request, ..Given::default() };
        check(&given, "http_cache_stale 0.86: why_from_cache");
        check(&Given { from_cache: false, ..given }, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn a_copy_on_the_way() {
        for header in [
            ("Age", "532"),
            ("X-Cache", "Hit from cloudfront"),
            ("CF-Cache-Status", "HIT"),
            ("Cache-Status", "ExampleCache; hit; ttl=40"),
            ("X-Varnish", "32770 3"),
        ] {
            let response = [header];
            let request = [("Cookie", "sid=1")];
            let given = Given { response: &response, request: &request, ..Given::default() };
            check(&given, "http_cache_stale 0.80: why_stored_copy");
        }
        let missed = [("X-Cache", "Miss from cloudfront"), ("Age", "0"), ("X-Varnish", "32770")];
        let request = [("Cookie", "sid=1")];
        check(
            &Given { response: &missed, request: &request, ..Given::default() },
            "session_expired 0.50: why_cookie_sent",
        );
    }

    #[test]
    fn a_step_that_was_an_old_copy() {
        let to = [("Location", "https://idp.test/auth?state=old")];
        let start =
            [Other { path: "/oauth2/start", status: 302, response: &to, from_cache: true, ..Other::PAGE }];
        let given = Given { path: "/oauth2/callback", status: 403, earlier: &start, ..Given::default() };
        check(&given, "http_cache_stale 0.80: why_led_by_copy");
    }
}
