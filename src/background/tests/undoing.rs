//! Putting back what a fix took.

#![allow(clippy::indexing_slicing)]

use super::world::World;
use crate::background::{Effect, Event, Kept, step};
use crate::fix::FixId;
use crate::incident::Phase;
use crate::message::Request;
use crate::words::Line;

/// Back in after a removal that can be undone.
fn mended() -> (World, String) {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    world.loads("/account", 200);
    let id = world.only().id.clone();
    assert_eq!(world.only().phase, Phase::Recovered);
    assert!(!world.names().contains(&"sid"));
    (world, id)
}

#[test]
fn one_that_is_cut_off_is_gone_on_with() {
    for point in ["Restore", "Save", "DropUndo"] {
        let (mut world, incident) = mended();
        world.dies_before = Some(point);
        world.happens(Event::Asked(Request::Undo { incident: incident.clone() }));
        world.is_killed();
        if point == "Save" {
            // Nothing of the click was on disk: it is as if it had not been.
            assert!(!world.names().contains(&"sid"));
            assert!(world.disk[&incident].can_undo(world.now));
            continue;
        }
        let sids = world.names().iter().filter(|name| **name == "sid").count();
        assert_eq!(sids, 1, "{point}: {:?}", world.log);
        assert!(!world.disk[&incident].can_undo(world.now), "{point}");
        // Once more changes nothing.
        world.is_killed();
        assert_eq!(world.names().iter().filter(|name| **name == "sid").count(), 1);
    }
}

#[test]
fn one_that_fails_can_be_asked_for_again() {
    let (mut world, incident) = mended();
    let now = world.now;
    let asked = Event::Asked(Request::Undo { incident: incident.clone() });
    let effects = step(&mut world.state, asked.clone(), now);
    assert!(effects.contains(&Effect::Restore { incident: incident.clone(), again: false }));
    world.happens(Event::Restored(incident.clone(), Err(Line::new("trouble_page_closed"))));
    let undo = world.disk[&incident].undo.clone().unwrap();
    assert_eq!(undo.why, Some(Line::new("trouble_page_closed")));
    assert!(!world.log.iter().any(|line| line == "DropUndo"), "the copy stays");
    world.happens(asked);
    assert!(world.names().contains(&"sid"));
    assert_eq!(world.disk[&incident].undo.clone().unwrap().why, None);
}

#[test]
fn what_ends_with_the_browser_is_offered_no_more_in_the_next() {
    let (mut world, incident) = mended();
    world.happens(Event::Outlasted(incident.clone(), Kept { cookies: 1, items: 0 }));
    assert!(world.disk[&incident].can_undo(world.now));
    world.happens(Event::Outlasted(incident.clone(), Kept::default()));
    assert!(!world.disk[&incident].can_undo(world.now));
}
