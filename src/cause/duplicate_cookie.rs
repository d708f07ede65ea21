//! `duplicate_cookie`: two cookies of one name are held, and the wrong one counts.
//!
//! A cookie is known by name, domain and path together (RFC 6265bis, section 5.7), so a site can
//! hold `sid` for `example.com` and `sid` for `app.example.com` at once. Both are sent, the longer
//! path first, then the older (section 5.8.3); which one counts is up to the server, and most
//! take the first. An app that reads a token out of such a cookie (`document.cookie` lists both)
//! takes the first one as well.

use super::Weighing;
use crate::evidence::{Evidence, signs_in};
use crate::exchange::{Exchange, Kind, SentCookie};
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::http::cookie::{JarCookie, Purpose, domain_matches, purpose};
use crate::words::{Arg, Line};

/// What helps: the older twin goes.
pub(super) const FIXES: &[FixId] =
    &[FixId::RemoveCookies, FixId::SignIn, FixId::ClearSiteCookies, FixId::ClearSiteData];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !(evidence.is_shut_out() || exchange.status == 400) || exchange.kind == Kind::Preflight {
        return None;
    }
    sent_twice(evidence).or_else(|| held_twice(evidence)).or_else(|| copied(evidence))
}

/// Both were sent.
fn sent_twice(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let sent: &[SentCookie] = exchange.cookies.present()?;
    // Settings are sent twice as well; only a sign-in's cookie matters, by its name or because
    // scripts cannot read it.
    let hidden = |name: &str| evidence.in_jar(name).all(|cookie| cookie.http_only && signs_in(name, true));
    let is_held = |name: &str| evidence.in_jar(name).next().is_some();
    let weighs = |name: &str| match purpose(name) {
        Purpose::Session | Purpose::Remember => true,
        Purpose::Other => is_held(name) && hidden(name),
        Purpose::Csrf => false,
    };
    let count = |cookie: &SentCookie| sent.iter().filter(|other| other.name == cookie.name).count();
    let name = &sent.iter().find(|cookie| count(cookie) > 1 && weighs(&cookie.name))?.name;
    let twins: Vec<&SentCookie> = sent.iter().filter(|cookie| cookie.name == *name).collect();
    let last = twins.last()?;

    let mut weighing = Weighing::from(1.0);
    let count = u32::try_from(twins.len()).unwrap_or(u32::MAX);
    weighing.finding(0.0, Line::new("why_sent_twice").text(name).with(Arg::Count(count)));
    if twins.iter().all(|cookie| cookie.mark == last.mark) {
        // Twins of one value cannot be mistaken for each other.
        weighing.shift(-2.5);
    } else {
        weighing.finding(0.8, Line::new("why_twins_differ"));
    }
    let held: Vec<&JarCookie> = evidence.in_jar(name).collect();
    if held.len() > 1 {
        weighing.finding(0.5, Line::new("why_twins_held").text(name).text(&places(&held)));
    }
    // A request with a credential of its own fails for that one's reasons first.
    if exchange.authorization.present().is_some() {
        weighing.shift(-2.0);
    }
    if exchange.status == 403 {
        weighing.shift(-0.8);
    }
    // The last one sent is the newest; the others are in its way.
    for cookie in held {
        if cookie.mark.is_some_and(|mark| mark != last.mark) {
            weighing.suspect(&cookie.id);
        }
    }
    Some(weighing)
}

/// The jar has two that go along; which were sent could not be seen, or only one was.
fn held_twice(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let address = Address::parse(&exchange.url);
    let goes = |cookie: &&JarCookie| cookie.applies_to(&address, evidence.now);
    let held: Vec<&JarCookie> = evidence.held_sign_ins().filter(goes).collect();
    let twins = twins(&held)?;
    let name = &twins.first()?.id.name;
    if evidence.sends(name) == Some(false) || exchange.authorization.present().is_some() {
        return None;
    }
    let mut weighing = Weighing::from(0.7);
    weighing.finding(0.8, Line::new("why_twins_held").text(name).text(&places(&twins)));
    weighing.shift(if exchange.status == 403 { -0.8 } else { 0.0 });
    suspect_older(&mut weighing, &twins);
    Some(weighing)
}

/// The app copies its token out of a cookie that is there twice, for different pages or hosts.
fn copied(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let credential = exchange.authorization.present()?;
    let host = Address::parse(&exchange.url).host;
    let page = evidence.asked_by().unwrap_or(host);
    // Scripts can read these alone, on the page's own host.
    let readable = |cookie: &&JarCookie| {
        let domain = cookie.domain();
        let fits = if cookie.host_only { page == domain } else { domain_matches(page, domain) };
        !cookie.http_only && fits && same_site(page, host)
    };
    let held: Vec<&JarCookie> = evidence.held_sign_ins().filter(readable).collect();
    let twins = twins(&held)?;
    if !matches!(credential.scheme.as_str(), "bearer" | "token" | "jwt" | "") {
        return None;
    }
    let name = &twins.first()?.id.name;
    let mut weighing = Weighing::from(-0.4);
    weighing.finding(1.2, Line::new("why_twins_held").text(name).text(&places(&twins)));
    let other_token = |other: &&Exchange| {
        other.site == exchange.site
            && other.is_success()
            && other.authorization.present().is_some_and(|one| one.mark != credential.mark)
    };
    if evidence.earlier.iter().chain(evidence.later).any(|other| other_token(&other)) {
        weighing.finding(1.4, Line::new("why_other_token_works"));
    }
    // A token whose own date has gone by needs no twin to be refused.
    if credential.token.as_ref().and_then(|token| token.expires_at).is_some_and(|at| at <= evidence.now) {
        weighing.shift(-0.8);
    }
    suspect_older(&mut weighing, &twins);
    Some(weighing)
}

/// The first name that several of these have, and all that have it. One per partition is meant so.
fn twins<'a>(held: &[&'a JarCookie]) -> Option<Vec<&'a JarCookie>> {
    // In order of their names: a jar may have thousands, too many to compare each with each.
    let place = |cookie: &'a JarCookie| (&cookie.id.name, &cookie.id.partition, &cookie.id.store);
    let mut named: Vec<(usize, &JarCookie)> = held.iter().copied().enumerate().collect();
    named.sort_by(|(_, one), (_, other)| place(one).cmp(&place(other)));
    let alike = named.chunk_by(|(_, one), (_, other)| place(one) == place(other));
    let first = alike.filter(|twins| twins.len() > 1).min_by_key(|twins| twins.first().map(|(at, _)| *at))?;
    Some(first.iter().map(|(_, cookie)| *cookie).collect())
}

fn places(cookies: &[&JarCookie]) -> String {
    let places: Vec<String> = cookies
        .iter()
        .map(|cookie| format!("{}{}", cookie.id.domain.trim_start_matches('.'), cookie.id.path))
        .collect();
    places.join(", ")
}

/// The newest is what the site made last; the others are in its way.
fn suspect_older(weighing: &mut Weighing, twins: &[&JarCookie]) {
    let newest = twins.iter().filter_map(|cookie| cookie.first_seen).max();
    for cookie in twins.iter().filter(|cookie| cookie.first_seen.is_some() && cookie.first_seen < newest) {
        weighing.suspect(&cookie.id);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::{places, rule};
    use crate::exchange::Kind;
    use crate::http::address::Address;
    use crate::http::set_cookie::Line;
    use crate::http::storage::place;
    use crate::time::{DAY, Time};

    const TWICE: &[(&str, &str)] = &[("Cookie", "sid=old; sid=new")];
    /// Twins that scripts cannot read.
    const HIDDEN: &[(&str, &str)] = &[
        ("https://app.example.com/", "sid=1; Path=/; HttpOnly"),
        ("https://app.example.com/", "sid=1; Path=/; Domain=example.com; HttpOnly"),
    ];
    /// Twins that they can.
    const READABLE: &[(&str, &str)] = &[
        ("https://app.example.com/projects/1", "app:session=1; Path=/projects"),
        ("https://app.example.com/", "app:session=1; Path=/"),
    ];
    /// An app with a token that it may have read out of either.
    const COPIED: Given = Given {
        jar: READABLE,
        request: &[("Authorization", "Bearer old")],
        kind: Kind::Fetch,
        ..Given::PLAIN
    };

    #[test]
    fn twins_that_differ() {
        let given = Given { request: &[("Cookie", "sid=old; theme=dark; sid=new")], ..Given::default() };
        check(&given, "duplicate_cookie 0.91: why_sent_twice why_twins_differ why_twins_held");
        let away = [("Location", "https://id.example.com/login")];
        let turned = Given { status: 307, response: &away, ..given.clone() };
        check(&turned, "duplicate_cookie 0.91: why_sent_twice why_twins_differ why_twins_held");
        check(
            &Given { status: 403, ..given },
            "duplicate_cookie 0.82: why_sent_twice why_twins_differ why_twins_held",
        );
    }

    #[test]
    fn twins_of_which_only_the_jar_knows() {
        let jar = [
            ("https://app.example.com/", "sid=1; Path=/; HttpOnly"),
            ("https://app.example.com/", "sid=1; Path=/; Domain=example.com; HttpOnly"),
        ];
        let given = Given { jar: &jar, hidden: &["cookie"], ..Given::default() };
        check(&given, "duplicate_cookie 0.82: why_twins_held");
        check(&Given { jar: &jar[..1], ..given }, "unknown");
    }

    #[test]
    fn a_token_that_is_copied_from_one_of_two() {
        let jar = [
            ("https://app.example.com/projects/1", "app:session=1; Path=/projects"),
            ("https://app.example.com/", "app:session=1; Path=/"),
        ];
        let request = [("Authorization", "Bearer old")];
        let given = Given { jar: &jar, request: &request, kind: Kind::Fetch, ..Given::default() };
        check(&given, "duplicate_cookie 0.69: why_twins_held");
        check(&Given { jar: &jar[1..], ..given }, "token_expired 0.52: why_token_refused");
    }

    #[test]
    fn not_for_twins_of_one_value_or_of_no_weight() {
        check(
            &Given { request: &[("Cookie", "theme=a; theme=b; sid=1")], ..Given::default() },
            "session_expired 0.50: why_cookie_sent",
        );
        check(&Given { status: 403, request: &[("Cookie", "sid=a; sid=a")], ..Given::default() }, "unknown");
    }

    #[test]
    fn only_where_somebody_is_shut_out() {
        let given = Given { request: TWICE, ..Given::default() };
        let all = "2.3: why_sent_twice why_twins_differ why_twins_held [sid]";
        check_rule(rule, &given, all);
        check_rule(rule, &Given { status: 400, ..given.clone() }, all);
        check_rule(rule, &Given { status: 500, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
    }

    #[test]
    fn twins_that_were_sent() {
        let given = Given { request: TWICE, ..Given::default() };
        let once = Given { request: &[("Cookie", "sid=new")], ..given.clone() };
        check_rule(rule, &once, "nothing");
        let alike = Given { request: &[("Cookie", "sid=a; sid=a")], ..given.clone() };
        check_rule(rule, &alike, "-1.0: why_sent_twice why_twins_held");
        // A credential of its own fails for its own reasons first.
        let bearer = [TWICE[0], ("Authorization", "Bearer abc")];
        let with_token = Given { request: &bearer, ..given.clone() };
        check_rule(rule, &with_token, "0.3: why_sent_twice why_twins_differ why_twins_held [sid]");
        // Of the two that were sent, the jar knows one: the others are for https alone.
        let jar = [("http://app.example.com/", "sid=1; Path=/")];
        let one_held = Given { origin: "http://app.example.com", jar: &jar, ..given };
        check_rule(rule, &one_held, "1.8: why_sent_twice why_twins_differ");
    }

    #[test]
    fn twins_in_the_jar_go_along_where_they_may_have_been_sent() {
        let given = Given { jar: HIDDEN, hidden: &["cookie"], ..Given::default() };
        check_rule(rule, &given, "1.5: why_twins_held");
        check_rule(rule, &Given { status: 403, ..given.clone() }, "0.7: why_twins_held");
        check_rule(rule, &Given { hidden: &[], ..given.clone() }, "nothing");
        check_rule(rule, &Given { request: COPIED.request, ..given }, "nothing");
    }

    #[test]
    fn the_older_twin_is_the_one_in_the_way() {
        let newer = [("https://app.example.com/", "sid=1; Path=/; Domain=example.com; Store=0")];
        let given = Given {
            held: &["sid"],
            jar: &newer,
            hidden: &["cookie"],
            cookie_age: Some(DAY),
            ..Given::default()
        };
        check_rule(rule, &given, "1.5: why_twins_held [sid]");
        check_rule(rule, &Given { cookie_age: Some(0), ..given.clone() }, "1.5: why_twins_held");
        check_rule(rule, &Given { cookie_age: None, ..given }, "1.5: why_twins_held");
    }

    #[test]
    fn a_script_copies_what_it_can_read_for_its_own_site() {
        check_rule(rule, &COPIED, "0.8: why_twins_held");
        check_rule(rule, &Given { jar: HIDDEN, ..COPIED }, "nothing");
        let beside = [
            ("https://api.example.com/projects/1", "app:session=1; Path=/projects"),
            ("https://api.example.com/", "app:session=1; Path=/"),
        ];
        check_rule(rule, &Given { jar: &beside, ..COPIED }, "nothing");
        let elsewhere = [
            ("https://shop.test/projects/1", "app:session=1; Path=/projects"),
            ("https://shop.test/", "app:session=1; Path=/"),
        ];
        check_rule(rule, &Given { jar: &elsewhere, page: Some("https://shop.test/"), ..COPIED }, "nothing");
    }

    #[test]
    fn another_token_of_this_site_that_does_work() {
        let other = Other { path: "/api/me", request: &[("Authorization", "Bearer new")], ..Other::PLAIN };
        for (other, expect) in [
            (other, "2.2: why_twins_held why_other_token_works"),
            (Other { origin: "https://api.example.com", ..other }, "0.8: why_twins_held"),
            (Other { status: 401, ..other }, "0.8: why_twins_held"),
            (Other { request: COPIED.request, ..other }, "0.8: why_twins_held"),
            (Other { request: &[], ..other }, "0.8: why_twins_held"),
        ] {
            check_rule(rule, &Given { earlier: &[other], ..COPIED }, expect);
            check_rule(rule, &Given { later: &[other], ..COPIED }, expect);
        }
    }

    #[test]
    fn a_token_that_ran_out_needs_no_twin_to_be_refused() {
        // Claims `{"exp":1800000000}`.
        let token = [("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
        let other = [Other { request: COPIED.request, ..Other::PLAIN }];
        let given = Given { request: &token, earlier: &other, now: 1_799_999_999, ..COPIED };
        check_rule(rule, &given, "2.2: why_twins_held why_other_token_works");
        let over = Given { now: 1_800_000_000, ..given };
        check_rule(rule, &over, "1.4: why_twins_held why_other_token_works");
    }

    #[test]
    fn where_the_twins_lie_is_said() {
        let address = Address::parse("https://app.example.com/");
        let cookies = ["sid=1; Path=/a", "sid=1; Path=/; Domain=example.com"]
            .map(|line| place(&Line::read(line), &address, Time(0)));
        assert_eq!(places(&[&cookies[0], &cookies[1]]), "app.example.com/a, example.com/");
    }
}
