//! `waf_or_ip_block`: what stands in front of the site to protect it refused the request, before the
//! site saw who it is from.
//!
//! It wants a proof of being no robot, or it dislikes the address, the country, the browser or the
//! text that was sent. Its answer is a page of its own, also where a program asked for data.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind};
use crate::fix::FixId;
use crate::product::Product;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: to load the page itself, so that the check can run; then another way to the site.
pub(super) const FIXES: &[FixId] = &[
    FixId::Retry,
    FixId::OpenPrivateWindow,
    FixId::CheckExtensions,
    FixId::TryElsewhere,
    FixId::AskForAccess,
    FixId::FlushDns,
    FixId::ForTheOwner,
    FixId::ClearSiteCookies,
];

/// Networks that stand in front of sites and refuse by rules of their own.
const EDGES: [Product; 8] = [
    Product::Akamai,
    Product::CloudFront,
    Product::Cloudflare,
    Product::DataDome,
    Product::Fastly,
    Product::Imperva,
    Product::Sucuri,
    Product::Vercel,
];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 401 | 403 | 405 | 406 | 429 | 451 | 503) {
        return None;
    }
    let mut weighing = Weighing::from(-2.4);
    if exchange.says(Sign::BotChallenge) {
        weighing.finding(5.0, Line::new("why_bot_challenge"));
    }
    if exchange.says(Sign::EdgeBlocked) && !exchange.says(Sign::BotChallenge) {
        weighing.finding(4.4, Line::new("why_edge_blocked"));
    } else if !exchange.says(Sign::BotChallenge) {
        edge(&mut weighing, exchange);
    }
    if exchange.status == 451 {
        // RFC 7725: not to be shown to this place, by law.
        weighing.finding(2.6, Line::new("why_status_451"));
    }
    if exchange.asked.is_disguised {
        weighing.finding(1.0, Line::new("why_disguised"));
    }
    if evidence.address_changed() == Some(true) {
        weighing.shift(0.2);
    }
    // Nobody was refused by name: even the page that all may see is closed.
    let refused = |other: &&Exchange| other.site == exchange.site && other.status == exchange.status;
    let let_in = |other: &Exchange| other.site == exchange.site && (200..300).contains(&other.status);
    let around = || evidence.earlier.iter().chain(evidence.later);
    if exchange.status != 401 && around().filter(refused).count() >= 3 && !around().any(let_in) {
        weighing.finding(0.8, Line::new("why_all_refused"));
    }
    // A 401 asks who it is; edges do not.
    if exchange.status == 401 {
        weighing.shift(if exchange.says(Sign::BotChallenge) { -0.4 } else { -2.6 });
    }
    if exchange.says(Sign::Locked) {
        weighing.shift(-1.5);
    }
    // The site itself has read the request, and says what is amiss.
    let site_says =
        [Sign::NeedsScope, Sign::NoCredential, Sign::TokenExpired, Sign::BadGuard, Sign::WrongPassword];
    if site_says.into_iter().any(|sign| exchange.says(sign)) || !exchange.challenges().is_empty() {
        weighing.shift(-2.0);
    }
    weighing.above(0.15)
}

/// What speaks for an answer that an edge made, where it does not say so.
fn edge(weighing: &mut Weighing, exchange: &Exchange) {
    let at_edge = exchange.products.iter().any(|product| EDGES.contains(product));
    let is_data = matches!(exchange.kind, Kind::Fetch | Kind::Preflight);
    if at_edge && exchange.told.is_html {
        let weight = if is_data { 2.6 } else { 1.8 };
        weighing.finding(weight, Line::new("why_edge_page"));
    } else if exchange.told.is_html && is_data {
        weighing.finding(0.6, Line::new("why_page_for_data"));
    }
    // Apps answer a form of theirs that lacks its guard with a page as well (Django, Rails).
    if exchange.method == "POST" {
        weighing.shift(-0.6);
    }
    // They do little else than that.
    let guards = [Product::Imperva, Product::Sucuri, Product::DataDome];
    if exchange.products.iter().any(|product| guards.contains(product)) {
        weighing.finding(1.4, Line::new("why_edge_guard"));
    }
    if exchange.told.is_json {
        weighing.shift(-1.0);
    }
    // A stranger who opens a page is no matter of rights.
    if exchange.kind == Kind::MainFrame && exchange.status == 403 && !exchange.carries_credential() {
        weighing.shift(0.8);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    const HTML: (&str, &str) = ("Content-Type", "text/html; charset=UTF-8");

    #[test]
    fn an_edge_that_says_so() {
        let with = |response| Given { status: 403, response, ..Given::default() };
        check(
            &with(&[("CF-Mitigated", "challenge"), HTML, ("Server", "cloudflare")]),
            "waf_or_ip_block 0.93: why_bot_challenge",
        );
        check(&with(&[("Server", "AkamaiGHost"), HTML]), "waf_or_ip_block 0.88: why_edge_blocked");
        check(&with(&[("Server", "awselb/2.0"), HTML]), "waf_or_ip_block 0.88: why_edge_blocked");
        let page = "<title>Attention Required! | Cloudflare</title> Sorry, you have been blocked";
        check(
            &Given { status: 403, body: Some(page), ..Given::default() },
            "waf_or_ip_block 0.88: why_edge_blocked",
        );
    }

    #[test]
    fn a_page_where_data_was_asked_for() {
        let given = Given {
            status: 403,
            kind: Kind::Fetch,
            request: &[("Cookie", "sid=abc")],
            response: &[("CF-RAY", "8a1b-FRA"), ("Server", "cloudflare"), HTML],
            ..Given::default()
        };
        check(&given, "waf_or_ip_block 0.55: why_edge_page");
        check(&Given { method: "POST", ..given.clone() }, "unknown");
        let guarded = Given { response: &[("X-Iinfo", "7-1-1 NNNN"), HTML], ..given };
        check(&guarded, "waf_or_ip_block 0.83: why_edge_page why_edge_guard");
    }

    #[test]
    fn a_browser_in_disguise() {
        let given = Given {
            status: 403,
            request: &[
                ("User-Agent", "Mozilla/5.0 Gecko/20100101 Firefox/138.0"),
                ("Sec-CH-UA", "\"Chromium\";v=\"136\""),
            ],
            response: &[("Server", "cloudflare"), HTML],
            ..Given::default()
        };
        check(&given, "waf_or_ip_block 0.77: why_edge_page why_disguised");
    }

    #[test]
    fn not_a_site_that_says_no_itself() {
        check(&Given { status: 403, ..Given::default() }, "unknown");
        let json: &[(&str, &str)] = &[("Server", "cloudflare"), ("Content-Type", "application/json")];
        check(&Given { status: 403, kind: Kind::Fetch, response: json, ..Given::default() }, "unknown");
        let edge_401 = Given { response: &[("Server", "AkamaiGHost"), HTML], ..Given::default() };
        check(&edge_401, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    const CHALLENGE: (&str, &str) = ("CF-Mitigated", "challenge");

    #[test]
    fn a_site_that_is_closed_to_everybody() {
        let given = Given { status: 403, response: &[CHALLENGE], ..Given::default() };
        let refused = Other { status: 403, ..Other::PAGE };
        let elsewhere = Other { origin: "https://other.example.net", ..refused };
        let with = |earlier: &[Other], expect| check_rule(rule, &Given { earlier, ..given }, expect);
        with(&[refused; 3], "3.4: why_bot_challenge why_all_refused");
        with(&[refused; 2], "2.6: why_bot_challenge");
        with(&[elsewhere; 3], "2.6: why_bot_challenge");
        with(&[Other { status: 404, ..refused }; 3], "2.6: why_bot_challenge");
        // Somebody is let in after all; what another site does is no matter.
        with(&[refused, refused, refused, Other::PAGE], "2.6: why_bot_challenge");
        let let_in_there = Other { status: 200, ..elsewhere };
        with(&[refused, refused, refused, let_in_there], "3.4: why_bot_challenge why_all_refused");
        // A 401 asks everybody who it is.
        let asked = [Other { status: 401, ..refused }; 3];
        check_rule(rule, &Given { status: 401, earlier: &asked, ..given }, "2.2: why_bot_challenge");
    }

    #[test]
    fn what_the_site_itself_says_speaks_against_it() {
        let given = Given { status: 403, response: &[CHALLENGE], ..Given::default() };
        check_rule(rule, &given, "2.6: why_bot_challenge");
        let says = |body| Given { body: Some(body), ..given };
        check_rule(rule, &says("You are being rate limited"), "1.1: why_bot_challenge");
        check_rule(rule, &says("insufficient_scope"), "0.6: why_bot_challenge");
        let response = &[CHALLENGE, ("WWW-Authenticate", "Basic realm=\"x\"")];
        check_rule(rule, &Given { response, ..given }, "0.6: why_bot_challenge");
    }

    #[test]
    fn a_page_for_a_person_is_no_page_for_data() {
        let given = Given { status: 451, response: &[HTML], ..Given::default() };
        check_rule(rule, &given, "0.2: why_status_451");
        let call = Given { kind: Kind::Fetch, ..given };
        check_rule(rule, &call, "0.8: why_page_for_data why_status_451");
        check_rule(rule, &Given { response: &[], ..call }, "-0.8: why_status_451");
    }

    #[test]
    fn a_stranger_who_opens_a_page_has_no_rights_to_lack() {
        let given = Given { status: 403, response: &[("Server", "cloudflare"), HTML], ..Given::default() };
        check_rule(rule, &given, "0.2: why_edge_page");
        check_rule(rule, &Given { request: &[("Cookie", "sid=1")], ..given }, "-0.6: why_edge_page");
        check_rule(rule, &Given { kind: Kind::Fetch, ..given }, "0.2: why_edge_page");
        check_rule(rule, &Given { status: 406, ..given }, "-0.6: why_edge_page");
    }
}
