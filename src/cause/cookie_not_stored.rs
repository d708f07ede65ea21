//! `cookie_not_stored`: the site set the sign-in's cookie, and the browser refused it or keeps it for
//! another host, path or kind of connection, so that the next request lacks it.
//!
//! RFC 6265bis, section 5.7, says what is refused: `Secure` over http, a `Domain` that is not the
//! host's, `SameSite=None` without `Secure`, a prefix whose promise is not kept. Section 5.8.3 says
//! where a stored one goes. None of this is told to anybody.

use super::Weighing;
use super::wrong_url_or_host::is_slip;
use crate::evidence::{Evidence, is_loopback, signs_in};
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::http::cookie::{JarCookie, Purpose, domain_matches, path_matches, purpose};
use crate::http::set_cookie::SetCookie;
use crate::http::storage::{Refusal, SHARED, default_path, overlays_secure};
use crate::sign::Sign;
use crate::words::Line;

/// What helps: the connection on which the cookie is kept, or the owner.
pub(super) const FIXES: &[FixId] =
    &[FixId::OpenCorrectedUrl, FixId::CheckExtensions, FixId::TryElsewhere, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !(evidence.is_shut_out() || exchange.status == 400) || exchange.kind == Kind::Preflight {
        return None;
    }
    let mut weighing = Weighing::from(-2.6);
    if exchange.says(Sign::CookieNotBack) {
        weighing.finding(4.0, Line::new("why_says_cookie_missing"));
    }
    let own = exchange.set_cookies.present().map_or(&[][..], Vec::as_slice);
    let is_missing = |cookie: &SetCookie| evidence.sends(&cookie.name) != Some(true);
    let before: Vec<(&Exchange, &SetCookie)> =
        evidence.set_before().filter(|(_, cookie)| matters(cookie) && is_missing(cookie)).collect();
    let refused = before.iter().find_map(|(from, cookie)| {
        let overlay = || lies_over(evidence, from, cookie).then_some("why_refused_overlay");
        Some((*cookie, reason(cookie).or_else(overlay)?))
    });
    let refused_here = own
        .iter()
        .filter(|cookie| matters(cookie) && is_missing(cookie) && !cookie.deletes(evidence.now))
        .find_map(|cookie| Some((cookie, reason(cookie)?)));
    if let Some((cookie, key)) = refused {
        weighing.finding(4.8, Line::new(key).text(&cookie.name));
        refused_everywhere(&mut weighing);
        belongs_over_https(&mut weighing, evidence, key);
    } else if let Some((cookie, key)) = refused_here {
        // It is set with the refusal; whether it was before is likely, but was not seen.
        weighing.finding(3.2, Line::new(key).text(&cookie.name));
        refused_everywhere(&mut weighing);
        belongs_over_https(&mut weighing, evidence, key);
    } else if let Some((cookie, key)) =
        before.iter().find_map(|(from, cookie)| Some((*cookie, scoped_elsewhere(evidence, from, cookie)?)))
    {
        // It is kept, and a slip in the address stands between: see `wrong_url_or_host`.
        let is_held = |held: &JarCookie| {
            let here = Address::parse(&exchange.url);
            held.id.name == cookie.name && is_slip(exchange, &here, held)
        };
        let weight = if evidence.held_sign_ins().any(is_held) { 1.0 } else { 3.8 };
        weighing.finding(weight, Line::new(key).text(&cookie.name));
    } else if let Some((from, cookie)) = before.iter().find(|_| exchange.cookies != Known::Unknown) {
        never_back(&mut weighing, evidence, from, cookie);
    } else if let Some(host) = kept_for_the_page(evidence) {
        weighing.finding(2.8, Line::new("why_kept_for_page").text(&host).text(&exchange.site));
    }
    if evidence.sent_sessions().next().is_some() || exchange.authorization.present().is_some() {
        weighing.shift(-2.0);
    }
    if goes_round(evidence) {
        weighing.finding(1.0, Line::new("why_goes_round"));
    }
    weighing.above(0.15)
}

/// Sent back, it would have made a difference: the sign-in's own, or the one that guards a step of
/// it.
fn matters(cookie: &SetCookie) -> bool {
    signs_in(&cookie.name, cookie.http_only)
        || cookie.http_only
        || purpose(&cookie.name) == Purpose::Csrf
        || ["state", "nonce", "verifier"].iter().any(|word| cookie.name.to_ascii_lowercase().contains(word))
}

/// Why the browser refused it; its size is a cause of its own.
fn reason(cookie: &SetCookie) -> Option<&'static str> {
    let known = cookie.refusals.iter().find_map(|refusal| match refusal {
        Refusal::TooLarge | Refusal::Empty => None,
        Refusal::SecureFromInsecure => Some("why_refused_secure"),
        Refusal::DomainMismatch | Refusal::DomainNotAscii => Some("why_refused_domain"),
        Refusal::DomainIsPublicSuffix => Some("why_refused_suffix"),
        Refusal::SameSiteNoneWithoutSecure => Some("why_refused_same_site"),
        Refusal::PartitionedWithoutSecure => Some("why_refused_partitioned"),
        Refusal::ControlCharacter => Some("why_refused_character"),
        Refusal::SecurePrefix
        | Refusal::HostPrefix
        | Refusal::HttpPrefix
        | Refusal::HostHttpPrefix
        | Refusal::HiddenPrefix => Some("why_refused_prefix"),
    });
    let is_suffix = |domain: &String| SHARED.contains(&domain.as_str());
    known.or_else(|| cookie.domain.as_ref().is_some_and(is_suffix).then_some("why_refused_suffix"))
}

/// Would it take the place of a cookie that is for https only, from http?
fn lies_over(evidence: &Evidence<'_>, from: &Exchange, cookie: &SetCookie) -> bool {
    let from = Address::parse(&from.url);
    let domain = cookie.domain.as_deref().unwrap_or(from.host);
    let path = cookie.path.as_deref().unwrap_or_else(|| default_path(from.path));
    let jar = evidence.jar.present().copied().unwrap_or_default();
    !cookie.secure && overlays_secure(&cookie.name, domain, path, jar, &from)
}

/// What the server asks for is refused by every browser, with whatever extensions.
fn refused_everywhere(weighing: &mut Weighing) {
    weighing.rule_out(FixId::CheckExtensions);
    weighing.rule_out(FixId::TryElsewhere);
}

/// Stored, but not for this address (RFC 6265bis, section 5.8.3).
fn scoped_elsewhere(evidence: &Evidence<'_>, from: &Exchange, cookie: &SetCookie) -> Option<&'static str> {
    let (there, here) = (Address::parse(&from.url), Address::parse(&evidence.exchange.url));
    let reaches = match &cookie.domain {
        Some(domain) => domain_matches(here.host, domain),
        None => there.host == here.host,
    };
    let path = cookie.path.as_deref().unwrap_or_else(|| default_path(there.path));
    if !reaches {
        Some("why_scoped_host")
    } else if !path_matches(here.path, path) {
        Some("why_scoped_path")
    } else if cookie.secure && !here.is_trustworthy() {
        Some("why_scoped_secure")
    } else {
        None
    }
}

/// Set as it should be, and never sent: blocked, by the browser or by what is added to it.
fn never_back(weighing: &mut Weighing, evidence: &Evidence<'_>, from: &Exchange, cookie: &SetCookie) {
    let exchange = evidence.exchange;
    // A call of an app may have been made without cookies (see `credentials_mode_missing`), and one
    // from another site goes without them (see `cookie_blocked_samesite`).
    let is_plain = exchange.kind == Kind::MainFrame && !evidence.is_cross_site();
    let is_held = evidence.in_jar(&cookie.name).next().is_some();
    let was_signed_in = from.is_sign_in_attempt() || signs_in(&cookie.name, cookie.http_only);
    if was_signed_in && !is_held {
        let weight = if evidence.jar == Known::Unknown { 2.2 } else { 3.0 };
        weighing.finding(weight, Line::new("why_never_back").text(&cookie.name));
        weighing.shift(if is_plain { 0.6 } else { -0.8 });
    }
}

/// The jar has the sign-in of the page's own host, which does not go to the host that the page asks.
fn kept_for_the_page(evidence: &Evidence<'_>) -> Option<String> {
    let exchange = evidence.exchange;
    let here = Address::parse(&exchange.url);
    let page = evidence.asked_by().filter(|page| *page != here.host && !evidence.is_cross_site())?;
    let mut held = evidence.held_sign_ins();
    let is_page_only = held.any(|cookie| cookie.host_only && cookie.domain() == page);
    let goes_along = evidence.held_sign_ins().any(|cookie| cookie.applies_to(&here, evidence.now));
    let is_bare = !evidence.carries_sign_in();
    (is_page_only && !goes_along && is_bare && exchange.kind == Kind::Fetch).then(|| page.to_owned())
}

/// Signed in, and sent back to the sign-in.
fn goes_round(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    let signed_in = |other: &Exchange| other.is_sign_in_attempt() && other.is_success();
    let Some(at) = evidence.earlier.iter().rposition(signed_in) else { return false };
    exchange.is_turned_away()
        && evidence.earlier.get(..at).is_some_and(|before| before.iter().any(Exchange::is_turned_away))
}

/// A `Secure` cookie is kept where the connection is: at the same address with https.
fn belongs_over_https(weighing: &mut Weighing, evidence: &Evidence<'_>, why: &str) {
    let here = Address::parse(&evidence.exchange.url);
    if matches!(why, "why_refused_secure" | "why_refused_overlay")
        && here.port.is_empty()
        && !is_loopback(here.host)
        && let Some(rest) = evidence.exchange.url.strip_prefix("http://")
    {
        weighing.belongs_at = Some(format!("https://{rest}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix};
    use super::rule;
    use crate::exchange::Kind;

    const SECURE: &[(&str, &str)] = &[("Set-Cookie", "sid=1; Path=/; Secure; HttpOnly")];
    const LOGIN: Other = Other { method: "POST", path: "/login", status: 302, ..Other::PAGE };
    /// After a sign-in whose cookie browsers refuse, and after one whose cookie they keep.
    const AFTER_REFUSED: Given = Given {
        earlier: &[Other { response: &[("Set-Cookie", "sid=1; Domain=other.test")], ..LOGIN }],
        ..Given::PLAIN
    };
    const AFTER_LOGIN: Given = Given { earlier: &[Other { response: SECURE, ..LOGIN }], ..Given::PLAIN };

    #[test]
    fn a_cookie_that_the_browser_refused() {
        let origin = "http://app.example.com";
        let login = [Other { origin, response: SECURE, ..LOGIN }];
        let given = Given { origin, earlier: &login, ..Given::default() };
        check(&given, "cookie_not_stored 0.90: why_refused_secure");
        check(&AFTER_REFUSED, "cookie_not_stored 0.90: why_refused_domain");
        let sent = Given { request: &[("Cookie", "sid=1")], ..AFTER_REFUSED };
        check(&sent, "server_misconfig 0.65: why_forgotten_at_once");
        check_rule(rule, &sent, "nothing");
        // Where something else that was sent may have let the person in.
        let session = Given { request: &[("Cookie", "session=1")], ..AFTER_REFUSED };
        check_rule(rule, &session, "0.2: why_refused_domain");
        let token = Given { request: &[("Authorization", "Bearer abc")], ..AFTER_REFUSED };
        check_rule(rule, &token, "0.2: why_refused_domain");
    }

    #[test]
    fn of_requests_that_are_refused_for_who_made_them() {
        check_rule(rule, &AFTER_REFUSED, "2.2: why_refused_domain");
        check_rule(rule, &Given { status: 400, ..AFTER_REFUSED }, "2.2: why_refused_domain");
        check_rule(rule, &Given { status: 404, ..AFTER_REFUSED }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..AFTER_REFUSED }, "nothing");
    }

    #[test]
    fn a_cookie_that_cannot_replace_the_one_for_https() {
        let origin = "http://app.example.com";
        let set = [("Set-Cookie", "sid=2; Path=/; HttpOnly")];
        let login = [Other { origin, response: &set, ..LOGIN }];
        let given = Given {
            origin,
            earlier: &login,
            jar: &[("https://app.example.com/", "sid=1; Path=/; Secure")],
            ..Given::default()
        };
        check_rule(rule, &given, "2.2: why_refused_overlay");
        let plain = Given { jar: &[("http://app.example.com/", "sid=1; Path=/")], ..given };
        check_rule(rule, &plain, "nothing");
    }

    /// Live only the refusal itself is known.
    #[test]
    fn a_cookie_that_is_refused_with_every_answer() {
        let prefix = [("Set-Cookie", "__Host-sid=1; Path=/; Secure; HttpOnly; Domain=app.example.com")];
        let given = Given { response: &prefix, ..Given::default() };
        check(&given, "cookie_not_stored 0.65: why_refused_prefix");
        let none = [("Set-Cookie", "sid=1; Path=/; SameSite=None")];
        let open = Given { response: &none, ..given.clone() };
        check(&open, "cookie_not_stored 0.65: why_refused_same_site");
        check_rule(rule, &Given { request: &[("Cookie", "sid=1")], ..open }, "nothing");
        let gone = [("Set-Cookie", "sid=; Max-Age=0; Path=/; SameSite=None")];
        check_rule(rule, &Given { response: &gone, ..given.clone() }, "nothing");
        // What is there to prefer a language signs nobody in.
        let other = [("Set-Cookie", "lang=en; Path=/; SameSite=None")];
        check(&Given { response: &other, ..given }, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_cookie_that_is_kept_for_another_host() {
        let set = [("Set-Cookie", "sid=1; Path=/; HttpOnly")];
        let login = [Other { origin: "https://example.com", response: &set, ..LOGIN }];
        let given = Given { earlier: &login, ..Given::default() };
        check(&given, "cookie_not_stored 0.77: why_scoped_host");
        let to_sign_in = [("Location", "https://example.com/login")];
        let away = Other { status: 302, response: &to_sign_in, ..Other::PAGE };
        let round = [away, Other { origin: "https://example.com", response: &set, ..LOGIN }];
        let given = Given { status: 302, response: &to_sign_in, earlier: &round, ..Given::default() };
        check(&given, "cookie_not_stored 0.90: why_scoped_host why_goes_round");
    }

    #[test]
    fn a_server_that_says_so() {
        let body = Some("403 Permission Denied: Unable to find a valid CSRF token. Please try again.");
        let given = Given { path: "/oauth2/callback", status: 403, body, ..Given::default() };
        check(&given, "cookie_not_stored 0.80: why_says_cookie_missing");
    }

    #[test]
    fn not_of_a_stranger() {
        check(&Given::default(), "not_logged_in 0.87: why_nothing_sent why_nothing_held");
        let gone = [("Set-Cookie", "sid=; Max-Age=0; Secure")];
        let given = Given { origin: "http://app.example.com", response: &gone, ..Given::default() };
        check(&given, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn what_every_browser_refuses_is_the_owners_to_mend() {
        assert_eq!(first_fix(&AFTER_REFUSED).0, "for_the_owner");
        assert_eq!(first_fix(&AFTER_LOGIN).0, "check_extensions");
    }

    #[test]
    fn not_where_it_is_kept_and_the_address_lacks_a_slash() {
        let set = [("Set-Cookie", "sid=1; Path=/account/; HttpOnly")];
        let login = [Other { response: &set, ..LOGIN }];
        let given = Given { earlier: &login, ..Given::default() };
        check(&given, "cookie_not_stored 0.77: why_scoped_path");
        let held = |line| [("https://app.example.com/login", line)];
        let jar = held("sid=1; Path=/account/; HttpOnly");
        check_rule(rule, &Given { jar: &jar, ..given.clone() }, "-1.6: why_scoped_path");
        check(&Given { jar: &jar, ..given.clone() }, "wrong_url_or_host 0.88: why_held_for_path");
        // Another cookie behind that slip, or this one behind more than a slip.
        let other = held("app=1; Path=/account/; HttpOnly");
        check_rule(rule, &Given { jar: &other, ..given.clone() }, "1.2: why_scoped_path");
        let far = held("sid=1; Path=/elsewhere; HttpOnly");
        check_rule(rule, &Given { jar: &far, ..given }, "1.2: why_scoped_path");
    }

    #[test]
    fn cookies_that_matter_to_a_sign_in() {
        let refused = "2.2: why_refused_domain";
        let lines = [
            ("sid=1; Domain=other.test", refused),
            // Not the sign-in's, but kept from scripts.
            ("flash=1; HttpOnly; Domain=other.test", refused),
            ("XSRF-TOKEN=1; Domain=other.test", refused),
            ("oauth_state=1; Domain=other.test", refused),
            ("colour=1; Domain=other.test", "nothing"),
        ];
        for (line, expect) in lines {
            let login = [Other { response: &[("Set-Cookie", line)], ..LOGIN }];
            check_rule(rule, &Given { earlier: &login, ..Given::default() }, expect);
        }
    }

    #[test]
    fn a_secure_cookie_stays_behind_on_a_plain_connection() {
        let http = Given { origin: "http://app.example.com", ..AFTER_LOGIN };
        check_rule(rule, &http, "1.2: why_scoped_secure");
        let plain = [Other { response: &[("Set-Cookie", "sid=1; Path=/; HttpOnly")], ..LOGIN }];
        check_rule(rule, &Given { earlier: &plain, ..http }, "1.0: why_never_back");
    }

    #[test]
    fn a_cookie_that_never_comes_back() {
        check(&AFTER_LOGIN, "cookie_not_stored 0.73: why_never_back");
        check_rule(rule, &AFTER_LOGIN, "1.0: why_never_back");
        check_rule(rule, &Given { jar_unseen: true, ..AFTER_LOGIN }, "0.2: why_never_back");
        check_rule(rule, &Given { kind: Kind::Fetch, ..AFTER_LOGIN }, "-0.4: why_never_back");
        check_rule(rule, &Given { held: &["sid"], ..AFTER_LOGIN }, "nothing");
        // Of a page that everybody sees.
        let page = [Other { response: &[("Set-Cookie", "XSRF-TOKEN=1; Path=/")], ..Other::PAGE }];
        check_rule(rule, &Given { earlier: &page, ..Given::default() }, "nothing");
    }

    #[test]
    fn a_sign_in_that_is_kept_for_the_page_and_not_for_its_api() {
        let bare = Given { origin: "https://api.example.com", kind: Kind::Fetch, ..Given::default() };
        check_rule(rule, &bare, "nothing");
        let given = Given { held: &["sid"], ..bare.clone() };
        check_rule(rule, &given, "0.2: why_kept_for_page");
        check_rule(rule, &Given { kind: Kind::Script, ..given.clone() }, "nothing");
        check_rule(rule, &Given { request: &[("X-API-Key", "1")], ..given.clone() }, "nothing");
        let along = [("https://app.example.com/", "session=1; Domain=example.com; HttpOnly")];
        check_rule(rule, &Given { jar: &along, ..given }, "nothing");
        // Of another host, and not of the page's host alone.
        let other = [("https://www.example.com/", "sid=1; HttpOnly")];
        check_rule(rule, &Given { jar: &other, ..bare.clone() }, "nothing");
        let wide = [("https://app.example.com/", "sid=1; Domain=app.example.com; HttpOnly")];
        check_rule(rule, &Given { jar: &wide, ..bare.clone() }, "nothing");
        // A page of another site is another matter.
        let far = [("https://shop.test/", "sid=1; HttpOnly")];
        check_rule(rule, &Given { page: Some("https://shop.test/"), jar: &far, ..bare }, "nothing");
    }

    #[test]
    fn round_is_from_the_sign_in_to_the_sign_in() {
        let to_sign_in = [("Location", "/login")];
        let away = Other { status: 302, response: &to_sign_in, ..Other::PAGE };
        let given = Given { status: 302, response: &to_sign_in, earlier: &[away, LOGIN], ..Given::default() };
        check_rule(rule, &given, "-1.6: why_goes_round");
        let failed = [away, Other { status: 401, ..LOGIN }];
        check_rule(rule, &Given { earlier: &failed, ..given.clone() }, "nothing");
        check_rule(rule, &Given { earlier: &[LOGIN], ..given.clone() }, "nothing");
        check_rule(rule, &Given { status: 401, response: &[], ..given }, "nothing");
    }

    #[test]
    fn a_secure_cookie_is_kept_at_the_same_address_with_https() {
        let first = |origin: &'static str| {
            let login = [Other { origin, response: SECURE, ..LOGIN }];
            first_fix(&Given { origin, earlier: &login, ..Given::default() })
        };
        let corrected = Some("https://app.example.com/account".to_owned());
        assert_eq!(first("http://app.example.com"), ("open_corrected_url", corrected));
        // Nobody knows which port is the secure one, and this very machine has none.
        assert_eq!(first("http://app.example.com:8080").0, "for_the_owner");
        assert_eq!(first("http://0.0.0.0").0, "for_the_owner");
    }
}
