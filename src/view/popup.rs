//! The popup: one sentence, one big button, why, and what else there is.

use maud::{Markup, html};

use super::advice::System;
use super::report::Preview;
use super::theirs::{sentence, theirs, theirs_brief};
use super::{Shown, advice, developer, incident, panel};
use crate::exchange::Scope;
use crate::fix::FixId;
use crate::http::cookie::JarCookie;
use crate::incident::{Incident, Phase};
use crate::words::{Arg, Line, Words};

/// What the popup knows.
#[derive(Clone, Debug, Default)]
pub struct Popup {
    /// The tab's site; empty for a page of the browser.
    pub site: String,
    /// Why the extension may not look, if so.
    pub no_access: Option<NoAccess>,
    /// Who chose that this site is not watched, if somebody did.
    pub off: Option<Off>,
    /// May the person choose which sites are watched?
    pub can_turn_off: bool,
    /// Whom to ask for help, as the organisation says.
    pub support: Option<String>,
    /// The incidents of the tab, newest first.
    pub incidents: Vec<Incident>,
    /// How many incidents the site's history holds.
    pub on_record: u32,
    /// What a check of the page found: the status it was answered with, `Some(None)` while it is
    /// being loaded.
    pub checked: Option<Option<u16>>,
    /// The advice that is unfolded: for which incident, and which.
    pub advice: Option<(String, FixId)>,
    /// The report, where that is the advice.
    pub preview: Option<Preview>,
    /// The system that this browser runs on, for the advice.
    pub system: System,
    /// Can a private window be opened from here?
    pub opens_private: bool,
    /// The cookies held for the main incident now, as far as they were asked for.
    pub jar: Option<Vec<JarCookie>>,
    /// The records cannot be written, or read.
    pub trouble: Option<Trouble>,
}

/// Who chose that a site is not watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// The person.
    Own,
    /// Their organisation: the person cannot choose otherwise.
    Managed,
}

/// Why nothing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk, or the share of it that the browser gives, is full.
    Full,
    /// The browser refuses its storage.
    Refused,
}

impl Trouble {
    fn id(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Refused => "refused",
        }
    }
}

/// Why the extension may not look at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAccess {
    /// A page of the browser itself.
    BrowserPage,
    /// The person, or the browser, withholds it.
    Withheld,
}

impl Popup {
    /// The incident that is shown large: what locks the person out now, the page before its
    /// parts, the newest first.
    #[must_use]
    pub fn main(&self) -> Option<&Incident> {
        self.incidents
            .iter()
            .filter(|incident| incident.is_shown())
            .min_by_key(|incident| (incident.phase == Phase::Recovered, incident.scope != Scope::Page))
    }

    /// What is shown, for the root's `data-state`.
    #[must_use]
    pub fn shown(&self) -> Shown {
        match self.main().map(|incident| incident.phase) {
            _ if self.off.is_some() => Shown::Off,
            Some(Phase::Seen | Phase::Dismissed | Phase::Lapsed) | None if self.no_access.is_some() => {
                Shown::NoAccess
            }
            Some(Phase::Seen | Phase::Dismissed | Phase::Lapsed) | None => Shown::Watching,
            Some(Phase::Open) => Shown::Incident,
            Some(Phase::Fixing { .. } | Phase::Checking { .. }) => Shown::Fixing,
            Some(Phase::StillLocked) => Shown::StillLocked,
            Some(Phase::Recovered) => Shown::Recovered,
        }
    }
}

/// The popup's markup.
#[must_use]
pub fn render(words: &dyn Words, popup: &Popup) -> Markup {
    html! {
        header data-region="head" {
            @if !popup.site.is_empty() { span.site { (theirs(words, &popup.site)) } }
            button.icon type="button" data-action="options" title=(words.say("open_options")) aria-label=(words.say("open_options")) {
                svg viewBox="0 0 20 20" aria-hidden="true" {
                    // One path: in pictures nothing may stand open.
                    path d="M14.6 10a4.6 4.6 0 1 1-9.2 0a4.6 4.6 0 1 1 9.2 0M10 2.6v2.6M10 14.8v2.6M2.6 10h2.6M14.8 10h2.6M4.8 4.8l1.8 1.8M13.4 13.4l1.8 1.8M15.2 4.8l-1.8 1.8M6.6 13.4l-1.8 1.8";
                }
            }
            button.icon type="button" data-action="history" title=(words.say("open_history")) aria-label=(words.say("open_history")) {
                svg viewBox="0 0 20 20" aria-hidden="true" { path d="M3 4h14M3 10h14M3 16h9"; }
            }
        }
        @match (popup.main(), popup.no_access) {
            _ if popup.off.is_some() => (off(words, popup.off)),
            (Some(main), _) => (locked_out(words, popup, main)),
            (None, Some(reason)) => (no_access(words, reason)),
            (None, None) => (nothing_wrong(words, popup)),
        }
        (trouble(words, popup.trouble))
        footer data-region="foot" {
            @if popup.on_record > 0 {
                button.link type="button" data-action="history" {
                    (sentence(words, &Line::new("history_link").with(Arg::Count(popup.on_record))))
                }
            }
            @if popup.can_turn_off && popup.shown() == Shown::Watching && !popup.site.is_empty() {
                button.link type="button" data-action="ignore" { (words.say("turn_off")) }
            }
            @if let Some(contact) = &popup.support { (support(words, contact)) }
        }
    }
}

fn locked_out(words: &dyn Words, popup: &Popup, main: &Incident) -> Markup {
    let others = popup.incidents.iter().filter(|incident| incident.is_shown() && incident.id != main.id);
    let (over, others): (Vec<&Incident>, Vec<&Incident>) =
        others.partition(|incident| incident.phase == Phase::Recovered);
    // What was clicked for is answered, also where something else is in the way.
    let over = over.into_iter().filter(|incident| incident.closed.is_some_and(|closed| closed.by.is_some()));
    let over: Vec<&Incident> = over.collect();
    html! {
        section data-region="main" {
            (incident::headline(words, main, true))
            (incident::primary(words, main, main.can_undo(words.now())))
        }
        section data-region="advice" {
            @if let Some((id, fix)) = &popup.advice {
                @if let Some(incident) = popup.incidents.iter().find(|incident| incident.id == *id) {
                    (advice::render(words, incident, *fix, popup.system, popup.preview.as_ref()))
                }
            }
        }
        section data-region="why" { (incident::why(words, main)) }
        section data-region="others" { (incident::others(words, main)) }
        section data-region="developer" { (developer::fold(words, main, popup.jar.as_deref())) }
        section data-region="also" {
            @if !(over.is_empty() && others.is_empty()) {
                h2 { (words.say("also_here")) }
                @for over in over {
                    p.note.over data-over=(over.id) { (sentence(words, &panel::outcome(words, over))) }
                    @if over.can_undo(words.now()) { (incident::undo_button(words, over)) }
                    (incident::undone(words, over, false))
                }
                @for other in others {
                    details data-fold=(other.id) {
                        summary {
                            // What tells it from the main one.
                            @if other.exchange.site == main.exchange.site {
                                span { (words.say(panel::scope(other.scope))) }
                            } @else {
                                span { (theirs_brief(&other.exchange.site)) }
                            }
                        }
                        (incident::headline(words, other, false))
                        @if let Some(offer) = other.offers().first().filter(|_| other.is_locked()) {
                            button.second type="button" data-fix=(offer.fix.id()) data-incident=(other.id)
                                data-removes=(offer.removes()) {
                                (sentence(words, &incident::label(offer)))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Nothing is known to be wrong; a person who is locked out all the same can have it looked at.
fn nothing_wrong(words: &dyn Words, popup: &Popup) -> Markup {
    let dismissed = popup.incidents.iter().find(|incident| incident.phase == Phase::Dismissed);
    html! {
        section data-region="main" {
            div role="status" aria-live="polite" {
                h1.title.calm { (words.say("state_watching")) }
                @match popup.checked {
                    None => p.will { (words.say("state_watching_more")) },
                    Some(None) => p.will.busy { (words.say("state_looking")) },
                    Some(Some(0)) => p.will data-checked="0" { (words.say("state_looked_blind")) },
                    Some(Some(status)) => {
                        p.will data-checked=(status) {
                            (sentence(words, &Line::new("state_looked").said(status.to_string())))
                        }
                    }
                }
            }
            @if popup.checked != Some(None) {
                button.second type="button" data-action="check" { (words.say("check")) }
            }
            @if let Some(dismissed) = dismissed {
                p.note { (words.say("state_dismissed")) }
                button.link type="button" data-action="loud" data-incident=(dismissed.id) { (words.say("say_loud")) }
            }
        }
    }
}

/// Whom the organisation says to ask, as a link where it is an address.
pub(super) fn support(words: &dyn Words, contact: &str) -> Markup {
    let is_mail = contact.contains('@') && !contact.contains([' ', '/', '?', ':']);
    let href = match contact {
        _ if contact.starts_with("https://") => Some(contact.to_owned()),
        _ if is_mail => Some(format!("mailto:{contact}")),
        _ => None,
    };
    html! {
        p.note data-support {
            (words.say("support")) " "
            @match href {
                Some(href) => a href=(href) target="_blank" rel="noopener noreferrer" { (theirs_brief(contact)) },
                None => (theirs_brief(contact)),
            }
        }
    }
}

/// Nothing is said of this site, because somebody chose so.
fn off(words: &dyn Words, off: Option<Off>) -> Markup {
    html! {
        section data-region="main" {
            h1.title.calm { (words.say("state_off")) }
            @if off == Some(Off::Managed) {
                p.will { (words.say("fixed")) }
            } @else {
                p.will { (words.say("state_off_more")) }
                button.second type="button" data-action="watch" { (words.say("turn_on")) }
            }
        }
    }
}

/// What the person should know when nothing can be kept.
fn trouble(words: &dyn Words, trouble: Option<Trouble>) -> Markup {
    html! {
        section data-region="trouble" {
            @if let Some(trouble) = trouble {
                p.trouble role="alert" data-trouble=(trouble.id()) {
                    (words.say(match trouble {
                        Trouble::Full => "trouble_full",
                        Trouble::Refused => "trouble_refused",
                    }))
                }
            }
        }
    }
}

fn no_access(words: &dyn Words, reason: NoAccess) -> Markup {
    html! {
        section data-region="main" {
            h1.title.calm { (words.say("state_no_access")) }
            @match reason {
                NoAccess::BrowserPage => p.will { (words.say("state_no_access_browser")) },
                NoAccess::Withheld => {
                    p.will { (words.say("state_no_access_site")) }
                    button.primary type="button" data-action="allow" { (words.say("allow")) }
                },
            }
        }
    }
}
