//! What the background remembers between events: a cache of what is on disk.

use std::collections::{BTreeMap, BTreeSet};

use super::Effect;
use crate::incident::{Incident, Phase, Step};
use crate::time::Time;

/// Closed incidents that are kept in memory for an undo; older ones are read from disk.
const MOST_CLOSED: usize = 32;

/// How long a private incident's or a probe's trace may be, in entries.
const MOST_PROBES: usize = 256;

/// The background's memory.
#[derive(Debug, Default)]
pub struct State {
    /// The incidents that are not over, and a few that just ended.
    pub(super) incidents: Vec<Incident>,
    /// Which tab shows which incidents.
    pub(super) tabs: BTreeMap<i32, Vec<String>>,
    /// The sites that have a record.
    pub(super) recorded: BTreeSet<String>,
    /// Requests without a credential that were refused once, by tab: they may be mere probes.
    pub(super) probes: Vec<(i32, String)>,
    /// Makes ids unique within a millisecond.
    pub(super) serial: u32,
    /// When each incident was last written, to bound writing in a flood.
    pub(super) saved: BTreeMap<String, Time>,
}

/// Which hosts and tabs the watcher must look at; it drops everything else by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Watch {
    /// Sites with an incident that is not over: every success counts.
    pub open: Vec<String>,
    /// Sites with a record: a page that loads counts.
    pub recorded: Vec<String>,
}

impl State {
    /// The state from what is on disk. Call [`State::wake`] (by `Event::Woken`) next.
    #[must_use]
    pub fn new(
        incidents: Vec<Incident>,
        tabs: BTreeMap<i32, Vec<String>>,
        recorded: BTreeSet<String>,
    ) -> Self {
        Self { incidents, tabs, recorded, ..Self::default() }
    }

    /// An incident by its id.
    #[must_use]
    pub fn incident(&self, id: &str) -> Option<&Incident> {
        self.incidents.iter().find(|incident| incident.id == id)
    }

    /// Takes in an incident that was read from disk for a page's request.
    pub fn adopt(&mut self, incident: Incident) {
        if self.incident(&incident.id).is_none() {
            self.incidents.push(incident);
        }
    }

    /// Which tab shows which incidents.
    #[must_use]
    pub fn tabs(&self) -> &BTreeMap<i32, Vec<String>> {
        &self.tabs
    }

    /// What the watcher must look at: for ordinary windows, or for private ones.
    #[must_use]
    pub fn watch_list(&self, private: bool) -> Watch {
        let open: BTreeSet<&String> = self
            .incidents
            .iter()
            .filter(|incident| incident.private == private && incident.closed.is_none())
            .map(|incident| &incident.site)
            .collect();
        let recorded = if private { Vec::new() } else { self.recorded.iter().cloned().collect() };
        Watch { open: open.into_iter().cloned().collect(), recorded }
    }

    pub(super) fn get(&mut self, id: &str) -> Option<&mut Incident> {
        self.incidents.iter_mut().find(|incident| incident.id == id)
    }

    /// Goes on where the background was killed.
    pub(super) fn wake(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for index in 0..self.incidents.len() {
            let incident = &self.incidents[index];
            let id = incident.id.clone();
            let attempt = incident.attempts.last();
            let bound = self.tabs.iter().filter(|(_, ids)| ids.contains(&id)).map(|(tab, _)| *tab);
            let bound: BTreeSet<i32> = bound.collect();
            match (incident.phase, attempt) {
                (Phase::Seen, _) => effects.push(Effect::Settle(id.clone(), SETTLE_AFTER_WAKE)),
                (Phase::Fixing { step: Step::Snapshot }, Some(attempt)) => {
                    effects.push(Effect::Snapshot(id.clone(), attempt.offer.cookies.clone()));
                }
                (Phase::Fixing { step: Step::Remove }, Some(attempt)) => {
                    effects.push(Effect::Remove(id.clone(), attempt.offer.cookies.clone()));
                }
                (Phase::Checking { reloaded: false, .. }, Some(attempt)) if bound.contains(&attempt.tab) => {
                    let fresh = super::is_fresh(attempt.offer.fix);
                    effects.push(Effect::Reload { incident: id.clone(), tab: attempt.tab, fresh });
                }
                (Phase::Checking { .. }, Some(attempt)) if bound.contains(&attempt.tab) => {}
                // The tab did not survive (the browser was restarted): nothing left to check in.
                (Phase::Checking { .. }, _) => effects.extend(self.interrupt(&id)),
                _ => {}
            }
            let needs_diagnosis = self
                .incident(&id)
                .is_some_and(|incident| incident.diagnosis.is_none() && incident.closed.is_none());
            if needs_diagnosis {
                effects.push(Effect::Gather(id));
            }
        }
        effects
    }

    pub(super) fn new_id(&mut self, at: Time) -> String {
        self.serial = self.serial.wrapping_add(1);
        // Zero-padded hexadecimal, so that the order of ids is the order of time.
        format!("{:012x}-{:04x}", at.0.max(0), self.serial & 0xffff)
    }

    pub(super) fn bind(&mut self, tab: Option<i32>, id: &str) -> Option<Effect> {
        let ids = self.tabs.entry(tab?).or_default();
        if ids.iter().any(|known| known == id) {
            return None;
        }
        ids.push(id.to_owned());
        Some(Effect::SaveTabs)
    }

    /// The badges of the tabs that show an incident.
    pub(super) fn badges(&self, id: &str) -> Vec<Effect> {
        let shows = |ids: &Vec<String>| ids.iter().any(|known| known == id);
        self.tabs.iter().filter(|(_, ids)| shows(ids)).map(|(tab, _)| self.badge(*tab)).collect()
    }

    pub(super) fn badge(&self, tab: i32) -> Effect {
        let ids = self.tabs.get(&tab).map_or(&[][..], Vec::as_slice);
        let locked = self
            .incidents
            .iter()
            .any(|incident| ids.contains(&incident.id) && incident.is_locked() && incident.is_shown());
        Effect::Badge { tab, locked }
    }

    /// Forgets closed incidents beyond the newest few: they are on disk.
    pub(super) fn prune(&mut self) {
        let closed = self.incidents.iter().filter(|incident| incident.closed.is_some()).count();
        let mut surplus = closed.saturating_sub(MOST_CLOSED);
        self.incidents.retain(|incident| {
            let drop = surplus > 0 && incident.closed.is_some() && !incident.private;
            surplus -= usize::from(drop);
            !drop
        });
    }

    /// Has this tab made this very request before, without a credential? Remembers that it has.
    pub(super) fn is_repeated_probe(&mut self, tab: i32, url: &str) -> bool {
        if self.probes.iter().any(|(known, probed)| *known == tab && probed == url) {
            return true;
        }
        if self.probes.len() >= MOST_PROBES {
            self.probes.remove(0);
        }
        self.probes.push((tab, url.to_owned()));
        false
    }
}

/// What a provisional incident is given after a wake, in milliseconds: its renewal may have ended
/// while nobody was looking.
const SETTLE_AFTER_WAKE: u32 = 1_000;
