//! What pages ask of the background. What pages show they read from disk themselves.
//!
//! A message is its name, with what it says under that name: `"wake"`, `{"undo": {"incident": "…"}}`. A name
//! beside what is said would have to be looked for first, and all of it kept until then, by code as large as
//! that of the rules.

use serde::{Deserialize, Serialize};

use crate::cause::CauseId;
use crate::fix::FixId;
use crate::http::cookie::JarCookie;
use crate::settings::Change;

/// A page's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    /// Do this fix for this incident, and check it in this tab.
    Fix {
        /// The incident's id.
        incident: String,
        /// Which fix.
        fix: FixId,
        /// The tab in which the lock-out was seen.
        tab: i32,
        /// How many things the person was told would go: nothing else is done than was shown.
        removes: usize,
    },
    /// Load this tab again under watch, and say what it answers.
    Check {
        /// The tab.
        tab: i32,
    },
    /// "This is wrong": the cause that is named is not it; or that taken back.
    Wrong {
        /// The incident's id.
        incident: String,
        /// Which cause.
        cause: CauseId,
        /// Is it said, or taken back?
        said: bool,
    },
    /// "Not a lock-out", on this site and for the cause that is named; or that taken back.
    Quiet {
        /// The incident's id.
        incident: String,
        /// Is it said, or taken back?
        said: bool,
    },
    /// How the page went in a private window; or that taken back.
    Private {
        /// The incident's id.
        incident: String,
        /// Did it work there?
        works: Option<bool>,
    },
    /// Put back what the fix of this incident removed.
    Undo {
        /// The incident's id.
        incident: String,
    },
    /// The cookies that the browser holds for this incident's request, without their values.
    Jar {
        /// The incident's id.
        incident: String,
    },
    /// Change a setting.
    Set {
        /// Which, and to what.
        change: Change,
    },
    /// Erase everything that was ever written.
    Erase,
    /// Delete what is on record, and what could be put back with it.
    Delete {
        /// What.
        what: Deletion,
    },
    /// Nothing: wakes the background, which then goes on with what it was doing.
    Wake,
}

impl Request {
    /// The incident that it is about.
    #[must_use]
    pub fn incident(&self) -> Option<&str> {
        match self {
            Self::Fix { incident, .. }
            | Self::Undo { incident }
            | Self::Jar { incident }
            | Self::Private { incident, .. }
            | Self::Wrong { incident, .. }
            | Self::Quiet { incident, .. }
            | Self::Delete { what: Deletion::Incident { id: incident } } => Some(incident),
            Self::Check { .. } | Self::Delete { .. } | Self::Set { .. } | Self::Erase | Self::Wake => None,
        }
    }
}

/// What of the history is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deletion {
    /// One incident.
    Incident {
        /// Its id.
        id: String,
    },
    /// All incidents of a site, and what was learned of it.
    Site {
        /// `host[:port]`.
        site: String,
    },
    /// Everything.
    All,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    /// It is under way; the record tells how far.
    Accepted,
    /// The cookies that were asked for.
    Jar {
        /// In the jar's order.
        jar: Vec<JarCookie>,
    },
    /// It is not done.
    Refused {
        /// Why, as a message key.
        why: String,
    },
}
