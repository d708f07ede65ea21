//! The developer view of a tab: its lock-outs, newest first, each with all that is known of it.

use maud::{Markup, html};

use super::developer::{self, Developer};
use super::{Shown, incident};
use crate::diagnose::Verdict;
use crate::exchange::SeenBy;
use crate::http::cookie::JarCookie;
use crate::incident::{Incident, Phase};
use crate::view::theirs::sentence;
use crate::words::Words;

/// What the page knows.
#[derive(Clone, Debug, Default)]
pub struct DevTools {
    /// The lock-outs of the tab, newest first, with the cookies held for each.
    pub incidents: Vec<(Incident, Option<Vec<JarCookie>>)>,
    /// Is it shown within DevTools, which show more of what goes on?
    pub is_panel: bool,
}

impl DevTools {
    /// What is shown, for the root's `data-state`.
    #[must_use]
    pub fn shown(&self) -> Shown {
        if self.incidents.iter().any(|(incident, _)| incident.is_locked()) {
            Shown::Incident
        } else if self.incidents.iter().any(|(incident, _)| incident.phase == Phase::Recovered) {
            Shown::Recovered
        } else {
            Shown::Watching
        }
    }
}

/// The view's markup.
#[must_use]
pub fn render(words: &dyn Words, shown: &DevTools) -> Markup {
    html! {
        header data-region="head" {
            h1 { (words.say("devtools_title")) }
            p.will { (words.say(if shown.is_panel { "devtools_live" } else { "devtools_page" })) }
        }
        section data-region="incidents" role="status" aria-live="polite" {
            @if shown.incidents.is_empty() { p.calm { (words.say("devtools_none")) } }
        }
        @for (incident, jar) in &shown.incidents {
            section.lockout data-region=(incident.id) data-incident=(incident.id) data-cause=(incident.cause().id()) {
                (verdicts(words, incident))
                (developer::render(words, &Developer { incident, jar: jar.as_deref(), is_below: true }))
            }
        }
    }
}

/// The causes, the likeliest in the open.
fn verdicts(words: &dyn Words, incident: &Incident) -> Markup {
    let (best, rest) = match incident.verdicts().split_first() {
        Some((best, rest)) => (Some(best), rest),
        None => (None, &[][..]),
    };
    html! {
        h2.title { (words.say(&incident::title(incident.cause()))) }
        @if incident.exchange.seen_by == SeenBy::DevTools {
            p.mark data-seen-by="devtools" { (words.say("devtools_improved")) }
        }
        @if let Some(best) = best {
            (evidence(words, best))
        }
        @for verdict in rest {
            details data-fold=(format!("{}-{}", incident.id, verdict.cause.id())) {
                summary {
                    span { (words.say(&incident::title(verdict.cause))) }
                    span.sure { (words.say(incident::sureness(verdict))) }
                }
                (evidence(words, verdict))
            }
        }
    }
}

fn evidence(words: &dyn Words, verdict: &Verdict) -> Markup {
    html! {
        p.facts { code { (verdict.cause.id()) } " · " (words.say(incident::sureness(verdict))) }
        ul { @for line in &verdict.why { li { (sentence(words, line)) } } }
    }
}
