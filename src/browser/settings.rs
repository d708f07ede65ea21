//! The settings as they are stored: the person's in `storage.local`, the organisation's where the
//! browser keeps its policies.

use futures_util::future::join;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::api;
use super::value::{from_js, get};
#[cfg(feature = "background")]
use super::value::{object, to_js};
use crate::settings::Settings;

/// The key in `storage.local`.
const KEY: &str = "settings";

/// Reads them. What cannot be read was not said.
pub async fn read() -> Settings {
    let (disk, policy) =
        join(api::local_get(&JsValue::from_str(KEY)), api::managed_get(&JsValue::NULL)).await;
    of(&disk.unwrap_or_default(), policy.unwrap_or_default())
}

/// The settings in what `storage.local` holds, under what the organisation says.
pub fn of(disk: &JsValue, policy: JsValue) -> Settings {
    let value = |found: JsValue| from_js::<Value>(found).unwrap_or(Value::Null);
    Settings::read(&value(get(disk, KEY)), &value(policy))
}

/// Writes the person's settings.
#[cfg(feature = "background")]
pub async fn save(chosen: &Settings) -> Result<(), JsValue> {
    api::local_set(&object([(KEY, to_js(chosen.own())?)])).await.map(drop)
}
