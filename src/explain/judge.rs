//! Is a refused request a lock-out, or how things go?

use crate::exchange::{Exchange, Kind, Known, Scope};
use crate::har::Summary;
use crate::http::address::Address;
use crate::http::cookie::{JarCookie, Purpose, purpose};
use crate::time::SECOND;

/// A refused request that is let through within this was a handshake or a renewal, in milliseconds.
const ENDS_WELL_WITHIN: i64 = 10 * SECOND;

/// May it be one? Then it is kept with what is around it.
pub(super) fn is_suspicious(exchange: &Exchange) -> bool {
    !exchange.speculative && (exchange.is_refusal() || exchange.is_turned_away())
}

/// Is it one, seen with what is around it? `count` is how often the very request was refused.
pub(super) fn is_lock_out(
    exchange: &Exchange,
    earlier: &[Exchange],
    later: &[Exchange],
    count: u32,
    summary: &Summary,
) -> bool {
    let around = || earlier.iter().chain(later);
    let same = |other: &&Exchange| other.is_same_request(exchange);
    let lets_in = |other: &Exchange| other.is_success() && !other.is_turned_away();
    let ends_well = later
        .iter()
        .take_while(|other| other.at.since(exchange.at) <= ENDS_WELL_WITHIN)
        .any(|other| same(&other) && lets_in(other));
    if ends_well || is_somebody_elses(exchange, summary) {
        return false;
    }
    if exchange.is_turned_away() {
        return is_turned_away_for_good(exchange, earlier, later, count, summary);
    }
    let page_loaded =
        || earlier.iter().any(|other| other.kind == Kind::MainFrame && (200..300).contains(&other.status));
    let is_repeated = count > 1 || around().filter(same).any(Exchange::is_refusal);
    match exchange.kind {
        // One "am I signed in?" of a page that loaded.
        Kind::Fetch if exchange.scope() == Scope::App && !exchange.carries_credential() => {
            is_repeated || !page_loaded() || tells_more(exchange)
        }
        // A manifest or a worker's script that is refused matters where somebody is signed in.
        Kind::Script if !exchange.carries_credential() => {
            let signed_in = around().any(|other| other.site == exchange.site && other.is_let_in());
            signed_in || holds_session(exchange, summary)
        }
        _ => true,
    }
}

/// What fails for somebody else on the page (a tracker, a widget) is nobody's lock-out. What was
/// recorded alone is what the person is stuck on.
fn is_somebody_elses(exchange: &Exchange, summary: &Summary) -> bool {
    if exchange.scope() != Scope::Other {
        return false;
    }
    exchange.kind == Kind::Resource
        || exchange.kind == Kind::SubFrame && summary.requests > 1
        || summary.requests > 2
}

/// Does a request without a credential tell that one was meant to be there?
fn tells_more(exchange: &Exchange) -> bool {
    exchange.from_cache || exchange.told.by_worker || exchange.is_sign_in_attempt() || exchange.is_renewal()
}

/// Sent on to a sign-in page: a first visit, unless it goes round in circles or somebody was signed
/// in and the recording ends there.
fn is_turned_away_for_good(
    exchange: &Exchange,
    earlier: &[Exchange],
    later: &[Exchange],
    count: u32,
    summary: &Summary,
) -> bool {
    let again = |other: &&Exchange| other.is_same_request(exchange) && other.is_turned_away();
    let signs_in = |other: &Exchange| other.method == "POST" && (200..400).contains(&other.status);
    // The last of several counts, and the first of them is where it began.
    if let Some(first) = earlier.iter().position(|other| again(&other)) {
        return count > 3 || earlier.iter().skip(first).any(signs_in);
    }
    let shows_sign_in = later.iter().any(|other| other.is_sign_in_page() || signs_in(other));
    let sends_session = exchange
        .cookies
        .present()
        .is_some_and(|sent| sent.iter().any(|cookie| purpose(&cookie.name) == Purpose::Session));
    !shows_sign_in && (sends_session || holds_session(exchange, summary))
}

/// Does the jar hold a session of this site, or of one beside it?
fn holds_session(exchange: &Exchange, summary: &Summary) -> bool {
    let host = Address::parse(&exchange.url).host;
    let is_near = |cookie: &&JarCookie| {
        crate::http::address::same_site(cookie.domain(), host) && purpose(&cookie.id.name) == Purpose::Session
    };
    exchange.cookies != Known::Unknown && summary.jar.iter().flatten().any(|cookie| is_near(&cookie))
}
