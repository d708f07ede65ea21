//! Pages as pure functions: data and words in, markup out. No text stands here, only message keys.
//!
//! A page is patched in by region (`data-region`), so that what did not change keeps its focus,
//! its scroll and its open folds.

pub mod advice;
pub mod developer;
pub mod devtools;
mod incident;
pub mod options;
pub mod panel;
pub mod popup;
mod preview;
pub mod report;
#[cfg(test)]
mod tests;
mod theirs;
pub mod welcome;

use maud::{Markup, html};

use crate::words::Words;

/// What is shown, for the root's `data-state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Nothing is wrong here.
    Watching,
    /// The site is not watched, because somebody chose so.
    Off,
    /// The extension may not look at this page.
    NoAccess,
    /// Somebody is locked out.
    Incident,
    /// A fix is under way, or is being checked.
    Fixing,
    /// It worked.
    Recovered,
    /// It did not.
    StillLocked,
    /// The records cannot be read.
    Broken,
}

impl Shown {
    /// The value of `data-state`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Watching => "watching",
            Self::Off => "off",
            Self::NoAccess => "no-access",
            Self::Incident => "incident",
            Self::Fixing => "fixing",
            Self::Recovered => "recovered",
            Self::StillLocked => "still-locked",
            Self::Broken => "unknown",
        }
    }
}

/// Says that the records cannot be read, with the browser's own words.
#[must_use]
pub fn broken(words: &dyn Words, error: &str) -> Markup {
    let error = crate::redact::text(error);
    html! {
        section data-region="main" {
            div role="alert" {
                h1.title { (words.say("state_broken")) }
                p.note { (theirs::theirs(words, &error)) }
            }
            button.second type="button" data-action="again" { (words.say("fix_retry")) }
        }
    }
}
