//! From requests to incidents.

use super::{Effect, State};
use crate::diagnose::diagnose;
use crate::evidence::{Evidence, Past};
use crate::exchange::{Exchange, Kind, Known, Scope};
use crate::fix::FixId;
use crate::history::Amendment;
use crate::http::cookie::JarCookie;
use crate::incident::{Closed, Incident, Outcome, Phase};
use crate::ladder;
use crate::time::{SECOND, Time};

/// How long an app's refused request may take to turn out well (a silent renewal), in
/// milliseconds, before it is shown.
const RENEWAL_TAKES: u32 = 1_500;

/// A shown app failure that heals within this, untouched, was a slow renewal and no lock-out.
const HEALS_AT_ONCE: i64 = 10 * SECOND;

/// Repeats are written at most this often once there are many.
const WRITE_EVERY: i64 = SECOND;

impl State {
    pub(super) fn watch(&mut self, exchange: Exchange, now: Time) -> Vec<Effect> {
        if exchange.speculative {
            return Vec::new();
        }
        let mut effects = self.leave(&exchange);
        if exchange.is_success() {
            effects.extend(self.succeeded(&exchange));
        } else if exchange.is_refusal() {
            effects.extend(self.refused(exchange, now));
        } else {
            effects.extend(self.failed_otherwise(&exchange));
        }
        effects
    }

    /// A new page in a tab: what the old one showed is not this one's, but for the incident that
    /// this very page is about.
    fn leave(&mut self, exchange: &Exchange) -> Vec<Effect> {
        let (Kind::MainFrame, Some(tab)) = (exchange.kind, exchange.tab) else { return Vec::new() };
        self.probes.retain(|(known, _)| *known != tab);
        let Some(ids) = self.tabs.get(&tab) else { return Vec::new() };
        let stays = |id: &&String| {
            self.incident(id).is_some_and(|incident| {
                incident.is_same_request(exchange)
                    || incident.led_to(exchange)
                    || (incident.is_near(exchange)
                        && matches!(incident.phase, Phase::Fixing { .. } | Phase::Checking { .. }))
                    // The app's own page loads: its request is still to come.
                    || (incident.is_near(exchange) && incident.scope == Scope::App && incident.closed.is_none())
                    || incident.exchange.page.as_deref() == Some(exchange.site.as_str())
            })
        };
        let (kept, left): (Vec<&String>, Vec<&String>) = ids.iter().partition(stays);
        if left.is_empty() {
            return Vec::new();
        }
        let (kept, left): (Vec<String>, Vec<String>) =
            (kept.into_iter().cloned().collect(), left.into_iter().cloned().collect());
        if kept.is_empty() {
            self.tabs.remove(&tab);
        } else {
            self.tabs.insert(tab, kept);
        }
        let mut effects = vec![Effect::SaveTabs, self.badge(tab)];
        for id in left {
            effects.extend(self.end_check_in(tab, &id));
        }
        effects
    }

    fn succeeded(&mut self, exchange: &Exchange) -> Vec<Effect> {
        let mut effects = Vec::new();
        let open = self.incidents.iter().filter(|incident| incident.closed.is_none());
        let open: Vec<String> = open.map(|incident| incident.id.clone()).collect();
        for id in open {
            let Some(incident) = self.get(&id) else { continue };
            if incident.is_same_request(exchange) {
                effects.extend(self.let_in(&id, exchange));
            } else if incident.led_to(exchange)
                && let Phase::Checking { reloaded, .. } = incident.phase
            {
                if exchange.is_sign_in() || exchange.site != incident.site {
                    incident.phase = Phase::Checking { reloaded, at_sign_in: true };
                    effects.push(Effect::Save(id));
                } else {
                    effects.extend(self.let_in(&id, exchange));
                }
            }
        }
        if self.recorded.contains(&exchange.site) && !exchange.private {
            let change = Amendment::success(exchange);
            effects.push(Effect::Amend { site: exchange.site.clone(), change });
        }
        effects
    }

    /// The very request that was refused is let through.
    fn let_in(&mut self, id: &str, exchange: &Exchange) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let at = exchange.at.max(incident.first_seen);
        let by = match incident.phase {
            // A handshake or a silent renewal that ended well.
            Phase::Seen => return self.forget(id),
            Phase::Open | Phase::StillLocked
                if incident.scope == Scope::App
                    && incident.attempts.is_empty()
                    && at.since(incident.first_seen) < HEALS_AT_ONCE =>
            {
                return self.forget(id);
            }
            // Nothing is done yet, so it is not the fix that helped; its next step tells.
            Phase::Fixing { .. } => return Vec::new(),
            Phase::Checking { .. } => incident.attempts.last().map(|attempt| attempt.offer.fix),
            Phase::Open | Phase::StillLocked => None,
            Phase::Recovered => return Vec::new(),
        };
        if let (Some(_), Some(attempt)) = (by, incident.attempts.last_mut()) {
            attempt.outcome = Some(Outcome::Recovered);
        }
        incident.phase = Phase::Recovered;
        incident.closed = Some(Closed { at, by });
        let (site, private) = (incident.site.clone(), incident.private);
        let mut effects = vec![Effect::Save(id.to_owned()), Effect::SaveWatch];
        if let (Some(fix), false) = (by, private) {
            effects.push(Effect::Amend { site, change: Amendment::Fix { fix, worked: true } });
        }
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        self.prune();
        effects
    }

    fn refused(&mut self, exchange: Exchange, now: Time) -> Vec<Effect> {
        let scope = exchange.scope();
        if exchange.kind == Kind::Resource {
            return Vec::new();
        }
        // "Am I signed in?", asked once by a page that loaded.
        if scope == Scope::App
            && !exchange.carries_credential()
            && !self.is_repeated_probe(exchange.tab.unwrap_or(-1), &exchange.url)
        {
            return Vec::new();
        }
        match self.incidents.iter().position(|incident| incident.folds(&exchange)) {
            Some(index) => self.repeated(index, exchange, now),
            None => self.opened_anew(exchange, scope),
        }
    }

    fn opened_anew(&mut self, exchange: Exchange, scope: Scope) -> Vec<Effect> {
        let id = self.new_id(exchange.at);
        let tab = exchange.tab;
        let may_be_answered = scope == Scope::Page && tab.is_some() && exchange.is_challenged_by_browser();
        let phase = if may_be_answered || scope == Scope::App { Phase::Seen } else { Phase::Open };
        let incident = Incident::new(id.clone(), exchange, phase);
        let (site, private) = (incident.site.clone(), incident.private);
        self.incidents.push(incident);
        // On disk before anything is done about it.
        let mut effects = vec![Effect::Save(id.clone())];
        effects.extend(self.bind(tab, &id));
        if !private {
            self.recorded.insert(site);
        }
        effects.push(Effect::SaveWatch);
        if phase == Phase::Open {
            effects.extend(self.badges(&id));
        } else if scope == Scope::App {
            effects.push(Effect::Settle(id.clone(), RENEWAL_TAKES));
        }
        effects.push(Effect::Gather(id));
        effects
    }

    /// One more sign of a lock-out that is known.
    fn repeated(&mut self, index: usize, exchange: Exchange, now: Time) -> Vec<Effect> {
        let incident = &mut self.incidents[index];
        let id = incident.id.clone();
        let (tab, status) = (exchange.tab, exchange.status);
        incident.count = incident.count.saturating_add(1);
        incident.last_seen = incident.last_seen.max(exchange.at);
        // A request of the old page may still come in; a page load is always a new one.
        let is_of_new_page = exchange.kind == Kind::MainFrame;
        let was_checked = incident.is_same_request(&exchange)
            && matches!(incident.phase, Phase::Checking { reloaded, .. } if reloaded || is_of_new_page);
        incident.exchange = exchange;
        let many = incident.count > 8;
        let mut effects: Vec<Effect> = self.bind(tab, &id).into_iter().collect();
        if was_checked {
            effects.extend(self.still_locked(&id, status));
            effects.push(Effect::Gather(id));
            return effects;
        }
        let last = self.saved.get(&id).copied().unwrap_or_default();
        if !many || now.since(last) >= WRITE_EVERY {
            self.saved.insert(id.clone(), now);
            effects.push(Effect::Save(id.clone()));
        }
        effects.extend(self.badges(&id));
        effects
    }

    /// Neither let in nor refused (a 404, a 500, no network): what a fix was to bring back is
    /// not back.
    fn failed_otherwise(&mut self, exchange: &Exchange) -> Vec<Effect> {
        let checked = self.incidents.iter().find(|incident| {
            matches!(incident.phase, Phase::Checking { reloaded: true, .. })
                && incident.is_same_request(exchange)
        });
        let Some(id) = checked.map(|incident| incident.id.clone()) else { return Vec::new() };
        self.still_locked(&id, exchange.status)
    }

    fn still_locked(&mut self, id: &str, status: u16) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        incident.phase = Phase::StillLocked;
        let failed = incident.attempts.last_mut().map(|attempt| {
            attempt.outcome = Some(Outcome::StillLocked { status });
            attempt.offer.fix
        });
        let (site, private) = (incident.site.clone(), incident.private);
        let mut effects = vec![Effect::Save(id.to_owned())];
        if let (Some(fix), false) = (failed, private) {
            effects.push(Effect::Amend { site, change: Amendment::Fix { fix, worked: false } });
        }
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        effects
    }

    pub(super) fn gathered(
        &mut self,
        id: &str,
        jar: &Known<Vec<JarCookie>>,
        past: &Past,
        now: Time,
    ) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let jar = match jar {
            Known::Present(jar) => Known::Present(jar.as_slice()),
            Known::Absent => Known::Absent,
            Known::Unknown => Known::Unknown,
        };
        let mut diagnosis = diagnose(&Evidence { exchange: &incident.exchange, jar, past, now });
        let failed: Vec<FixId> = incident.failed_fixes();
        diagnosis.offers = ladder::offers(&diagnosis.causes, &past.fixes, &failed);
        incident.diagnosis = Some(diagnosis);
        vec![Effect::Save(id.to_owned())]
    }

    pub(super) fn settled(&mut self, id: &str) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        if incident.phase != Phase::Seen {
            return Vec::new();
        }
        incident.phase = Phase::Open;
        let mut effects = vec![Effect::Save(id.to_owned())];
        effects.extend(self.badges(id));
        effects
    }

    pub(super) fn tab_complete(&mut self, tab: i32) -> Vec<Effect> {
        let ids = self.tabs.get(&tab).cloned().unwrap_or_default();
        let mut effects = Vec::new();
        for id in ids {
            let settles = self.incident(&id).is_some_and(|incident| incident.scope == Scope::Page);
            if settles {
                effects.extend(self.settled(&id));
            }
        }
        // A page that commits late takes its badge along; put it back.
        if effects.is_empty() && self.tabs.contains_key(&tab) {
            effects.push(self.badge(tab));
        }
        effects
    }

    pub(super) fn tab_removed(&mut self, tab: i32) -> Vec<Effect> {
        self.probes.retain(|(known, _)| *known != tab);
        let Some(ids) = self.tabs.remove(&tab) else { return Vec::new() };
        let mut effects = vec![Effect::SaveTabs];
        for id in ids {
            let elsewhere = self.tabs.values().any(|ids| ids.contains(&id));
            let Some(incident) = self.incident(&id) else { continue };
            match incident.phase {
                // Nobody waits for it any more.
                Phase::Seen if !elsewhere => effects.extend(self.forget(&id)),
                _ if incident.private && !elsewhere => effects.extend(self.forget(&id)),
                _ => effects.extend(self.end_check_in(tab, &id)),
            }
        }
        effects
    }

    /// A check that was to be made in this tab cannot be made any more.
    fn end_check_in(&mut self, tab: i32, id: &str) -> Vec<Effect> {
        let is_checked_here = self.incident(id).is_some_and(|incident| {
            matches!(incident.phase, Phase::Checking { .. })
                && incident.attempts.last().is_some_and(|attempt| attempt.tab == tab)
        });
        if is_checked_here { self.interrupt(id) } else { Vec::new() }
    }

    /// It was no lock-out, or a private one whose window is gone.
    fn forget(&mut self, id: &str) -> Vec<Effect> {
        let mut effects = vec![Effect::Forget(id.to_owned())];
        let mut touched = Vec::new();
        self.tabs.retain(|tab, ids| {
            let before = ids.len();
            ids.retain(|known| known != id);
            if ids.len() != before {
                touched.push(*tab);
            }
            !ids.is_empty()
        });
        self.incidents.retain(|incident| incident.id != id);
        self.saved.remove(id);
        if !touched.is_empty() {
            effects.push(Effect::SaveTabs);
            effects.extend(touched.into_iter().map(|tab| self.badge(tab)));
        }
        effects.push(Effect::SaveWatch);
        effects
    }
}
