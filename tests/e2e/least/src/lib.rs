//! The least that wasm can do for what a person waits for. It keeps no state, reads nothing, and mends nothing:
//! what Latchkey takes longer than this is its own.

#[cfg(feature = "hold")]
mod hold;
#[cfg(feature = "record")]
mod record;
#[cfg(feature = "show")]
mod show;

#[cfg(any(feature = "hold", feature = "record"))]
fn to_js<T: serde::Serialize>(value: &T) -> Result<wasm_bindgen::JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}
