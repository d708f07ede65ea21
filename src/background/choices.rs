//! What a person, or their organisation, chooses, and what follows from it at once.

use super::{Effect, State};
use crate::incident::Phase;
use crate::settings::{Change, Field, Settings};
use crate::time::Time;

impl State {
    /// A person changes a setting.
    pub(super) fn choose(&mut self, change: &Change, now: Time) -> Vec<Effect> {
        let mut settings = self.settings.clone();
        if let Err(why) = settings.change(change) {
            return vec![Effect::Refuse(why)];
        }
        // What is being removed is first checked, or put back.
        if change.field() == Field::Ignored && self.is_fixing() {
            return vec![Effect::Refuse("refused_busy")];
        }
        let before = core::mem::replace(&mut self.settings, settings);
        let mut effects = vec![Effect::SaveSettings];
        effects.extend(self.follow(&before, now));
        effects
    }

    /// The settings on disk, or the organisation's, are other ones now.
    pub(super) fn configured(&mut self, settings: Settings, now: Time) -> Vec<Effect> {
        if settings == self.settings {
            return Vec::new();
        }
        let before = core::mem::replace(&mut self.settings, settings);
        self.follow(&before, now)
    }

    /// What follows from other settings.
    fn follow(&mut self, before: &Settings, now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        let is_watched = |site: &str| !self.settings.is_ignored(site);
        let unwatched: Vec<String> = self
            .incidents
            .iter()
            .filter(|incident| {
                let exchange = &incident.exchange;
                incident.closed.is_none()
                    && !matches!(incident.phase, Phase::Fixing { .. })
                    && !(self.settings.watches(exchange.status)
                        && is_watched(&exchange.site)
                        && is_watched(&incident.site))
            })
            .map(|incident| incident.id.clone())
            .collect();
        for id in unwatched {
            effects.extend(self.lapse(&id, now));
        }
        effects.push(Effect::SaveWatch);
        let is_less = self.settings.days() < before.days() || self.settings.most() < before.most();
        if is_less {
            effects.extend(self.tidy(now));
        }
        if !self.settings.expiry().eq(before.expiry()) {
            self.routine.looked = self.routine.looked.map(|_| Time::default());
            effects.extend(self.look_ahead(now));
        }
        effects
    }

    /// Forgets everything, as if it had never been; but what the organisation has chosen.
    pub(super) fn erase(&mut self) -> Vec<Effect> {
        if self.is_fixing() {
            return vec![Effect::Refuse("refused_busy")];
        }
        let settings = self.settings.without_own();
        let before = core::mem::replace(self, Self { settings, ..Self::default() });
        let mut effects: Vec<Effect> =
            before.tabs.into_iter().map(|(tab, _)| Effect::Badge { tab, locked: false }).collect();
        effects.extend([Effect::KeepAwake(false), Effect::Ring(None), Effect::Erase]);
        effects
    }

    fn is_fixing(&self) -> bool {
        self.incidents.iter().any(|incident| matches!(incident.phase, Phase::Fixing { .. }))
    }
}
