//! Only in the build that tests use: holds the background still at a named step, so that it can be
//! killed there, or traps, or plays a browser that refuses.

use wasm_bindgen::JsValue;

use super::api;
use super::value::{get, object};
use crate::background::Effect;

/// Stops for good before `effect`, or traps, when `storage.session` says so in `failpoint` (`hold
/// remove`, `trap gather`); says in `reached` that it did.
pub async fn reach(effect: &Effect) {
    match effect {
        Effect::Snapshot(..) => reach_named("snapshot").await,
        Effect::Remove { .. } => reach_named("remove").await,
        Effect::Reload { .. } => reach_named("reload").await,
        Effect::Gather(_) => reach_named("gather").await,
        Effect::Restore { .. } => reach_named("restore").await,
        _ => {}
    }
}

/// The same in the middle of an effect.
pub async fn reach_named(name: &str) {
    let Ok(stored) = api::session_get(&JsValue::from_str("failpoint")).await else { return };
    let wanted = get(&stored, "failpoint").as_string().unwrap_or_default();
    let (what, at) = wanted.split_once(' ').unwrap_or(("", ""));
    // `hold cookie 2`: at the second time.
    let (at, times) = at.split_once(' ').unwrap_or((at, "1"));
    if at != name {
        return;
    }
    let left = times.parse::<u32>().unwrap_or(1).saturating_sub(1);
    if left > 0 {
        let next = format!("{what} {at} {left}");
        let _ = api::session_set(&object([("failpoint", next.as_str().into())])).await;
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

/// Fails where the browser is to reject this call.
pub async fn call(name: &str) -> Result<(), JsValue> {
    if refuses(name).await { Err(js_sys::Error::new("rejected").into()) } else { Ok(()) }
}

/// Does the browser refuse this call? (`storage.session`: `refuses`.)
pub async fn refuses(call: &str) -> bool {
    let Ok(stored) = api::session_get(&JsValue::from_str("refuses")).await else { return false };
    get(&stored, "refuses").as_string().is_some_and(|refused| refused == call)
}
