//! How what is stored is read.
//!
//! Serde reads a tagged enum or a flattened struct by keeping all of it first, whatever it is, and looking
//! then. The code for that was as large as all rules together; a plain struct of all fields needs none of it.

use serde::Deserialize;

use super::{Attempt, Outcome, Phase, Step};
use crate::fix::{FixId, Offer};
use crate::http::cookie::CookieId;
use crate::stored::StoredItem;
use crate::time::Time;
use crate::words::Line;

/// A phase, with the fields of all of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredPhase {
    is: PhaseName,
    step: Option<Step>,
    reloaded: Option<bool>,
    // As it was always written: serde renames variants, not what is in them.
    #[serde(rename = "at_sign_in")]
    at_sign_in: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum PhaseName {
    Seen,
    Open,
    Fixing,
    Checking,
    StillLocked,
    Recovered,
    Dismissed,
    Lapsed,
}

impl TryFrom<StoredPhase> for Phase {
    type Error = &'static str;

    fn try_from(stored: StoredPhase) -> Result<Self, &'static str> {
        Ok(match stored.is {
            PhaseName::Seen => Self::Seen,
            PhaseName::Open => Self::Open,
            PhaseName::Fixing => Self::Fixing { step: stored.step.ok_or("no step")? },
            PhaseName::Checking => Self::Checking {
                reloaded: stored.reloaded.ok_or("not known whether it was loaded again")?,
                at_sign_in: stored.at_sign_in.ok_or("not known whether it asks for a sign-in")?,
            },
            PhaseName::StillLocked => Self::StillLocked,
            PhaseName::Recovered => Self::Recovered,
            PhaseName::Dismissed => Self::Dismissed,
            PhaseName::Lapsed => Self::Lapsed,
        })
    }
}

/// An outcome, with the fields of all of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredOutcome {
    is: OutcomeName,
    status: Option<u16>,
    why: Option<Line>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum OutcomeName {
    Recovered,
    StillLocked,
    Unclear,
    Opened,
    Failed,
}

impl TryFrom<StoredOutcome> for Outcome {
    type Error = &'static str;

    fn try_from(stored: StoredOutcome) -> Result<Self, &'static str> {
        Ok(match stored.is {
            OutcomeName::Recovered => Self::Recovered,
            OutcomeName::StillLocked => Self::StillLocked { status: stored.status.ok_or("no status")? },
            OutcomeName::Unclear => Self::Unclear,
            OutcomeName::Opened => Self::Opened,
            OutcomeName::Failed => Self::Failed { why: stored.why.ok_or("no reason")? },
        })
    }
}

/// An attempt, with the fields of its offer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredAttempt {
    fix: FixId,
    #[serde(default)]
    cookies: Vec<CookieId>,
    #[serde(default)]
    items: Vec<StoredItem>,
    reaches: Option<String>,
    record: Option<(u32, u32)>,
    url: Option<String>,
    otherwise: Option<String>,
    at: Time,
    tab: i32,
    reloaded_at: Option<Time>,
    outcome: Option<Outcome>,
    removed: Option<(u32, u32)>,
}

impl From<StoredAttempt> for Attempt {
    fn from(stored: StoredAttempt) -> Self {
        let StoredAttempt { fix, cookies, items, reaches, record, url, otherwise, .. } = stored;
        let StoredAttempt { at, tab, reloaded_at, outcome, removed, .. } = stored;
        let offer = Offer { fix, cookies, items, reaches, record, url, otherwise };
        Self { offer, at, tab, reloaded_at, outcome, removed }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    #[track_caller]
    fn same<T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>(value: T, stored: Value) {
        assert_eq!(serde_json::to_value(&value).unwrap(), stored);
        assert_eq!(serde_json::from_value::<T>(stored).unwrap(), value);
    }

    #[test]
    fn every_phase_is_read_as_it_is_written() {
        for (phase, is) in [
            (Phase::Seen, "seen"),
            (Phase::Open, "open"),
            (Phase::StillLocked, "stillLocked"),
            (Phase::Recovered, "recovered"),
            (Phase::Dismissed, "dismissed"),
            (Phase::Lapsed, "lapsed"),
        ] {
            same(phase, json!({ "is": is }));
        }
        same(Phase::Fixing { step: Step::Remove }, json!({ "is": "fixing", "step": "remove" }));
        let checking = Phase::Checking { reloaded: true, at_sign_in: false };
        same(checking, json!({ "is": "checking", "reloaded": true, "at_sign_in": false }));
    }

    #[test]
    fn every_outcome_is_read_as_it_is_written() {
        for (outcome, is) in
            [(Outcome::Recovered, "recovered"), (Outcome::Unclear, "unclear"), (Outcome::Opened, "opened")]
        {
            same(outcome, json!({ "is": is }));
        }
        same(Outcome::StillLocked { status: 403 }, json!({ "is": "stillLocked", "status": 403 }));
        let failed = Outcome::Failed { why: Line::new("trouble_tab_gone") };
        let stored = json!({ "is": "failed", "why": Line::new("trouble_tab_gone") });
        same(failed, stored);
    }

    #[test]
    fn an_attempt_is_read_as_it_is_written_and_with_what_older_ones_lack() {
        let attempt = Attempt {
            offer: Offer { url: Some("https://a.test/".into()), ..Offer::plain(FixId::OpenCorrectedUrl) },
            at: Time(5),
            tab: 7,
            reloaded_at: Some(Time(6)),
            outcome: None,
            removed: Some((1, 2)),
        };
        let stored = serde_json::to_value(&attempt).unwrap();
        assert_eq!(stored["fix"], "open_corrected_url");
        same(attempt, stored);
        let old = json!({ "fix": "retry", "at": 5, "tab": 7, "outcome": null, "removed": null });
        assert_eq!(serde_json::from_value::<Attempt>(old).unwrap().reloaded_at, None);
    }

    #[test]
    fn what_lacks_a_part_is_no_phase_and_no_outcome() {
        for stored in [json!({ "is": "fixing" }), json!({ "is": "checking", "reloaded": true }), json!({})] {
            assert!(serde_json::from_value::<Phase>(stored).is_err());
        }
        for stored in [json!({ "is": "failed" }), json!({ "is": "stillLocked" }), json!({ "is": "won" })] {
            assert!(serde_json::from_value::<Outcome>(stored).is_err());
        }
    }
}
