//! `auth_header_stripped_redirect`: the request was sent on to another origin, and browsers leave
//! `Authorization` behind when they follow (Fetch standard, section 4.4 "HTTP-redirect fetch": it is
//! removed when the origins differ).
//!
//! Another origin is also http instead of https, another port, or `www.` in front (RFC 6454). Servers
//! behind a proxy that do not know of its https send so themselves, often for the sake of a slash at the
//! end (Starlette `redirect_slashes`, Django `APPEND_SLASH`, Tomcat).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::words::Line;

/// What helps: to start at the right address.
pub(super) const FIXES: &[FixId] = &[FixId::OpenCorrectedUrl, FixId::CheckExtensions, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 401 | 403)
        || exchange.kind == Kind::Preflight
        || !exchange.lacks_app_authorization()
    {
        return None;
    }
    let Some(signed) = evidence.signed_source() else {
        return from_hops(exchange, &Address::parse(&exchange.url).origin());
    };
    let source = Address::parse(&signed.url).origin();
    let target = Address::parse(signed.told.location.as_deref()?).origin();
    let mut weighing = Weighing::from(0.6);
    weighing.finding(0.0, Line::new("why_signed_then_sent_on").text(&source).text(&target));
    if source == target {
        // Within an origin most browsers keep it (Safari long did not): it was seen to be lost all the same.
        weighing.shift(0.2);
    } else {
        weighing.finding(2.2, Line::new("why_left_behind"));
    }
    if evidence.sent_sessions().next().is_some() {
        weighing.shift(-0.8);
    }
    if exchange.status == 403 {
        weighing.shift(-0.4);
    }
    if signed.told.is_internal {
        weighing.finding(0.0, Line::new("why_browser_sent_on"));
    }
    weighing.belongs_at = belongs_at(exchange, &source, &target);
    if weighing.belongs_at.is_some() && exchange.kind != Kind::MainFrame {
        // It is not an extension that lost it.
        weighing.rule_out(FixId::CheckExtensions);
    }
    Some(weighing)
}

/// Where to start instead: at the page that the redirect led to; or, for an app that is open at the
/// one address of its site and whose calls are sent on to the other (`www.`, the scheme), at that other.
fn belongs_at(exchange: &Exchange, source: &str, target: &str) -> Option<String> {
    if exchange.kind == Kind::MainFrame {
        return Some(exchange.url.clone());
    }
    let (from, to) = (Address::parse(source), Address::parse(target));
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    let is_open_there = exchange.page.as_deref() == Some(&from.site());
    let is_twin = bare(from.host) == bare(to.host) && source != target;
    (is_open_there && is_twin).then(|| format!("{target}/"))
}

/// Live, what the earlier requests of a chain carried is not known.
fn from_hops(exchange: &Exchange, target: &str) -> Option<Weighing> {
    let source =
        exchange.hops.iter().map(|hop| Address::parse(&hop.url).origin()).find(|from| from != target)?;
    let wants_token = exchange.challenges().iter().any(|one| !one.is_answered_by_browser());
    let is_app = matches!(exchange.kind, Kind::Fetch | Kind::Script);
    if !is_app || exchange.is_sign_in() {
        return None;
    }
    let mut weighing = Weighing::from(if wants_token { 0.8 } else { -0.4 });
    weighing.finding(0.0, Line::new("why_sent_on").text(&source).text(target));
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix, fixes};
    use super::rule;
    use crate::exchange::Kind;

    const SIGNED: &[(&str, &str)] = &[("Authorization", "Bearer abc")];
    const API: Given = Given { kind: Kind::Fetch, path: "/api/items/", ..Given::PLAIN };

    #[test]
    fn to_another_origin() {
        let earlier: &[Other] = &[Other {
            origin: "http://app.example.com",
            path: "/api/items",
            status: 307,
            request: SIGNED,
            response: &[("Location", "https://app.example.com/api/items/")],
            ..Other::PLAIN
        }];
        check(
            &Given { earlier, ..API },
            "auth_header_stripped_redirect 0.94: why_signed_then_sent_on why_left_behind",
        );
        check(&Given { earlier, request: SIGNED, ..API }, "token_expired 0.52: why_token_refused");
    }

    #[test]
    fn over_two_stations() {
        let earlier: &[Other] = &[
            Other {
                origin: "https://example.com",
                path: "/api/items",
                status: 301,
                request: SIGNED,
                response: &[("Location", "https://www.example.com/api/items")],
                ..Other::PLAIN
            },
            Other {
                origin: "https://www.example.com",
                path: "/api/items",
                status: 308,
                response: &[("Location", "https://app.example.com/api/items/")],
                ..Other::PLAIN
            },
        ];
        check(
            &Given { earlier, ..API },
            "auth_header_stripped_redirect 0.94: why_signed_then_sent_on why_left_behind",
        );
    }

    #[test]
    fn not_when_nothing_was_left_behind() {
        let earlier: &[Other] = &[Other {
            origin: "http://app.example.com",
            path: "/api/items",
            status: 307,
            response: &[("Location", "https://app.example.com/api/items/")],
            ..Other::PLAIN
        }];
        check(&Given { earlier, ..API }, "not_logged_in 0.73: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn an_app_that_is_open_at_the_other_address() {
        let earlier: &[Other] = &[Other {
            origin: "https://example.com",
            path: "/api/items",
            status: 307,
            request: SIGNED,
            response: &[("Location", "https://www.example.com/api/items")],
            ..Other::PLAIN
        }];
        let call = Given { origin: "https://www.example.com", path: "/api/items", earlier, ..API };
        let open = Given { page: Some("https://example.com/"), ..call };
        assert_eq!(first_fix(&open), ("open_corrected_url", Some("https://www.example.com/".to_owned())));
        // An API on a host of its own is not where the app is to be opened.
        let other = Given { page: Some("https://app.example.com/"), ..open };
        assert_ne!(first_fix(&other).0, "open_corrected_url");
    }

    #[test]
    fn where_the_browser_hides_its_own_login() {
        let earlier: &[Other] = &[Other {
            origin: "http://app.example.com",
            path: "/api/items",
            status: 307,
            request: SIGNED,
            response: &[("Location", "https://app.example.com/api/items/")],
            ..Other::PLAIN
        }];
        check(
            &Given { earlier, hidden: &["authorization"], ..API },
            "auth_header_stripped_redirect 0.94: why_signed_then_sent_on why_left_behind",
        );
    }

    /// A signed call that is sent on from http to https.
    const TO_HTTPS: &[Other] = &[Other {
        origin: "http://app.example.com",
        path: "/api/items",
        status: 307,
        request: SIGNED,
        response: &[("Location", "https://app.example.com/api/items/")],
        ..Other::PLAIN
    }];

    #[test]
    fn a_session_or_a_403_speaks_against_it() {
        let given = Given { earlier: TO_HTTPS, ..API };
        let why = "why_signed_then_sent_on why_left_behind";
        check_rule(rule, &given, &format!("2.8: {why}"));
        check_rule(rule, &Given { request: &[("Cookie", "sid=1")], ..given }, &format!("2.0: {why}"));
        check_rule(rule, &Given { status: 403, ..given }, &format!("2.4: {why}"));
        check_rule(rule, &Given { status: 400, ..given }, "nothing");
        // The browser's question never carries it.
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
    }

    #[test]
    fn no_extension_lost_it_where_another_address_helps() {
        let earlier = |to| {
            [Other {
                origin: "https://example.com",
                path: "/api/items",
                status: 307,
                request: SIGNED,
                response: to,
                ..Other::PLAIN
            }]
        };
        let to_www = earlier(&[("Location", "https://www.example.com/api/items")]);
        let call = Given { path: "/api/items", page: Some("https://example.com/"), ..API };
        let twin = Given { origin: "https://www.example.com", earlier: &to_www, ..call };
        assert_eq!(first_fix(&twin).0, "open_corrected_url");
        assert!(!fixes(&twin).contains(&"check_extensions"));
        // A page that was opened carries no token of an app's: an extension's, most likely.
        let opened = Given { kind: Kind::MainFrame, ..twin };
        assert!(fixes(&opened).contains(&"check_extensions"));
        // The host of the API is no address of the app.
        let to_api = earlier(&[("Location", "https://api.example.com/api/items")]);
        let api = Given { origin: "https://api.example.com", earlier: &to_api, ..call };
        assert!(!fixes(&api).contains(&"open_corrected_url"));
        assert!(fixes(&api).contains(&"check_extensions"));
    }

    #[test]
    fn a_chain_of_which_only_the_addresses_are_known() {
        let given =
            Given { origin: "https://api.example.com", hops: &["https://app.example.com/api"], ..API };
        check_rule(rule, &given, "-0.4: why_sent_on");
        // It is for a token that the server asks, rather than for a login.
        let asks = |response| Given { response, ..given };
        check_rule(rule, &asks(&[("WWW-Authenticate", "Bearer")]), "0.8: why_sent_on");
        check_rule(rule, &asks(&[("WWW-Authenticate", "Basic realm=\"x\"")]), "-0.4: why_sent_on");
        check_rule(rule, &Given { hops: &["https://api.example.com/api"], ..given }, "nothing");
        check_rule(rule, &Given { kind: Kind::MainFrame, ..given }, "nothing");
        check_rule(rule, &Given { path: "/login", ..given }, "nothing");
    }
}
