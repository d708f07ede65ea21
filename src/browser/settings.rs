//! The settings as they are stored: the person's in `storage.local`, the organisation's where the
//! browser keeps its policies.

use serde_json::Value;
use wasm_bindgen::JsValue;

use super::api;
use super::value::{from_js, get};
use crate::settings::Settings;

/// The key in `storage.local`.
pub const KEY: &str = "settings";

/// Reads them. What cannot be read was not said.
pub async fn read() -> Settings {
    let own = api::local_get(&JsValue::from_str(KEY)).await.map(|all| get(&all, KEY));
    let managed = api::managed_get(&JsValue::NULL).await;
    let value = |found: Result<JsValue, JsValue>| found.and_then(from_js::<Value>).unwrap_or(Value::Null);
    Settings::read(&value(own), &value(managed))
}
