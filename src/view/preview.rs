//! What exactly a fix takes away, item by item, before the click.

use maud::{Markup, html};

use super::incident::length;
use super::theirs::{sentence, theirs};
use crate::fix::{FixId, Offer};
use crate::http::cookie::{CookieId, Purpose, purpose};
use crate::redact;
use crate::words::{Arg, Line, Words};

/// The list, folded away; nothing where the sentence below the button says it all.
pub(super) fn render(words: &dyn Words, offer: &Offer) -> Markup {
    let is_said = offer.removes() < 2 && offer.cookies.iter().all(|cookie| cookie.partition.is_none());
    if is_said {
        return html! {};
    }
    html! {
        details.preview data-fold=(format!("goes-{}", offer.fix.id())) {
            summary { span { (words.say("preview_title")) } }
            ul {
                @for cookie in &offer.cookies { li data-goes=(cookie.name) { (sentence(words, &entry(words, cookie))) } }
                @for item in &offer.items { li data-goes=(item.name) { (theirs(words, &item.name)) } }
            }
            @if let Some(shared) = shared(&offer.cookies) { p.note data-shared { (sentence(words, &shared)) } }
            @if offer.fix == FixId::ClearSiteData { p.note { (words.say("preview_data")) } }
        }
    }
}

/// A cookie's name, and for whom it is.
fn entry(words: &dyn Words, cookie: &CookieId) -> Line {
    let name = match cookie.name.as_str() {
        "" => words.say("preview_nameless"),
        name => redact::short_name(name),
    };
    let host = redact::host(cookie.domain.trim_start_matches('.'));
    let place = format!("{host}{}", redact::short_name(&redact::path(&cookie.path)));
    match &cookie.partition {
        Some(partition) => {
            let within = redact::host(partition.top_level_site.rsplit('/').next().unwrap_or_default());
            Line::new("preview_within").text(&name).text(&place).text(&within)
        }
        None => Line::new("cookie_of").text(&name).text(&place),
    }
}

/// How many of them sign the person in to other hosts as well (RFC 6265bis, section 5.8.3: a
/// cookie with a domain goes to all hosts under it).
fn shared(cookies: &[CookieId]) -> Option<Line> {
    let signs_in = |cookie: &&CookieId| matches!(purpose(&cookie.name), Purpose::Session | Purpose::Remember);
    let shared: Vec<&CookieId> =
        cookies.iter().filter(|cookie| cookie.domain.starts_with('.')).filter(signs_in).collect();
    let domain = redact::host(shared.first()?.domain.trim_start_matches('.'));
    Some(Line::new("preview_shared").with(Arg::Count(length(&shared))).text(&domain))
}
