//! What a person can do with their own hands, shown where the button was.

use maud::{Markup, html};

use super::report::Preview;
use super::theirs::sentence;
use crate::fix::FixId;
use crate::incident::Incident;
use crate::owner::{self, Mend};
use crate::report;
use crate::time::SECOND;
use crate::words::{Arg, Line, Words};

/// The system that this browser runs on, as `runtime.getPlatformInfo` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum System {
    /// `win`.
    Windows,
    /// `mac`.
    Mac,
    /// `cros`.
    ChromeOs,
    /// `android`.
    Android,
    /// `linux` and all others.
    #[default]
    Linux,
}

impl System {
    /// The system of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "win" => Self::Windows,
            "mac" => Self::Mac,
            "cros" => Self::ChromeOs,
            "android" => Self::Android,
            _ => Self::Linux,
        }
    }

    fn clock_steps(self) -> &'static str {
        match self {
            Self::Windows => "clock_windows",
            Self::Mac => "clock_mac",
            Self::ChromeOs => "clock_chromeos",
            Self::Android => "clock_android",
            Self::Linux => "clock_linux",
        }
    }
}

/// The advice of a fix for an incident.
#[must_use]
pub fn render(
    words: &dyn Words,
    incident: &Incident,
    fix: FixId,
    system: System,
    preview: Option<&Preview>,
) -> Markup {
    html! {
        div.advice data-advice=(fix.id()) tabindex="-1" {
            @match fix {
                FixId::FixClock => (clock(words, incident, system)),
                FixId::ForTheOwner => (for_the_owner(words, incident)),
                FixId::CopyReport => {
                    @if let Some(preview) = preview { (super::report::render(words, preview)) }
                }
                FixId::AskForAccess => {
                    p { (words.say("advice_ask_for_access")) }
                    pre tabindex="0" { (report::markdown(words, incident)) }
                    (copy_button(words, incident, fix))
                }
                _ => p { (words.say(&format!("advice_{}", fix.id()))) },
            }
        }
    }
}

/// What the button of an advice puts on the clipboard; `None` where there is nothing to copy.
#[must_use]
pub fn copied(words: &dyn Words, incident: &Incident, fix: FixId) -> Option<String> {
    match fix {
        FixId::ForTheOwner => Some(owner::note(words, incident)),
        FixId::AskForAccess => Some(report::markdown(words, incident)),
        _ => None,
    }
}

fn clock(words: &dyn Words, incident: &Incident, system: System) -> Markup {
    let exchange = &incident.exchange;
    let ahead =
        exchange.server_time.map(|server| server.since(exchange.at)).filter(|apart| apart.abs() > SECOND);
    html! {
        @if let Some(ahead) = ahead {
            @let key = if ahead > 0 { "clock_site_ahead" } else { "clock_site_behind" };
            p { (sentence(words, &Line::new(key).with(Arg::Span(ahead.abs())))) }
        }
        p { (words.say("clock_compare")) }
        p { (words.say(system.clock_steps())) }
        p { (words.say("clock_else")) }
    }
}

/// What has to be mended; the example for the server that answered in the open, the others folded.
fn for_the_owner(words: &dyn Words, incident: &Incident) -> Markup {
    let mends = owner::mends(incident.cause(), &incident.exchange);
    let (seen, others) = match mends.split_first() {
        Some((first, rest)) if first.is_seen => (Some(first), rest),
        _ => (None, mends.as_slice()),
    };
    html! {
        p { (words.say("owner_copied")) }
        p { (words.say(&owner::key(incident.cause()))) }
        @if !mends.is_empty() {
            p { (words.say("owner_back_up")) }
        }
        @if let Some(mend) = seen {
            div data-server=(mend.server.name()) {
                h3 dir="auto" { (mend.server.name()) }
                p { (words.say("owner_seen")) }
                (examples(words, mend))
            }
        }
        @for mend in others {
            details data-fold=(format!("server-{}", mend.server.name())) data-server=(mend.server.name()) {
                summary { span { (mend.server.name()) } }
                (examples(words, mend))
            }
        }
        (copy_button(words, incident, FixId::ForTheOwner))
    }
}

fn examples(words: &dyn Words, mend: &Mend) -> Markup {
    html! {
        @for snippet in &mend.snippets {
            @if !snippet.place.is_empty() {
                p.place dir="auto" { (snippet.place) }
            }
            pre tabindex="0" dir="ltr" { (snippet.text) }
        }
        @if let Some(log) = owner::log(words, mend.server) {
            p { (log) }
        }
    }
}

fn copy_button(words: &dyn Words, incident: &Incident, fix: FixId) -> Markup {
    html! {
        button.quiet type="button" data-action="copy" data-incident=(incident.id) data-copies=(fix.id()) {
            (words.say("copy_again"))
        }
    }
}
