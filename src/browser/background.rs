//! Carries out the background's effects, and hands what they find back as events.

mod lists;
mod replies;
mod waking;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use futures_util::future::LocalBoxFuture;
use gloo_timers::callback::Timeout;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::value::{from_js, get, int, message_of, object, to_js};
use super::{
    alarms, api, deeds, gather, notices, routine, session, settings, snapshot, store, trouble, wire,
};
use crate::background::{Effect, Event, State, step};
use crate::http::address::Address;
use crate::incident::Incident;
use crate::mark::MarkKey;
use crate::message::{Deletion, Reply, Request};
use crate::words::Line;
use lists::{WatchLists, watch_lists};
use replies::{change, jar_of};

/// In milliseconds: by then what the background was woken for is on disk.
const PURGES_AFTER: u32 = 2_000;

/// A time for JavaScript's `setTimeout`, and the incident that it is for.
type Later = (u32, String);

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::default());
    static KEY: Cell<MarkKey> = const { Cell::new(MarkKey([0; 16])) };
}

/// What the watcher is told after each event.
#[derive(Serialize, Default)]
struct Answer {
    /// For the page that asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Reply>,
    /// What to look at from now on; only when it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    watch: Option<WatchLists>,
    /// When to call [`settled`], and for what.
    later: Vec<Later>,
    /// Was everything erased? Then what the watcher remembers goes as well.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    erased: bool,
}

/// Takes in an incident that is over, and so is not in memory after a wake.
async fn adopt(incident: &str) {
    let known = STATE.with(|state| state.borrow().incident(incident).is_some());
    if !known && let Ok(Some(stored)) = store::incident(incident).await {
        STATE.with(|state| state.borrow_mut().adopt(stored));
    }
}

/// One request that ended, as `extension/watch.js` describes it.
#[wasm_bindgen]
pub async fn exchange(details: JsValue) -> Result<JsValue, JsValue> {
    let exchange = wire::observation(details)?.into_exchange(&KEY.with(Cell::get));
    run(Event::Exchange(Box::new(exchange))).await
}

/// What browsers call no tab.
const NO_TAB: i32 = -1;

/// A tab has finished loading: its number, and its address where that can be seen.
#[wasm_bindgen]
pub async fn tab_complete(details: JsValue) -> Result<JsValue, JsValue> {
    let tab = int(&details, "tab").unwrap_or(NO_TAB);
    let url = get(&details, "url").as_string();
    let site = url.map(|url| Address::of_page(&url).map_or_else(String::new, |address| address.site()));
    run(Event::TabComplete { tab, site }).await
}

/// A time that was asked for by `later` is over.
#[wasm_bindgen]
pub async fn settled(incident: String) -> Result<JsValue, JsValue> {
    run(Event::Settled(incident)).await
}

/// The settings, or the organisation's, have changed on disk.
#[wasm_bindgen]
pub async fn configured() -> Result<JsValue, JsValue> {
    run(Event::Configured(Box::new(settings::read().await))).await
}

/// A tab is gone.
#[wasm_bindgen]
pub async fn tab_removed(tab: i32) -> Result<JsValue, JsValue> {
    run(Event::TabRemoved(tab)).await
}

/// A page asks for something. The sender has been checked.
#[wasm_bindgen]
pub async fn asked(message: JsValue) -> Result<JsValue, JsValue> {
    let Ok(request) = from_js::<Request>(message) else {
        let reply = Some(Reply::Refused { why: "refused_unreadable".to_owned() });
        return to_js(&Answer { reply, ..Answer::default() });
    };
    if let Some(incident) = request.incident() {
        adopt(incident).await;
    }
    run(Event::Asked(request)).await
}

/// A request as DevTools show it, put as the watcher puts its own.
#[wasm_bindgen]
pub async fn recorded(message: JsValue) -> Result<JsValue, JsValue> {
    let observation = wire::observation(get(&message, "details"))?;
    let Some(tab) = observation.tab else { return to_js(&Answer::default()) };
    let shows_all = observation.shows_credentials();
    let exchange = Box::new(observation.into_exchange(&KEY.with(Cell::get)));
    run(Event::Recorded { tab, exchange, shows_all }).await
}

/// Steps until nothing is left to do.
async fn run(event: Event) -> Result<JsValue, JsValue> {
    run_all([event]).await
}

/// The same for several events, and one answer.
async fn run_all(events: impl Into<VecDeque<Event>>) -> Result<JsValue, JsValue> {
    let mut events = events.into();
    let mut reply = matches!(events.front(), Some(Event::Asked(_))).then_some(Reply::Accepted);
    // The watcher looks closer at what it has just told of, until it is told otherwise.
    let mut watch = matches!(events.front(), Some(Event::Exchange(_) | Event::Woken));
    let (mut later, mut erased) = (Vec::new(), false);
    while let Some(event) = events.pop_front() {
        let effects = STATE.with(|state| step(&mut state.borrow_mut(), event, api::now()));
        let (mut saved, mut is_on_disk) = (false, true);
        for effect in effects {
            match effect {
                Effect::Refuse(why) => reply = Some(Reply::Refused { why: why.to_owned() }),
                Effect::ShowJar(id) => reply = Some(jar_of(&id).await),
                Effect::Settle(id, millis) => later.push((millis, id)),
                Effect::Save(id) => {
                    saved = true;
                    is_on_disk &= save(&id).await;
                }
                // What matters is on disk before it is acted on, or it is not acted on.
                Effect::Snapshot(id, _) | Effect::Remove { incident: id, .. } if !is_on_disk => {
                    events.push_back(Event::Snapshotted(id, Err(Line::new("trouble_storage"))));
                }
                Effect::SaveSettings | Effect::Erase => {
                    (watch, saved) = (true, true);
                    erased |= effect == Effect::Erase;
                    if let Some(why) = change(&effect).await {
                        reply = Some(Reply::Refused { why: why.to_owned() });
                        // What counts is what is written.
                        events.push_back(Event::Configured(Box::new(settings::read().await)));
                    }
                }
                effect => {
                    watch |= matches!(effect, Effect::SaveWatch | Effect::SaveTabs);
                    saved |= matches!(
                        effect,
                        Effect::Forget(_) | Effect::Delete(..) | Effect::SaveTabs | Effect::Retain { .. }
                    );
                    events.extend(carry_out(effect).await);
                }
            }
        }
        if saved {
            tell_pages();
        }
    }
    to_js(&Answer { reply, watch: watch.then(watch_lists), later, erased })
}

/// Writes an incident as it is now; says whether that was done.
async fn save(id: &str) -> bool {
    let Some(incident) = incident(id) else { return true };
    let done = if incident.private {
        session::put_incident(&incident).await
    } else {
        trouble::put_incident(&incident).await
    };
    if let Err(error) = &done {
        complain("an incident could not be written", error);
    }
    done.is_ok()
}

/// The key of this installation's marks.
pub fn mark_key() -> MarkKey {
    KEY.with(Cell::get)
}

/// Open pages read the records anew.
pub fn tell_pages() {
    wasm_bindgen_futures::spawn_local(async {
        // Nobody listens when no page is open, which the browser calls an error.
        let _ = api::send_message(&object([("kind", "changed".into())])).await;
    });
}

fn incident(id: &str) -> Option<Incident> {
    STATE.with(|state| state.borrow().incident(id).cloned())
}

/// Says on the console what went wrong, without anything of the site.
pub fn complain(what: &str, error: &JsValue) {
    web_sys::console::warn_1(&format!("Latchkey: {what}: {}", message_of(error)).into());
}

fn noted(what: &str, result: Result<(), JsValue>) {
    if let Err(error) = result {
        complain(what, &error);
    }
}

async fn carry_out(effect: Effect) -> Option<Event> {
    #[cfg(feature = "failpoints")]
    super::failpoint::reach(&effect).await;
    match effect {
        Effect::SaveTabs => noted("the tabs could not be written", lists::save_tabs().await),
        Effect::SaveWatch => noted("the watch list could not be written", lists::save_watch().await),
        // Nothing waits for it: not before what the background was woken for.
        Effect::Purge => {
            let purge = async {
                noted("old copies could not be dropped", store::purge_undo(api::now()).await);
            };
            Timeout::new(PURGES_AFTER, || wasm_bindgen_futures::spawn_local(purge)).forget();
        }
        later => return look_into(later).await,
    }
    None
}

/// What comes after a refusal is written down. Apart, and behind a pointer, as a browser compiles a function whole
/// when it is first called, and who waits for the writing needs none of this.
fn look_into(effect: Effect) -> LocalBoxFuture<'static, Option<Event>> {
    Box::pin(async move {
        match effect {
            Effect::Amend { site, change } if trouble::has_disk() => {
                noted(
                    "a site's record could not be written",
                    store::amend(&site, |record| record.amend(&change)).await,
                );
            }
            Effect::Gather(id) => return Some(gather::gather(&incident(&id)?).await),
            Effect::Ask(tab) => return Some(gather::ask(tab).await),
            Effect::Badge { tab, locked } => deeds::badge(tab, locked).await,
            Effect::KeepAwake(busy) => noted("no alarm could be set", alarms::keep_awake(busy).await),
            Effect::Notify(id) => noted("no notification", notices::notify(&incident(&id)?).await),
            asked @ (Effect::Delete(..)
            | Effect::DropUndo(_)
            | Effect::Forget(_)
            | Effect::GoTo { .. }
            | Effect::GoToReset { .. }
            | Effect::Look(_)
            | Effect::LookAhead(_)
            | Effect::OpenPrivate { .. }
            | Effect::Reload { .. }
            | Effect::Remove { .. }
            | Effect::Restore { .. }
            | Effect::Retain { .. }
            | Effect::Ring(_)
            | Effect::SaveRoutine
            | Effect::Snapshot(..)
            | Effect::Warn { .. }) => return seldom(asked).await,
            // Without a disk, or carried out where the effects are taken in hand.
            Effect::Amend { .. }
            | Effect::Erase
            | Effect::Purge
            | Effect::Refuse(_)
            | Effect::Save(_)
            | Effect::SaveSettings
            | Effect::SaveTabs
            | Effect::SaveWatch
            | Effect::Settle(..)
            | Effect::ShowJar(_) => {}
        }
        None
    })
}

/// What a person has asked for, and the daily round: most lives of the background need none of this.
fn seldom(effect: Effect) -> LocalBoxFuture<'static, Option<Event>> {
    Box::pin(async move {
        match effect {
            Effect::Look(tab) => noted("a page could not be loaded", deeds::reload(None, tab, false).await),
            Effect::DropUndo(id) => {
                let private = incident(&id)?.private;
                noted("a copy could not be dropped", snapshot::drop(&id, private).await);
            }
            Effect::SaveRoutine => {
                let done = STATE.with(|state| state.borrow().routine().clone());
                noted("the daily round could not be noted", routine::save(&done).await);
            }
            Effect::LookAhead(sites) => return Some(routine::ahead(sites, &mark_key()).await),
            Effect::Ring(at) => noted("no alarm could be set", alarms::ring(at).await),
            Effect::Warn { site, at } => noted("no notification", notices::warn(&site, at).await),
            Effect::Forget(id) => {
                let one = Deletion::Incident { id: id.clone() };
                noted("an incident could not be dropped", store::delete(&one).await);
                noted("an incident could not be dropped", session::forget_incident(&id).await);
            }
            Effect::Delete(what, ids) => {
                noted("records could not be deleted", store::delete(&what).await);
                for id in ids {
                    noted("an incident could not be dropped", session::forget_incident(&id).await);
                }
                return Some(Event::Deleted(store::recorded_sites().await.ok()?.into_iter().collect()));
            }
            Effect::Snapshot(id, offer) => {
                let kept = deeds::keep(&incident(&id)?, &offer).await;
                return Some(Event::Snapshotted(id, kept));
            }
            Effect::Remove { incident: id, offer, again } => {
                let done = deeds::remove(&incident(&id)?, &offer, again).await;
                return Some(Event::Removed(id, done));
            }
            Effect::Restore { incident: id, again } => {
                let done = deeds::restore(&incident(&id)?, again).await;
                return Some(Event::Restored(id, done));
            }
            Effect::Reload { incident: id, tab, fresh } => {
                let at = api::now();
                let done = deeds::reload(incident(&id).as_ref(), tab, fresh).await;
                return Some(loaded(id, at, done));
            }
            Effect::GoTo { incident, tab, url } => {
                let at = api::now();
                let done = api::tabs_update(tab, &object([("url", url.into())])).await.map(drop);
                return Some(loaded(incident, at, done));
            }
            Effect::GoToReset { incident, tab, otherwise } => {
                let at = api::now();
                return Some(loaded(incident, at, deeds::go_to_reset(tab, &otherwise).await));
            }
            Effect::OpenPrivate { incident, tab } => {
                return Some(Event::Opened(incident, deeds::open_private(tab).await));
            }
            Effect::Retain { before, most, open } if trouble::has_disk() => {
                match store::retain(before, most, &open.into_iter().collect()).await {
                    Ok(()) => {
                        let sites = store::recorded_sites().await.ok()?;
                        return Some(Event::Retained(sites.into_iter().collect()));
                    }
                    Err(error) => complain("what is old could not be deleted", &error),
                }
            }
            // Without a disk, or carried out above.
            _ => {}
        }
        None
    })
}

fn loaded(incident: String, at: crate::time::Time, done: Result<(), JsValue>) -> Event {
    Event::Reloaded(incident, done.map(|()| at).map_err(|_| Line::new("trouble_tab_gone")))
}
