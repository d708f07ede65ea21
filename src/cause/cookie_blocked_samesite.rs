//! `cookie_blocked_samesite`: the browser has the sign-in's cookie and does not send it, because
//! another site asks.
//!
//! `SameSite` (RFC 6265bis, sections 5.2 and 5.6.7) keeps `Strict` cookies off every request from
//! another site, and `Lax` ones off all but navigations by GET; Chrome takes a cookie without it for
//! `Lax`. Beside that, browsers block or partition cookies of frames of other sites (CHIPS; Total
//! Cookie Protection), whatever `SameSite` says.

use super::Weighing;
use crate::evidence::{Evidence, signs_in};
use crate::exchange::{Kind, Known};
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::http::cookie::{JarCookie, SameSite, begins_sign_in};
use crate::http::set_cookie::SetCookie;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: the site in a tab of its own, where nobody stands between.
pub(super) const FIXES: &[FixId] =
    &[FixId::Retry, FixId::SignIn, FixId::CheckExtensions, FixId::TryElsewhere, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let may_lack_state = exchange.status == 400 || exchange.status == 500;
    if !(evidence.is_shut_out() || may_lack_state)
        || matches!(exchange.kind, Kind::Preflight)
        || exchange.cookies == Known::Unknown
        || exchange.authorization.present().is_some()
        || !evidence.is_cross_site()
        || evidence.sent_sessions().next().is_some()
    {
        return None;
    }
    let is_navigation = exchange.kind == Kind::MainFrame;
    let is_frame = exchange.kind == Kind::SubFrame;
    let is_safe = matches!(exchange.method.as_str(), "GET" | "HEAD");
    let mut weighing = Weighing::from(-1.8);
    if let Some(by) = evidence.asked_by() {
        weighing.finding(0.0, Line::new("why_asked_by_another").text(by).text(&exchange.site));
    } else {
        weighing.finding(0.0, Line::new("why_asked_across"));
    }
    let address = Address::parse(&exchange.url);
    let unsent = |cookie: &&JarCookie| {
        evidence.sends(&cookie.id.name) == Some(false) && cookie.applies_to(&address, evidence.now)
    };
    // A form from elsewhere ends a sign-in, and wants the cookie that began it.
    let begins = |cookie: &&JarCookie| {
        is_navigation
            && !is_safe
            && cookie.http_only
            && begins_sign_in(&cookie.id.name)
            && evidence.is_own_store(cookie)
    };
    let jar = evidence.jar.present().copied().unwrap_or_default();
    let held: Vec<&JarCookie> =
        evidence.held_sign_ins().chain(jar.iter().filter(begins)).filter(unsent).collect();
    let page = evidence.asked_by().unwrap_or(address.host);
    let of_other_page = |cookie: &&&JarCookie| {
        let key = cookie.id.partition.as_ref();
        key.is_some_and(|key| !same_site(Address::parse(&key.top_level_site).host, page))
    };
    let is_blocked = |cookie: &&&JarCookie| match cookie.same_site {
        SameSite::Strict => true,
        SameSite::Lax | SameSite::Unspecified => !(is_navigation && is_safe),
        SameSite::None => false,
    };
    if let Some(cookie) = held.iter().find(of_other_page) {
        weighing.finding(3.8, Line::new("why_partitioned").text(&cookie.id.name));
    } else if let Some(cookie) = held.iter().find(is_blocked) {
        let key = match cookie.same_site {
            SameSite::Strict => "why_same_site_strict",
            SameSite::Lax => "why_same_site_lax",
            _ => "why_same_site_unset",
        };
        weighing.finding(4.0, Line::new(key).text(&cookie.id.name));
    } else if let Some(cookie) = held.first() {
        // `SameSite=None`, and yet not sent. A frame's requests always carry cookies, so it was
        // blocked; a call may have been made without (see `credentials_mode_missing`).
        let weight = if is_frame { 3.6 } else { 0.6 };
        weighing.finding(weight, Line::new("why_third_party").text(&cookie.id.name));
    } else if let Some((cookie, is_none)) = set_here(evidence) {
        let key = if is_none { "why_third_party" } else { "why_set_same_site" };
        let weight = if is_frame { 2.6 } else { 1.4 };
        weighing.finding(weight, Line::new(key).text(&cookie.name));
    }
    // A sign-in that comes back by a form from where one signs in (OAuth 2.0 Form Post Response
    // Mode; SAML HTTP POST binding) lacks the cookie that its first step set.
    if is_navigation && !is_safe {
        weighing.finding(1.8, Line::new("why_form_across"));
        // The next sign-in comes back by the same form, in any browser.
        let is_by_rule =
            held.iter().any(|cookie| matches!(cookie.same_site, SameSite::Lax | SameSite::Strict));
        if is_by_rule {
            let in_vain = [FixId::Retry, FixId::SignIn, FixId::CheckExtensions, FixId::TryElsewhere];
            in_vain.into_iter().for_each(|fix| weighing.rule_out(fix));
        }
        if comes_back(address.path) {
            weighing.shift(0.9);
        }
    }
    if exchange.says(Sign::CookieNotBack) {
        weighing.finding(1.6, Line::new("why_says_cookie_missing"));
    }
    if is_frame {
        weighing.shift(0.9);
    }
    if may_lack_state && !exchange.says(Sign::CookieNotBack) {
        weighing.shift(-1.0);
    }
    weighing.above(0.15)
}

/// A cookie that this answer, or one before it, set for a request from another site; was it meant
/// to be sent there?
fn set_here<'a>(evidence: &Evidence<'a>) -> Option<(&'a SetCookie, bool)> {
    let own = evidence.exchange.set_cookies.present().map_or(&[][..], Vec::as_slice);
    let before = evidence.set_before().map(|(_, cookie)| cookie);
    let cookie = before
        .chain(own.iter().filter(|cookie| !cookie.deletes(evidence.now)))
        .filter(|cookie| signs_in(&cookie.name, cookie.http_only) && cookie.refusals.is_empty())
        .find(|cookie| evidence.sends(&cookie.name) == Some(false))?;
    let is_none = cookie.same_site.as_deref().map(SameSite::parse) == Some(SameSite::None);
    Some((cookie, is_none))
}

/// Does a path read like the end of a sign-in elsewhere? (Defaults of ASP.NET Core, Spring Security,
/// Shibboleth, SimpleSAMLphp, passport.)
fn comes_back(path: &str) -> bool {
    const WORDS: [&str; 8] =
        ["callback", "signin-", "/acs", "saml", "login/oauth2", "oidc", "return", "redirect"];
    let path = path.to_ascii_lowercase();
    WORDS.iter().any(|word| path.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const ACROSS: &[(&str, &str)] = &[("Sec-Fetch-Site", "cross-site")];
    const FRAME: Given<'_> = Given { request: ACROSS, kind: Kind::SubFrame, ..Given::PLAIN };
    const ELSEWHERE: Given<'_> = Given { page: Some("https://news.test/"), ..FRAME };
    const FORM: Given<'_> = Given { method: "POST", request: ACROSS, ..Given::PLAIN };

    #[test]
    fn a_frame_on_another_site() {
        let page = Some("https://news.test/");
        let jar = [("https://app.example.com/", "sid=1; HttpOnly; Secure; SameSite=Lax")];
        let given = Given { jar: &jar, page, ..FRAME };
        check(&given, "cookie_blocked_samesite 0.96: why_asked_by_another why_same_site_lax");
        let jar = [("https://app.example.com/", "sid=1; HttpOnly; Secure; SameSite=None")];
        check(
            &Given { jar: &jar, ..given.clone() },
            "cookie_blocked_samesite 0.94: why_asked_by_another why_third_party",
        );
        let sent = [("Sec-Fetch-Site", "cross-site"), ("Cookie", "sid=1")];
        check(&Given { request: &sent, jar: &[], ..given }, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn a_frame_whose_cookie_is_set_in_vain() {
        let set = [("Set-Cookie", "sid=1; Path=/; HttpOnly; Secure; SameSite=None")];
        let given = Given { response: &set, ..FRAME };
        check(&given, "cookie_blocked_samesite 0.85: why_asked_by_another why_third_party");
    }

    #[test]
    fn a_link_from_another_site() {
        let jar = [("https://app.example.com/", "sid=1; HttpOnly; SameSite=Strict")];
        let given = Given { request: ACROSS, jar: &jar, ..Given::default() };
        check(&given, "cookie_blocked_samesite 0.90: why_asked_across why_same_site_strict");
        let lax = [("https://app.example.com/", "sid=1; HttpOnly; SameSite=Lax")];
        check(&Given { jar: &lax, ..given }, "unknown");
    }

    #[test]
    fn a_sign_in_that_comes_back_by_a_form() {
        let body = Some("An error was encountered while handling the remote login. Correlation failed.");
        let given = Given {
            method: "POST",
            path: "/signin-oidc",
            status: 500,
            body,
            request: ACROSS,
            ..Given::default()
        };
        check(
            &given,
            "cookie_blocked_samesite 0.92: why_asked_across why_form_across why_says_cookie_missing",
        );
    }

    #[test]
    fn a_form_without_the_cookie_that_is_held_for_it() {
        let jar = [("https://app.example.com/", "oidc_state=1; HttpOnly; Secure; SameSite=Lax")];
        let given =
            Given { method: "POST", path: "/signin-oidc", request: ACROSS, jar: &jar, ..Given::default() };
        check(&given, "cookie_blocked_samesite 0.99: why_asked_across why_same_site_lax why_form_across");
    }

    #[test]
    fn not_on_its_own_site() {
        let jar = [("https://app.example.com/", "sid=1; HttpOnly; SameSite=Strict")];
        let own = [("Sec-Fetch-Site", "same-origin")];
        check(&Given { request: &own, jar: &jar, ..Given::default() }, "unknown");
    }

    #[test]
    fn only_of_what_is_refused_and_was_seen_to_carry_nothing() {
        let jar = [("https://app.example.com/", "sid=1; HttpOnly; Secure; SameSite=Lax")];
        let given = Given { jar: &jar, ..ELSEWHERE };
        check_rule(rule, &given, "3.1: why_asked_by_another why_same_site_lax");
        check_rule(rule, &Given { status: 404, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given.clone() }, "nothing");
        check_rule(rule, &Given { hidden: &["cookie"], ..given.clone() }, "nothing");
        let token = [("Sec-Fetch-Site", "cross-site"), ("Authorization", "Bearer abc")];
        check_rule(rule, &Given { request: &token, ..given }, "nothing");
    }

    #[test]
    fn a_cookie_for_other_paths_is_not_missed() {
        let jar = [("https://app.example.com/", "sid=1; Path=/admin; HttpOnly; Secure; SameSite=Lax")];
        check_rule(rule, &Given { jar: &jar, ..ELSEWHERE }, "-0.9: why_asked_by_another");
    }

    #[test]
    fn a_cookie_that_is_kept_apart_for_another_page() {
        let kept = |line, expect: &str| {
            let jar = [("https://app.example.com/", line)];
            check_rule(rule, &Given { jar: &jar, ..ELSEWHERE }, expect);
        };
        kept(
            "sid=1; HttpOnly; Secure; SameSite=None; Partition=https://shop.test",
            "2.9: why_asked_by_another why_partitioned",
        );
        kept(
            "sid=1; HttpOnly; Secure; SameSite=None; Partition=https://www.news.test",
            "2.7: why_asked_by_another why_third_party",
        );
    }

    #[test]
    fn a_form_wants_the_cookie_that_began_its_sign_in_and_no_other() {
        let form = |line, expect: &str| {
            let jar = [("https://app.example.com/", line)];
            check_rule(rule, &Given { store: "0", jar: &jar, ..FORM }, expect);
        };
        form(
            "oidc_state=1; HttpOnly; SameSite=Lax",
            "4.0: why_asked_across why_same_site_lax why_form_across",
        );
        // One that scripts may read, a balancer's, and a container's.
        form("oidc_state=1; SameSite=Lax", "0.0: why_asked_across why_form_across");
        form("AWSALB=1; HttpOnly; SameSite=Lax", "0.0: why_asked_across why_form_across");
        form("oidc_state=1; HttpOnly; SameSite=Lax; Store=c1", "0.0: why_asked_across why_form_across");
        // Neither a link nor a frame ends a sign-in.
        let jar = [("https://app.example.com/", "oidc_state=1; HttpOnly; SameSite=Strict")];
        check_rule(rule, &Given { method: "GET", jar: &jar, ..FORM }, "nothing");
        check_rule(rule, &Given { method: "POST", jar: &jar, ..ELSEWHERE }, "-0.9: why_asked_by_another");
    }

    #[test]
    fn a_form_whose_address_ends_a_sign_in() {
        check_rule(rule, &FORM, "0.0: why_asked_across why_form_across");
        check_rule(rule, &Given { path: "/oidc/cb", ..FORM }, "0.9: why_asked_across why_form_across");
    }

    #[test]
    fn an_error_of_the_site_counts_as_a_missing_cookie_where_it_says_so() {
        let given = Given { status: 500, ..FORM };
        check_rule(rule, &given, "-1.0: why_asked_across why_form_across");
        check_rule(
            rule,
            &Given { body: Some("Correlation failed."), ..given },
            "1.6: why_asked_across why_form_across why_says_cookie_missing",
        );
    }

    #[test]
    fn a_cookie_set_in_vain_is_a_sign_ins_and_one_that_browsers_take() {
        let set = |line, expect: &str| {
            check_rule(rule, &Given { response: &[("Set-Cookie", line)], ..ELSEWHERE }, expect);
        };
        set("sid=1; Secure; SameSite=None", "1.7: why_asked_by_another why_third_party");
        set("sid=1; SameSite=None", "-0.9: why_asked_by_another");
        set("theme=dark; Secure; SameSite=None", "-0.9: why_asked_by_another");
    }
}
