//! Which tab shows which incidents, and what a tab that leaves or closes takes with it.

use super::{Effect, State};
use crate::exchange::{Exchange, Kind, Scope};
use crate::incident::{Incident, Phase};
use crate::sorted::Set;
use crate::time::SECOND;

/// A page that leads on by itself does so within this time, in milliseconds.
const LEADS_ON: i64 = 5 * SECOND;

impl State {
    /// A new page in a tab: what the old one showed is not this one's, but for the incident that
    /// this very page is about.
    pub(super) fn leave(&mut self, exchange: &Exchange) -> Vec<Effect> {
        let (Kind::MainFrame, Some(tab)) = (exchange.kind, exchange.tab) else { return Vec::new() };
        // 204 and 205 leave the page as it is (RFC 9110, section 15.3.5), and so does an error
        // of a request that never became a page.
        if matches!(exchange.status, 0 | 204 | 205) {
            return Vec::new();
        }
        self.probes.retain(|(known, _)| *known != tab);
        // What a check found was of the page that goes; its own request may be told of after it.
        let was_checked = self.checks.get(&tab).is_some_and(Option::is_some)
            && self.answered.get(&tab).is_none_or(|answered| exchange.began >= *answered);
        let mut effects = if was_checked { self.drop_check(tab) } else { Vec::new() };
        effects.extend(self.unbind(tab, |incident| {
            incident.is_same_request(exchange) || stays(incident, &exchange.site, exchange)
        }));
        effects
    }

    fn drop_check(&mut self, tab: i32) -> Vec<Effect> {
        // The watcher need not look at this tab any longer.
        self.answered.remove(&tab);
        self.checks.remove(&tab).map(|_| vec![Effect::SaveTabs]).unwrap_or_default()
    }

    /// A tab has finished loading. `site` is what it shows, where that can be seen.
    pub(super) fn tab_complete(&mut self, tab: i32, site: Option<&str>) -> Vec<Effect> {
        let mut effects = Vec::new();
        // The browser's own pages, and those that it kept in memory, make no request.
        if let Some(site) = site {
            effects = self.unbind(tab, |incident| {
                incident.site == site
                    || incident.exchange.site == site
                    || incident.exchange.page.as_deref() == Some(site)
                    || incident.corrected_site().as_deref() == Some(site)
                    // The person signs in, perhaps elsewhere; a page of the browser is none of it.
                    || (is_at_sign_in(incident) && !site.is_empty())
            });
        }
        let ids = self.tabs.get(&tab).cloned().unwrap_or_default();
        for id in &ids {
            if self.incident(id).is_some_and(|incident| incident.scope == Scope::Page) {
                effects.extend(self.shows(id));
            }
        }
        if self.checks.get(&tab) == Some(&None) {
            effects.push(Effect::Ask(tab));
        }
        // A page that commits late takes its badge along; put it back.
        if !ids.is_empty() {
            effects.push(self.badge(tab));
        }
        effects
    }

    /// The sites of pages that may show a lock-out which is not over: an app's may be refused elsewhere.
    #[must_use]
    pub fn sites_locked_out(&self) -> Set<&str> {
        let open = self.incidents.iter().filter(|incident| incident.closed.is_none());
        open.map(site_of_page).collect()
    }

    /// A page that stood open before this session of the extension began shows what it showed then.
    pub(super) fn found(&mut self, exchange: &Exchange) -> Vec<Effect> {
        let Some(tab) = exchange.tab else { return Vec::new() };
        let shown = self.incidents.iter().filter(|incident| match incident.scope {
            _ if incident.closed.is_some() => false,
            Scope::Page => exchange.is_refusal() && incident.is_same_request(exchange),
            // The page was there when its app was refused.
            Scope::App => {
                site_of_page(incident) == exchange.site
                    && incident.exchange.store == exchange.store
                    && exchange.began <= incident.last_seen
            }
            Scope::Other => false,
        });
        let ids: Vec<String> = shown.map(|incident| incident.id.clone()).collect();
        let mut effects: Vec<Effect> = ids.iter().filter_map(|id| self.bind(Some(tab), id)).collect();
        if !effects.is_empty() {
            effects.push(self.badge(tab));
        }
        effects
    }

    pub(super) fn tab_removed(&mut self, tab: i32) -> Vec<Effect> {
        self.probes.retain(|(known, _)| *known != tab);
        let mut effects = self.drop_check(tab);
        effects.extend(self.unbind(tab, |_| false));
        effects
    }

    /// Takes the incidents that do not stay off a tab, and ends what only that tab could end.
    pub(super) fn unbind(&mut self, tab: i32, stays: impl Fn(&Incident) -> bool) -> Vec<Effect> {
        let Some(ids) = self.tabs.get(&tab).cloned() else { return Vec::new() };
        let (kept, left): (Vec<String>, Vec<String>) =
            ids.into_iter().partition(|id| self.incident(id).is_some_and(&stays));
        if left.is_empty() {
            return Vec::new();
        }
        if kept.is_empty() {
            self.tabs.remove(&tab);
        } else {
            self.tabs.insert(tab, kept);
        }
        let mut effects = vec![Effect::SaveTabs, self.badge(tab)];
        for id in left {
            let elsewhere = self.tabs.values().any(|ids| ids.contains(&id));
            let Some(incident) = self.incident(&id) else { continue };
            let is_checked_here = matches!(incident.phase, Phase::Checking { .. })
                && incident.attempts.last().is_some_and(|attempt| attempt.tab == tab);
            match incident.phase {
                // Nobody waits for it any more.
                Phase::Seen if !elsewhere => effects.extend(self.forget(&id)),
                _ if incident.private && !elsewhere => effects.extend(self.forget(&id)),
                _ if is_checked_here => effects.extend(self.interrupt(&id)),
                _ => {}
            }
        }
        effects
    }

    /// It was no lock-out, or a private one whose window is gone.
    pub(super) fn forget(&mut self, id: &str) -> Vec<Effect> {
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
        self.unsaved.remove(id);
        if !touched.is_empty() {
            effects.push(Effect::SaveTabs);
            effects.extend(touched.into_iter().map(|tab| self.badge(tab)));
        }
        effects.push(Effect::SaveWatch);
        effects
    }
}

/// The site of the page that shows it. Of a page itself, `page` is where the person came from.
fn site_of_page(incident: &Incident) -> &str {
    let page = incident.exchange.page.as_deref().filter(|_| incident.scope != Scope::Page);
    page.unwrap_or(&incident.exchange.site)
}

fn is_at_sign_in(incident: &Incident) -> bool {
    matches!(incident.phase, Phase::Checking { at_sign_in: true, .. })
}

/// Is the page that loads part of the same story?
fn stays(incident: &Incident, site: &str, exchange: &Exchange) -> bool {
    let is_mending = matches!(incident.phase, Phase::Fixing { .. } | Phase::Checking { .. });
    let is_app = incident.scope == Scope::App && incident.closed.is_none();
    // A sign-in may be another site's, and takes more than one page there.
    let signs_in = exchange.is_sign_in() || exchange.method != "GET" || !exchange.hops.is_empty();
    // The page that the fix let in leads on at once, as after a sign-in: the good end stays in sight.
    let has_just_ended =
        incident.closed.is_some_and(|closed| closed.by.is_some() && exchange.at.since(closed.at) < LEADS_ON);
    (has_just_ended && incident.is_near(exchange))
        || incident.led_to(exchange)
        || (is_at_sign_in(incident) && (signs_in || incident.is_near(exchange)))
        || (is_mending && (incident.is_near(exchange) || incident.is_corrected_by(exchange)))
        // The app's own page loads: its request is still to come.
        || (is_app && (incident.is_near(exchange) || incident.exchange.page.as_deref() == Some(site)))
}
