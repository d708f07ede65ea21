//! Forgetting what a person wants forgotten.

#![allow(clippy::indexing_slicing)]

use super::world::World;
use crate::background::{Effect, Event, step};
use crate::fix::FixId;
use crate::incident::{Phase, Step};
use crate::message::{Deletion, Request};

/// Back in after a removal that can be undone.
fn mended() -> (World, String) {
    let mut world = World::new();
    world.loads("/account", 401);
    world.clicks(FixId::RemoveCookies);
    world.loads("/account", 200);
    let id = world.only().id.clone();
    assert!(world.undo.contains_key(&id));
    (world, id)
}

fn delete(world: &mut World, what: Deletion) {
    world.happens(Event::Asked(Request::Delete { what }));
}

#[test]
fn nothing_of_it_is_left_and_nothing_of_it_comes_back() {
    let (_, id) = mended();
    for what in [Deletion::Incident { id }, Deletion::Site { site: "app.test".into() }, Deletion::All] {
        let (mut world, id) = mended();
        assert!(!world.state.watch_list(false).recorded.is_empty());
        delete(&mut world, what.clone());
        assert!(world.disk.is_empty() && world.undo.is_empty() && world.sites.is_empty(), "{what:?}");
        assert!(world.state.incident(&id).is_none() && world.tabs.values().all(Vec::is_empty), "{what:?}");
        assert!(world.state.watch_list(false).recorded.is_empty(), "{what:?}");
        // Nothing writes it anew, not even the next wake or an undo.
        world.happens(Event::Asked(Request::Undo { incident: id.clone() }));
        world.is_killed();
        assert!(world.disk.is_empty(), "{what:?}: {:?}", world.log);
        // What locks out next is a new one.
        world.loads("/account", 401);
        assert_eq!(world.disk.len(), 1);
        assert_ne!(world.only().id, id);
    }
}

#[test]
fn other_sites_are_left_alone() {
    let (mut world, id) = mended();
    delete(&mut world, Deletion::Site { site: "other.test".into() });
    delete(&mut world, Deletion::Incident { id: "000".into() });
    assert!(world.disk.contains_key(&id) && world.undo.contains_key(&id));
}

#[test]
fn not_in_the_middle_of_a_fix_and_nothing_of_a_private_window() {
    let (mut world, id) = mended();
    let now = world.now;
    let asked = |what: &Deletion| Event::Asked(Request::Delete { what: what.clone() });
    let one = Deletion::Incident { id: id.clone() };
    world.state.get(&id).unwrap().phase = Phase::Fixing { step: Step::Remove };
    for what in [&one, &Deletion::All] {
        assert_eq!(step(&mut world.state, asked(what), now), [Effect::Refuse("refused_busy")]);
        assert!(world.state.incident(&id).is_some());
    }
    world.state.get(&id).unwrap().phase = Phase::Recovered;
    world.state.get(&id).unwrap().private = true;
    assert_eq!(step(&mut world.state, asked(&one), now), [Effect::Refuse("refused_private")]);
    let effects = step(&mut world.state, asked(&Deletion::All), now);
    assert!(effects.contains(&Effect::Delete(Deletion::All, Vec::new())), "{effects:?}");
    assert!(world.state.incident(&id).is_some());
}
