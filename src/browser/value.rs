//! JavaScript values in and out.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// A property, `undefined` where there is none.
pub fn get(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// A whole number: a tab's, a window's.
pub fn int(object: &JsValue, key: &str) -> Option<i32> {
    #[allow(clippy::cast_possible_truncation)]
    get(object, key).as_f64().map(|number| number as i32)
}

/// Sets a property of a plain object of ours, which cannot fail.
pub fn set(object: &JsValue, key: &str, value: &JsValue) {
    let _ = js_sys::Reflect::set(object, &JsValue::from_str(key), value);
}

/// A plain object.
pub fn object<const N: usize>(entries: [(&str, JsValue); N]) -> JsValue {
    let object = JsValue::from(js_sys::Object::new());
    for (key, value) in entries {
        set(&object, key, &value);
    }
    object
}

/// A list of strings.
pub fn strings(items: &[&str]) -> JsValue {
    items.iter().map(|item| JsValue::from_str(item)).collect::<js_sys::Array>().into()
}

/// A Rust value as plain JSON-like data.
pub fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

/// Plain data as a Rust value.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(JsValue::from)
}

/// What an error says of itself.
pub fn message_of(error: &JsValue) -> String {
    let message = get(error, "message");
    message.as_string().unwrap_or_else(|| format!("{error:?}"))
}

/// Calls a method that js-sys has no words for, with one argument.
#[cfg(feature = "pages")]
pub fn call(object: &JsValue, method: &str, argument: &JsValue) -> JsValue {
    use wasm_bindgen::JsCast as _;
    let method = get(object, method).dyn_into::<js_sys::Function>();
    method.and_then(|method| method.call1(object, argument)).unwrap_or(JsValue::UNDEFINED)
}
