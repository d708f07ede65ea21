//! What a person says.

use super::world::World;
use crate::background::Event;
use crate::cause::CauseId;
use crate::exchange::{Exchange, Kind, Observation};
use crate::history::Amendment;
use crate::mark::MarkKey;
use crate::message::Request;
use crate::time::SECOND;

fn answer(world: &World, status: u16) -> Option<Box<Exchange>> {
    let observation = Observation {
        at: world.now,
        url: "https://app.test/".into(),
        method: "GET".into(),
        kind: Kind::MainFrame,
        tab: Some(7),
        status,
        ..Observation::default()
    };
    Some(Box::new(observation.into_exchange(&MarkKey::default())))
}

#[test]
fn what_a_check_found_is_of_one_page() {
    let mut world = World::new();
    let sent = world.now;
    world.happens(Event::Asked(Request::Check { tab: 7 }));
    assert_eq!(world.state.checks()[&7], None, "under way");
    world.now = world.now.plus(SECOND);
    let found = answer(&world, 200);
    world.happens(Event::Answered(7, found));
    assert_eq!(world.state.checks()[&7], Some(200));
    // The page's own request, told of after it.
    world.request_with(Kind::MainFrame, "/", 200, |observation| observation.began = Some(sent));
    assert_eq!(world.state.checks()[&7], Some(200));
    assert_eq!(world.state.watched_tabs(), [7], "the next page must be told of");
    world.log.clear();
    world.request_with(Kind::MainFrame, "/next", 200, |_| {});
    assert!(world.state.checks().is_empty() && world.state.watched_tabs().is_empty());
    assert_eq!(world.log, ["SaveTabs"]);
}

#[test]
fn what_was_denied_before_can_be_taken_back_where_it_matters() {
    let mut world = World::new();
    let site = "app.test";
    for cause in [CauseId::SessionExpired, CauseId::ClockSkew] {
        world.sites.entry(site.to_owned()).or_default().amend(&Amendment::Wrong { cause, said: true });
    }
    world.loads("/account", 401);
    assert_eq!(world.only().denied, [CauseId::SessionExpired], "no clock is in question here");
}
