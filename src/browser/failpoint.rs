//! Only in the build that tests use: holds the background still at a named effect, so that it can
//! be killed there, or traps.

use wasm_bindgen::JsValue;

use super::api;
use super::value::{get, object};
use crate::background::Effect;

/// Stops for good before `effect`, or traps, when `storage.session` says so in `failpoint` (`hold
/// remove`, `trap gather`); says in `reached` that it did.
pub async fn reach(effect: &Effect) {
    let name = match effect {
        Effect::Snapshot(..) => "snapshot",
        Effect::Remove { .. } => "remove",
        Effect::Reload { .. } => "reload",
        Effect::Gather(_) => "gather",
        _ => return,
    };
    let Ok(stored) = api::session_get(&JsValue::from_str("failpoint")).await else { return };
    let wanted = get(&stored, "failpoint").as_string().unwrap_or_default();
    let (what, at) = wanted.split_once(' ').unwrap_or(("", ""));
    if at != name {
        return;
    }
    let _ = api::session_set(&object([("failpoint", JsValue::NULL), ("reached", name.into())])).await;
    match what {
        "hold" => core::future::pending().await,
        // What a panic becomes, where panics abort.
        "trap" => std::process::abort(),
        _ => {}
    }
}
