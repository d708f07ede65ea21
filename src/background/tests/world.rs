//! A `World` carries out what effects do to disk and jar, so that the background can be killed
//! between any two of them.

#![allow(clippy::indexing_slicing)]

use std::collections::VecDeque;

use crate::background::{Effect, Event, Kept, State, step};
use crate::exchange::{Exchange, Kind, Known, Observation};
use crate::fix::{FixId, Offer};
use crate::history::SiteRecord;
use crate::http::cookie::{CookieId, JarCookie};
use crate::incident::{Incident, Undone};
use crate::mark::MarkKey;
use crate::message::{Deletion, Request};
use crate::sorted::{Map, Set};
use crate::stored::StoredItem;
use crate::time::{HOUR, Time};

/// A browser's disk, jar and clock around a state.
#[derive(Default)]
pub(super) struct World {
    pub(super) state: State,
    pub(super) now: Time,
    pub(super) disk: Map<String, Incident>,
    pub(super) tabs: Map<i32, Vec<String>>,
    pub(super) sites: Map<String, SiteRecord>,
    pub(super) jar: Vec<JarCookie>,
    pub(super) stored: Vec<StoredItem>,
    pub(super) undo: Map<String, Vec<JarCookie>>,
    pub(super) log: Vec<String>,
    /// Dies before the effect whose log line starts with this.
    pub(super) dies_before: Option<&'static str>,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self { now: Time(1_790_000_000_000), ..Self::default() };
        world.jar = vec![cookie("sid"), cookie("remember_me"), cookie("theme")];
        world
    }

    pub(super) fn happens(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in step(&mut self.state, event, self.now) {
                let line = describe(&effect);
                if self.dies_before.is_some_and(|name| line.starts_with(name)) {
                    self.dies_before = None;
                    self.log.push("killed".to_owned());
                    return;
                }
                self.log.push(line);
                events.extend(self.carry_out(effect));
            }
        }
    }

    pub(super) fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Save(id) => {
                let incident = self.state.incident(&id)?.clone();
                if !incident.private {
                    self.disk.insert(id, incident);
                }
            }
            Effect::Forget(id) => drop(self.disk.remove(&id)),
            Effect::Delete(what, _) => {
                let is_meant = |id: &String, site: &String| match &what {
                    Deletion::Incident { id: wanted } => id == wanted,
                    Deletion::Site { site: wanted } => site == wanted,
                    Deletion::All => true,
                };
                self.disk.retain(|id, incident| !is_meant(id, &incident.site));
                self.undo.retain(|id, _| self.disk.contains_key(id));
                self.sites.retain(|site, _| self.disk.values().any(|incident| incident.site == *site));
                return Some(Event::Deleted(self.sites.keys().cloned().collect()));
            }
            Effect::SaveTabs => self.tabs = self.state.tabs().clone(),
            Effect::Amend { site, change } => {
                self.sites.or_insert_with(site.clone(), || SiteRecord::new(&site)).amend(&change);
            }
            Effect::Gather(incident) => {
                let site = self.state.incident(&incident)?.site.clone();
                let mut jar = self.jar.clone();
                let record = self.sites.or_insert_with(site.clone(), || SiteRecord::new(&site));
                record.see(&mut jar, self.now, &MarkKey::default());
                let (jar, stored) = (Known::Present(jar), Known::Present(self.stored.clone()));
                return Some(Event::Gathered { incident, jar, stored, past: record.past() });
            }
            Effect::Snapshot(id, offer) => {
                let is_wanted = |cookie: &&JarCookie| offer.cookies.contains(&cookie.id);
                let kept: Vec<JarCookie> = self.jar.iter().filter(is_wanted).cloned().collect();
                let items = self.stored.iter().filter(|item| offer.items.contains(item)).count();
                let [cookies, items] = [kept.len(), items].map(|count| u32::try_from(count).unwrap());
                self.undo.insert(id.clone(), kept);
                return Some(Event::Snapshotted(id, Ok(Kept { cookies, items })));
            }
            Effect::Remove { incident, offer, .. } => {
                self.jar.retain(|cookie| !offer.cookies.contains(&cookie.id));
                self.stored.retain(|item| !offer.items.contains(item));
                let of = u32::try_from(offer.removes()).unwrap();
                return Some(Event::Removed(incident, Ok((of, of))));
            }
            Effect::Restore { incident: id, .. } => {
                let kept = self.undo.get(&id).cloned().unwrap_or_default();
                let restored = u32::try_from(kept.len()).unwrap();
                for cookie in kept {
                    if !self.jar.iter().any(|known| known.id == cookie.id) {
                        self.jar.push(cookie);
                    }
                }
                return Some(Event::Restored(id, Ok(Undone { restored, newer: 0, refused: 0 })));
            }
            Effect::DropUndo(id) => drop(self.undo.remove(&id)),
            Effect::Reload { incident, .. } => return Some(Event::Reloaded(incident, Ok(self.now))),
            Effect::OpenPrivate { incident, .. } => return Some(Event::Opened(incident, Ok(()))),
            _ => {}
        }
        None
    }

    /// The background is killed, and woken again.
    pub(super) fn is_killed(&mut self) {
        let is_shown = |id: &String| self.tabs.values().flatten().any(|shown| shown == id);
        let open = self.disk.values().filter(|it| it.is_unfinished() || is_shown(&it.id)).cloned().collect();
        let recorded: Set<String> = self.sites.keys().cloned().collect();
        self.state = State::new(open, self.tabs.clone(), self.state.checks().clone(), recorded);
        self.happens(Event::Woken);
    }

    pub(super) fn loads(&mut self, path: &str, status: u16) {
        self.request(Kind::MainFrame, path, status, Some("sid=1; theme=dark"), &[]);
        self.happens(Event::TabComplete { tab: 7, site: Some("app.test".into()) });
    }

    pub(super) fn fetches(&mut self, path: &str, status: u16, cookie: Option<&str>) {
        self.request(Kind::Fetch, path, status, cookie, &[]);
    }

    pub(super) fn request(
        &mut self,
        kind: Kind,
        path: &str,
        status: u16,
        cookie: Option<&str>,
        response: &[(&str, &str)],
    ) {
        let own = |all: &[(&str, &str)]| {
            Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>())
        };
        let sent: Vec<(&str, &str)> = cookie.into_iter().map(|cookie| ("Cookie", cookie)).collect();
        self.request_with(kind, path, status, |observation| {
            observation.request_headers = own(&sent);
            observation.response_headers = own(response);
        });
    }

    pub(super) fn request_with(
        &mut self,
        kind: Kind,
        path: &str,
        status: u16,
        change: impl FnOnce(&mut Observation),
    ) {
        self.now = self.now.plus(50);
        let mut observation = Observation {
            at: self.now,
            url: format!("https://app.test{path}"),
            method: "GET".into(),
            kind,
            page: (kind != Kind::MainFrame).then(|| "https://app.test/".into()),
            tab: Some(7),
            store: "0".into(),
            status,
            request_headers: Some(Vec::new()),
            response_headers: Some(Vec::new()),
            last_success: Some(self.now.plus(-HOUR)),
            ..Observation::default()
        };
        change(&mut observation);
        self.happens(Event::Exchange(Box::new(observation.into_exchange(&MarkKey::default()))));
    }

    pub(super) fn clicks(&mut self, fix: FixId) {
        self.now = self.now.plus(1);
        let incident = self.only();
        let removes = incident.offers().iter().find(|offer| offer.fix == fix).map_or(0, Offer::removes);
        let incident = incident.id.clone();
        self.happens(Event::Asked(Request::Fix { incident, fix, tab: 7, removes }));
    }

    pub(super) fn only(&self) -> &Incident {
        let shown: Vec<&Incident> = self.state.incidents.iter().filter(|i| i.closed.is_none()).collect();
        let all: Vec<&Incident> =
            if shown.is_empty() { self.state.incidents.iter().collect() } else { shown };
        assert_eq!(all.len(), 1, "{:#?}", self.log);
        all[0]
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.jar.iter().map(|cookie| cookie.id.name.as_str()).collect()
    }
}

pub(super) fn describe(effect: &Effect) -> String {
    let name = format!("{effect:?}");
    let end = name.find(['(', '{', ' ']).unwrap_or(name.len());
    match effect {
        Effect::Badge { locked, .. } => format!("Badge {locked}"),
        Effect::Reload { fresh, .. } => format!("Reload {fresh}"),
        Effect::Refuse(why) => format!("Refuse {why}"),
        _ => name[..end].to_owned(),
    }
}

/// What the page of a tab says that it was answered with.
pub(super) fn page_at(path: &str, at: Time, status: u16) -> Option<Box<Exchange>> {
    let observation = Observation {
        at,
        url: format!("https://app.test{path}"),
        method: "GET".into(),
        kind: Kind::MainFrame,
        tab: Some(7),
        store: "0".into(),
        status,
        ..Observation::default()
    };
    Some(Box::new(observation.into_exchange(&MarkKey::default())))
}

pub(super) fn cookie(name: &str) -> JarCookie {
    JarCookie {
        id: CookieId {
            name: name.into(),
            domain: "app.test".into(),
            path: "/".into(),
            path_mark: None,
            store: "0".into(),
            partition: None,
        },
        host_only: true,
        secure: true,
        http_only: true,
        same_site: crate::http::cookie::SameSite::Lax,
        expires: None,
        first_seen: None,
        size: 5,
        mark: None,
        token_expires: None,
    }
}
