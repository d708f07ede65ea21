//! A site's summary against the incidents that it stands for.

use std::collections::BTreeMap;

use super::{Ending, Kind, SiteSummary};
use crate::cause::CauseId;
use crate::diagnose::{Diagnosis, Verdict};
use crate::exchange::Exchange;
use crate::fix::FixId;
use crate::incident::{Closed, Incident, Phase};
use crate::time::Time;

fn incident(id: usize, cause: Option<CauseId>, ending: Ending) -> Incident {
    let exchange = Exchange { site: "app.test".into(), at: Time(1_000), ..Exchange::default() };
    let mut incident = Incident::new(format!("{id:04}"), exchange, Phase::Open);
    let verdict = |cause| Verdict {
        cause,
        confidence: 0.9,
        why: Vec::new(),
        suspects: Vec::new(),
        ruled_out: Vec::new(),
        belongs_at: None,
    };
    incident.diagnosis = cause.map(|cause| Diagnosis { causes: vec![verdict(cause)], offers: Vec::new() });
    let by = |by| Some(Closed { at: Time(2_000), by });
    (incident.phase, incident.closed) = match ending {
        Ending::Ongoing => (Phase::Open, None),
        Ending::Itself => (Phase::Recovered, by(None)),
        Ending::Fixed => (Phase::Recovered, by(Some(FixId::Retry))),
        Ending::Dismissed => (Phase::Dismissed, by(None)),
    };
    incident
}

/// What a summary must say of these.
fn recount(all: &BTreeMap<String, Incident>) -> SiteSummary {
    let mut summary = SiteSummary::new("app.test");
    for incident in all.values() {
        summary.put(incident, None);
    }
    summary
}

/// A thousand writes, rewrites and deletions, in an order that repeats itself.
#[test]
fn a_summary_keeps_step_with_what_is_written_and_deleted() {
    let mut all: BTreeMap<String, Incident> = BTreeMap::new();
    let mut summary = SiteSummary::new("app.test");
    let mut state = 7_usize;
    for _ in 0..1_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let dice = state >> 33;
        let cause = [None, Some(CauseId::SessionExpired), Some(CauseId::TokenExpired)][dice % 3];
        let fresh = incident(dice / 12 % 40, cause, Ending::ALL[dice / 3 % 4]);
        let before = all.get(&fresh.id).map(|known| Kind::of(known).id());
        if dice.is_multiple_of(5)
            && let Some(before) = before
        {
            all.remove(&fresh.id);
            match all.values().next_back() {
                Some(newest) => summary.remove(&before, newest),
                None => summary = SiteSummary::new("app.test"),
            }
        } else {
            summary.put(&fresh, before.as_deref());
            all.insert(fresh.id.clone(), fresh);
        }
        assert_eq!(summary, recount(&all));
        let ongoing = all.values().filter(|known| Ending::of(known) == Ending::Ongoing).count();
        assert_eq!(summary.ongoing() as usize, ongoing);
    }
    assert!(summary.count > 10);
}

#[test]
fn a_summary_of_another_version_is_read_as_far_as_it_goes() {
    let text = r#"{"site":"app.test","count":2,"kinds":{"session_expired/fixed":1,"gone/never":1},"latestCause":"gone"}"#;
    let summary: SiteSummary = serde_json::from_str(text).unwrap();
    assert_eq!(summary.each_kind().count(), 1);
    assert_eq!(summary.last_cause(), CauseId::Unknown);
}
