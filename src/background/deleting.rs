//! Forgetting what a person wants forgotten.

use super::{Effect, State};
use crate::incident::{Incident, Phase, Undo};
use crate::message::Deletion;
use crate::sorted::Set;

impl State {
    /// Deletes records, and with them what could be put back. Not in the middle of a fix: what it took
    /// would be lost.
    pub(super) fn delete(&mut self, what: &Deletion) -> Vec<Effect> {
        let is_meant = |incident: &Incident| {
            !incident.private
                && match what {
                    Deletion::Incident { id } => incident.id == *id,
                    Deletion::Site { site } => incident.site == *site,
                    Deletion::All => true,
                }
        };
        let is_busy = |incident: &Incident| {
            let is_undoing = incident.undo.as_ref().is_some_and(Undo::is_under_way);
            is_undoing
                || matches!(incident.phase, Phase::Fixing { .. } | Phase::Checking { reloaded: false, .. })
        };
        if self.incidents.iter().any(|incident| is_meant(incident) && is_busy(incident)) {
            return vec![Effect::Refuse("refused_busy")];
        }
        if let Deletion::Incident { id } = what
            && !self.incidents.iter().any(is_meant)
        {
            // Private, or gone already.
            return vec![Effect::Refuse(if self.incident(id).is_some() {
                "refused_private"
            } else {
                "refused_gone"
            })];
        }
        let (gone, left) = core::mem::take(&mut self.incidents).into_iter().partition(is_meant);
        self.incidents = left;
        let gone: Set<String> = Vec::<Incident>::into_iter(gone).map(|incident| incident.id).collect();
        self.saved.retain(|id, _| !gone.contains(id));
        self.unsaved.retain(|id| !gone.contains(id));
        let mut effects = vec![Effect::Delete(what.clone(), gone.iter().cloned().collect())];
        let mut unbound = Vec::new();
        for (tab, ids) in self.tabs.iter_mut() {
            let before = ids.len();
            ids.retain(|id| !gone.contains(id));
            if ids.len() < before {
                unbound.push(*tab);
            }
        }
        self.tabs.retain(|_, ids| !ids.is_empty());
        if !unbound.is_empty() {
            effects.push(Effect::SaveTabs);
            effects.extend(unbound.into_iter().map(|tab| self.badge(tab)));
        }
        effects.push(Effect::SaveWatch);
        effects.extend(self.rest());
        effects
    }

    /// These sites still have a record; those that were deleted are watched no more.
    pub(super) fn deleted(&mut self, recorded: Set<String>) -> Vec<Effect> {
        self.noted.retain(|site, _| recorded.contains(site));
        self.recorded = recorded;
        vec![Effect::SaveWatch]
    }
}
