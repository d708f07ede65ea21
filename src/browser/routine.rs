//! The daily round, and the end of everything.

use wasm_bindgen::JsValue;

use super::value::{from_js, get, object, to_js};
use super::{api, cookies, session, store};
use crate::background::{Event, Routine};
use crate::mark::MarkKey;

/// The key in `storage.local`.
const KEY: &str = "routine";

/// When things were last done; what cannot be read was never done.
pub fn of(disk: &JsValue) -> Routine {
    from_js(get(disk, KEY)).unwrap_or_default()
}

/// Writes that.
pub async fn save(routine: &Routine) -> Result<(), JsValue> {
    api::local_set(&object([(KEY, to_js(routine)?)])).await.map(drop)
}

/// The cookies of sites in ordinary windows.
pub async fn ahead(sites: Vec<String>, key: &MarkKey) -> Event {
    let mut jars = Vec::new();
    for site in sites {
        let host = crate::http::address::Address::host_of(&site);
        // What cannot be read now can be the next time.
        if let Ok(jar) = cookies::jar(host, "", key).await {
            jars.push((site, jar));
        }
    }
    Event::Ahead(jars)
}

/// Deletes everything; what comes later is marked with a key that has nothing to do with the old one.
pub async fn erase() -> Result<MarkKey, JsValue> {
    // Each is tried, whatever becomes of the others.
    let done =
        [store::erase().await, api::local_clear().await.map(drop), api::session_clear().await.map(drop)];
    for result in done {
        result?;
    }
    let mut bytes = [0; 16];
    session::mark(&JsValue::UNDEFINED).await?.copy_to(&mut bytes);
    // The browser runs on: what belongs to it is not another browser's.
    session::begin().await?;
    Ok(MarkKey(bytes))
}
