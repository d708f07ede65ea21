//! Asks every cause, ranks the answers and puts the fixes in order.

use serde::{Deserialize, Serialize};

use crate::cause::{CAUSES, Cause, CauseId, Weighing};
use crate::evidence::Evidence;
use crate::fix::{FixId, Offer};
use crate::http::cookie::CookieId;
use crate::ladder;
use crate::sorted;
use crate::words::{Arg, Line};

/// Below this the best cause is a guess, and the verdict says so.
pub const SURE_ENOUGH: f64 = 0.5;

/// Below this a cause is not worth a line beside a better one.
const WORTH_A_LINE: f64 = 0.2;

/// What a person's "this is wrong" weighs, in log-odds: more than any guess, less than a server
/// that says so in as many words.
const DENIED: f64 = -4.0;

/// How much the private window tells, in log-odds.
const PRIVATE_TEST: f64 = 1.5;

/// One cause, as it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Which cause.
    pub cause: CauseId,
    /// The probability, 0 to 1.
    pub confidence: f64,
    /// What a person can check.
    pub why: Vec<Line>,
    /// The cookies under suspicion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<CookieId>,
    /// Fixes of this cause that cannot help here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ruled_out: Vec<FixId>,
    /// The address that the sign-in belongs to, where this one is the wrong one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belongs_at: Option<String>,
}

/// What happened and what can be done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// The most likely cause first; [`CauseId::Unknown`] first where nothing stands out.
    pub causes: Vec<Verdict>,
    /// The fix to try first, first.
    pub offers: Vec<Offer>,
}

/// Weighs the evidence for every cause. Total; the same evidence gives the same diagnosis.
/// `failed` are the fixes that were tried for this incident and did not help.
#[must_use]
pub fn diagnose(evidence: &Evidence<'_>, failed: &[FixId]) -> Diagnosis {
    let mut causes: Vec<Verdict> = CAUSES
        .iter()
        .filter_map(|cause| {
            let mut weighing = (cause.rule)(evidence)?;
            if evidence.past.wrong.contains(&cause.id) {
                weighing.shift(DENIED);
            }
            if let Some(works) = evidence.works_privately {
                weigh_private_test(cause, works, &mut weighing);
            }
            Some(verdict(cause.id, weighing))
        })
        .filter(|verdict| verdict.confidence >= WORTH_A_LINE)
        .collect();
    sorted::few(&mut causes, |one, two| {
        two.confidence.total_cmp(&one.confidence).then(one.cause.cmp(&two.cause))
    });
    if causes.first().is_none_or(|best| best.confidence < SURE_ENOUGH) {
        causes.insert(0, unknown(evidence));
    }
    let offers = ladder::offers(&causes, &evidence.past.fixes, failed, &ladder::Means::of(evidence));
    Diagnosis { causes, offers }
}

/// The causes that a person denied and the evidence speaks for all the same: those that can be taken
/// back.
#[must_use]
pub fn denied(evidence: &Evidence<'_>) -> Vec<CauseId> {
    let is_denied =
        |cause: &&Cause| evidence.past.wrong.contains(&cause.id) && (cause.rule)(evidence).is_some();
    CAUSES.iter().filter(is_denied).map(|cause| cause.id).collect()
}

/// A private window starts without cookies, stored data and (as a rule) other extensions: what works
/// there is kept from working here by one of those, and what fails there as well is not.
fn weigh_private_test(cause: &Cause, works: bool, weighing: &mut Weighing) {
    let lies_here = cause.fixes.iter().any(|fix| fix.is_destructive() || *fix == FixId::CheckExtensions);
    match (works, lies_here) {
        (true, true) => weighing.finding(PRIVATE_TEST, Line::new("why_private_works")),
        (true, false) => weighing.shift(-PRIVATE_TEST),
        (false, true) => weighing.shift(-PRIVATE_TEST),
        // Nobody is signed in there: that it fails says little for any one of the rest.
        (false, false) => weighing.why.push(Line::new("why_private_fails")),
    }
}

fn verdict(cause: CauseId, weighing: Weighing) -> Verdict {
    let confidence = (weighing.confidence() * 100.0).round() / 100.0;
    Verdict {
        cause,
        confidence,
        why: weighing.why,
        suspects: weighing.suspects,
        ruled_out: weighing.ruled_out,
        belongs_at: weighing.belongs_at,
    }
}

/// The honest verdict: what was seen, without a guess.
fn unknown(evidence: &Evidence<'_>) -> Verdict {
    let status = Line::new("why_status").with(Arg::Text(evidence.exchange.status.to_string()));
    let meaning = match evidence.exchange.status {
        401 => "why_means_401",
        403 => "why_means_403",
        407 => "why_means_407",
        _ => "why_means_other",
    };
    let private = match evidence.works_privately {
        None => "why_private_test",
        Some(true) => "why_private_works",
        Some(false) => "why_private_fails",
    };
    let mut why = vec![status, Line::new(meaning), Line::new(private)];
    if evidence.address_changed() == Some(true) {
        why.push(Line::new("why_address_changed"));
    }
    Verdict {
        cause: CauseId::Unknown,
        confidence: 0.0,
        why,
        suspects: Vec::new(),
        ruled_out: Vec::new(),
        belongs_at: None,
    }
}
