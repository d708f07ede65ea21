//! `credentials_mode_missing`: an app's own request was made without credentials, though the browser
//! has them.
//!
//! `fetch` sends cookies and logins to its own origin alone unless told to `include` them, and
//! XMLHttpRequest to others only by `withCredentials` (Fetch standard, section 2.2.5). A manifest is
//! fetched without any unless its link says `crossorigin="use-credentials"` (HTML standard, link
//! type `manifest`).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::http::address::Address;
use crate::http::cookie::{JarCookie, SameSite};
use crate::words::Line;

/// What helps: the app has to ask otherwise. Asked again it asks the same way.
pub(super) const FIXES: &[FixId] = &[FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    // One cookie that is sent shows that all may be.
    if !evidence.is_shut_out()
        || !matches!(exchange.kind, Kind::Fetch | Kind::Script | Kind::Resource)
        || !exchange.cookies.is_absent()
        || exchange.authorization.present().is_some()
        || exchange.is_sign_in_attempt()
    {
        return None;
    }
    let address = Address::parse(&exchange.url);
    let mut weighing = Weighing::from(-2.0);
    let is_manifest = is_manifest(exchange);
    if is_manifest {
        weighing.finding(3.4, Line::new("why_manifest"));
    }
    let by = exchange.asked.origin.as_deref().or(exchange.page.as_deref());
    let is_other_origin = by.is_some_and(|by| by != address.site());
    // What another site may not be sent is another story: `cookie_blocked_samesite`.
    let may_go = |cookie: &&JarCookie| {
        cookie.applies_to(&address, evidence.now)
            && (!evidence.is_cross_site() || cookie.same_site == SameSite::None)
    };
    if let Some(cookie) = evidence.held_sign_ins().find(may_go) {
        weighing.finding(3.2, Line::new("why_held_and_left").text(&cookie.id.name));
    } else if evidence.earlier.iter().any(|other| got_in(other, exchange)) {
        weighing.finding(if is_manifest { 1.0 } else { 2.2 }, Line::new("why_page_sent_more"));
    } else if evidence.held_sign_ins().next().is_some() {
        weighing.shift(-1.0);
    }
    if is_other_origin {
        let line = Line::new("why_other_origin").text(by.unwrap_or_default()).text(&exchange.site);
        weighing.finding(0.9, line);
        if exchange.told.allows_credentials {
            weighing.finding(0.5, Line::new("why_allows_credentials"));
        }
    }
    // A cookie that was set and is not in the jar was lost before (`cookie_not_stored`).
    if evidence.lost_a_cookie() && evidence.held_sign_ins().find(may_go).is_none() {
        weighing.shift(-1.2);
    }
    // A renewal that is refused is a story of its own, whatever it carried.
    if exchange.is_renewal() {
        weighing.shift(-2.5);
    }
    if evidence.is_second_hand() {
        weighing.shift(-1.2);
    }
    weighing.above(0.2)
}

/// Is it an app's manifest, by what the browser says or by the usual names (W3C Web Application
/// Manifest)?
fn is_manifest(exchange: &Exchange) -> bool {
    let path = Address::parse(&exchange.url).path.to_ascii_lowercase();
    exchange.asked.dest.as_deref() == Some("manifest")
        || path.ends_with(".webmanifest")
        || (exchange.kind == Kind::Script && path.ends_with("manifest.json"))
}

/// Was the page, or a request of it, let in by the browser's own means: a cookie, or a login?
fn got_in(other: &Exchange, exchange: &Exchange) -> bool {
    let by_browser = |scheme: &str| matches!(scheme, "basic" | "digest" | "negotiate" | "ntlm");
    let by_login = match &other.authorization {
        Known::Present(credential) => by_browser(&credential.scheme),
        Known::Absent | Known::Unknown => false,
    };
    let by_cookie = other.authorization.present().is_none() && other.is_let_in();
    other.site == exchange.site && other.is_success() && (by_login || by_cookie)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix};
    use super::rule;
    use crate::exchange::Kind;

    const JAR: &[(&str, &str)] =
        &[("https://app.example.com/", "sid=1; Path=/; Secure; SameSite=None; HttpOnly")];
    const CALL: Given<'_> = Given { kind: Kind::Fetch, path: "/api/me", ..Given::PLAIN };

    #[test]
    fn a_manifest() {
        let asked = [("Sec-Fetch-Dest", "manifest")];
        let given =
            Given { kind: Kind::Script, path: "/site.webmanifest", request: &asked, ..Given::default() };
        check(&given, "credentials_mode_missing 0.80: why_manifest");
        check(
            &Given { jar: JAR, ..given.clone() },
            "credentials_mode_missing 0.99: why_manifest why_held_and_left",
        );
        let sent = [("Sec-Fetch-Dest", "manifest"), ("Cookie", "sid=1")];
        check(&Given { request: &sent, ..given }, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn a_call_to_another_origin() {
        let asked = [("Origin", "https://www.other.test")];
        let given = Given { request: &asked, page: Some("https://www.other.test/"), jar: JAR, ..CALL };
        check(&given, "credentials_mode_missing 0.89: why_held_and_left why_other_origin");
        let lax = [("https://app.example.com/", "sid=1; Path=/; Secure; SameSite=Lax; HttpOnly")];
        let blocked = Given { jar: &lax, ..given };
        check(&blocked, "cookie_blocked_samesite 0.90: why_asked_by_another why_same_site_lax");
    }

    #[test]
    fn a_page_behind_a_login_whose_call_went_without() {
        let login = [("Authorization", "Basic bWU6cHc=")];
        let page = [Other { request: &login, ..Other::PAGE }];
        let wall = [("WWW-Authenticate", "Basic realm=x")];
        let given = Given { earlier: &page, response: &wall, ..CALL };
        check(&given, "credentials_mode_missing 0.55: why_page_sent_more");
    }

    #[test]
    fn not_of_a_page_nor_of_an_app_with_a_token() {
        check(&Given { jar: JAR, ..Given::default() }, "unknown");
        let token = [("Authorization", "Bearer x")];
        check(&Given { request: &token, jar: JAR, ..CALL }, "token_expired 0.52: why_token_refused");
        check(&Given { hidden: &["cookie"], jar: JAR, ..CALL }, "unknown");
    }

    #[test]
    fn asked_again_it_asks_the_same_way() {
        let asked = [("Origin", "https://www.other.test")];
        let given = Given { request: &asked, page: Some("https://www.other.test/"), jar: JAR, ..CALL };
        assert_eq!(first_fix(&given).0, "for_the_owner");
    }

    /// Of another part of the site.
    const ELSEWHERE: &[(&str, &str)] =
        &[("https://app.example.com/", "sid=1; Path=/admin; Secure; SameSite=None; HttpOnly")];
    const MANIFEST: Given<'_> = Given { kind: Kind::Script, path: "/site.webmanifest", ..Given::PLAIN };

    #[test]
    fn a_manifest_by_its_destination_or_by_its_name() {
        check_rule(rule, &MANIFEST, "1.4: why_manifest");
        let asked = [("Sec-Fetch-Dest", "manifest")];
        check_rule(rule, &Given { request: &asked, path: "/app.json", ..MANIFEST }, "1.4: why_manifest");
        let named = Given { path: "/Manifest.json", ..MANIFEST };
        check_rule(rule, &named, "1.4: why_manifest");
        // Data of that name, and another script.
        check_rule(rule, &Given { kind: Kind::Fetch, ..named }, "nothing");
        check_rule(rule, &Given { path: "/app.js", ..MANIFEST }, "nothing");
    }

    #[test]
    fn a_cookie_that_could_have_gone() {
        check_rule(rule, &CALL, "nothing");
        let lax = [("https://app.example.com/", "sid=1; Path=/; Secure; SameSite=Lax; HttpOnly")];
        check_rule(rule, &Given { jar: &lax, ..CALL }, "1.2: why_held_and_left");
        check_rule(rule, &Given { jar: ELSEWHERE, ..CALL }, "nothing");
        check_rule(rule, &Given { jar: ELSEWHERE, ..MANIFEST }, "0.4: why_manifest");
    }

    #[test]
    fn a_page_that_was_let_in_by_the_browser_s_own_means() {
        let after = |page: Other<'static>, expect: &str| {
            check_rule(rule, &Given { earlier: &[page], ..CALL }, expect);
        };
        let session = Other { request: &[("Cookie", "sid=1")], ..Other::PAGE };
        after(session, "0.2: why_page_sent_more");
        let login = Other { request: &[("Authorization", "Basic bWU6cHc=")], ..Other::PAGE };
        after(login, "0.2: why_page_sent_more");
        // Anybody may see it; another site; refused; by an app's own token.
        after(Other::PAGE, "nothing");
        after(Other { origin: "https://www.other.test", ..session }, "nothing");
        after(Other { status: 401, ..login }, "nothing");
        after(Other { request: &[("Cookie", "sid=1"), ("Authorization", "Bearer x")], ..session }, "nothing");
    }

    #[test]
    fn a_cookie_that_was_lost_before_could_not_go() {
        let set = [Other { response: &[("Set-Cookie", "sid=1; Path=/; Secure")], ..Other::PAGE }];
        let lost = Given { earlier: &set, ..MANIFEST };
        check_rule(rule, &lost, "0.2: why_manifest");
        check_rule(rule, &Given { jar: JAR, ..lost }, "4.6: why_manifest why_held_and_left");
    }

    #[test]
    fn rather_not_a_renewal_nor_an_answer_at_second_hand() {
        let renewal = Given { method: "POST", path: "/auth/refresh", jar: JAR, ..CALL };
        check_rule(rule, &renewal, "-1.3: why_held_and_left");
        check_rule(rule, &Given { from_cache: true, ..MANIFEST }, "0.2: why_manifest");
    }
}
