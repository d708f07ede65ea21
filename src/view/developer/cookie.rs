//! The cookies of a request: sent, held and not sent, and set by the answer.

use maud::{Markup, html};

use crate::evidence::sending::{Fate, Unsent, fate};
use crate::exchange::{Exchange, Known, SentCookie};
use crate::http::cookie::{JarCookie, Obstacle, SameSite};
use crate::http::set_cookie::SetCookie;
use crate::http::storage::Refusal;
use crate::redact;
use crate::view::theirs::{sentence, theirs};
use crate::words::{Arg, Line, Words};

/// More of a jar than this is not listed.
const MOST: usize = 60;

pub(super) fn render(words: &dyn Words, exchange: &Exchange, jar: Option<&[JarCookie]>) -> Markup {
    let sent = exchange.cookies.present().map_or(&[][..], Vec::as_slice);
    let mut held: Vec<&JarCookie> = jar.unwrap_or_default().iter().collect();
    // Those that went along first, those of other hosts last.
    held.sort_by_key(|cookie| match fate(exchange, cookie) {
        Fate::Sent | Fate::Changed | Fate::Unknown => 0,
        Fate::Unsent(Unsent::By(Obstacle::Host)) => 2,
        Fate::Unsent(_) => 1,
    });
    let gone = sent.iter().filter(|cookie| held.iter().all(|held| held.id.name != cookie.name));
    let set = exchange.set_cookies.present().map_or(&[][..], Vec::as_slice);
    html! {
        @match &exchange.cookies {
            Known::Unknown => p.note { (words.say("dev_hidden_cookies")) },
            Known::Absent => p.note { (words.say("dev_no_cookies")) },
            Known::Present(_) => {},
        }
        @if !(sent.is_empty() && held.is_empty()) {
            ul.cookies {
                @for cookie in gone.take(MOST) { (sent_only(words, cookie, jar.is_some())) }
                @for cookie in held.iter().take(MOST) { (one(words, exchange, cookie)) }
            }
        }
        @if held.len() > MOST {
            p.note { (sentence(words, &Line::new("dev_more").with(Arg::Count(rest(held.len()))))) }
        }
        @if !set.is_empty() {
            p.apart { (words.say("dev_set")) }
            ul.cookies { @for cookie in set.iter().take(MOST) { (set_here(words, exchange, cookie)) } }
        }
    }
}

fn rest(all: usize) -> u32 {
    u32::try_from(all - MOST.min(all)).unwrap_or(u32::MAX)
}

/// Sent, and not (yet) found in the jar.
fn sent_only(words: &dyn Words, cookie: &SentCookie, looked: bool) -> Markup {
    html! {
        li data-cookie=(cookie.name) data-fate="sent" {
            (name(words, &cookie.name)) " "
            span.note { (sentence(words, &Line::new("dev_bytes").with(Arg::Count(cookie.size)))) }
            (token(words, cookie.token_expires))
            p.fate { (words.say(if looked { "dev_cookie_gone" } else { "dev_cookie_sent" })) }
        }
    }
}

fn one(words: &dyn Words, exchange: &Exchange, cookie: &JarCookie) -> Markup {
    let (id, line) = match fate(exchange, cookie) {
        Fate::Sent => ("sent", Line::new("dev_cookie_sent")),
        Fate::Changed => ("changed", Line::new("dev_cookie_changed")),
        Fate::Unknown => ("unknown", Line::new("dev_cookie_unknown")),
        Fate::Unsent(reason) => ("unsent", why(cookie, reason)),
    };
    html! {
        li data-cookie=(cookie.id.name) data-fate=(id) {
            (name(words, &cookie.id.name)) " " code.attributes { (theirs(words, &attributes(cookie))) }
            (token(words, cookie.token_expires))
            p.fate { (sentence(words, &line)) }
        }
    }
}

fn name(words: &dyn Words, name: &str) -> Markup {
    let shown = if name.is_empty() { words.say("preview_nameless") } else { redact::short_name(name) };
    html! { b { (theirs(words, &shown)) } }
}

/// A token within says when it runs out.
fn token(words: &dyn Words, expires: Option<crate::time::Time>) -> Markup {
    html! {
        @if let Some(expires) = expires {
            p.note { (sentence(words, &Line::new("dev_cookie_token").with(Arg::At(expires)))) }
        }
    }
}

/// The attributes as a server would write them.
fn attributes(cookie: &JarCookie) -> String {
    let place = if cookie.host_only { None } else { Some(redact::host(cookie.domain())) };
    let mut parts = vec![place.map_or_else(|| "host-only".to_owned(), |domain| format!("domain={domain}"))];
    parts.push(format!("path={}", redact::path(&cookie.id.path)));
    parts.extend(cookie.secure.then(|| "secure".to_owned()));
    parts.extend(cookie.http_only.then(|| "httponly".to_owned()));
    parts.extend(
        match cookie.same_site {
            SameSite::Unspecified => None,
            SameSite::None => Some("samesite=none"),
            SameSite::Lax => Some("samesite=lax"),
            SameSite::Strict => Some("samesite=strict"),
        }
        .map(str::to_owned),
    );
    parts.extend(cookie.id.partition.as_ref().map(|_| "partitioned".to_owned()));
    parts.extend(cookie.expires.map(|expires| format!("expires={}", expires.rfc3339())));
    parts.join("; ")
}

fn why(cookie: &JarCookie, reason: Unsent) -> Line {
    match reason {
        Unsent::By(Obstacle::Expired) => Line::new("dev_unsent_expired"),
        Unsent::By(Obstacle::Host) => Line::new("dev_unsent_host").text(&redact::host(cookie.domain())),
        Unsent::By(Obstacle::Path) => Line::new("dev_unsent_path").text(&redact::path(&cookie.id.path)),
        Unsent::By(Obstacle::Insecure) => Line::new("dev_unsent_insecure"),
        Unsent::Store => Line::new("dev_unsent_store"),
        Unsent::Partition => {
            let site = cookie.id.partition.as_ref().map_or("", |key| key.top_level_site.as_str());
            Line::new("dev_unsent_partition").text(&redact::host(site.rsplit('/').next().unwrap_or_default()))
        }
        Unsent::Strict => Line::new("dev_unsent_strict"),
        Unsent::Lax => Line::new("dev_unsent_lax"),
        Unsent::Mode => Line::new("dev_unsent_mode"),
        Unsent::Unclear => Line::new("dev_unsent_unclear"),
    }
}

fn set_here(words: &dyn Words, exchange: &Exchange, cookie: &SetCookie) -> Markup {
    let key = match cookie.refusals.first() {
        Some(_) => "refused",
        None if cookie.deletes(exchange.at) => "deleted",
        None => "set",
    };
    html! {
        li data-cookie=(cookie.name) data-fate=(key) {
            (name(words, &cookie.name))
            @if key == "deleted" { p.fate { (words.say("dev_set_deleted")) } }
            @for refusal in &cookie.refusals { p.fate { (words.say(refused(*refusal))) } }
        }
    }
}

/// Why a browser does not store it: the sections are those of [`Refusal`].
fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::ControlCharacter => "dev_refused_control",
        Refusal::Empty => "dev_refused_empty",
        Refusal::TooLarge => "dev_refused_large",
        Refusal::DomainNotAscii | Refusal::DomainMismatch => "dev_refused_domain",
        Refusal::DomainIsPublicSuffix => "dev_refused_suffix",
        Refusal::SecureFromInsecure => "dev_refused_insecure",
        Refusal::SameSiteNoneWithoutSecure => "dev_refused_none",
        Refusal::SecurePrefix
        | Refusal::HostPrefix
        | Refusal::HttpPrefix
        | Refusal::HostHttpPrefix
        | Refusal::HiddenPrefix => "dev_refused_prefix",
        Refusal::PartitionedWithoutSecure => "dev_refused_partitioned",
    }
}
