//! The history panel: what a site has been through, newest first.

use maud::{Markup, html};

use super::incident;
use crate::exchange::Scope;
use crate::fix::Offer;
use crate::incident::{Incident, Phase};
use crate::words::{Arg, Line, Words};

/// What the panel knows.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// The site whose history is shown; `None`: all sites.
    pub site: Option<String>,
    /// The incidents of the pages loaded so far, newest first.
    pub incidents: Vec<Incident>,
    /// Are there older ones?
    pub has_more: bool,
}

/// The panel's markup.
#[must_use]
pub fn render(words: &dyn Words, panel: &Panel) -> Markup {
    html! {
        header data-region="head" {
            h1 { (words.say("history_title")) }
            @match &panel.site {
                Some(site) => {
                    bdi.site { (site) }
                    button.link type="button" data-action="all-sites" { (words.say("history_all_sites")) }
                },
                None => span.site { (words.say("history_all_sites")) },
            }
        }
        section data-region="timeline" {
            @if panel.incidents.is_empty() {
                p.will { (words.say(if panel.site.is_some() { "history_empty" } else { "history_empty_all" })) }
            }
            ol.timeline {
                @for incident in &panel.incidents { (entry(words, incident, panel.site.is_none())) }
            }
        }
        footer data-region="foot" {
            @if panel.has_more { button.link type="button" data-action="more" { (words.say("history_more")) } }
        }
    }
}

fn entry(words: &dyn Words, incident: &Incident, with_site: bool) -> Markup {
    let status = Line::new("history_status").with(Arg::Text(incident.exchange.status.to_string()));
    html! {
        li data-incident=(incident.id) data-cause=(incident.cause().id()) data-ended=(ended(incident)) {
            p.when { time datetime=(incident.first_seen.rfc3339()) { (words.arg(&Arg::At(incident.first_seen))) } }
            @if with_site { p.site { button.link type="button" data-action="site" data-site=(incident.site) { bdi { (incident.site) } } } }
            p.cause { (words.say(&incident::title(incident.cause()))) }
            p.outcome { (words.line(&outcome(words, incident))) }
            p.facts {
                (words.line(&status)) " · " (words.say(scope(incident.scope))) " · "
                (words.line(&Line::new("seen_times").with(Arg::Count(incident.count))))
            }
            p.facts { (words.line(&Line::new("history_lasted").with(Arg::Span(incident.lasted(words.now()))))) }
            @if incident.closed.is_none() && !incident.attempts.is_empty() {
                p.facts { (words.line(&Line::new("history_tried").text(&incident::tried(words, &incident.attempts)))) }
            }
            @if incident.can_undo(words.now()) { (incident::undo_button(words, incident)) }
        }
    }
}

/// The message key of whose failure it is.
pub(super) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Page => "scope_page",
        Scope::App => "scope_app",
        Scope::Other => "scope_other",
    }
}

fn ended(incident: &Incident) -> &'static str {
    match incident.closed.map(|closed| closed.by) {
        _ if incident.phase == Phase::Dismissed => "dismissed",
        _ if incident.phase == Phase::Lapsed => "lapsed",
        None => "no",
        Some(None) => "itself",
        Some(Some(fix)) => fix.id(),
    }
}

/// How it ended, in a line.
pub(super) fn outcome(words: &dyn Words, incident: &Incident) -> Line {
    match incident.closed.map(|closed| closed.by) {
        _ if incident.phase == Phase::Dismissed => Line::new("history_dismissed"),
        _ if incident.phase == Phase::Lapsed => Line::new("history_lapsed"),
        None => Line::new("history_ongoing"),
        Some(None) => Line::new("history_solved_itself"),
        Some(Some(fix)) => {
            let attempt = incident.attempts.iter().rev().find(|attempt| attempt.offer.fix == fix);
            let offer = attempt.map_or_else(|| Offer::plain(fix), |attempt| attempt.offer.clone());
            let name = words.line(&incident::label(&offer));
            Line::new("history_solved_by").text(&name)
        }
    }
}
