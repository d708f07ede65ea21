//! One incident of a site's timeline: why, how it ended, how long it took, what was tried.

use maud::{Markup, html};

use super::super::incident;
use super::super::theirs::{sentence, theirs};
use super::{Panel, confirm, preview};
use crate::exchange::Scope;
use crate::fix::Offer;
use crate::incident::{Incident, Phase};
use crate::message::Deletion;
use crate::words::{Arg, Line, Words};

pub(super) fn render(words: &dyn Words, panel: &Panel, incident: &Incident) -> Markup {
    let status = Line::new("history_status").said(incident.exchange.status.to_string());
    let own = Deletion::Incident { id: incident.id.clone() };
    let asks = panel.asks.as_ref().filter(|asks| asks.what == own);
    let is_read = panel.preview.as_ref().is_some_and(|preview| preview.incident == incident.id);
    html! {
        li data-incident=(incident.id) data-cause=(incident.cause().id()) data-ended=(ended(incident)) {
            p.when { time datetime=(incident.first_seen.rfc3339()) { (words.arg(&Arg::At(incident.first_seen))) } }
            p.cause { (words.say(&incident::title(incident.cause()))) }
            p.outcome { (sentence(words, &outcome(words, incident))) }
            p.facts {
                (sentence(words, &status)) " · " (words.say(scope(incident.scope))) " · "
                (sentence(words, &Line::new("seen_times").with(Arg::Count(incident.count))))
                @if incident.exchange.site != incident.site { " · " (theirs(words, &incident.exchange.site)) }
            }
            p.facts { (sentence(words, &Line::new("history_lasted").with(Arg::Span(incident.lasted(words.now()))))) }
            @if incident.closed.is_none() && !incident.attempts.is_empty() {
                p.facts {
                    (sentence(words, &Line::new("history_tried").said(incident::tried(words, &incident.attempts))))
                }
            }
            (incident::undone(words, incident, false))
            p.deeds {
                @if incident.can_undo(words.now()) { (incident::undo_button(words, incident)) }
                button.link type="button" data-action="report" data-incident=(incident.id) aria-expanded=(is_read) {
                    (words.say("report_open"))
                }
                button.link type="button" data-action="delete" data-deletes="incident" data-incident=(incident.id)
                    aria-expanded=(asks.is_some()) {
                    (words.say("delete_incident"))
                }
            }
            @if let Some(asks) = asks { (confirm::render(words, asks)) }
            (preview(words, panel, incident))
        }
    }
}

/// The message key of whose failure it is.
pub fn scope(scope: Scope) -> &'static str {
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
pub fn outcome(words: &dyn Words, incident: &Incident) -> Line {
    match incident.closed.map(|closed| closed.by) {
        _ if incident.phase == Phase::Dismissed => Line::new("history_dismissed"),
        _ if incident.phase == Phase::Lapsed => Line::new("history_lapsed"),
        None => Line::new("history_ongoing"),
        Some(None) => Line::new("history_solved_itself"),
        Some(Some(fix)) => {
            let attempt = incident.attempts.iter().rev().find(|attempt| attempt.offer.fix == fix);
            let offer = attempt.map_or_else(|| Offer::plain(fix), |attempt| attempt.offer.clone());
            Line::new("history_solved_by").said(words.line(&incident::label(&offer)))
        }
    }
}
