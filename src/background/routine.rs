//! What is done once a day, or by the clock: old lock-outs go, those that nobody came back to are
//! closed, and sign-ins that run out are told of.

use serde::{Deserialize, Serialize};

use super::{Effect, State};
use crate::http::cookie::{JarCookie, Purpose, purpose};
use crate::incident::{Closed, Incident, Outcome, Phase};
use crate::sorted::{Map, Set};
use crate::time::{DAY, HOUR, Time};

/// A lock-out that is not seen again for so long is closed without an end.
const LAPSES_AFTER: i64 = 7 * DAY;

/// So long before a sign-in runs out it is told of.
const WARNS_BEFORE: i64 = DAY;

/// Cookies are looked at no more often, but when something is due.
const LOOKS_EVERY: i64 = HOUR;

/// When things were last done. On disk, so that a background that is often woken does them once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Routine {
    /// When the daily round was made.
    pub tidied: Option<Time>,
    /// When the cookies of the sites that are looked after were read.
    pub looked: Option<Time>,
    /// Until when their sign-ins were good then, where that was far ahead.
    pub ahead: Map<String, Time>,
}

/// Is it that long ago? A clock that was set back does not put anything off.
fn is_due(last: Option<Time>, every: i64, now: Time) -> bool {
    last.is_none_or(|last| now < last || now.since(last) >= every)
}

/// Until when a site's cookies keep somebody signed in, where they say so: as long as the last of
/// those that carry the sign-in. A cookie that ends with the browser says nothing.
#[must_use]
fn good_until(jar: &[JarCookie]) -> Option<Time> {
    let carries = |cookie: &&JarCookie| {
        matches!(purpose(&cookie.id.name), Purpose::Session | Purpose::Remember)
            || cookie.token_expires.is_some()
    };
    jar.iter()
        .filter(carries)
        .filter_map(|cookie| cookie.expires.into_iter().chain(cookie.token_expires).min())
        .max()
}

/// Did this lock-out end so long ago that it is kept no longer?
#[must_use]
pub fn is_old(incident: &Incident, before: Time) -> bool {
    !incident.is_unfinished() && incident.closed.is_some_and(|closed| closed.at < before)
}

impl State {
    /// What is due by the clock.
    pub(super) fn round(&mut self, now: Time) -> Vec<Effect> {
        let mut effects = vec![Effect::Purge];
        if is_due(self.routine.tidied, DAY, now) {
            effects.extend(self.tidy(now));
        }
        effects.extend(self.look_ahead(now));
        effects
    }

    /// Closes what nobody came back to, and drops what is too old or too much.
    pub(super) fn tidy(&mut self, now: Time) -> Vec<Effect> {
        let before = self.settings.kept_since(now);
        let open = self.incidents.iter().filter(|incident| incident.closed.is_none() && may_close(incident));
        let open: Vec<(String, Time)> =
            open.map(|incident| (incident.id.clone(), incident.last_seen)).collect();
        let mut effects = Vec::new();
        for (id, last_seen) in open {
            if last_seen < before {
                effects.extend(self.forget(&id));
            } else if now.since(last_seen) >= LAPSES_AFTER {
                // How long it went on is not known: as long as it was seen.
                effects.extend(self.lapse(&id, last_seen));
            }
        }
        if !effects.is_empty() {
            effects.push(Effect::SaveWatch);
        }
        let open = self.incidents.iter().filter(|incident| incident.is_unfinished() && !incident.private);
        let open = open.map(|incident| incident.id.clone()).collect();
        effects.push(Effect::Retain { before, most: self.settings.most(), open });
        self.routine.tidied = Some(now);
        effects.push(Effect::SaveRoutine);
        effects
    }

    /// What is too old is gone from disk.
    pub(super) fn retained(&mut self, recorded: Set<String>) -> Vec<Effect> {
        // What is over is read from disk again when it is asked for, if it is still there.
        self.incidents.retain(|incident| incident.is_unfinished() || incident.private);
        self.saved.retain(|id, _| self.incidents.iter().any(|incident| incident.id == *id));
        self.unsaved.retain(|id| self.incidents.iter().any(|incident| incident.id == *id));
        // A site's record is written after its first lock-out is: that one keeps it.
        let open = self.incidents.iter().filter(|incident| !incident.private);
        let open = open.map(|incident| incident.exchange.site.clone());
        self.recorded = open.chain(recorded).collect();
        vec![Effect::SaveWatch]
    }

    /// Ends an incident whose end was not seen.
    pub(super) fn lapse(&mut self, id: &str, at: Time) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        if incident.phase == Phase::Seen {
            return self.forget(id);
        }
        if let Some(attempt) = incident.attempts.last_mut() {
            attempt.outcome.get_or_insert(Outcome::Unclear);
        }
        incident.phase = Phase::Lapsed;
        incident.closed = Some(Closed { at: at.max(incident.first_seen), by: None });
        let mut effects = vec![Effect::Save(id.to_owned())];
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        effects
    }

    /// Has the cookies read of the sites whose sign-in is looked after, if it is time.
    pub(super) fn look_ahead(&mut self, now: Time) -> Vec<Effect> {
        let sites: Vec<String> = self.settings.expiry().map(str::to_owned).collect();
        if sites.is_empty() {
            let was_any = self.routine.looked.take().is_some();
            self.routine.ahead.clear();
            return if was_any { vec![Effect::SaveRoutine, Effect::Ring(None)] } else { Vec::new() };
        }
        let has_rung = self.next_ring().is_some_and(|ring| now >= ring);
        if !has_rung && !is_due(self.routine.looked, LOOKS_EVERY, now) {
            return Vec::new();
        }
        vec![Effect::LookAhead(sites)]
    }

    /// When the next sign-in is to be told of.
    fn next_ring(&self) -> Option<Time> {
        self.routine.ahead.values().min().map(|until| until.plus(-WARNS_BEFORE))
    }

    /// What the cookies of these sites say. One that is always good for less than a day is not worth
    /// a word: what is told is that a long one comes to its end.
    pub(super) fn ahead(&mut self, jars: &[(String, Vec<JarCookie>)], now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut ahead = Map::new();
        for (site, jar) in jars {
            let Some(until) = good_until(jar).filter(|until| *until > now) else { continue };
            if until.since(now) > WARNS_BEFORE {
                ahead.insert(site.clone(), until);
            } else if self.routine.ahead.contains_key(site) {
                effects.push(Effect::Warn { site: site.clone(), at: until });
            }
        }
        self.routine.ahead = ahead;
        self.routine.looked = Some(now);
        effects.extend([Effect::SaveRoutine, Effect::Ring(self.next_ring())]);
        effects
    }

    /// Somebody is locked out where they may not be looking.
    pub(super) fn notify(&mut self, id: &str) -> Option<Effect> {
        let incident = self.incident(id)?;
        // The system's list of notifications is on disk.
        let is_news = incident.is_locked()
            && incident.is_shown()
            && !incident.private
            && incident.attempts.is_empty()
            && self.settings.notifications();
        if !is_news || self.told.contains(id) {
            return None;
        }
        self.told.retain(|id| self.incidents.iter().any(|incident| incident.id == *id));
        self.told.insert(id.to_owned());
        Some(Effect::Notify(id.to_owned()))
    }
}

/// Nothing is under way that would be cut off.
fn may_close(incident: &Incident) -> bool {
    !matches!(incident.phase, Phase::Fixing { .. } | Phase::Checking { at_sign_in: false, .. })
}
