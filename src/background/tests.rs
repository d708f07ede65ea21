//! The background as a machine: events in, effects out. A `World` carries out what effects do to
//! disk and jar, so that it can be killed between any two of them.

#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::*;
use crate::exchange::{Kind, Observation};
use crate::history::SiteRecord;
use crate::incident::{Incident, Outcome, Phase};
use crate::mark::MarkKey;
use crate::time::{HOUR, SECOND};

/// A browser's disk, jar and clock around a state.
#[derive(Default)]
struct World {
    state: State,
    now: Time,
    disk: BTreeMap<String, Incident>,
    tabs: BTreeMap<i32, Vec<String>>,
    sites: BTreeMap<String, SiteRecord>,
    jar: Vec<JarCookie>,
    undo: BTreeMap<String, Vec<JarCookie>>,
    log: Vec<String>,
    /// Dies before the effect whose log line starts with this.
    dies_before: Option<&'static str>,
}

impl World {
    fn new() -> Self {
        let mut world = Self { now: Time(1_790_000_000_000), ..Self::default() };
        world.jar = vec![cookie("sid"), cookie("remember_me"), cookie("theme")];
        world
    }

    fn happens(&mut self, event: Event) {
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

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Save(id) => {
                let incident = self.state.incident(&id)?.clone();
                if !incident.private {
                    self.disk.insert(id, incident);
                }
            }
            Effect::Forget(id) => drop(self.disk.remove(&id)),
            Effect::SaveTabs => self.tabs = self.state.tabs().clone(),
            Effect::Amend { site, change } => {
                self.sites.entry(site.clone()).or_insert_with(|| SiteRecord::new(&site)).amend(&change);
            }
            Effect::Gather(incident) => {
                let site = self.state.incident(&incident)?.site.clone();
                let mut jar = self.jar.clone();
                let record = self.sites.entry(site.clone()).or_insert_with(|| SiteRecord::new(&site));
                record.see(&mut jar, self.now, &MarkKey::default());
                return Some(Event::Gathered { incident, jar: Known::Present(jar), past: record.past() });
            }
            Effect::Snapshot(id, wanted) => {
                let kept: Vec<JarCookie> =
                    self.jar.iter().filter(|cookie| wanted.contains(&cookie.id)).cloned().collect();
                let count = u32::try_from(kept.len()).unwrap();
                self.undo.insert(id.clone(), kept);
                return Some(Event::Snapshotted(id, Ok(count)));
            }
            Effect::Remove(id, wanted) => {
                self.jar.retain(|cookie| !wanted.contains(&cookie.id));
                let of = u32::try_from(self.undo[&id].len()).unwrap();
                return Some(Event::Removed(id, of, of));
            }
            Effect::Restore(id) => {
                let kept = self.undo.get(&id).cloned().unwrap_or_default();
                let restored = u32::try_from(kept.len()).unwrap();
                self.jar.extend(kept);
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
    fn is_killed(&mut self) {
        let open = self.disk.values().filter(|incident| incident.closed.is_none()).cloned().collect();
        let recorded: BTreeSet<String> = self.sites.keys().cloned().collect();
        self.state = State::new(open, self.tabs.clone(), recorded);
        self.happens(Event::Woken);
    }

    fn loads(&mut self, path: &str, status: u16) {
        self.request(Kind::MainFrame, path, status, Some("sid=1; theme=dark"), &[]);
        self.happens(Event::TabComplete { tab: 7, site: Some("app.test".into()) });
    }

    fn fetches(&mut self, path: &str, status: u16, cookie: Option<&str>) {
        self.request(Kind::Fetch, path, status, cookie, &[]);
    }

    fn request(
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

    fn request_with(&mut self, kind: Kind, path: &str, status: u16, change: impl FnOnce(&mut Observation)) {
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

    fn clicks(&mut self, fix: FixId) {
        self.now = self.now.plus(1);
        let incident = self.only();
        let removes =
            incident.offers().iter().find(|offer| offer.fix == fix).map_or(0, |offer| offer.cookies.len());
        let incident = incident.id.clone();
        self.happens(Event::Asked(Request::Fix { incident, fix, tab: 7, removes }));
    }

    fn only(&self) -> &Incident {
        let shown: Vec<&Incident> = self.state.incidents.iter().filter(|i| i.closed.is_none()).collect();
        let all: Vec<&Incident> =
            if shown.is_empty() { self.state.incidents.iter().collect() } else { shown };
        assert_eq!(all.len(), 1, "{:#?}", self.log);
        all[0]
    }

    fn names(&self) -> Vec<&str> {
        self.jar.iter().map(|cookie| cookie.id.name.as_str()).collect()
    }
}

fn describe(effect: &Effect) -> String {
    let name = format!("{effect:?}");
    let end = name.find(['(', '{', ' ']).unwrap_or(name.len());
    match effect {
        Effect::Badge { locked, .. } => format!("Badge {locked}"),
        Effect::Reload { fresh, .. } => format!("Reload {fresh}"),
        Effect::Refuse(why) => format!("Refuse {why}"),
        _ => name[..end].to_owned(),
    }
}

fn cookie(name: &str) -> JarCookie {
    JarCookie {
        id: CookieId {
            name: name.into(),
            domain: "app.test".into(),
            path: "/".into(),
            store: "0".into(),
            partition: None,
        },
        host_only: true,
        secure: true,
        http_only: true,
        expires: None,
        first_seen: None,
        size: 5,
        mark: None,
        token_expires: None,
    }
}

#[test]
fn from_the_refusal_to_the_recovery() {
    let mut world = World::new();
    world.loads("/account", 401);
    assert_eq!(world.only().phase, Phase::Open);
    assert_eq!(world.only().cause().id(), "session_expired");
    assert_eq!(world.only().offers()[0].fix, FixId::RemoveCookies);
    assert!(world.log.contains(&"Badge true".to_owned()));

    world.clicks(FixId::RemoveCookies);
    assert_eq!(world.names(), ["remember_me", "theme"], "just the suspect is gone");
    world.loads("/account", 200);
    let incident = world.only().clone();
    assert_eq!(incident.phase, Phase::Recovered);
    assert_eq!(incident.closed.and_then(|closed| closed.by), Some(FixId::RemoveCookies));
    assert_eq!(world.disk[&incident.id], incident, "memory is a cache of the disk");
    assert_eq!(world.log.iter().rev().find(|line| line.starts_with("Badge")).unwrap(), "Badge false");
    assert_eq!(world.sites["app.test"].fixes[0].worked, 1);

    world.happens(Event::Asked(Request::Undo { incident: incident.id }));
    assert!(world.names().contains(&"sid"));
    assert_eq!(world.only().undo.unwrap().done.unwrap().restored, 1);
}

#[test]
fn what_matters_is_on_disk_before_it_is_acted_on() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.log.clear();
    world.clicks(FixId::RemoveCookies);
    let place = |name: &str| world.log.iter().position(|line| line == name).unwrap();
    assert!(place("Save") < place("Snapshot"));
    assert!(place("Snapshot") < place("Remove"));
    assert!(world.log[place("Snapshot")..place("Remove")].contains(&"Save".to_owned()));
    assert!(world.log[place("Remove")..place("Reload false")].contains(&"Save".to_owned()));
}

#[test]
fn killed_anywhere_it_goes_on_where_it_was() {
    for step in [
        "Gather",
        "Badge",
        "Save",
        "Snapshot",
        "Remove",
        "Reload",
        "Amend",
        "SaveWatch",
        "SaveTabs",
        "KeepAwake",
    ] {
        for while_fixing in [false, true] {
            let mut world = World::new();
            if !while_fixing {
                world.dies_before = Some(step);
            }
            world.loads("/account", 401);
            if world.log.contains(&"killed".to_owned()) {
                world.is_killed();
                // Killed before its first write the refusal itself was not seen: it is seen again.
                world.loads("/account", 401);
            }
            assert_eq!(world.only().cause().id(), "session_expired", "{step}");
            if while_fixing {
                world.log.clear();
                world.dies_before = Some(step);
            }
            world.clicks(FixId::RemoveCookies);
            let was_killed = world.log.contains(&"killed".to_owned());
            if was_killed {
                world.is_killed();
            }
            if matches!(world.only().phase, Phase::Open) {
                // The click itself was lost before anything was written: nothing is half done.
                assert!(world.names().contains(&"sid"), "{step}");
                world.clicks(FixId::RemoveCookies);
            }
            world.dies_before = None;
            assert!(!world.names().contains(&"sid"), "{step}: {:#?}", world.log);
            assert_eq!(world.undo.values().map(Vec::len).sum::<usize>(), 1, "{step}: undo is there");
            world.loads("/account", 200);
            assert_eq!(world.only().phase, Phase::Recovered, "{step} {while_fixing}: {:#?}", world.log);
            assert_eq!(world.disk.len(), 1, "{step}: nothing twice");
        }
    }
}

#[test]
fn a_fix_that_does_not_help_is_never_said_to() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    world.loads("/account", 401);
    let incident = world.only();
    assert_eq!(incident.phase, Phase::StillLocked);
    assert_eq!(incident.attempts[0].outcome, Some(Outcome::StillLocked { status: 401 }));
    assert_ne!(incident.offers()[0].fix, FixId::RemoveCookies, "the next thing takes its place");
    assert_eq!(incident.count, 2);
    assert_eq!(world.sites["app.test"].fixes[0].failed, 1);
}

#[test]
fn neither_is_one_that_ends_in_another_error() {
    for status in [404, 500] {
        let mut world = World::new();
        world.loads("/account", 401);
        world.clicks(FixId::Retry);
        world.loads("/account", status);
        assert_eq!(world.only().phase, Phase::StillLocked, "{status}");
    }
}

#[test]
fn one_that_removes_nothing_is_said_to_have_failed() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.jar.retain(|cookie| cookie.id.name != "sid");
    world.clicks(FixId::RemoveCookies);
    let incident = world.only();
    assert_eq!(incident.phase, Phase::Open);
    assert!(
        matches!(&incident.attempts[0].outcome, Some(Outcome::Failed { why }) if why.key == "trouble_nothing_there")
    );
}

#[test]
fn a_lone_probe_is_quiet_and_a_repeated_one_is_not() {
    let mut world = World::new();
    world.loads("/", 200);
    world.fetches("/api/me", 401, None);
    assert!(world.state.incidents.is_empty());
    world.fetches("/api/me", 401, None);
    assert_eq!(world.only().count, 1);
    // A page that loads anew may ask anew.
    let mut world = World::new();
    for _ in 0..5 {
        world.loads("/", 200);
        world.fetches("/api/me", 401, None);
    }
    assert!(world.state.incidents.is_empty());
}

#[test]
fn a_renewal_that_ends_well_leaves_nothing() {
    let mut world = World::new();
    world.fetches("/api/me", 401, Some("sid=1"));
    assert_eq!(world.only().phase, Phase::Seen);
    assert!(!world.log.contains(&"Badge true".to_owned()));
    world.fetches("/api/me", 200, Some("sid=2"));
    assert!(world.state.incidents.is_empty() && world.disk.is_empty() && world.tabs.is_empty());
}

#[test]
fn a_renewal_that_does_not_end_well_is_shown() {
    let mut world = World::new();
    world.fetches("/api/me", 401, Some("sid=1"));
    let id = world.only().id.clone();
    world.happens(Event::Settled(id));
    assert_eq!(world.only().phase, Phase::Open);
    assert!(world.log.contains(&"Badge true".to_owned()));
    // Long after, without our doing.
    world.now = world.now.plus(60 * SECOND);
    world.fetches("/api/me", 200, Some("sid=2"));
    assert_eq!(world.only().closed.unwrap().by, None);
}

#[test]
fn a_prompt_is_not_a_lock_out_until_the_page_settles() {
    let mut world = World::new();
    world.request(Kind::MainFrame, "/", 401, None, &[("WWW-Authenticate", "Basic realm=x")]);
    assert_eq!(world.only().phase, Phase::Seen);
    world.request(Kind::MainFrame, "/", 200, None, &[]);
    assert!(world.disk.is_empty(), "the person typed the right password");
    world.request(Kind::MainFrame, "/", 401, None, &[("WWW-Authenticate", "Basic realm=x")]);
    world.happens(Event::TabComplete { tab: 7, site: None });
    assert_eq!(world.only().phase, Phase::Open);
}

#[test]
fn repeats_fold_into_one_and_are_not_written_each_time() {
    let mut world = World::new();
    for _ in 0..500 {
        world.now = world.now.plus(-49);
        world.fetches("/api/me", 401, Some("sid=1"));
    }
    assert_eq!(world.only().count, 500);
    let writes = world.log.iter().filter(|line| *line == "Save").count();
    assert!(writes < 20, "{writes} writes for 500 failures in half a second");
}

#[test]
fn sites_stores_and_windows_stay_apart() {
    let mut world = World::new();
    let base = |store: &str, private: bool, site: &str| {
        let observation = Observation {
            at: Time(1),
            url: format!("https://{site}/"),
            method: "GET".into(),
            kind: Kind::MainFrame,
            tab: Some(7),
            store: store.into(),
            private,
            status: 401,
            request_headers: Some(Vec::new()),
            ..Observation::default()
        };
        Event::Exchange(Box::new(observation.into_exchange(&MarkKey::default())))
    };
    for event in [
        base("0", false, "a.test"),
        base("0", false, "b.test"),
        base("2", false, "a.test"),
        base("1", true, "a.test"),
    ] {
        world.happens(event);
    }
    assert_eq!(world.state.incidents.len(), 4);
    assert_eq!(world.disk.len(), 3, "nothing of a private window on disk");
}

#[test]
fn a_private_window_that_closes_leaves_nothing() {
    let mut world = World::new();
    let observation = Observation {
        at: Time(1),
        url: "https://a.test/".into(),
        method: "GET".into(),
        kind: Kind::MainFrame,
        tab: Some(9),
        private: true,
        status: 401,
        request_headers: Some(Vec::new()),
        ..Observation::default()
    };
    world.happens(Event::Exchange(Box::new(observation.into_exchange(&MarkKey::default()))));
    assert_eq!(world.state.incidents.len(), 1);
    assert!(!world.state.watch_list(false).recorded.contains(&"a.test".to_owned()));
    world.happens(Event::TabRemoved(9));
    assert!(world.state.incidents.is_empty() && world.state.tabs().is_empty());
}

#[test]
fn a_tab_that_goes_elsewhere_no_longer_shows_it() {
    let mut world = World::new();
    world.loads("/account", 401);
    assert_eq!(world.state.tabs().len(), 1);
    let observation = Observation {
        at: world.now,
        url: "https://elsewhere.test/".into(),
        kind: Kind::MainFrame,
        tab: Some(7),
        status: 200,
        ..Observation::default()
    };
    world.happens(Event::Exchange(Box::new(observation.into_exchange(&MarkKey::default()))));
    assert!(world.state.tabs().is_empty());
    assert_eq!(world.only().phase, Phase::Open, "it is not over, just not here");
}

#[test]
fn a_tab_closed_mid_check_ends_the_check() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::Retry);
    world.happens(Event::TabRemoved(7));
    assert_eq!(world.only().phase, Phase::Open);
    assert!(
        matches!(&world.only().attempts[0].outcome, Some(Outcome::Failed { why }) if why.key == "trouble_tab_gone")
    );
}

#[test]
fn a_sign_in_page_after_the_fix_is_said_and_not_called_recovery() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    let event = sent_on(&world, "https://app.test/login");
    world.happens(event);
    assert!(matches!(world.only().phase, Phase::Checking { at_sign_in: true, .. }));
    world.loads("/account", 200);
    assert_eq!(world.only().phase, Phase::Recovered);
}

/// A page that the tab came to from `/account`.
fn sent_on(world: &World, url: &str) -> Event {
    let observation = Observation {
        at: world.now.plus(1),
        url: url.into(),
        method: "GET".into(),
        kind: Kind::MainFrame,
        tab: Some(7),
        store: "0".into(),
        status: 200,
        hops: vec![("https://app.test/account".into(), 302)],
        ..Observation::default()
    };
    Event::Exchange(Box::new(observation.into_exchange(&MarkKey::default())))
}

#[test]
fn a_sign_in_elsewhere_is_one_too_and_any_other_page_of_the_site_is_recovery() {
    for (url, recovered) in [
        ("https://sso.test/realms/a", false),
        ("https://app.test/users/sign_in", false),
        ("https://app.test/home", true),
    ] {
        let mut world = World::new();
        world.loads("/account", 401);
        world.clicks(FixId::RemoveCookies);
        let event = sent_on(&world, url);
        world.happens(event);
        assert_eq!(world.only().phase == Phase::Recovered, recovered, "{url}");
        assert_eq!(
            matches!(world.only().phase, Phase::Checking { at_sign_in: true, .. }),
            !recovered,
            "{url}"
        );
    }
}

#[test]
fn a_tab_that_leaves_mid_check_ends_the_check() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::Retry);
    let observation = Observation {
        url: "https://elsewhere.test/".into(),
        kind: Kind::MainFrame,
        tab: Some(7),
        status: 200,
        ..Observation::default()
    };
    world.happens(Event::Exchange(Box::new(observation.into_exchange(&MarkKey::default()))));
    assert_eq!(world.only().phase, Phase::Open);
}

#[test]
fn what_is_not_offered_or_gone_is_refused() {
    let mut world = World::new();
    world.loads("/account", 401);
    let incident = world.only().id.clone();
    world.happens(Event::Asked(Request::Undo { incident: incident.clone() }));
    assert_eq!(world.log.last().unwrap(), "Refuse refused_undo_over");
    world.happens(Event::Asked(Request::Fix {
        incident: "nobody".into(),
        fix: FixId::Retry,
        tab: 7,
        removes: 0,
    }));
    assert_eq!(world.log.last().unwrap(), "Refuse refused_gone");
    let more = Request::Fix { incident: incident.clone(), fix: FixId::RemoveCookies, tab: 7, removes: 2 };
    world.happens(Event::Asked(more));
    assert_eq!(world.log.last().unwrap(), "Refuse refused_not_offered", "nothing but what was shown");
    world.happens(Event::Snapshotted(incident.clone(), Err(Line::new("trouble_storage"))));
    assert_eq!(world.only().phase, Phase::Open);
    world.loads("/account", 200);
    world.happens(Event::Asked(Request::Fix { incident, fix: FixId::Retry, tab: 7, removes: 0 }));
    assert_eq!(world.log.last().unwrap(), "Refuse refused_over", "a late click changes nothing");
}

#[test]
fn after_a_restart_of_the_browser_nothing_more_is_deleted_or_loaded() {
    for step in ["Snapshot", "Remove", "Reload"] {
        let mut world = World::new();
        world.loads("/account", 401);
        world.dies_before = Some(step);
        world.clicks(FixId::RemoveCookies);
        let before = world.names().len();
        world.tabs.clear();
        world.log.clear();
        world.is_killed();
        assert_eq!(world.names().len(), before, "{step}");
        assert!(!world.log.iter().any(|line| line.starts_with("Reload")), "{step}");
        assert_eq!(world.only().phase, Phase::Open, "{step}");
        assert_eq!(world.only().can_undo(world.now), step != "Snapshot", "{step}");
    }
}

#[test]
fn what_the_reload_broke_off_or_the_old_page_asked_says_nothing_of_the_fix() {
    let mut world = World::new();
    world.fetches("/api/me", 401, Some("sid=1"));
    let id = world.only().id.clone();
    world.happens(Event::Settled(id));
    let long_ago = world.now;
    world.clicks(FixId::RemoveCookies);
    for (status, error, began) in
        [(0, Some("net::ERR_ABORTED"), None), (401, None, Some(long_ago)), (200, None, Some(long_ago))]
    {
        world.request_with(Kind::Fetch, "/api/me", status, |observation| {
            observation.error = error.map(str::to_owned);
            observation.began = began;
        });
        assert!(matches!(world.only().phase, Phase::Checking { .. }), "{status}");
    }
    world.fetches("/api/me", 200, None);
    assert_eq!(world.only().closed.unwrap().by, Some(FixId::RemoveCookies));
}

#[test]
fn a_check_that_cannot_tell_says_so() {
    let mut world = World::new();
    world.fetches("/api/me", 401, Some("sid=1"));
    let id = world.only().id.clone();
    world.happens(Event::Settled(id.clone()));
    world.clicks(FixId::Retry);
    world.happens(Event::Settled(id.clone()));
    assert!(matches!(world.only().phase, Phase::Checking { .. }), "an earlier timer says nothing");
    world.now = world.now.plus(30 * SECOND);
    world.happens(Event::Settled(id));
    assert_eq!(world.only().attempts[0].outcome, Some(Outcome::Unclear));
    assert_eq!(world.only().phase, Phase::Open);
}

#[test]
fn another_request_that_looks_alike_is_not_the_same() {
    let mut world = World::new();
    world.loads("/orders/8f3a2b1c", 401);
    world.loads("/orders/77aa66bb", 200);
    assert_eq!(world.only().phase, Phase::Open);
    world.request_with(Kind::SubFrame, "/orders/8f3a2b1c", 200, |_| {});
    assert_eq!(world.only().phase, Phase::Open, "a frame is not the page");
    world.request_with(Kind::MainFrame, "/orders/8f3a2b1c", 200, |observation| observation.from_cache = true);
    assert_eq!(world.only().phase, Phase::Open, "a stored copy says nothing");
}

#[test]
fn signing_in_elsewhere_on_the_site_ends_it() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.request(Kind::MainFrame, "/login", 200, Some("sid=1"), &[]);
    assert_eq!(world.only().phase, Phase::Open);
    world.request(Kind::MainFrame, "/dashboard", 200, Some("sid=new"), &[]);
    assert_eq!(world.only().closed.unwrap().by, None, "by itself");
}

#[test]
fn a_page_without_a_request_takes_the_badge_away() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.happens(Event::TabComplete { tab: 7, site: Some(String::new()) });
    assert_eq!(world.log.last().unwrap(), "Badge false");
    assert!(world.state.tabs().is_empty());
}

#[test]
fn speculation_and_resources_are_no_lock_outs() {
    let mut world = World::new();
    world.request(Kind::Resource, "/logo.png", 403, Some("sid=1"), &[]);
    let speculative =
        Observation { speculative: true, status: 401, kind: Kind::MainFrame, ..Observation::default() };
    world.happens(Event::Exchange(Box::new(speculative.into_exchange(&MarkKey::default()))));
    assert!(world.state.incidents.is_empty());
}
