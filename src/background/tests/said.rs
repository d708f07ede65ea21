//! What a person says is believed, here and the next time.

use super::world::{World, describe, page_at};
use crate::background::{Event, step};
use crate::cause::CauseId;
use crate::exchange::{Exchange, Kind};
use crate::fix::{FixId, Offer};
use crate::history::Amendment;
use crate::incident::Phase;
use crate::mark::MarkKey;
use crate::message::Request;
use crate::stored::{Area, StoredItem};
use crate::time::{SECOND, Time};

fn says(world: &mut World, said: impl FnOnce(String) -> Request) {
    let incident = world.state.incidents.last().map(|incident| incident.id.clone()).unwrap_or_default();
    world.happens(Event::Asked(said(incident)));
}

#[test]
fn a_cause_that_is_denied_is_not_named_again() {
    let mut world = World::new();
    world.loads("/account", 401);
    assert_eq!(world.only().cause(), CauseId::SessionExpired);
    let cause = CauseId::SessionExpired;
    says(&mut world, |incident| Request::Wrong { incident, cause, said: true });
    assert_ne!(world.only().cause(), cause);
    // Also after the site came right and went wrong again, and after a kill.
    world.loads("/account", 200);
    world.is_killed();
    world.loads("/account", 401);
    assert_ne!(world.only().cause(), cause);
    says(&mut world, |incident| Request::Wrong { incident, cause, said: false });
    assert!(world.only().verdicts().iter().any(|verdict| verdict.cause == cause));
}

#[test]
fn what_is_no_lock_out_stays_quiet() {
    let mut world = World::new();
    world.loads("/account", 401);
    says(&mut world, |incident| Request::Quiet { incident, said: true });
    assert_eq!(world.only().phase, Phase::Dismissed);
    assert!(world.log.ends_with(&["Badge false".to_owned(), "KeepAwake".to_owned()]), "{:?}", world.log);
    world.loads("/account", 401);
    assert_eq!(world.disk.len(), 1, "the next one leaves no trace");
    let id = world.only().id.clone();
    assert_eq!(world.tabs.get(&7), Some(&vec![id]), "where it can be taken back");
    says(&mut world, |incident| Request::Quiet { incident, said: false });
    assert_eq!(world.only().phase, Phase::Open);
    says(&mut world, |incident| Request::Quiet { incident, said: false });
    assert_eq!(world.log.last().map(String::as_str), Some("Refuse refused_over"));
}

fn page_says(status: u16) -> Option<Box<Exchange>> {
    page_at("/account", Time(0), status)
}

#[test]
fn a_page_that_is_checked_says_what_it_was_answered_with() {
    let mut world = World::new();
    world.happens(Event::Asked(Request::Check { tab: 7 }));
    assert_eq!(world.log, ["SaveTabs", "Look"]);
    assert_eq!(world.state.watched_tabs(), [7]);
    world.happens(Event::TabComplete { tab: 7, site: Some("app.test".into()) });
    assert_eq!(world.log.last().map(String::as_str), Some("Ask"));
    world.happens(Event::Answered(7, page_says(200)));
    assert_eq!(world.state.checks()[&7], Some(200));
    assert!(world.state.incidents.is_empty());
}

#[test]
fn a_refusal_that_only_the_page_knows_of_is_an_incident() {
    let mut world = World::new();
    world.happens(Event::Asked(Request::Check { tab: 7 }));
    world.happens(Event::Answered(7, page_says(401)));
    assert_eq!((world.only().phase, world.only().exchange.status), (Phase::Open, 401));
    // Said once.
    world.happens(Event::Answered(7, page_says(401)));
    assert_eq!(world.only().count, 1);
}

#[test]
fn what_was_begun_and_must_be_mended_is_begun_again_as_such() {
    let mut world = World::new();
    world.loads("/account", 403);
    let offer = Offer::plain(FixId::ForgetHttpLogin);
    if let Some(diagnosis) = &mut world.state.incidents[0].diagnosis {
        diagnosis.offers = vec![offer];
    }
    world.dies_before = Some("Remove");
    world.clicks(FixId::ForgetHttpLogin);
    assert_eq!(world.log.last().map(String::as_str), Some("killed"));
    // Even where the tab is gone.
    world.tabs.clear();
    world.is_killed();
    assert!(world.log.iter().any(|line| line == "Remove"), "{:?}", world.log);
}

#[test]
fn an_entry_of_the_page_goes_and_can_be_put_back() {
    let mut world = World::new();
    world.stored = vec![StoredItem::new(Area::Local, "access_token", &MarkKey::default())];
    world.loads("/account", 401);
    let offer = Offer { items: world.stored.clone(), ..Offer::plain(FixId::RemoveStoredToken) };
    if let Some(diagnosis) = &mut world.state.incidents[0].diagnosis {
        diagnosis.offers = vec![offer];
    }
    world.clicks(FixId::RemoveStoredToken);
    assert!(world.stored.is_empty());
    assert_eq!(world.only().undo.as_ref().map(|undo| (undo.cookies, undo.items)), Some((0, 1)));
}

#[test]
fn advice_is_the_pages_own_affair() {
    let mut world = World::new();
    world.loads("/account", 401);
    let id = world.only().id.clone();
    let now = world.now;
    let asked = Request::Fix { incident: id, fix: FixId::CopyReport, tab: 7, removes: 0 };
    let effects = step(&mut world.state, Event::Asked(asked), now);
    assert!(effects.is_empty(), "{:?}", effects.iter().map(describe).collect::<Vec<_>>());
    assert!(world.only().attempts.is_empty());
}

#[test]
fn what_a_check_found_is_of_one_page() {
    let mut world = World::new();
    let sent = world.now;
    world.happens(Event::Asked(Request::Check { tab: 7 }));
    assert_eq!(world.state.checks()[&7], None, "under way");
    world.now = world.now.plus(SECOND);
    let found = page_at("/", world.now, 200);
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
        world
            .sites
            .or_insert_with(site.to_owned(), crate::history::SiteRecord::default)
            .amend(&Amendment::Wrong { cause, said: true });
    }
    world.loads("/account", 401);
    assert_eq!(world.only().denied, [CauseId::SessionExpired], "no clock is in question here");
}

#[test]
fn how_it_went_in_a_private_window_is_evidence() {
    let mut world = World::new();
    world.request(Kind::MainFrame, "/", 403, Some("theme=dark"), &[]);
    world.happens(Event::TabComplete { tab: 7, site: Some("app.test".into()) });
    let incident = world.only().id.clone();
    let says = |works| Event::Asked(Request::Private { incident: incident.clone(), works });
    let fixes = |world: &World| {
        let ids: Vec<&str> = world.only().offers().iter().map(|offer| offer.fix.id()).collect();
        ids.join(" ")
    };
    assert_eq!(fixes(&world), "retry reload_fresh open_private_window copy_report");
    world.clicks(FixId::OpenPrivateWindow);
    world.happens(says(Some(true)));
    // Something stored is in the way: what removes it is no guess any more.
    assert!(fixes(&world).starts_with("reload_fresh clear_site_cookies clear_site_data retry "));
    assert!(fixes(&world).ends_with(" open_private_window"), "it has told what it can");
    assert!(world.only().verdicts()[0].why.iter().any(|line| line.key == "why_private_works"));
    world.happens(says(Some(false)));
    assert!(fixes(&world).starts_with("check_status try_elsewhere retry "));
    assert!(!fixes(&world).contains("clear_"));
    assert!(world.only().verdicts()[0].why.iter().any(|line| line.key == "why_private_fails"));
    world.happens(says(None));
    assert_eq!(fixes(&world), "retry reload_fresh open_private_window copy_report");
}

#[test]
fn a_site_without_an_address_for_new_passwords_shows_its_sign_in_page() {
    for status in [404, 401] {
        let mut world = World::new();
        world.loads("/account", 401);
        let (url, otherwise) = ("https://app.test/.well-known/change-password", "https://app.test/login");
        let offer = Offer {
            url: Some(url.into()),
            otherwise: Some(otherwise.into()),
            ..Offer::plain(FixId::ChangePassword)
        };
        if let Some(diagnosis) = &mut world.state.incidents[0].diagnosis {
            diagnosis.offers = vec![offer];
        }
        world.clicks(FixId::ChangePassword);
        world.log.clear();
        world.request(Kind::MainFrame, "/.well-known/change-password", status, None, &[]);
        assert_eq!(world.log, ["GoTo"]);
        assert_eq!(world.only().phase, Phase::Checking { reloaded: false, at_sign_in: true });
    }
}

#[test]
fn what_devtools_show_is_judged_anew() {
    let mut world = World::new();
    world.request(Kind::MainFrame, "/account", 401, Some("sid=1"), &[]);
    let known = world.only().exchange.clone();
    let mut recorded = known.clone();
    recorded.kind = Kind::Fetch;
    recorded.store = String::new();
    recorded.signs = vec![crate::sign::Sign::TokenExpired];
    let shows = |world: &mut World, tab, exchange: &crate::exchange::Exchange| {
        world.log.clear();
        world.happens(Event::Recorded { tab, exchange: Box::new(exchange.clone()), shows_all: false });
        world.log.join(" ")
    };
    assert_eq!(shows(&mut world, 8, &recorded), "", "of another tab");
    let later = crate::exchange::Exchange { at: recorded.at.plus(60_000), ..recorded.clone() };
    assert_eq!(shows(&mut world, 7, &later), "", "of another time");
    assert_eq!(shows(&mut world, 7, &known), "", "nothing new");
    assert_eq!(shows(&mut world, 7, &recorded), "Save Gather Save");
    assert_eq!(world.only().exchange.seen_by, crate::exchange::SeenBy::DevTools);
    assert!(world.only().exchange.says(crate::sign::Sign::TokenExpired));
    assert_eq!(world.only().exchange.kind, Kind::MainFrame, "what the watcher saw stays");
}
