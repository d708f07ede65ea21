//! What a person says of a lock-out: check this page, this is wrong, not a lock-out.

use super::{Effect, State};
use crate::cause::CauseId;
use crate::exchange::{Exchange, Kind};
use crate::history::Amendment;
use crate::incident::{Closed, Phase};
use crate::time::Time;

impl State {
    /// Loads the tab again under watch; what it answers is told by the page itself.
    pub(super) fn check(&mut self, tab: i32) -> Vec<Effect> {
        self.checks.insert(tab, None);
        self.answered.remove(&tab);
        vec![Effect::SaveTabs, Effect::Look(tab)]
    }

    /// The page said what it was answered with. What the watcher was not shown (a worker's own
    /// answer, in Firefox) is found here.
    pub(super) fn answered(&mut self, tab: i32, exchange: Option<Exchange>, now: Time) -> Vec<Effect> {
        if self.checks.get(&tab) != Some(&None) {
            // Asked because a check was cut off. It knows less than the watcher: nothing but the verdict.
            return match exchange {
                Some(exchange) if exchange.is_success() => self.succeeded(&exchange),
                Some(exchange) if exchange.status > 0 => self.failed_otherwise(&exchange),
                // The page cannot tell.
                _ => Vec::new(),
            };
        }
        self.checks.insert(tab, Some(exchange.as_ref().map_or(0, |exchange| exchange.status)));
        self.answered.insert(tab, now);
        let mut effects = vec![Effect::SaveTabs];
        let bound = self.tabs.get(&tab).cloned().unwrap_or_default();
        let is_known = bound
            .iter()
            .filter_map(|id| self.incident(id))
            .any(|incident| incident.exchange.kind == Kind::MainFrame && incident.closed.is_none());
        if let Some(exchange) = exchange.filter(|exchange| exchange.is_refusal() && !is_known) {
            effects.extend(self.watch(exchange, now));
            let ids = self.tabs.get(&tab).cloned().unwrap_or_default();
            for id in ids {
                effects.extend(self.shows(&id));
            }
        }
        effects
    }

    /// DevTools show more of a request than the watcher saw: a login that the browser adds by itself,
    /// the words of an error. What it means is judged anew.
    pub(super) fn recorded(&mut self, tab: i32, exchange: Exchange, shows_all: bool) -> Vec<Effect> {
        let bound = self.tabs.get(&tab).cloned().unwrap_or_default();
        let is_it = |id: &&String| {
            self.incident(id).is_some_and(|incident| {
                incident.closed.is_none() && incident.exchange.is_seen_again(&exchange)
            })
        };
        let Some(id) = bound.iter().rev().find(is_it).cloned() else { return Vec::new() };
        let is_more = self.get(&id).is_some_and(|known| known.exchange.complete(exchange, shows_all));
        if is_more { vec![Effect::Save(id.clone()), Effect::Gather(id)] } else { Vec::new() }
    }

    /// "This is wrong", or that taken back: believed here and on this site from now on.
    pub(super) fn wrong(&mut self, id: &str, cause: CauseId, said: bool) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return vec![Effect::Refuse("refused_gone")] };
        incident.denied.retain(|known| *known != cause);
        if said {
            incident.denied.push(cause);
        }
        let (site, private) = (incident.exchange.site.clone(), incident.private);
        let mut effects = vec![Effect::Save(id.to_owned())];
        if !private {
            effects.push(Effect::Amend { site, change: Amendment::Wrong { cause, said } });
        }
        effects.push(Effect::Gather(id.to_owned()));
        effects
    }

    /// Whether the page works in a private window; `None` takes it back.
    pub(super) fn private(&mut self, id: &str, works: Option<bool>) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return vec![Effect::Refuse("refused_gone")] };
        incident.works_privately = works;
        vec![Effect::Save(id.to_owned()), Effect::Gather(id.to_owned())]
    }

    /// "Not a lock-out", or that taken back.
    pub(super) fn quiet(&mut self, id: &str, said: bool, now: Time) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return vec![Effect::Refuse("refused_gone")] };
        let is_fixing = matches!(incident.phase, Phase::Fixing { .. });
        let may = if said { incident.closed.is_none() } else { incident.phase == Phase::Dismissed };
        if is_fixing || !may {
            return vec![Effect::Refuse(if is_fixing { "refused_busy" } else { "refused_over" })];
        }
        incident.closed = said.then_some(Closed { at: now, by: None });
        incident.phase = if said { Phase::Dismissed } else { Phase::Open };
        let (site, private, cause) = (incident.exchange.site.clone(), incident.private, incident.cause());
        let mut effects = vec![Effect::Save(id.to_owned()), Effect::SaveWatch];
        if !private {
            effects.push(Effect::Amend { site, change: Amendment::Quiet { cause, said } });
        }
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        effects
    }
}
