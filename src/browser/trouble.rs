//! A disk that is full, or refuses. Watching goes on in memory, and the popup says so.

use std::cell::Cell;

use wasm_bindgen::JsValue;

use super::background::tell_pages;
use super::value::{get, message_of};
use super::{session, store};
use crate::incident::Incident;

thread_local! {
    /// Can the disk be read? If not, all there is is kept in memory, and nothing half-known is
    /// written over what is there.
    static HAS_DISK: Cell<bool> = const { Cell::new(true) };
    /// Did the last writing fail?
    static IN_TROUBLE: Cell<bool> = const { Cell::new(false) };
}

/// Can the disk be used at all?
pub fn has_disk() -> bool {
    HAS_DISK.with(Cell::get)
}

/// The records could not be read: this background does without.
pub async fn lose_disk(error: &JsValue) {
    HAS_DISK.with(|disk| disk.set(false));
    tell(Some(error)).await;
}

/// Writes what an earlier life of the background had to keep in memory, if there is any.
pub async fn recover(memory: &JsValue, in_memory: &[Incident]) {
    if get(memory, "trouble").is_string() && has_disk() {
        IN_TROUBLE.with(|trouble| trouble.set(true));
        catch_up(in_memory).await;
    }
}

/// Writes an ordinary incident; what the disk does not take stays in memory, where pages find it.
/// Says whether it is on disk.
pub async fn put_incident(incident: &Incident) -> Result<(), JsValue> {
    if !has_disk() {
        session::put_incident(incident).await?;
        return Err(js_sys::Error::new("the records cannot be read").into());
    }
    let done = store::put_incident(incident).await;
    match &done {
        Ok(()) if IN_TROUBLE.with(Cell::get) => {
            session::forget_incident(&incident.id).await?;
            catch_up(&session::load(&session::read().await?).0).await;
        }
        Ok(()) => {}
        Err(error) => {
            session::put_incident(incident).await?;
            tell(Some(error)).await;
        }
    }
    done
}

/// The disk takes something again: what had to wait in memory is written, and the trouble is over.
async fn catch_up(in_memory: &[Incident]) {
    for incident in in_memory.iter().filter(|incident| !incident.private) {
        if let Err(error) = store::put_incident(incident).await {
            tell(Some(&error)).await;
            return;
        }
        let _ = session::forget_incident(&incident.id).await;
    }
    tell(None).await;
}

/// Tells the pages, by way of memory.
async fn tell(error: Option<&JsValue>) {
    IN_TROUBLE.with(|trouble| trouble.set(error.is_some()));
    let what = error.map(|error| if message_of(error).contains("Quota") { "full" } else { "refused" });
    // Memory that refuses as well leaves nothing to tell it by.
    let _ = session::put("trouble", &what.map_or(JsValue::NULL, JsValue::from_str)).await;
    tell_pages();
}
