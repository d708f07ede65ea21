//! What a developer wants to see of a lock-out: the challenge with what its words mean, the token
//! with its times, each cookie with why it stayed behind, redirects, the rules of other origins.
//!
//! Shown is what the core keeps, which holds no secret. The cookies' attributes are the jar's of now.

mod challenge;
mod cookie;
mod credential;
mod origin;

use maud::{Markup, html};

use crate::exchange::{Kind, SeenBy};
use crate::http::cookie::JarCookie;
use crate::incident::Incident;
use crate::time::SECOND;
use crate::view::theirs::theirs;
use crate::words::{Arg, Line, Words};

/// What the developer view shows.
#[derive(Clone, Copy)]
pub struct Developer<'a> {
    /// The lock-out.
    pub incident: &'a Incident,
    /// The cookies that the browser holds for it now; `None` while they are asked for, or where the
    /// browser does not show them.
    pub jar: Option<&'a [JarCookie]>,
    /// Does it stand below headings of its own, as in DevTools?
    pub is_below: bool,
}

/// The view, folded away.
#[must_use]
pub fn fold(words: &dyn Words, incident: &Incident, jar: Option<&[JarCookie]>) -> Markup {
    html! {
        details.developer data-fold="developer" {
            summary { span { (words.say("dev_title")) } }
            (render(words, &Developer { incident, jar, is_below: false }))
        }
    }
}

/// The view.
#[must_use]
pub fn render(words: &dyn Words, shown: &Developer<'_>) -> Markup {
    let exchange = &shown.incident.exchange;
    html! {
        (section(words, shown, "request", "dev_request", &request(words, shown.incident)))
        (section(words, shown, "challenge", "dev_challenges", &challenge::render(words, exchange)))
        (section(words, shown, "credential", "dev_credential", &credential::render(words, exchange)))
        (section(words, shown, "cookies", "dev_cookies", &cookie::render(words, exchange, shown.jar)))
        @if let Some(hops) = redirects(words, shown.incident) {
            (section(words, shown, "redirects", "dev_redirects", &hops))
        }
        @if let Some(rules) = origin::render(words, exchange) {
            (section(words, shown, "origin", "dev_origin", &rules))
        }
    }
}

fn section(words: &dyn Words, shown: &Developer<'_>, name: &str, title: &str, inner: &Markup) -> Markup {
    html! {
        div.dev data-dev=(name) {
            @if shown.is_below { h3 { (words.say(title)) } } @else { h2 { (words.say(title)) } }
            (inner)
        }
    }
}

/// One fact: its name, its value, and what it means.
fn row(words: &dyn Words, term: &str, value: &str, meaning: Option<String>) -> Markup {
    html! {
        div {
            dt { (term) }
            dd {
                code { (theirs(words, value)) }
                @if let Some(meaning) = meaning { " " span.note { (meaning) } }
            }
        }
    }
}

/// One fact that is said in words.
fn said(words: &dyn Words, term: &str, value: &str) -> Markup {
    html! {
        div {
            dt { (words.say(term)) }
            dd { (value) }
        }
    }
}

/// What is wrong, one line each.
fn amiss(words: &dyn Words, keys: &[&'static str]) -> Markup {
    html! {
        @if !keys.is_empty() {
            ul.amiss { @for key in keys { li data-amiss=[key.get(4..)] { (words.say(key)) } } }
        }
    }
}

fn request(words: &dyn Words, incident: &Incident) -> Markup {
    let exchange = &incident.exchange;
    let took = exchange.at.since(exchange.began);
    let ahead = exchange.server_time.map(|server| server.since(exchange.at));
    html! {
        p.facts.wire { code { (theirs(words, &format!("{} {}", exchange.method, exchange.url))) } }
        dl {
            @if exchange.status > 0 { (row(words, &words.say("dev_status"), &exchange.status.to_string(), None)) }
            @if let Some(error) = &exchange.error { (row(words, &words.say("dev_error"), error, None)) }
            (said(words, "dev_kind", &words.say(match exchange.kind {
                Kind::MainFrame => "dev_kind_page",
                Kind::SubFrame => "dev_kind_frame",
                Kind::Fetch => "dev_kind_fetch",
                Kind::Script => "dev_kind_script",
                Kind::Preflight => "dev_kind_preflight",
                Kind::Resource => "dev_kind_resource",
            })))
            (said(words, "dev_at", &words.arg(&Arg::At(exchange.began))))
            @if took > 0 {
                (said(words, "dev_took", &words.line(&Line::new("dev_millis").with(Arg::Count(millis(took))))))
            }
            @if incident.count > 1 { (said(words, "dev_seen", &words.line(&Line::new("seen_times").with(Arg::Count(incident.count))))) }
            (said(words, "dev_seen_by", &words.say(match exchange.seen_by {
                SeenBy::Watcher => "dev_seen_by_watcher",
                SeenBy::Page => "dev_seen_by_page",
                SeenBy::Recording => "dev_seen_by_recording",
                SeenBy::DevTools => "dev_seen_by_devtools",
            })))
            @if exchange.from_cache || exchange.told.stored_copy { (said(words, "dev_from", &words.say("dev_from_cache"))) }
            @if exchange.told.by_worker { (said(words, "dev_from", &words.say("dev_from_worker"))) }
            // A date has a precision of a second (RFC 9110, section 6.6.1).
            @if let Some(ahead) = ahead.filter(|apart| apart.abs() >= 2 * SECOND && !exchange.from_cache) {
                @let key = if ahead > 0 { "clock_site_ahead" } else { "clock_site_behind" };
                (said(words, "dev_clock", &words.line(&Line::new(key).with(Arg::Span(ahead.abs())))))
            }
        }
    }
}

fn millis(span: i64) -> u32 {
    u32::try_from(span).unwrap_or(u32::MAX)
}

/// Where the request was sent on from, and whereto.
fn redirects(words: &dyn Words, incident: &Incident) -> Option<Markup> {
    let exchange = &incident.exchange;
    if exchange.hops.is_empty() && exchange.told.location.is_none() {
        return None;
    }
    let step = |url: &str, status: u16| {
        html! { li { code { (theirs(words, url)) } " " span.note { (status) } } }
    };
    Some(html! {
        ol.hops {
            @for hop in &exchange.hops { (step(&hop.url, hop.status)) }
            (step(&exchange.url, exchange.status))
            @if let Some(to) = &exchange.told.location {
                li { span.note { (words.say("dev_location")) } " " code { (theirs(words, to)) } }
            }
        }
    })
}
