//! Runs the functions of `extension/inject.js` inside a page.

use wasm_bindgen::JsValue;

use super::api;
use super::value::{get, object};

/// Runs a function in a tab: in its page, or in all its frames. Returns what each returned; none
/// where the browser does not let us (its own pages, its store, a tab that is gone).
pub async fn run(
    tab: i32,
    all_frames: bool,
    name: &str,
    args: &js_sys::Array,
) -> Result<Vec<JsValue>, JsValue> {
    let target = object([("tabId", tab.into()), ("allFrames", all_frames.into())]);
    let function = get(&get(&js_sys::global(), "inject"), name);
    let injection = object([("target", target), ("func", function), ("args", args.into())]);
    #[cfg(feature = "failpoints")]
    super::failpoint::call("scripting.executeScript").await?;
    let results = js_sys::Array::from(&api::execute_script(&injection).await?);
    Ok(results
        .iter()
        .map(|result| get(&result, "result"))
        .filter(|result| !result.is_undefined() && !result.is_null())
        .collect())
}

/// Runs a function without arguments in the page of a tab.
pub async fn ask(tab: i32, name: &str) -> Result<JsValue, JsValue> {
    let results = run(tab, false, name, &js_sys::Array::new()).await?;
    Ok(results.into_iter().next().unwrap_or(JsValue::UNDEFINED))
}
