//! From requests to incidents.

use super::world::{World, page_at};
use crate::background::Event;
use crate::exchange::{Kind, Observation};
use crate::incident::Phase;
use crate::mark::MarkKey;
use crate::time::{SECOND, Time};

#[test]
fn of_many_refusals_few_are_written_and_all_are_counted() {
    let mut world = World::new();
    let saves = |world: &World| world.log.iter().filter(|line| *line == "Save").count();
    world.fetches("/api/items", 401, Some("sid=1"));
    let id = world.only().id.clone();
    world.happens(Event::Settled(id.clone()));
    for _ in 1..100 {
        world.fetches("/api/items", 401, Some("sid=1"));
    }
    assert!(saves(&world) < 20, "{} writes in five seconds", saves(&world));
    assert_ne!(world.disk[&id].count, 100);
    world.happens(Event::Settled(id.clone()));
    assert_eq!((world.disk[&id].count, world.only().count), (100, 100));
    let before = saves(&world);
    world.happens(Event::Settled(id));
    assert_eq!(saves(&world), before, "nothing is new");
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

#[test]
fn a_sign_in_that_is_refused_is_no_question() {
    let mut world = World::new();
    world.loads("/", 200);
    let post = |observation: &mut Observation| observation.method = "POST".to_owned();
    world.request_with(Kind::Fetch, "/api/login", 401, post);
    assert_eq!(world.only().count, 1);
}

/// After an update of the extension, which session knows nothing of its tabs.
#[test]
fn a_page_that_stands_open_is_known_again() {
    let mut world = World::new();
    world.loads("/account", 401);
    let id = world.only().id.clone();
    world.tabs.clear();
    world.is_killed();
    let found = |path, status| Event::Found(page_at(path, Time(0), status).unwrap());
    for (path, status) in [("/account", 200), ("/other", 401)] {
        world.happens(found(path, status));
        assert!(world.state.tabs().is_empty(), "{path} {status}");
    }
    world.happens(found("/account", 401));
    assert_eq!(world.tabs[&7], [id]);
    assert_eq!((world.only().count, world.log.last().map(String::as_str)), (1, Some("Badge true")));
}

#[test]
fn an_app_s_page_that_stands_open_is_known_again() {
    let mut world = World::new();
    world.loads("/app", 200);
    world.fetches("/api/orders", 401, Some("sid=1"));
    let (id, last_seen) = (world.only().id.clone(), world.only().last_seen);
    world.tabs.clear();
    world.is_killed();
    world.happens(Event::Found(page_at("/app", last_seen.plus(1), 200).unwrap()));
    assert!(world.state.tabs().is_empty(), "a page that came after it");
    world.happens(Event::Found(page_at("/app", Time(0), 200).unwrap()));
    assert_eq!(world.tabs[&7], [id]);
}

#[test]
fn a_page_is_looked_for_where_it_stands_and_not_where_it_asks() {
    let mut world = World::new();
    world.request_with(Kind::MainFrame, "/account", 401, |page| page.page = Some("portal.test".into()));
    assert_eq!(world.state.sites_locked_out().into_iter().collect::<Vec<_>>(), ["app.test"]);
    let mut world = World::new();
    world.request_with(Kind::Fetch, "/api/orders", 401, |api| {
        api.url = "https://api.test/orders".into();
        api.page = Some("https://app.test".into());
        api.request_headers = Some(vec![("authorization".into(), "Bearer x".into())]);
    });
    assert_eq!(world.state.sites_locked_out().into_iter().collect::<Vec<_>>(), ["app.test"]);
}
