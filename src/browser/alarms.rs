//! The alarms that wake the background. `extension/background.js` sets one more, for the daily round.

use wasm_bindgen::JsValue;

use super::api;
use super::value::object;
use crate::time::Time;

/// For what was begun, again and again: what wakes for it may be stopped as well.
const GO_ON: &str = "go-on";

/// For a sign-in that runs out.
const EXPIRY: &str = "expiry";

/// Wakes the background each half minute until it is told that nothing is under way.
pub async fn keep_awake(busy: bool) -> Result<(), JsValue> {
    if !busy {
        return api::alarms_clear(GO_ON).await.map(drop);
    }
    let info = object([("delayInMinutes", 0.5.into()), ("periodInMinutes", 0.5.into())]);
    api::alarms_create(GO_ON, &info).map(drop)
}

/// Wakes the background at a time, or not at all.
pub async fn ring(at: Option<Time>) -> Result<(), JsValue> {
    let Some(at) = at else { return api::alarms_clear(EXPIRY).await.map(drop) };
    #[allow(clippy::cast_precision_loss)]
    api::alarms_create(EXPIRY, &object([("when", (at.0 as f64).into())])).map(drop)
}
