//! What is chosen, and what follows from it.

use serde_json::{Value, json};

use super::world::World;
use crate::background::{Effect, Event, Routine};
use crate::exchange::Kind;
use crate::fix::FixId;
use crate::incident::Phase;
use crate::message::Request;
use crate::settings::{Change, Settings};
use crate::sorted::Set;
use crate::time::{DAY, Time};

fn set(world: &mut World, change: Change) {
    world.happens(Event::Asked(Request::Set { change }));
}

fn ignore(world: &mut World, site: &str, on: bool) {
    set(world, Change::Ignored { site: site.into(), on });
}

fn policy(managed: Value) -> Event {
    Event::Configured(Box::new(Settings::read(&Value::Null, &managed)))
}

#[test]
fn a_site_that_is_left_alone_stays_quiet() {
    let mut world = World::new();
    ignore(&mut world, "app.test", true);
    assert!(world.log.contains(&"SaveSettings".to_owned()) && world.log.contains(&"SaveWatch".to_owned()));
    world.loads("/", 401);
    world.fetches("/api", 401, Some("sid=1"));
    assert!(world.state.incidents.is_empty() && world.disk.is_empty());
    assert_eq!(world.state.watch_list(false).ignored, ["app.test"]);
    ignore(&mut world, "app.test", false);
    world.loads("/", 401);
    assert_eq!(world.only().phase, Phase::Open);
}

#[test]
fn what_another_sites_page_asks_of_it_stays_quiet_too() {
    let mut world = World::new();
    ignore(&mut world, "page.test", true);
    world.request_with(Kind::Fetch, "/api", 401, |observation| {
        observation.page = Some("https://page.test/".into());
        observation.request_headers = Some(vec![("Authorization".into(), "Bearer x".into())]);
    });
    assert!(world.state.incidents.is_empty());
}

#[test]
fn leaving_a_site_alone_ends_what_is_open_there() {
    let mut world = World::new();
    world.loads("/", 401);
    assert!(world.log.contains(&"Badge true".to_owned()));
    ignore(&mut world, "app.test", true);
    let incident = world.disk.values().next().unwrap();
    assert_eq!((incident.phase, incident.closed.unwrap().by), (Phase::Lapsed, None));
    assert_eq!(world.log.iter().rfind(|line| line.starts_with("Badge")).unwrap(), "Badge false");
    assert!(world.state.watch_list(false).open.is_empty());
}

#[test]
fn nothing_is_cut_off_by_leaving_a_site_alone() {
    let mut world = World::new();
    world.loads("/", 401);
    world.dies_before = Some("Remove");
    world.clicks(FixId::RemoveCookies);
    assert!(matches!(world.only().phase, Phase::Fixing { .. }));
    for request in
        [Request::Set { change: Change::Ignored { site: "app.test".into(), on: true } }, Request::Erase]
    {
        world.happens(Event::Asked(request));
        assert_eq!(world.log.last().unwrap(), "Refuse refused_busy");
        assert!(matches!(world.only().phase, Phase::Fixing { .. }));
    }
    assert!(!world.state.settings().is_ignored("app.test"));
}

#[test]
fn a_status_that_is_not_watched() {
    let mut world = World::new();
    set(&mut world, Change::Status { status: 403, on: false });
    world.loads("/", 403);
    assert!(world.state.incidents.is_empty());
    assert_eq!(world.state.watch_list(false).off, [403]);
    world.loads("/", 401);
    assert_eq!(world.only().exchange.status, 401);
    set(&mut world, Change::Status { status: 401, on: false });
    assert!(world.state.incidents.iter().all(|incident| incident.phase == Phase::Lapsed));
}

#[test]
fn a_fix_still_fails_with_a_status_that_is_not_watched() {
    let mut world = World::new();
    set(&mut world, Change::Status { status: 403, on: false });
    world.loads("/", 401);
    world.clicks(FixId::Retry);
    world.loads("/", 403);
    assert_eq!(world.only().phase, Phase::StillLocked);
}

#[test]
fn what_an_organisation_turned_off_is_neither_offered_nor_done() {
    let mut world = World::new();
    world.loads("/", 401);
    assert!(world.only().offers().iter().any(|offer| offer.fix == FixId::Retry));
    world.happens(policy(json!({ "fixesOff": ["retry"] })));
    // Shown before the policy came.
    world.clicks(FixId::Retry);
    assert_eq!(world.log.last().unwrap(), "Refuse refused_not_offered");
    assert!(world.only().attempts.is_empty());
    world.loads("/other", 200);
    world.loads("/", 403);
    let offers = |id: &str| world.state.incident(id).unwrap().offers().to_vec();
    let newest = world.disk.keys().next_back().unwrap();
    assert!(!offers(newest).is_empty() && offers(newest).iter().all(|offer| offer.fix != FixId::Retry));
    set(&mut world, Change::Days { days: 7 });
    assert!(world.log.contains(&"SaveSettings".to_owned()), "what it does not fix can be chosen");
}

#[test]
fn what_is_fixed_is_not_changed() {
    let mut world = World::new();
    world.happens(policy(json!({ "retentionDays": 30 })));
    world.log.clear();
    set(&mut world, Change::Days { days: 365 });
    assert_eq!(world.log, ["Refuse refused_fixed"]);
    assert_eq!(world.state.settings().days(), 30);
}

#[test]
fn the_daily_round_is_made_once_a_day() {
    let mut world = World::new();
    let rounds = |world: &World| world.log.iter().filter(|line| *line == "Retain").count();
    world.happens(Event::Woken);
    world.happens(Event::Woken);
    world.happens(Event::Asked(Request::Wake));
    assert_eq!(rounds(&world), 1);
    world.now = world.now.plus(DAY);
    world.happens(Event::Asked(Request::Wake));
    assert_eq!(rounds(&world), 2);
    // Less is kept from now on: at once.
    set(&mut world, Change::Days { days: 7 });
    assert_eq!(rounds(&world), 3);
    set(&mut world, Change::Days { days: 365 });
    assert_eq!(rounds(&world), 3);
    // A clock that is set back puts nothing off for ever.
    world.now = world.now.plus(-30 * DAY);
    world.happens(Event::Asked(Request::Wake));
    assert_eq!(rounds(&world), 4);
}

#[test]
fn a_lock_out_that_nobody_comes_back_to_lapses() {
    let mut world = World::new();
    world.loads("/", 401);
    let seen = world.only().last_seen;
    world.now = world.now.plus(6 * DAY);
    world.happens(Event::Woken);
    assert_eq!(world.only().phase, Phase::Open);
    world.now = world.now.plus(DAY);
    world.happens(Event::Woken);
    let incident = world.disk.values().next().unwrap();
    assert_eq!((incident.phase, incident.closed.unwrap().at), (Phase::Lapsed, seen));
    assert!(!world.disk.values().any(crate::incident::Incident::is_unfinished));
    // It comes again: that is another one.
    world.loads("/", 401);
    assert_eq!(world.disk.len(), 2);
}

#[test]
fn what_is_open_is_kept_however_little_is_to_be_kept() {
    let mut world = World::new();
    set(&mut world, Change::Most { most: 1 });
    set(&mut world, Change::Days { days: 30 });
    world.loads("/", 401);
    let id = world.only().id.clone();
    world.now = world.now.plus(2 * DAY);
    let effects = crate::background::step(&mut world.state, Event::Woken, world.now);
    let retain = effects.iter().find_map(|effect| match effect {
        Effect::Retain { before, most, open } => Some((*before, *most, open.clone())),
        _ => None,
    });
    assert_eq!(retain, Some((world.now.plus(-30 * DAY), 1, vec![id])));
}

#[test]
fn an_open_one_that_is_older_than_what_is_kept_goes() {
    let mut world = World::new();
    set(&mut world, Change::Days { days: 2 });
    world.loads("/", 401);
    world.now = world.now.plus(3 * DAY);
    world.happens(Event::Woken);
    assert!(world.state.incidents.is_empty() && world.disk.is_empty());
}

#[test]
fn a_site_whose_record_went_is_not_followed_any_more() {
    let mut world = World::new();
    world.loads("/", 401);
    world.loads("/", 200);
    assert_eq!(world.state.watch_list(false).recorded, ["app.test"]);
    world.happens(Event::Retained(Set::from(["said.test".to_owned()])));
    assert_eq!(world.state.watch_list(false).recorded, ["said.test"]);
    assert!(world.state.incidents.is_empty(), "what is over is read from disk when it is asked for");
}

#[test]
fn erased_as_if_it_had_never_been() {
    let mut world = World::new();
    world.happens(policy(json!({ "retentionDays": 30 })));
    set(&mut world, Change::Notifications { on: true });
    world.loads("/", 401);
    world.happens(Event::Asked(Request::Erase));
    assert_eq!(world.log.last().unwrap(), "Erase");
    assert!(world.log.iter().rev().take(4).any(|line| line == "Badge false"));
    assert!(world.state.incidents.is_empty() && world.state.tabs.is_empty());
    assert_eq!(world.state.watch_list(false), crate::background::Watch::default());
    assert!(!world.state.settings().notifications());
    assert_eq!(world.state.settings().days(), 30, "what the organisation chose is not the person's to erase");
}

#[test]
fn a_notification_once_where_they_are_on() {
    let told = |world: &World| world.log.iter().filter(|line| *line == "Notify").count();
    let mut world = World::new();
    world.loads("/", 401);
    assert_eq!(told(&world), 0, "off at first");
    let mut world = World::new();
    set(&mut world, Change::Notifications { on: true });
    world.loads("/", 401);
    world.loads("/", 401);
    assert_eq!(told(&world), 1);
    world.clicks(FixId::Retry);
    world.loads("/", 401);
    assert_eq!(told(&world), 1, "who presses a button is looking");
}

#[test]
fn nothing_of_a_private_window_is_notified() {
    let mut world = World::new();
    set(&mut world, Change::Notifications { on: true });
    world.request_with(Kind::MainFrame, "/", 401, |observation| observation.private = true);
    world.happens(Event::TabComplete { tab: 7, site: Some("app.test".into()) });
    assert_eq!(world.only().phase, Phase::Open);
    assert!(!world.log.contains(&"Notify".to_owned()));
}

/// The jar of a site in which `sid` ends then.
fn looked(world: &mut World, ends: &[(&str, Option<Time>)]) {
    let jar = ends.iter().map(|(name, expires)| {
        let mut cookie = super::world::cookie(name);
        cookie.expires = *expires;
        cookie
    });
    let jar = jar.collect();
    world.happens(Event::Ahead(vec![("app.test".into(), jar)]));
}

#[test]
fn a_long_sign_in_that_comes_to_its_end_is_told_of_once() {
    let mut world = World::new();
    set(&mut world, Change::Expiry { site: "app.test".into(), on: true });
    assert_eq!(world.log.last().unwrap(), "LookAhead", "at once");
    let end = world.now.plus(30 * DAY);
    let far = world.now.plus(900 * DAY);
    looked(&mut world, &[("sid", Some(end)), ("theme", Some(far)), ("remember_me", None)]);
    assert_eq!(world.state.routine().ahead.get("app.test"), Some(&end));
    assert!(!world.log.contains(&"Warn".to_owned()));
    // Nothing is due before its day comes, but a look now and then.
    world.log.clear();
    world.happens(Event::Asked(Request::Wake));
    assert!(!world.log.contains(&"LookAhead".to_owned()));
    world.now = end.plus(-DAY);
    world.happens(Event::Asked(Request::Wake));
    assert!(world.log.contains(&"LookAhead".to_owned()));
    looked(&mut world, &[("sid", Some(end))]);
    looked(&mut world, &[("sid", Some(end))]);
    assert_eq!(world.log.iter().filter(|line| *line == "Warn").count(), 1);
}

#[test]
fn a_sign_in_that_was_renewed_or_is_always_short_is_not_told_of() {
    let mut world = World::new();
    set(&mut world, Change::Expiry { site: "app.test".into(), on: true });
    let (now, end) = (world.now, world.now.plus(3 * DAY));
    looked(&mut world, &[("sid", Some(end))]);
    world.now = end.plus(-DAY);
    looked(&mut world, &[("sid", Some(end.plus(3 * DAY)))]);
    assert_eq!(world.state.routine().ahead["app.test"], end.plus(3 * DAY));
    // Another that lasts longer carries on, and one that only ever lasts minutes is no news.
    let soon = world.now.plus(60_000);
    looked(&mut world, &[("sid", Some(soon)), ("remember_me", Some(now.plus(90 * DAY)))]);
    assert_eq!(world.state.routine().ahead["app.test"], now.plus(90 * DAY));
    looked(&mut world, &[]);
    looked(&mut world, &[("sid", Some(soon))]);
    assert!(!world.log.contains(&"Warn".to_owned()));
    set(&mut world, Change::Expiry { site: "app.test".into(), on: false });
    assert_eq!(
        *world.state.routine(),
        Routine { tidied: world.state.routine().tidied, ..Routine::default() }
    );
}

#[test]
fn what_is_old_by_its_end_and_not_by_its_beginning() {
    let mut world = World::new();
    world.loads("/", 401);
    let mut incident = world.only().clone();
    let later = |days: i64| incident.first_seen.plus(days * DAY);
    assert!(!crate::background::is_old(&incident, later(400)), "it is not over");
    let ends = later(10);
    incident.closed = Some(crate::incident::Closed { at: ends, by: None });
    assert!(!crate::background::is_old(&incident, ends));
    assert!(crate::background::is_old(&incident, ends.plus(1)));
}
