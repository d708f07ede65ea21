//! `proxy_or_captive_portal`: it is not the site that asks, but the network on the way to it.
//!
//! 407 and `Proxy-Authenticate` are a proxy's (RFC 9110, sections 15.5.8 and 11.7.1), 511 is a portal's
//! (RFC 6585, section 6); older portals send every page of plain http on to their own. Web filters
//! answer in the site's name and sign with their own.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: to sign in to the network, or to take another.
pub(super) const FIXES: &[FixId] =
    &[FixId::NetworkSignIn, FixId::Retry, FixId::CheckExtensions, FixId::TryElsewhere, FixId::AskForAccess];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_redirect = (300..400).contains(&exchange.status);
    let mut weighing = match exchange.status {
        407 => Weighing::from(2.0),
        511 => {
            let mut weighing = Weighing::from(3.4);
            weighing.finding(0.0, Line::new("why_status_511"));
            weighing
        }
        0 => {
            let error = exchange.error.as_deref().filter(|error| names_proxy(error))?;
            let mut weighing = Weighing::from(2.0);
            weighing.finding(
                0.4,
                Line::new("why_error_of_proxy").with(Arg::Text(crate::redact::short_name(error))),
            );
            weighing
        }
        _ => Weighing::from(-2.4),
    };
    if exchange.status == 407 {
        weighing.finding(0.4, Line::new("why_status_407"));
    }
    if let Some(first) = exchange.proxy_challenges.first() {
        let line = Line::new("why_proxy_asks").with(Arg::Text(crate::redact::short_name(&first.scheme)));
        weighing.finding(1.2, line);
    } else if exchange.status == 407 {
        // Some APIs use the number for something of their own.
        weighing.shift(-0.6);
    }
    if exchange.asked.proxy_login {
        weighing.finding(0.4, Line::new("why_proxy_login_sent"));
    }
    if exchange.says(Sign::ByNetwork) && !(is_redirect && leads_home(exchange)) {
        weighing.finding(3.6, Line::new("why_says_network"));
    } else if is_redirect && is_probe(exchange) {
        weighing.finding(2.6, Line::new("why_check_redirected"));
    }
    let around = || evidence.earlier.iter().chain(evidence.later);
    let of_network = |other: &Exchange| {
        matches!(other.status, 407 | 511)
            || (other.status == 0 && other.error.as_deref().is_some_and(names_proxy))
            || ((300..400).contains(&other.status) && is_probe(other))
    };
    if around().any(of_network) {
        weighing.finding(1.4, Line::new("why_others_too"));
    }
    weighing.above(0.15)
}

/// Chromium's `ERR_TUNNEL_CONNECTION_FAILED`, `ERR_PROXY_…`; Firefox's `NS_ERROR_PROXY_…`.
fn names_proxy(error: &str) -> bool {
    error.contains("PROXY") || error.contains("TUNNEL")
}

/// Does a redirect stay at the site?
fn leads_home(exchange: &Exchange) -> bool {
    let to = exchange.told.location.as_deref().map(Address::parse);
    to.is_none_or(|to| same_site(to.host, Address::parse(&exchange.url).host))
}

/// Is it one of the addresses that systems ask to learn whether a network is open? Documented by
/// Android and Chrome (`/generate_204`), Apple, Microsoft and Mozilla. None of them is ever moved.
fn is_probe(exchange: &Exchange) -> bool {
    const PATHS: [&str; 5] =
        ["/generate_204", "/hotspot-detect.html", "/connecttest.txt", "/ncsi.txt", "/success.txt"];
    let path = Address::parse(&exchange.url).path;
    exchange.kind != Kind::Preflight && PATHS.contains(&path) && !leads_home(exchange)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::SECOND;

    #[test]
    fn a_proxy_that_asks() {
        let response: &[(&str, &str)] =
            &[("Proxy-Authenticate", "NTLM"), ("Proxy-Authenticate", "Basic realm=\"x\"")];
        let given = Given { status: 407, response, ..Given::default() };
        check(&given, "proxy_or_captive_portal 0.97: why_status_407 why_proxy_asks");
        check(&Given { response: &[], ..given }, "proxy_or_captive_portal 0.86: why_status_407");
    }

    #[test]
    fn a_tunnel_that_was_not_let_through() {
        let given = Given { status: 0, error: Some("net::ERR_TUNNEL_CONNECTION_FAILED"), ..Given::default() };
        check(&given, "proxy_or_captive_portal 0.92: why_error_of_proxy");
        check(&Given { error: Some("net::ERR_CONNECTION_RESET"), ..given }, "unknown");
    }

    #[test]
    fn a_portal() {
        check(&Given { status: 511, ..Given::default() }, "proxy_or_captive_portal 0.97: why_status_511");
        let sent_on = Given {
            status: 302,
            origin: "http://news.example",
            response: &[("Location", "http://10.0.0.1:3990/login?res=notyet&uamip=10.0.0.1&uamport=3990")],
            ..Given::default()
        };
        check(&sent_on, "proxy_or_captive_portal 0.77: why_says_network");
        let checked = Given {
            status: 302,
            origin: "http://check.example",
            path: "/generate_204",
            response: &[("Location", "http://wifi.example.net/login")],
            ..Given::default()
        };
        check(
            &Given { before: &[(SECOND, checked)], ..sent_on },
            "proxy_or_captive_portal 0.93: why_says_network why_others_too",
        );
    }

    #[test]
    fn a_filter_that_answers_for_the_site() {
        let given =
            Given { status: 403, response: &[("X-Squid-Error", "ERR_ACCESS_DENIED 0")], ..Given::default() };
        check(&given, "proxy_or_captive_portal 0.77: why_says_network");
        check(&Given { response: &[("Via", "1.1 varnish")], ..given }, "unknown");
    }

    const CHECK: Given<'_> = Given {
        status: 302,
        origin: "http://check.example",
        path: "/generate_204",
        response: &[("Location", "http://wifi.example.net/welcome")],
        ..Given::PLAIN
    };

    #[test]
    fn a_check_that_is_sent_elsewhere() {
        check_rule(rule, &CHECK, "0.2: why_check_redirected");
        check_rule(rule, &Given { path: "/account", ..CHECK }, "nothing");
        check_rule(rule, &Given { status: 401, ..CHECK }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..CHECK }, "nothing");
        check_rule(rule, &Given { response: &[("Location", "https://check.example/")], ..CHECK }, "nothing");
    }

    #[test]
    fn a_site_may_speak_of_portals_itself() {
        let away = &[("Location", "http://10.0.0.1/captive")];
        let given = Given { status: 302, response: away, ..Given::PLAIN };
        check_rule(rule, &given, "1.2: why_says_network");
        check_rule(rule, &Given { response: &[("Location", "/help/captive")], ..given }, "nothing");
        let filter = &[("X-Squid-Error", "ERR_ACCESS_DENIED 0")];
        check_rule(rule, &Given { status: 403, response: filter, ..given }, "1.2: why_says_network");
    }

    #[test]
    fn others_that_met_the_network() {
        let given = Given { status: 407, ..Given::PLAIN };
        check_rule(rule, &given, "1.8: why_status_407");
        let stopped = Given { status: 0, error: Some("net::ERR_TUNNEL_CONNECTION_FAILED"), ..Given::PLAIN };
        for (other, counts) in [
            (Given { status: 407, ..Given::PLAIN }, true),
            (Given { status: 511, ..Given::PLAIN }, true),
            (Given { error: Some("net::ERR_CONNECTION_RESET"), ..stopped }, false),
            (stopped, true),
            (CHECK, true),
            (Given { path: "/account", ..CHECK }, false),
            (Given { status: 404, ..CHECK }, false),
            (Given::PLAIN, false),
        ] {
            let expect = if counts { "3.2: why_status_407 why_others_too" } else { "1.8: why_status_407" };
            check_rule(rule, &Given { before: &[(SECOND, other)], ..given }, expect);
        }
    }
}
