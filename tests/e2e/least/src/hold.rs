//! A record in and out.

use latchkey::incident::Incident;
use wasm_bindgen::prelude::*;

/// Reads a record, and hands it back.
#[wasm_bindgen]
pub fn hold(record: JsValue) -> Result<JsValue, JsValue> {
    let incident: Incident = serde_wasm_bindgen::from_value(record)?;
    Ok(crate::to_js(&incident)?)
}
