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
    weighing.above(0.15)
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
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::{MINUTE, SECOND};

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

    #[test]
    fn what_may_be_an_old_refusal() {
        let given = Given { from_cache: true, ..Given::default() };
        check_rule(rule, &given, "1.8: why_from_cache");
        check_rule(rule, &Given { status: 400, ..given }, "1.8: why_from_cache");
        check_rule(rule, &Given { status: 404, ..given }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
        // A worker has a cache of its own.
        check_rule(rule, &Given { by_worker: true, ..given }, "0.4: why_from_cache");
    }

    #[test]
    fn an_answer_that_was_made_long_before() {
        // 2027-01-15 08:00:00 is 1800000000.
        const MADE: (&str, &str) = ("Date", "Fri, 15 Jan 2027 08:00:00 GMT");
        let given = Given { from_cache: true, response: &[MADE], now: 1_800_000_601, ..Given::default() };
        check_rule(rule, &given, "2.6: why_from_cache why_made_before");
        check_rule(rule, &Given { now: 1_800_000_600, ..given }, "1.8: why_from_cache");
        let on_the_way = Given { from_cache: false, response: &[MADE, ("Age", "601")], ..given };
        check_rule(rule, &on_the_way, "2.2: why_stored_copy why_made_before");
        // Of no copy it says nothing.
        let response = &[MADE, ("Cache-Control", "max-age=900")];
        check_rule(rule, &Given { from_cache: false, response, ..given }, "-1.6: why_may_be_stored");
    }

    #[test]
    fn a_clock_that_differs_makes_every_answer_look_old() {
        let other = |made| Other { response: made, ago: 0, ..Other::PLAIN };
        let given = Given {
            from_cache: true,
            response: &[("Date", "Fri, 15 Jan 2027 08:00:00 GMT")],
            now: 1_800_000_900,
            ..Given::default()
        };
        let check_beside = |other: Other, expect| {
            check_rule(rule, &Given { earlier: &[other], ..given }, expect);
            check_rule(rule, &Given { later: &[other], ..given }, expect);
        };
        let off = other(&[("Date", "Fri, 15 Jan 2027 08:04:59 GMT")]);
        check_beside(off, "1.8: why_from_cache");
        let off_by_ten_minutes = other(&[("Date", "Fri, 15 Jan 2027 08:05:00 GMT")]);
        let is_old = "2.6: why_from_cache why_made_before";
        check_beside(off_by_ten_minutes, is_old);
        check_beside(other(&[("Date", "Fri, 15 Jan 2027 08:15:00 GMT")]), is_old);
        // Another old copy says nothing of the clock.
        check_beside(Other { from_cache: true, ..off }, is_old);
    }

    #[test]
    fn another_query_gets_through() {
        let given = Given { from_cache: true, ..Given::default() };
        let works = "3.2: why_from_cache why_other_query_works";
        let not = "1.8: why_from_cache";
        let anew = Other { path: "/account?fresh=1", ago: 5 * MINUTE, ..Other::PAGE };
        let before = |other: Other, expect| check_rule(rule, &Given { earlier: &[other], ..given }, expect);
        before(anew, works);
        before(Other { ago: 5 * MINUTE + 1, ..anew }, not);
        before(Other { path: "/account", ..anew }, not);
        before(Other { path: "/other?fresh=1", ..anew }, not);
        before(Other { status: 401, ..anew }, not);
        before(Other { status: 302, response: &[("Location", "/login")], ..anew }, not);
        check_rule(rule, &Given { later: &[Other { ago: SECOND, ..anew }], ..given }, works);
    }

    #[test]
    fn an_old_copy_leads_here_within_five_minutes() {
        let step = Other { path: "/start", status: 302, from_cache: true, ..Other::PAGE };
        let given = Given { status: 403, ..Given::default() };
        let before = |step: Other, expect| check_rule(rule, &Given { earlier: &[step], ..given }, expect);
        before(Other { ago: 5 * MINUTE - 1, ..step }, "1.4: why_led_by_copy");
        before(Other { ago: 5 * MINUTE, ..step }, "nothing");
        before(Other { from_cache: false, ..step }, "nothing");
        before(Other { status: 200, ..step }, "nothing");
    }
}
