//! The background's first act in each of its lives.

use std::collections::VecDeque;

use futures_util::future::LocalBoxFuture;
use wasm_bindgen::prelude::*;

use super::{KEY, STATE, adopt, complain, lists, noted, run, run_all};
use crate::background::{Event, State};
use crate::browser::value::{from_js, get, int, object};
use crate::browser::{api, gather, routine, session, settings, snapshot, store, trouble};
use crate::http::address::Address;
use crate::incident::Incident;
use crate::mark::MarkKey;

/// Makes the records where there are none yet, or brings them up to date, for `extension/records.js` to read.
#[wasm_bindgen]
pub async fn make() -> Result<(), JsValue> {
    store::make().await
}

/// Loads what is on disk and goes on where the background was killed. Called once per instance,
/// before anything else. `kept` is what `extension/engine.js` read of the browser's stores meanwhile.
#[wasm_bindgen]
pub async fn wake(kept: JsValue) -> Result<JsValue, JsValue> {
    let (memory, disk, policy) = (get(&kept, "memory"), get(&kept, "disk"), get(&kept, "policy"));
    let (key, mut incidents, recorded) = match from_disk(&kept, &memory).await {
        Ok(known) => known,
        Err(error) => {
            complain("the records cannot be read", &error);
            trouble::lose_disk(&error).await;
            (mark_of(&session::mark(&memory).await?)?, Vec::new(), Vec::new())
        }
    };
    KEY.with(|slot| slot.set(key));
    lists::known(&disk, &memory);
    let (in_memory, tabs, checks) = session::load(&memory);
    trouble::recover(&memory, &in_memory).await;
    // What the disk would not take is in memory, newer than what the disk has of it.
    incidents.retain(|incident| in_memory.iter().all(|other| other.id != incident.id));
    incidents.extend(in_memory);
    store::add_shown(&mut incidents, tabs.values().flatten()).await;
    let state = State::new(incidents, tabs, checks, recorded.into_iter().collect())
        .with(settings::of(&disk, policy), routine::of(&disk));
    STATE.with(|slot| *slot.borrow_mut() = state);
    let mut events = VecDeque::from([Event::Woken]);
    if session::is_new(&memory) {
        events.extend(first().await?);
    }
    run_all(events).await
}

/// What is done once in a browser's life. Behind a pointer: no other wake compiles it.
fn first() -> LocalBoxFuture<'static, Result<Vec<Event>, JsValue>> {
    Box::pin(async {
        outlast().await;
        let found = found().await;
        session::begin().await?;
        Ok(found)
    })
}

/// What the pages that stand open show, where somebody is locked out of their site: the extension may
/// have been loaded anew beneath them. Those that still load tell of themselves.
async fn found() -> Vec<Event> {
    if STATE.with(|state| state.borrow().sites_locked_out().is_empty()) {
        return Vec::new();
    }
    // A discarded tab has no page that could be asked.
    let all = object([("status", "complete".into()), ("discarded", false.into())]);
    let tabs = match api::tabs_query(&all).await {
        Ok(tabs) => js_sys::Array::from(&tabs),
        Err(error) => {
            complain("the open pages could not be looked for", &error);
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for tab in tabs.iter() {
        let url = get(&tab, "url").as_string().unwrap_or_default();
        let site = Address::parse(&url).site();
        if STATE.with(|state| state.borrow().sites_locked_out().contains(site.as_str()))
            && let Some(id) = int(&tab, "id")
            && let Some(exchange) = gather::page(id).await
        {
            found.push(Event::Found(Box::new(exchange)));
        }
    }
    found
}

/// What was put aside and ends with the browser is not offered any more in the next one.
async fn outlast() {
    let left = match snapshot::outlast().await {
        Ok(left) => left,
        Err(error) => return complain("copies could not be looked through", &error),
    };
    for (incident, kept) in left {
        adopt(&incident).await;
        noted("an undo could not be changed", run(Event::Outlasted(incident, kept)).await.map(drop));
    }
}

fn mark_of(key: &js_sys::Uint8Array) -> Result<MarkKey, JsValue> {
    key.to_vec().try_into().map(MarkKey).map_err(|_| js_sys::Error::new("the key is not one").into())
}

/// What `extension/records.js` has read. An incident that cannot be read is left alone.
async fn from_disk(
    kept: &JsValue,
    memory: &JsValue,
) -> Result<(MarkKey, Vec<Incident>, Vec<String>), JsValue> {
    let failure = get(kept, "failure");
    if !failure.is_undefined() {
        return Err(failure);
    }
    store::take(get(kept, "database"));
    let key = match get(kept, "mark") {
        key if key.is_undefined() => {
            store::key("mark", || async { Ok(JsValue::from(session::mark(memory).await?)) }).await?
        }
        key => key,
    };
    let list = |name: &str| js_sys::Array::from(&get(kept, name)).into_iter();
    let incidents = list("incidents").filter_map(|record| from_js(record).ok()).collect();
    let sites = list("sites").filter_map(|site| site.as_string()).collect();
    Ok((mark_of(&js_sys::Uint8Array::new(&key))?, incidents, sites))
}
