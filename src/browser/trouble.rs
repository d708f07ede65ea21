//! A disk that is full, or refuses. Watching goes on in memory, and the popup says so.

use std::cell::Cell;

use wasm_bindgen::JsValue;

use super::value::message_of;
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

/// Writes an ordinary incident; what the disk does not take stays in memory, where pages find it.
/// Says whether it is on disk.
pub async fn put_incident(incident: &Incident) -> Result<(), JsValue> {
    let done = if has_disk() {
        store::put_incident(incident).await
    } else {
        Err(js_sys::Error::new("the records cannot be read").into())
    };
    match &done {
        Ok(()) if IN_TROUBLE.with(Cell::get) => {
            session::forget_incident(&incident.id).await?;
            tell(None).await;
        }
        Ok(()) => {}
        Err(error) => {
            session::put_incident(incident).await?;
            tell(Some(error)).await;
        }
    }
    done
}

/// Tells the pages, by way of memory.
async fn tell(error: Option<&JsValue>) {
    IN_TROUBLE.with(|trouble| trouble.set(error.is_some()));
    let what = error.map(|error| if message_of(error).contains("Quota") { "full" } else { "refused" });
    // Memory that refuses as well leaves nothing to tell it by.
    let _ = session::put("trouble", &what.map_or(JsValue::NULL, JsValue::from_str)).await;
}
