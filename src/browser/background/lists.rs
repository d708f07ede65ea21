//! What to look at and which tab shows what, written where the watcher and the pages read it.

use std::cell::RefCell;

use futures_util::future::join;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::STATE;
use crate::background::Watch;
use crate::browser::value::{from_js, get, object, to_js};
use crate::browser::{api, session, trouble};
use crate::sorted::Map;

thread_local! {
    /// The lists as they were last written, for ordinary and for private windows; `None`: not known.
    static WRITTEN: RefCell<Option<[Watch; 2]>> = const { RefCell::new(None) };
}

/// What the watcher is told after an event.
#[derive(Serialize)]
pub(super) struct WatchLists {
    open: Vec<String>,
    recorded: Vec<String>,
    tabs: Vec<i32>,
    ignored: Vec<String>,
    off: Vec<u16>,
}

/// What to look at from now on.
pub(super) fn watch_lists() -> WatchLists {
    let [ordinary, private] = watch();
    WatchLists {
        open: ordinary.open.into_iter().chain(private.open).collect(),
        recorded: ordinary.recorded,
        ignored: ordinary.ignored,
        off: ordinary.off,
        tabs: STATE.with(|state| state.borrow().watched_tabs()),
    }
}

fn watch() -> [Watch; 2] {
    STATE.with(|state| [false, true].map(|private| state.borrow().watch_list(private)))
}

/// What was written by an earlier life of the background, so that it is not written again.
pub(super) fn known(disk: &JsValue, memory: &JsValue) {
    // What is missing is empty; what cannot be read is not known, and written anew.
    let of = |area: &JsValue| {
        let found = get(area, "watch");
        if found.is_undefined() { Some(Watch::default()) } else { from_js(found).ok() }
    };
    let known = of(disk).zip(of(memory)).map(|(ordinary, private)| [ordinary, private]);
    WRITTEN.with(|written| *written.borrow_mut() = known);
}

/// Nothing of it is written any more.
pub(super) fn erased() {
    WRITTEN.with(|written| *written.borrow_mut() = None);
}

/// Writes what to look at, where it differs from what is written.
pub(super) async fn save_watch() -> Result<(), JsValue> {
    let lists = watch();
    if WRITTEN.with(|written| written.borrow().as_ref() == Some(&lists)) {
        return Ok(());
    }
    erased();
    let [ordinary, private] = &lists;
    let disk = object([("watch", to_js(ordinary)?)]);
    let private = to_js(private)?;
    let disk = async { if trouble::has_disk() { api::local_set(&disk).await.map(drop) } else { Ok(()) } };
    let (disk, memory) = join(disk, session::put("watch", &private)).await;
    disk.and(memory)?;
    WRITTEN.with(|written| *written.borrow_mut() = Some(lists));
    Ok(())
}

/// Writes which tab shows what, and which are being checked.
pub(super) async fn save_tabs() -> Result<(), JsValue> {
    let (tabs, checks) = STATE.with(|state| {
        let state = state.borrow();
        (to_js(&by_name(state.tabs())), to_js(&by_name(state.checks())))
    });
    api::session_set(&object([("tabs", tabs?), ("checks", checks?)])).await.map(drop)
}

/// JSON's objects have names, not numbers.
fn by_name<T>(tabs: &Map<i32, T>) -> Map<String, &T> {
    tabs.iter().map(|(tab, value)| (tab.to_string(), value)).collect()
}
