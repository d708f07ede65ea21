//! `storage.session`: what must not outlive the browser, private windows above all. In memory in
//! both browsers, never on disk.

use wasm_bindgen::JsValue;

use super::api;
use super::value::{from_js, get, object, to_js};
use crate::incident::Incident;
use crate::sorted::Map;

/// The key of this installation's marks until the disk has it: also while the disk does not take it,
/// since a request is told by its mark from one life of the background to the next.
pub async fn mark(memory: &JsValue) -> Result<js_sys::Uint8Array, JsValue> {
    let kept = get(memory, "mark");
    if js_sys::Array::is_array(&kept) {
        return Ok(js_sys::Uint8Array::new(&kept));
    }
    let made = api::random(MARK)?;
    // As plain numbers, which are all that this store takes.
    put("mark", &js_sys::Array::from(&made)).await?;
    Ok(made)
}

/// Is this the first life of the background since the browser was started (or the extension loaded
/// anew, which looks the same)?
pub fn is_new(memory: &JsValue) -> bool {
    !get(memory, "begun").is_truthy()
}

/// It is so no longer.
pub async fn begin() -> Result<(), JsValue> {
    put("begun", &JsValue::TRUE).await
}

/// The key's length in bytes.
const MARK: u32 = 16;

/// The key of a private incident.
fn incident_key(id: &str) -> String {
    format!("incident:{id}")
}

/// Keeps a private incident.
pub async fn put_incident(incident: &Incident) -> Result<(), JsValue> {
    put(&incident_key(&incident.id), &to_js(incident)?).await
}

/// Drops a private incident and what could be put back for it.
pub async fn forget_incident(id: &str) -> Result<(), JsValue> {
    api::session_remove(&super::value::strings(&[&incident_key(id), &undo_key(id)])).await.map(drop)
}

fn undo_key(id: &str) -> String {
    format!("undo:{id}")
}

/// Keeps what can be put back.
pub async fn put_undo(id: &str, record: &JsValue) -> Result<(), JsValue> {
    put(&undo_key(id), record).await
}

/// What can be put back; `undefined` when there is nothing.
pub async fn undo(id: &str) -> Result<JsValue, JsValue> {
    let key = undo_key(id);
    Ok(get(&api::session_get(&JsValue::from_str(&key)).await?, &key))
}

/// Drops what could be put back.
pub async fn drop_undo(id: &str) -> Result<(), JsValue> {
    api::session_remove(&JsValue::from_str(&undo_key(id))).await.map(drop)
}

/// Writes one entry.
pub async fn put(key: &str, value: &JsValue) -> Result<(), JsValue> {
    api::session_set(&object([(key, value.clone())])).await.map(drop)
}

/// What is in memory: incidents, which tab shows which, and which tabs are being checked.
pub type Memory = (Vec<Incident>, Map<i32, Vec<String>>, Map<i32, Option<u16>>);

/// All of it, as the browser has it.
pub async fn read() -> Result<JsValue, JsValue> {
    api::session_get(&JsValue::NULL).await
}

/// What of it is ours to go on with.
pub fn load(all: &JsValue) -> Memory {
    let mut incidents = Vec::new();
    for entry in js_sys::Object::entries(&js_sys::Object::from(all.clone())).iter() {
        let entry = js_sys::Array::from(&entry);
        let is_incident = entry.get(0).as_string().is_some_and(|key| key.starts_with("incident:"));
        if is_incident && let Ok(incident) = from_js(entry.get(1)) {
            incidents.push(incident);
        }
    }
    let tabs: Map<String, Vec<String>> = from_js(get(all, "tabs")).unwrap_or_default();
    let tabs = tabs.into_iter().filter_map(|(tab, ids)| Some((tab.parse().ok()?, ids))).collect();
    let checks: Map<String, Option<u16>> = from_js(get(all, "checks")).unwrap_or_default();
    let checks = checks.into_iter().filter_map(|(tab, status)| Some((tab.parse().ok()?, status))).collect();
    (incidents, tabs, checks)
}
