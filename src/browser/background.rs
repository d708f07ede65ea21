//! Carries out the background's effects, and hands what they find back as events.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::value::{from_js, get, message_of, object, to_js};
use super::{api, cookies, session, snapshot, store, wire};
use crate::background::{Effect, Event, State, step};
use crate::exchange::Known;
use crate::http::address::Address;
use crate::http::cookie::{CookieId, JarCookie};
use crate::incident::{Incident, UNDO_LASTS};
use crate::mark::MarkKey;
use crate::message::{Reply, Request};
use crate::words::Line;

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
}

#[derive(Serialize)]
struct WatchLists {
    open: Vec<String>,
    recorded: Vec<String>,
    tabs: Vec<i32>,
}

/// Loads what is on disk and goes on where the background was killed. Called once per instance,
/// before anything else.
#[wasm_bindgen]
pub async fn wake() -> Result<JsValue, JsValue> {
    let key = store::key("mark", || async { Ok(JsValue::from(api::random(16)?)) }).await;
    // Without the store there is no past to compare with; any key does for this life.
    let key = key.or_else(|_| api::random(16).map(JsValue::from))?;
    let mut bytes = [0; 16];
    js_sys::Uint8Array::new(&key).copy_to(&mut bytes);
    KEY.with(|slot| slot.set(MarkKey(bytes)));

    let mut incidents = store::open_incidents().await.unwrap_or_default();
    let (private, tabs) = session::load().await.unwrap_or_default();
    incidents.extend(private);
    let recorded = store::recorded_sites().await.unwrap_or_default();
    let state = State::new(incidents, tabs, recorded.into_iter().collect());
    STATE.with(|slot| *slot.borrow_mut() = state);
    run(Event::Woken).await
}

/// One request that ended, as `extension/watch.js` describes it.
#[wasm_bindgen]
pub async fn exchange(details: JsValue) -> Result<JsValue, JsValue> {
    let exchange = wire::observation(details)?.into_exchange(&KEY.with(Cell::get));
    run(Event::Exchange(Box::new(exchange))).await
}

/// A tab has finished loading.
#[wasm_bindgen]
pub async fn tab_complete(tab: i32) -> Result<JsValue, JsValue> {
    run(Event::TabComplete(tab)).await
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
        return to_js(&Answer { reply, watch: None });
    };
    if let Request::Fix { incident, .. } | Request::Undo { incident } = &request {
        // An incident that is over is not in memory after a wake.
        let known = STATE.with(|state| state.borrow().incident(incident).is_some());
        if !known && let Ok(Some(stored)) = store::incident(incident).await {
            STATE.with(|state| state.borrow_mut().adopt(stored));
        }
    }
    run(Event::Asked(request)).await
}

/// Steps until nothing is left to do.
async fn run(event: Event) -> Result<JsValue, JsValue> {
    let mut reply = matches!(event, Event::Asked(_)).then_some(Reply::Accepted);
    let mut watch = false;
    let mut events = VecDeque::from([event]);
    while let Some(event) = events.pop_front() {
        let effects = STATE.with(|state| step(&mut state.borrow_mut(), event, api::now()));
        let mut saved = false;
        for effect in effects {
            match effect {
                Effect::Refuse(why) => reply = Some(Reply::Refused { why: why.to_owned() }),
                effect => {
                    watch |= matches!(effect, Effect::SaveWatch | Effect::SaveTabs);
                    saved |= matches!(effect, Effect::Save(_) | Effect::Forget(_) | Effect::SaveTabs);
                    events.extend(carry_out(effect).await);
                }
            }
        }
        if saved {
            tell_pages();
        }
    }
    to_js(&Answer { reply, watch: watch.then(watch_lists) })
}

/// Open pages read the records anew.
fn tell_pages() {
    wasm_bindgen_futures::spawn_local(async {
        // Nobody listens when no page is open, which the browser calls an error.
        let _ = api::send_message(&object([("kind", "changed".into())])).await;
    });
}

fn watch_lists() -> WatchLists {
    STATE.with(|state| {
        let state = state.borrow();
        let (ordinary, private) = (state.watch_list(false), state.watch_list(true));
        WatchLists {
            open: ordinary.open.into_iter().chain(private.open).collect(),
            recorded: ordinary.recorded,
            tabs: state.tabs().keys().copied().collect(),
        }
    })
}

fn incident(id: &str) -> Option<Incident> {
    STATE.with(|state| state.borrow().incident(id).cloned())
}

/// Says on the console what went wrong, without anything of the site.
fn complain(what: &str, error: &JsValue) {
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
        Effect::Save(id) => {
            let incident = incident(&id)?;
            let done = if incident.private {
                session::put_incident(&incident).await
            } else {
                store::put_incident(&incident).await
            };
            noted("an incident could not be written", done);
        }
        Effect::Forget(id) => {
            noted("an incident could not be dropped", store::forget_incident(&id).await);
            noted("an incident could not be dropped", session::forget_incident(&id).await);
        }
        Effect::SaveTabs => {
            let tabs = STATE.with(|state| {
                let state = state.borrow();
                let tabs = state.tabs().iter().map(|(tab, ids)| (tab.to_string(), ids.clone()));
                tabs.collect::<std::collections::BTreeMap<String, Vec<String>>>()
            });
            noted("the tabs could not be written", session::put("tabs", &to_js(&tabs).ok()?).await);
        }
        Effect::SaveWatch => {
            let (ordinary, private) = STATE.with(|state| {
                let state = state.borrow();
                (state.watch_list(false), state.watch_list(true))
            });
            let ordinary = object([("watch", to_js(&ordinary).ok()?)]);
            noted("the watch list could not be written", api::local_set(&ordinary).await.map(drop));
            noted("the watch list could not be written", session::put("watch", &to_js(&private).ok()?).await);
        }
        Effect::Amend { site, change } => {
            noted(
                "a site's record could not be written",
                store::amend(&site, |record| record.amend(&change)).await,
            );
        }
        Effect::Gather(id) => return gather(&incident(&id)?).await,
        Effect::Settle(id, millis) => later(millis, Event::Settled(id)),
        Effect::Badge { tab, locked } => badge(tab, locked).await,
        Effect::KeepAwake(true) => {
            let info = object([("delayInMinutes", 0.5.into())]);
            noted("no alarm could be set", api::alarms_create("go-on", &info).map(drop));
        }
        Effect::KeepAwake(false) => noted("an alarm stayed", api::alarms_clear("go-on").await.map(drop)),
        Effect::Snapshot(id, wanted) => {
            let kept = keep(&incident(&id)?, &wanted).await;
            let kept = kept.map_err(|error| {
                complain("no copy could be put aside", &error);
                Line::new("trouble_storage")
            });
            return Some(Event::Snapshotted(id, kept));
        }
        Effect::Remove(id, wanted) => {
            let incident = incident(&id)?;
            // What was put aside is what was there, also when a removal that was cut off goes on.
            let of = incident.undo.map_or(0, |undo| undo.cookies);
            let left = cookies::remove(&host(&incident), &wanted).await.unwrap_or_else(|error| {
                complain("cookies could not be removed", &error);
                of
            });
            return Some(Event::Removed(id, of.saturating_sub(left), of));
        }
        Effect::Restore(id) => {
            let done = restore(&incident(&id)?).await;
            return Some(Event::Restored(id, done));
        }
        Effect::Reload { incident, tab, fresh } => {
            let options = object([("bypassCache", fresh.into())]);
            let done = api::tabs_reload(tab, &options).await.map(drop);
            return Some(Event::Reloaded(incident, done.map_err(|_| Line::new("trouble_tab_gone"))));
        }
        Effect::OpenPrivate { incident, tab } => {
            let done = open_private(tab).await;
            return Some(Event::Opened(incident, done));
        }
        Effect::Refuse(_) => {}
    }
    None
}

fn host(incident: &Incident) -> String {
    Address::parse(&incident.exchange.url).host.to_owned()
}

async fn gather(incident: &Incident) -> Option<Event> {
    let key = KEY.with(Cell::get);
    let jar = cookies::jar(&host(incident), &incident.exchange.store, &key).await;
    let mut jar: Known<Vec<JarCookie>> = match jar {
        Ok(jar) => Known::Present(jar),
        Err(error) => {
            complain("cookies could not be read", &error);
            Known::Unknown
        }
    };
    let mut past = crate::evidence::Past::default();
    // A private window leaves no trace on disk, and has no past but its own.
    if !incident.private {
        let seen = store::amend(&incident.site, |record| {
            if let Known::Present(jar) = &mut jar {
                record.see(jar, api::now());
            }
            record.past()
        });
        match seen.await {
            Ok(known) => past = known,
            Err(error) => complain("a site's record could not be read", &error),
        }
    }
    Some(Event::Gathered { incident: incident.id.clone(), jar, past })
}

fn later(millis: u32, event: Event) {
    let callback = move || {
        wasm_bindgen_futures::spawn_local(async move {
            noted("an event was lost", run(event).await.map(drop));
        });
    };
    gloo_timers::callback::Timeout::new(millis, callback).forget();
}

async fn badge(tab: i32, locked: bool) {
    let text = if locked { "!" } else { "" };
    // The tab may be gone meanwhile, and its badge with it.
    let _ = api::badge_text(&object([("tabId", tab.into()), ("text", text.into())])).await;
    if locked {
        let _ = api::badge_color(&object([("tabId", tab.into()), ("color", "#b3261e".into())])).await;
    }
}

async fn keep(incident: &Incident, wanted: &[CookieId]) -> Result<u32, JsValue> {
    let picked = cookies::pick(&host(incident), wanted).await?;
    if picked.length() > 0 {
        snapshot::keep(&incident.id, incident.private, &picked, api::now().plus(UNDO_LASTS)).await?;
    }
    Ok(picked.length())
}

async fn restore(incident: &Incident) -> Result<crate::incident::Undone, Line> {
    let lost = |error: JsValue| {
        complain("cookies could not be put back", &error);
        Line::new("trouble_undo_lost")
    };
    let kept = snapshot::open(&incident.id, incident.private).await.map_err(lost)?;
    let kept = kept.ok_or_else(|| Line::new("trouble_undo_lost"))?;
    let done = cookies::restore(&host(incident), &kept).await.map_err(lost)?;
    noted("a copy could not be dropped", snapshot::drop(&incident.id, incident.private).await);
    Ok(done)
}

async fn open_private(tab: i32) -> Result<(), Line> {
    let tab = api::tabs_get(tab).await.map_err(|_| Line::new("trouble_tab_gone"))?;
    let options = object([("incognito", true.into()), ("url", get(&tab, "url"))]);
    // Chrome resolves with null where the extension may not run in private windows, and opens it.
    api::windows_create(&options).await.map(drop).map_err(|_| Line::new("trouble_private_off"))
}
