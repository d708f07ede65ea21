//! What the background remembers between events: a cache of what is on disk.

use super::{Effect, Routine};
use crate::exchange::Scope;
use crate::fix::FixId;
use crate::incident::{Incident, Phase, Step, Undo, id_at};
use crate::settings::Settings;
use crate::sorted::{self, Map, Set};
use crate::time::Time;

/// Closed incidents that are kept in memory for an undo; older ones are read from disk.
const MOST_CLOSED: usize = 32;

/// Requests without a credential that are remembered.
const MOST_PROBES: usize = 256;

/// The background's memory.
#[derive(Debug, Default)]
pub struct State {
    /// The incidents that are not over, and a few that just ended.
    pub(super) incidents: Vec<Incident>,
    /// Which tab shows which incidents.
    pub(super) tabs: Map<i32, Vec<String>>,
    /// The sites that have a record.
    pub(super) recorded: Set<String>,
    /// Requests without a credential that were refused once, by tab: they may be mere probes.
    pub(super) probes: Vec<(i32, String)>,
    /// Tabs that a person wants checked, and what they answered.
    pub(super) checks: Map<i32, Option<u16>>,
    /// When they answered. Lost with the background: the next page is then a new one for sure.
    pub(super) answered: Map<i32, Time>,
    /// Makes ids unique within a millisecond.
    pub(super) serial: u32,
    /// When each incident was last written, to bound writing in a flood.
    pub(super) saved: Map<String, Time>,
    /// Those of which something is not written yet.
    pub(super) unsaved: Set<String>,
    /// When each site's success was last noted, to bound that too.
    pub(super) noted: Map<String, Time>,
    /// What the person, or their organisation, has chosen.
    pub(super) settings: Settings,
    /// When the daily round was made, and what is looked after.
    pub(super) routine: Routine,
    /// Incidents that a notification told of; one that is told twice replaces itself.
    pub(super) told: Set<String>,
}

/// Which hosts and tabs the watcher must look at; it drops everything else by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Watch {
    /// Sites with an incident that is not over: every success counts.
    pub open: Vec<String>,
    /// Sites with a record: a page that loads counts.
    pub recorded: Vec<String>,
    /// Sites that are not watched.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Statuses that are not watched.
    #[serde(default)]
    pub off: Vec<u16>,
}

impl State {
    /// The state from what is on disk. `Event::Woken` comes next.
    #[must_use]
    pub fn new(
        incidents: Vec<Incident>,
        tabs: Map<i32, Vec<String>>,
        checks: Map<i32, Option<u16>>,
        recorded: Set<String>,
    ) -> Self {
        Self { incidents, tabs, checks, recorded, ..Self::default() }
    }

    /// The same with what was chosen, and what was done of late.
    #[must_use]
    pub fn with(self, settings: Settings, routine: Routine) -> Self {
        Self { settings, routine, ..self }
    }

    /// What was chosen.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// When the daily round was made, and what is looked after.
    #[must_use]
    pub fn routine(&self) -> &Routine {
        &self.routine
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
    pub fn tabs(&self) -> &Map<i32, Vec<String>> {
        &self.tabs
    }

    /// Tabs that a person wants checked, and what they answered; `None` while that is not known.
    #[must_use]
    pub fn checks(&self) -> &Map<i32, Option<u16>> {
        &self.checks
    }

    /// The tabs that the watcher must look at.
    #[must_use]
    pub fn watched_tabs(&self) -> Vec<i32> {
        // What a check found is of one page: the next page in that tab ends it.
        self.tabs.keys().chain(self.checks.keys()).copied().collect()
    }

    /// What the watcher must look at: for ordinary windows, or for private ones.
    #[must_use]
    pub fn watch_list(&self, private: bool) -> Watch {
        let open: Set<&String> = self
            .incidents
            .iter()
            .filter(|incident| {
                // What fails for somebody else on a page is on record, and not followed.
                incident.private == private && incident.closed.is_none() && incident.scope != Scope::Other
            })
            .map(|incident| &incident.exchange.site)
            .collect();
        let open = open.into_iter().cloned().collect();
        if private {
            return Watch { open, ..Watch::default() };
        }
        let is_watched = |site: &&String| !self.settings.is_ignored(site);
        Watch {
            open,
            recorded: self.recorded.iter().filter(is_watched).cloned().collect(),
            ignored: self.settings.ignored().map(str::to_owned).collect(),
            off: self.settings.statuses_off().collect(),
        }
    }

    pub(super) fn get(&mut self, id: &str) -> Option<&mut Incident> {
        self.incidents.iter_mut().find(|incident| incident.id == id)
    }

    /// Goes on where the background was killed.
    pub(super) fn wake(&mut self, now: Time) -> Vec<Effect> {
        let mut effects = self.round(now);
        // What was written last may not be what was meant to be written.
        effects.push(Effect::SaveWatch);
        let ids: Vec<String> = self.incidents.iter().map(|incident| incident.id.clone()).collect();
        for id in ids {
            effects.extend(self.go_on(&id));
            if self.incident(&id).is_some_and(|it| it.undo.as_ref().is_some_and(Undo::is_under_way)) {
                effects.push(Effect::Restore { incident: id.clone(), again: true });
            }
            let needs_diagnosis =
                self.incident(&id).is_some_and(|it| it.diagnosis.is_none() && it.closed.is_none());
            if needs_diagnosis {
                effects.push(Effect::Gather(id));
            }
        }
        let tabs: Vec<i32> = self.tabs.keys().copied().collect();
        effects.extend(tabs.into_iter().map(|tab| self.badge(tab)));
        effects
    }

    fn go_on(&mut self, id: &str) -> Vec<Effect> {
        let Some(incident) = self.incident(id) else { return Vec::new() };
        let id = id.to_owned();
        let Some(attempt) = incident.attempts.last() else {
            return match incident.phase {
                Phase::Seen => vec![Effect::Settle(id, SETTLE_AFTER_WAKE)],
                _ => Vec::new(),
            };
        };
        let is_mending = matches!(incident.phase, Phase::Fixing { .. } | Phase::Checking { .. });
        // Tabs are remembered as long as the browser runs. After a restart the person has moved
        // on: nothing more is deleted, and no stranger's tab is loaded again.
        let has_tab = self.tabs.get(&attempt.tab).is_some_and(|ids| ids.contains(&id));
        // Cookies that were to be gone for a moment only come back first, whatever became of the tab.
        let must_mend = attempt.offer.fix == FixId::ForgetHttpLogin
            && incident.phase == Phase::Fixing { step: Step::Remove };
        if is_mending && !has_tab && !must_mend {
            return self.interrupt(&id);
        }
        let (tab, offer) = (attempt.tab, Box::new(attempt.offer.clone()));
        let deed = match incident.phase {
            Phase::Fixing { step: Step::Snapshot } => Effect::Snapshot(id, offer),
            Phase::Fixing { step: Step::Remove } => Effect::Remove { incident: id, offer, again: true },
            Phase::Checking { reloaded: false, .. } => super::load(&id, tab, &attempt.offer),
            // The answer may have been told of to the one that was killed.
            Phase::Checking { .. } => {
                return vec![Effect::Settle(id, super::fixing::CHECK_TAKES), Effect::Ask(tab)];
            }
            _ => return Vec::new(),
        };
        vec![deed]
    }

    pub(super) fn new_id(&mut self, at: Time) -> String {
        self.serial = self.serial.wrapping_add(1);
        format!("{}-{:04x}", id_at(at), self.serial & 0xffff)
    }

    pub(super) fn bind(&mut self, tab: Option<i32>, id: &str) -> Option<Effect> {
        let ids = self.tabs.or_insert_with(tab?, Vec::new);
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
        let mut closed: Vec<(Time, String)> = self
            .incidents
            .iter()
            .filter(|incident| !incident.private)
            .filter_map(|incident| Some((incident.closed?.at, incident.id.clone())))
            .collect();
        sorted::few(&mut closed, Ord::cmp);
        let surplus = closed.len().saturating_sub(MOST_CLOSED);
        for (_, id) in closed.into_iter().take(surplus) {
            self.incidents.retain(|incident| incident.id != id);
            self.saved.remove(&id);
            self.unsaved.remove(&id);
        }
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
