//! The first page: what is looked at, what is kept, what never leaves, and the few things to do.

use maud::{Markup, html};

use crate::settings::Settings;
use crate::words::{Arg, Line, Words};

/// What the page knows.
#[derive(Clone, Debug, Default)]
pub struct Welcome {
    /// What was chosen, perhaps by an organisation.
    pub settings: Settings,
    /// May the extension look at sites?
    pub has_access: bool,
    /// Is this Firefox? Its toolbar is arranged in another way.
    pub is_firefox: bool,
    /// The keys that open the popup, where there are any.
    pub keys: Option<String>,
}

/// The page's markup.
#[must_use]
pub fn render(words: &dyn Words, welcome: &Welcome) -> Markup {
    let days = Line::new("welcome_kept_more").with(Arg::Count(welcome.settings.days()));
    let part = |title: &str, text: &str| html! { h2 { (words.say(title)) } p { (text) } };
    html! {
        header data-region="head" {
            h1 { (words.say(if welcome.has_access { "welcome_title" } else { "welcome_almost" })) }
            p.lead { (words.say("welcome_lead")) }
        }
        section data-region="access" {
            div role="status" aria-live="polite" {
                @if welcome.has_access {
                    p.progress.good data-access="granted" { (words.say("welcome_access_granted")) }
                } @else {
                    p.trouble data-access="withheld" { (words.say("welcome_access_withheld")) }
                }
            }
            @if !welcome.has_access {
                button.primary data-primary type="button" data-action="allow" { (words.say("welcome_allow")) }
            }
        }
        section data-region="privacy" {
            (part("welcome_watched", &words.say("welcome_watched_more")))
            (part("welcome_kept", &words.line(&days)))
            (part("welcome_leaves", &words.say("welcome_leaves_more")))
        }
        section data-region="button" {
            (part("welcome_button", &words.say(if welcome.is_firefox { "welcome_pin_firefox" } else { "welcome_pin_chrome" })))
            @match &welcome.keys {
                Some(keys) => p { (words.say("welcome_keys")) " " kbd { (keys) } },
                None => p { (words.say("welcome_no_keys")) },
            }
        }
        footer data-region="foot" {
            button.link type="button" data-action="options" { (words.say("welcome_options")) }
        }
    }
}
