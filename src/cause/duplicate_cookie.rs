//! `duplicate_cookie`: two cookies of one name are sent, and the server reads the wrong one.
//!
//! A cookie is known by name, domain and path together (RFC 6265bis, section 5.7), so a site can
//! hold `sid` for `example.com` and `sid` for `app.example.com` at once. Both are sent, the longer
//! path first, then the older (section 5.8.3); which one counts is up to the server, and most
//! take the first.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::SentCookie;
use crate::fix::FixId;
use crate::http::cookie::JarCookie;
use crate::words::{Arg, Line};

/// What helps: the older twin goes.
pub(super) const FIXES: &[FixId] = &[FixId::RemoveCookies, FixId::SignIn, FixId::ClearSiteData];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 400 | 401 | 403 | 419 | 440) {
        return None;
    }
    let sent: Vec<&SentCookie> = evidence.sent_sessions().collect();
    let twins = |cookie: &SentCookie| sent.iter().filter(|other| other.name == cookie.name).count();
    let name = &sent.iter().find(|cookie| twins(cookie) > 1)?.name;
    let twins: Vec<&SentCookie> = sent.iter().copied().filter(|cookie| cookie.name == *name).collect();
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
        let places: Vec<String> = held
            .iter()
            .map(|cookie| format!("{}{}", cookie.id.domain.trim_start_matches('.'), cookie.id.path))
            .collect();
        weighing.finding(0.5, Line::new("why_twins_held").text(name).text(&places.join(", ")));
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

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check};

    #[test]
    fn twins_that_differ() {
        let given = Given { request: &[("Cookie", "sid=old; theme=dark; sid=new")], ..Given::default() };
        check(&given, "duplicate_cookie 0.91: why_sent_twice why_twins_differ why_twins_held");
        check(
            &Given { status: 403, ..given },
            "duplicate_cookie 0.82: why_sent_twice why_twins_differ why_twins_held",
        );
    }

    #[test]
    fn not_for_twins_of_one_value_or_of_no_weight() {
        check(
            &Given { request: &[("Cookie", "theme=a; theme=b; sid=1")], ..Given::default() },
            "session_expired 0.50: why_cookie_sent",
        );
        check(&Given { status: 403, request: &[("Cookie", "sid=a; sid=a")], ..Given::default() }, "unknown");
    }
}
