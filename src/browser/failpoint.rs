//! Only in the build that tests use: holds the background still at a named effect, so that it can
//! be killed there.

use wasm_bindgen::JsValue;

use super::api;
use super::value::{get, object};
use crate::background::Effect;

/// Stops for good before `effect`, when `storage.session` names it as `failpoint`; says so in
/// `reached`.
pub async fn reach(effect: &Effect) {
    let name = match effect {
        Effect::Snapshot(..) => "snapshot",
        Effect::Remove(..) => "remove",
        Effect::Reload { .. } => "reload",
        Effect::Gather(_) => "gather",
        _ => return,
    };
    let Ok(stored) = api::session_get(&JsValue::from_str("failpoint")).await else { return };
    if get(&stored, "failpoint").as_string().as_deref() == Some(name) {
        let _ = api::session_set(&object([("failpoint", JsValue::NULL), ("reached", name.into())])).await;
        core::future::pending::<()>().await;
    }
}
