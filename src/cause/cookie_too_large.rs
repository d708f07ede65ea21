//! `cookie_too_large`: a cookie is larger than browsers keep, or all of them together are larger
//! than the server reads.
//!
//! Browsers drop a cookie of more than 4,096 bytes without a word (RFC 6265bis, section 5.6, step
//! 5). Servers answer a head that is too big with 431 (RFC 6585, section 5), or with 400: nginx
//! takes 8 KB a line (`large_client_header_buffers`), Apache 8,190 bytes a field
//! (`LimitRequestFieldSize`), Tomcat 8 KB (`maxHttpHeaderSize`), Node 16 KB, http.sys 16 KB.

use super::Weighing;
use crate::evidence::{Evidence, signs_in};
use crate::fix::FixId;
use crate::http::set_cookie::SetCookie;
use crate::http::storage::Refusal;
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: the big ones go; where the site makes them anew each time, only its owner helps.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveCookies, FixId::ClearSiteCookies, FixId::OpenPrivateWindow, FixId::ForTheOwner];

/// What all cookies may weigh before heads grow too big, in bytes: 8 KB less the other fields.
const HEAVY: u32 = 7 * 1024;

/// A cookie of this size is one of the big ones, in bytes.
const BIG: u32 = 1024;

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let is_head = matches!(exchange.status, 400 | 413 | 431 | 494);
    if !is_head && !evidence.is_shut_out() {
        return None;
    }
    let mut weighing = Weighing::from(-3.0);
    if exchange.says(Sign::HeadTooLarge) {
        weighing.finding(5.0, Line::new("why_says_head_too_big"));
    } else if matches!(exchange.status, 431 | 494) {
        weighing.finding(4.2, Line::new("why_status_431"));
    }
    if let Some((size, count)) = weight_of(evidence) {
        let line = Line::new("why_cookies_weigh").with(Arg::Count(count)).text(&(size / 1024).to_string());
        match (size >= HEAVY, is_head) {
            (true, true) => weighing.finding(4.4, line),
            // Some servers drop what they cannot read and answer as to a stranger.
            (true, false) => weighing.finding(1.2, line),
            (false, true) if size > 4096 => weighing.finding(2.0, line),
            _ => {}
        }
    }
    if let Some(cookie) = dropped(evidence) {
        let size = Arg::Count(cookie.size);
        weighing.finding(4.0, Line::new("why_set_too_big").with(size).text(&cookie.name));
        weighing.shift(if signs_in(&cookie.name, cookie.http_only) { 1.0 } else { 0.0 });
        // What the browser does not keep, nobody can remove.
        weighing.rule_out(FixId::RemoveCookies);
        weighing.rule_out(FixId::ClearSiteCookies);
        // Nor is it kept in a private window.
        weighing.rule_out(FixId::OpenPrivateWindow);
    }
    for cookie in evidence.jar.present().copied().unwrap_or_default() {
        if cookie.size >= BIG && evidence.in_jar(&cookie.id.name).any(|own| own == cookie) {
            weighing.suspect(&cookie.id);
        }
    }
    weighing.above(0.15)
}

/// The size of all cookies that were sent, or would be, and how many there are.
fn weight_of(evidence: &Evidence<'_>) -> Option<(u32, u32)> {
    let sent = evidence.exchange.cookies.present()?;
    let size = sent.iter().fold(0_u32, |sum, cookie| sum.saturating_add(cookie.size));
    Some((size, u32::try_from(sent.len()).unwrap_or(u32::MAX)))
}

/// A cookie that the site set and the browser dropped for its size.
fn dropped<'a>(evidence: &Evidence<'a>) -> Option<&'a SetCookie> {
    let own = evidence.exchange.set_cookies.present().map_or(&[][..], Vec::as_slice);
    let all = evidence.set_before().map(|(_, cookie)| cookie).chain(own);
    all.filter(|cookie| cookie.refusals.contains(&Refusal::TooLarge))
        .find(|cookie| evidence.sends(&cookie.name) != Some(true))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule, first_fix, sentences};
    use super::rule;
    use crate::exchange::Kind;
    use crate::words::{Arg, Line};

    fn big(length: usize) -> String {
        format!("session={}; Path=/; HttpOnly", "x".repeat(length))
    }

    #[test]
    fn a_cookie_that_the_browser_dropped() {
        let line = big(5000);
        let set = [("Set-Cookie", line.as_str())];
        let login = Other { method: "POST", path: "/login", status: 200, response: &set, ..Other::PAGE };
        let given = Given { earlier: &[login], ..Given::default() };
        check(&given, "cookie_too_large 0.88: why_set_too_big");
        check(
            &Given { path: "/api/me", kind: Kind::Fetch, ..given.clone() },
            "cookie_too_large 0.88: why_set_too_big",
        );
        // An older one that still goes along is read by the server.
        let sent = [("Cookie", "session=old")];
        check(&Given { request: &sent, ..given }, "server_misconfig 0.65: why_forgotten_at_once");
    }

    #[test]
    fn a_cookie_that_fits() {
        let line = big(3000);
        let set = [("Set-Cookie", line.as_str())];
        let login = Other { method: "POST", path: "/login", status: 200, response: &set, ..Other::PAGE };
        let sent = [("Cookie", "session=x")];
        let given = Given { earlier: &[login], request: &sent, ..Given::default() };
        check(&given, "server_misconfig 0.65: why_forgotten_at_once");
    }

    #[test]
    fn a_head_that_is_too_big() {
        let line = format!("a={}; sid=1", "x".repeat(9000));
        let request = [("Cookie", line.as_str())];
        let given = Given { request: &request, ..Given::default() };
        check(&Given { status: 400, ..given.clone() }, "cookie_too_large 0.80: why_cookies_weigh");
        check(
            &Given { status: 431, ..given.clone() },
            "cookie_too_large 1.00: why_status_431 why_cookies_weigh",
        );
        let says = "<h1>400 Bad Request</h1><center>Request Header Or Cookie Too Large</center>";
        let told = Given { status: 400, body: Some(says), hidden: &["cookie"], request: &[], ..given };
        check(&told, "cookie_too_large 0.88: why_says_head_too_big");
        check(&Given { status: 400, ..Given::default() }, "unknown");
    }

    #[test]
    fn what_no_browser_keeps_is_the_owners_to_mend() {
        let line = big(5000);
        let set = [("Set-Cookie", line.as_str())];
        let login = Other { method: "POST", path: "/login", status: 200, response: &set, ..Other::PAGE };
        assert_eq!(first_fix(&Given { earlier: &[login], ..Given::default() }).0, "for_the_owner");
    }

    /// A `Cookie` header of two cookies, of that size together.
    fn weighing(size: usize) -> String {
        format!("a={}; b=1", "x".repeat(size - 3))
    }

    #[test]
    fn how_much_cookies_weigh() {
        let says = Some("Request Header Or Cookie Too Large");
        let (heaviest, heavy) = (weighing(7168), weighing(7167));
        let (some, few) = (weighing(4097), weighing(4096));
        let check_size = |status: u16, line: &str, expect: &str| {
            let request = [("Cookie", line)];
            check_rule(rule, &Given { status, body: says, request: &request, ..Given::default() }, expect);
        };
        check_size(400, &heaviest, "6.4: why_says_head_too_big why_cookies_weigh");
        check_size(400, &heavy, "4.0: why_says_head_too_big why_cookies_weigh");
        check_size(400, &some, "4.0: why_says_head_too_big why_cookies_weigh");
        check_size(400, &few, "2.0: why_says_head_too_big");
        // Of another status the head is seldom the reason.
        check_size(401, &heaviest, "3.2: why_says_head_too_big why_cookies_weigh");
        check_size(401, &heavy, "2.0: why_says_head_too_big");
    }

    #[test]
    fn the_weight_is_told_in_kilobytes() {
        let line = weighing(9 * 1024 + 100);
        let given = Given { status: 431, request: &[("Cookie", line.as_str())], ..Given::default() };
        let told = Line::new("why_cookies_weigh").with(Arg::Count(2)).text("9");
        assert_eq!(sentences(rule, &given).pop(), Some(told));
    }

    #[test]
    fn only_big_cookies_that_go_along_are_suspects() {
        let sized = |name: &str, size: usize| format!("{name}={}; Path=/", "x".repeat(size - name.len()));
        let (big, small) = (sized("big", 1024), sized("small", 1023));
        let (far, own) = (sized("far", 2000), "https://app.example.com/");
        let jar = [(own, big.as_str()), (own, small.as_str()), ("https://shop.example.com/", far.as_str())];
        let given = Given { status: 431, jar: &jar, ..Given::default() };
        check_rule(rule, &given, "1.2: why_status_431 [big]");
    }
}
