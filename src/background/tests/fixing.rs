//! From a click to the check.

#![allow(clippy::indexing_slicing)]

use super::world::{World, page_at};
use crate::background::Event;
use crate::exchange::{Kind, Observation};
use crate::fix::FixId;
use crate::incident::{Outcome, Phase};
use crate::mark::MarkKey;
use crate::message::Request;
use crate::time::SECOND;
use crate::words::Line;

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
    assert_eq!(world.only().undo.clone().unwrap().done.unwrap().restored, 1);
}

#[test]
fn a_page_that_leads_on_keeps_its_good_end_in_sight() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    world.loads("/account", 200);
    let id = world.only().id.clone();
    world.loads("/welcome", 200);
    assert_eq!(world.tabs.get(&7), Some(&vec![id.clone()]));
    world.is_killed();
    world.loads("/welcome/2", 200);
    assert_eq!(world.tabs.get(&7), Some(&vec![id]));
    // What the person goes to later is another page.
    world.now = world.now.plus(6 * SECOND);
    world.loads("/news", 200);
    assert_eq!(world.tabs.get(&7), None);
}

#[test]
fn who_is_locked_out_again_is_not_told_of_the_good_end_before() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    world.loads("/account", 200);
    let id = world.only().id.clone();
    world.is_killed();
    world.loads("/account", 401);
    let shown = &world.tabs[&7];
    assert!(shown.len() == 1 && *shown != [id], "{shown:?}");
}

/// The page itself knows what it was answered with, should the watcher have missed it.
#[test]
fn killed_while_the_page_is_on_its_way_the_page_is_asked() {
    let checking = Phase::Checking { reloaded: true, at_sign_in: false };
    let answers =
        [(200, Phase::Recovered), (401, Phase::StillLocked), (500, Phase::StillLocked), (0, checking)];
    for (status, wanted) in answers {
        let mut world = World::new();
        world.loads("/account", 401);
        world.clicks(FixId::RemoveCookies);
        let (clicked, before) = (world.now, world.now.plus(-SECOND));
        world.log.clear();
        world.is_killed();
        assert!(world.log.contains(&"Ask".to_owned()), "{:?}", world.log);
        let page = |at| Event::Answered(7, page_at("/account", at, status));
        let known = world.only().exchange.clone();
        world.happens(page(before));
        assert!(matches!(world.only().phase, Phase::Checking { .. }), "the old page is no answer");
        world.happens(page(clicked.plus(10)));
        assert_eq!(world.only().phase, wanted);
        assert_eq!(world.only().exchange, known, "the page knows less than the watcher knew");
    }
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
fn what_is_refused_in_another_way_is_refused() {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    world.request(Kind::MainFrame, "/account", 401, None, &[("WWW-Authenticate", "Negotiate")]);
    let incident = world.only();
    assert_eq!(incident.phase, Phase::StillLocked);
    assert_eq!(incident.attempts[0].outcome, Some(Outcome::StillLocked { status: 401 }));
}

#[test]
fn a_page_that_another_site_led_to_is_gone_to() {
    let mut world = World::new();
    let from = |referer: &str| vec![("Referer".to_owned(), referer.to_owned())];
    world.request_with(Kind::MainFrame, "/account", 401, |one| {
        one.request_headers = Some(from("https://portal.test/"));
    });
    assert!(world.only().is_gone_to());
    let mut world = World::new();
    world.request_with(Kind::MainFrame, "/account", 401, |one| {
        one.request_headers = Some(from("https://app.test/"));
    });
    assert!(!world.only().is_gone_to());
}
