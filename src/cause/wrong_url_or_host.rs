//! `wrong_url_or_host`: the sign-in belongs to another address of the same site: with or without
//! `www`, `localhost` instead of 127.0.0.1, https, another path.
//!
//! A cookie without `Domain` goes to its very host alone, one with `Secure` not over http, and each
//! only to its path and what is under it (RFC 6265bis, section 5.8.3).

use super::Weighing;
use crate::evidence::{Evidence, is_beside, is_loopback, signs_in};
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::http::cookie::{JarCookie, Obstacle};
use crate::words::Line;

/// What helps: the right address.
pub(super) const FIXES: &[FixId] =
    &[FixId::OpenCorrectedUrl, FixId::SignIn, FixId::FlushDns, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !evidence.is_shut_out()
        || exchange.kind == Kind::Preflight
        // What could not be seen counts as carried.
        || evidence.carries_sign_in()
        || exchange.is_sign_in_attempt()
    {
        return None;
    }
    let here = Address::parse(&exchange.url);
    let mut weighing = Weighing::from(-2.2);
    let near = |cookie: &&JarCookie| {
        let there = cookie.domain();
        is_beside(there, here.host)
    };
    let held: Vec<&JarCookie> = evidence.held_sign_ins().filter(near).collect();
    // One that goes here was left behind for another reason.
    if held.iter().any(|cookie| cookie.applies_to(&here, evidence.now)) {
        weighing.shift(-2.5);
    }
    // Other apps of the site hold sign-ins too: the one that would be nearest says most.
    let by_obstacle = held
        .iter()
        .filter_map(|cookie| {
            Some((*cookie, misplaced(&here, cookie, cookie.obstacle(&here, evidence.now)?)?))
        })
        .min_by(|(_, one), (_, other)| other.weight.total_cmp(&one.weight));
    let elsewhere = evidence.earlier.iter().rev().find(|other| got_in_beside(other, exchange));
    if let Some((cookie, misplaced)) = by_obstacle {
        weighing.finding(misplaced.weight, misplaced.why);
        weighing.belongs_at = misplaced.belongs_at;
        // It was seen how it got there: `cookie_not_stored` says so.
        if !is_slip(exchange, &here, cookie)
            && evidence.set_before().any(|(_, set)| set.name == cookie.id.name)
        {
            weighing.shift(-1.6);
        }
    } else if let Some(other) = elsewhere {
        weighing.finding(3.4, Line::new("why_in_at_other_address").text(&origin_of(other)));
        weighing.belongs_at = Some(format!("{}{}", origin_of(other), here.path));
    } else if here.host.ends_with('.') {
        // The same host to the network, another one to cookies (RFC 6265bis, section 5.1.3).
        weighing.finding(3.0, Line::new("why_trailing_dot"));
        weighing.belongs_at =
            Some(format!("{}://{}{}", here.scheme, here.host.trim_end_matches('.'), here.path));
    } else {
        return None;
    }
    // An app chooses its addresses itself, and the page of it is open at the right one.
    weighing.shift(if exchange.kind == Kind::MainFrame { 0.4 } else { -1.0 });
    if evidence.is_second_hand() || (evidence.is_cross_site() && exchange.kind != Kind::MainFrame) {
        weighing.shift(-1.2);
    }
    weighing.above(0.15)
}

/// A sign-in that does not go here.
struct Misplaced {
    /// In log-odds.
    weight: f64,
    why: Line,
    /// The address that it would go to, where there is one to be opened.
    belongs_at: Option<String>,
}

/// Why the cookie does not go here, and where it would. One that has run out goes nowhere.
fn misplaced(here: &Address<'_>, cookie: &JarCookie, obstacle: Obstacle) -> Option<Misplaced> {
    let there = cookie.domain();
    let (name, path) = (&cookie.id.name, &cookie.id.path);
    let port = if here.port.is_empty() { String::new() } else { format!(":{}", here.port) };
    let (weight, why, belongs_at) = match obstacle {
        Obstacle::Expired => return None,
        Obstacle::Host => {
            let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
            let is_www = bare(there) == bare(here.host);
            let weight = match (is_www, is_loopback(there)) {
                (true, _) => 4.2,
                (_, true) => 3.8,
                _ => 2.8,
            };
            let why = Line::new("why_held_for_host").text(name).text(there);
            (weight, why, Some(format!("{}://{there}{port}{}", here.scheme, here.path)))
        }
        Obstacle::Path => {
            let why = Line::new("why_held_for_path").text(name).text(path);
            let is_slash_short = path != here.path && path.trim_end_matches('/') == here.path;
            let belongs_at = is_slash_short.then(|| format!("{}{path}", here.origin()));
            (if is_slash_short { 3.8 } else { 3.0 }, why, belongs_at)
        }
        Obstacle::Insecure => {
            let belongs_at = format!("https://{}{}", here.host, here.path);
            (3.8, Line::new("why_held_for_https").text(name), Some(belongs_at))
        }
    };
    Some(Misplaced { weight, why, belongs_at })
}

/// Was a page opened at an address that differs from the cookie's by what people leave out: `www.`, a
/// slash at the end, the `s` of https?
pub(super) fn is_slip(exchange: &Exchange, here: &Address<'_>, cookie: &JarCookie) -> bool {
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    let there = cookie.domain();
    let is_other_host = there != here.host && bare(there) == bare(here.host);
    let path = &cookie.id.path;
    let is_other_path = path != here.path && path.trim_end_matches('/') == here.path;
    let is_other_scheme = cookie.secure && !here.is_trustworthy();
    exchange.kind == Kind::MainFrame && (is_other_host || is_other_path || is_other_scheme)
}

/// Was a page let in at another address of the same site?
fn got_in_beside(other: &Exchange, exchange: &Exchange) -> bool {
    let (there, here) = (Address::parse(&other.url), Address::parse(&exchange.url));
    let is_same_path = there.path.trim_end_matches('/') == here.path.trim_end_matches('/');
    let had_session =
        other.cookies.present().is_some_and(|sent| sent.iter().any(|cookie| signs_in(&cookie.name, false)));
    is_beside(there.host, here.host)
        && origin_of(other) != origin_of(exchange)
        && (other.kind == Kind::MainFrame || is_same_path)
        && other.kind == exchange.kind
        && had_session
        && other.is_let_in()
        && !other.is_turned_away()
}

fn origin_of(exchange: &Exchange) -> String {
    Address::parse(&exchange.url).origin()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix};
    use super::rule;
    use crate::exchange::Kind;

    #[test]
    fn with_and_without_www() {
        let jar = [("https://www.app.example.com/", "sessionid=1; Path=/; HttpOnly")];
        let given = Given { jar: &jar, ..Given::default() };
        check(&given, "wrong_url_or_host 0.92: why_held_for_host");
        let away = [("Location", "/login/?next=/x")];
        check(
            &Given { status: 302, response: &away, ..given.clone() },
            "wrong_url_or_host 0.92: why_held_for_host",
        );
        check(&Given { request: &[("Cookie", "sid=1")], ..given }, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn a_connection_that_is_not_secure() {
        let jar = [("https://app.example.com/", "sid=1; Path=/; Secure; HttpOnly")];
        let given = Given { origin: "http://app.example.com", jar: &jar, ..Given::default() };
        check(&given, "wrong_url_or_host 0.88: why_held_for_https");
        // It was seen to be set, and it is held: nothing was refused.
        let set = [("Set-Cookie", "sid=1; Path=/; Secure; HttpOnly")];
        let login = [Other { path: "/login", response: &set, ..Other::PAGE }];
        check(&Given { earlier: &login, ..given }, "wrong_url_or_host 0.88: why_held_for_https");
    }

    /// Another app of the same site has a sign-in of its own, and that one says less.
    #[test]
    fn the_nearest_of_several() {
        let jar = [
            ("https://nas.example.com/", "session=2; Path=/; HttpOnly"),
            ("https://example.com/", "sid=1; Path=/; Secure; HttpOnly"),
        ];
        let given = Given { origin: "http://example.com", jar: &jar, ..Given::default() };
        check(&given, "wrong_url_or_host 0.88: why_held_for_https");
        assert_eq!(first_fix(&given), ("open_corrected_url", Some("https://example.com/account".to_owned())));
    }

    #[test]
    fn a_slash_too_few() {
        let jar = [("https://app.example.com/admin/x", "sid=1; Path=/admin/; HttpOnly")];
        let given = Given { path: "/admin", jar: &jar, ..Given::default() };
        check(&given, "wrong_url_or_host 0.88: why_held_for_path");
    }

    #[test]
    fn a_page_that_was_open_next_door() {
        let page = [Other { origin: "https://example.com", request: &[("Cookie", "sid=1")], ..Other::PAGE }];
        let given = Given { earlier: &page, ..Given::default() };
        check(&given, "wrong_url_or_host 0.83: why_in_at_other_address");
    }

    #[test]
    fn not_of_a_stranger() {
        check(&Given::default(), "not_logged_in 0.87: why_nothing_sent why_nothing_held");
        let own = [("https://app.example.com/", "sid=1; Path=/; HttpOnly")];
        check(&Given { jar: &own, ..Given::default() }, "unknown");
    }

    #[test]
    fn also_right_after_the_sign_in() {
        let set = [("Set-Cookie", "sid=1; Path=/; HttpOnly")];
        let login =
            Other { method: "POST", origin: "https://www.app.example.com", path: "/login", ..Other::PAGE };
        let login = [Other { status: 302, response: &set, ..login }];
        let jar = [("https://www.app.example.com/", "sid=1; Path=/; HttpOnly")];
        let given = Given { jar: &jar, earlier: &login, ..Given::default() };
        check(&given, "wrong_url_or_host 0.92: why_held_for_host");
        let there = "https://www.app.example.com/account".to_owned();
        assert_eq!(first_fix(&given), ("open_corrected_url", Some(there)));
    }

    const WWW: &[(&str, &str)] = &[("https://www.app.example.com/", "sessionid=1; Path=/; HttpOnly")];

    #[test]
    fn only_of_a_refusal_without_a_sign_in() {
        let given = Given { jar: WWW, ..Given::PLAIN };
        check_rule(rule, &given, "2.4: why_held_for_host");
        for other in [
            Given { status: 500, ..given },
            Given { method: "OPTIONS", kind: Kind::Preflight, ..given },
            Given { hidden: &["cookie"], ..given },
            Given { request: &[("Cookie", "sid=1")], ..given },
            Given { method: "POST", path: "/login", ..given },
        ] {
            check_rule(rule, &other, "nothing");
        }
    }

    #[test]
    fn one_that_goes_here_was_left_behind_for_another_reason() {
        let jar = [WWW[0], ("https://app.example.com/", "sid=1; Path=/; HttpOnly")];
        check_rule(rule, &Given { jar: &jar, ..Given::PLAIN }, "-0.1: why_held_for_host");
    }

    #[test]
    fn names_of_this_machine() {
        let jar = [("http://localhost/", "sid=1; Path=/; HttpOnly")];
        let given = Given { origin: "http://127.0.0.1", jar: &jar, ..Given::PLAIN };
        check_rule(rule, &given, "2.0: why_held_for_host");
        // It is near to no other, and no other is near to it.
        check_rule(rule, &Given { origin: "https://app.example.com", ..given }, "nothing");
        check_rule(rule, &Given { origin: "http://localhost", jar: WWW, ..given }, "nothing");
        let page = Other { origin: "http://localhost", request: &[("Cookie", "sid=1")], ..Other::PAGE };
        let open = Given { jar: &[], earlier: &[page], ..given };
        check_rule(rule, &open, "1.6: why_in_at_other_address");
        check_rule(rule, &Given { origin: "https://app.example.com", ..open }, "nothing");
    }

    /// `cookie_not_stored` says how it got there, but for what people leave out of an address.
    #[test]
    fn one_that_was_seen_to_be_set_elsewhere() {
        let jar = [("https://nas.example.com/", "session=2; Path=/; Secure; HttpOnly")];
        let set = [("Set-Cookie", "session=2; Path=/; Secure; HttpOnly")];
        let login =
            Other { origin: "https://nas.example.com", path: "/login", response: &set, ..Other::PAGE };
        let given = Given { jar: &jar, ..Given::PLAIN };
        check_rule(rule, &given, "1.0: why_held_for_host");
        check_rule(rule, &Given { earlier: &[login], ..given }, "-0.6: why_held_for_host");
        let of_another_name = Other { response: &[("Set-Cookie", "other=2; HttpOnly")], ..login };
        check_rule(rule, &Given { earlier: &[of_another_name], ..given }, "1.0: why_held_for_host");

        let on_www = Other { origin: "https://www.app.example.com", ..login };
        let set = Other { response: &[("Set-Cookie", "sessionid=1; Path=/; HttpOnly")], ..on_www };
        let slip = Given { jar: WWW, earlier: &[set], ..Given::PLAIN };
        check_rule(rule, &slip, "2.4: why_held_for_host");
        // An app's own address was not mistyped.
        check_rule(rule, &Given { kind: Kind::Fetch, ..slip }, "-0.6: why_held_for_host");
    }

    #[test]
    fn another_path_is_more_than_a_slash() {
        let jar = [("https://app.example.com/", "sid=1; Path=/admin/; HttpOnly")];
        let given = Given { path: "/admin", jar: &jar, ..Given::PLAIN };
        check_rule(rule, &given, "2.0: why_held_for_path");
        check_rule(rule, &Given { path: "/shop", ..given }, "1.2: why_held_for_path");
    }

    #[test]
    fn less_of_an_app_of_another_site_and_of_a_copy() {
        let given = Given { jar: WWW, ..Given::PLAIN };
        check_rule(rule, &Given { from_cache: true, ..given }, "1.2: why_held_for_host");
        let app = Given { kind: Kind::Fetch, ..given };
        check_rule(rule, &app, "1.0: why_held_for_host");
        let cross = &[("Sec-Fetch-Site", "cross-site")];
        check_rule(rule, &Given { request: cross, ..app }, "-0.2: why_held_for_host");
        // A link from another site leads to a page as any address does.
        check_rule(rule, &Given { request: cross, ..given }, "2.4: why_held_for_host");
    }

    #[test]
    fn what_was_let_in_next_door_was_signed_in_at_another_address() {
        let page = Other { origin: "https://example.com", request: &[("Cookie", "sid=1")], ..Other::PAGE };
        let beside = |given: &Given<'_>, page: Other<'_>, expect: &str| {
            check_rule(rule, &Given { earlier: &[page], ..*given }, expect);
        };
        let given = Given::PLAIN;
        let found = "1.6: why_in_at_other_address";
        beside(&Given { path: "/elsewhere", ..given }, page, found);
        beside(&given, Other { origin: "https://app.example.com", ..page }, "nothing");
        beside(&given, Other { origin: "https://example.net", ..page }, "nothing");
        beside(&given, Other { status: 401, ..page }, "nothing");
        beside(&given, Other { request: &[("Authorization", "Bearer x")], ..page }, "nothing");
        let away = &[("Location", "/login")];
        beside(&given, Other { status: 302, response: away, ..page }, "nothing");
        beside(&given, Other { kind: Kind::Fetch, ..page }, "nothing");
        // Of an app's calls only the very same one counts.
        let app = Given { kind: Kind::Fetch, ..given };
        let call = Other { kind: Kind::Fetch, ..page };
        beside(&app, call, "0.2: why_in_at_other_address");
        beside(&app, Other { path: "/account/", ..call }, "0.2: why_in_at_other_address");
        beside(&app, Other { path: "/news", ..call }, "nothing");
    }
}
