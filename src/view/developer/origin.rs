//! The rules between origins (Fetch standard, section 3.2): who asks, what the question before it was,
//! and whether the answer lets the page read it.

use maud::{Markup, html};

use super::{amiss, row};
use crate::exchange::{Exchange, Kind};
use crate::http::address::Address;
use crate::words::Words;

/// Nothing where a page asks its own origin.
pub(super) fn render(words: &dyn Words, exchange: &Exchange) -> Option<Markup> {
    let (asked, told) = (&exchange.asked, &exchange.told);
    let origin = asked.origin.as_deref().or(exchange.page.as_deref());
    let site = Address::parse(&exchange.url).site();
    let is_across = origin.is_some_and(|origin| origin != site) && exchange.kind != Kind::MainFrame;
    let is_preflight = exchange.kind == Kind::Preflight;
    if !is_across && !is_preflight {
        return None;
    }
    let is_script = matches!(exchange.kind, Kind::Fetch | Kind::Preflight);
    let allowed = told.allows_origin.as_deref();
    let mut wrong = Vec::new();
    if is_preflight && !(200..300).contains(&exchange.status) {
        // Section 4.8, CORS-preflight fetch, step 7: its status must be an ok one.
        wrong.push("dev_cors_preflight");
    }
    if is_script {
        match allowed {
            None => wrong.push("dev_cors_none"),
            Some("*") if told.allows_credentials => wrong.push("dev_cors_star"),
            Some("*") => {}
            Some(allowed) if origin.is_some_and(|origin| origin != allowed) => wrong.push("dev_cors_other"),
            Some(_) if !told.allows_credentials => wrong.push("dev_cors_no_credentials"),
            Some(_) => {}
        }
    }
    Some(html! {
        dl {
            @if let Some(origin) = origin { (row(words, "origin", origin, Some(words.say("dev_cors_origin")))) }
            @if let Some(mode) = &asked.mode { (row(words, "sec-fetch-mode", mode, None)) }
            @if is_preflight && exchange.asks_authorization {
                (row(words, "access-control-request-headers", "authorization", Some(words.say("dev_cors_asks"))))
            }
            @if let Some(allowed) = allowed { (row(words, "access-control-allow-origin", allowed, None)) }
            @if told.allows_credentials { (row(words, "access-control-allow-credentials", "true", None)) }
        }
        (amiss(words, &wrong))
    })
}
