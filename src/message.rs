//! What pages ask of the background. What pages show they read from disk themselves.

use serde::{Deserialize, Serialize};

use crate::fix::FixId;

/// A page's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Request {
    /// Do this fix for this incident, and check it in this tab.
    Fix {
        /// The incident's id.
        incident: String,
        /// Which fix.
        fix: FixId,
        /// The tab in which the lock-out was seen.
        tab: i32,
        /// How many cookies the person was told would go: nothing else is done than was shown.
        removes: usize,
    },
    /// Put back what the fix of this incident removed.
    Undo {
        /// The incident's id.
        incident: String,
    },
    /// Nothing: wakes the background, which then goes on with what it was doing.
    Wake,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Reply {
    /// It is under way; the record tells how far.
    Accepted,
    /// It is not done.
    Refused {
        /// Why, as a message key.
        why: String,
    },
}
