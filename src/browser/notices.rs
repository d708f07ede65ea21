//! Notifications.

use wasm_bindgen::JsValue;

use super::api;
use super::value::{int, object, strings};
use crate::incident::Incident;
use crate::time::Time;
use crate::words::one_language;

/// Tells of a lock-out, unless its tab is what the person looks at.
pub async fn notify(incident: &Incident) -> Result<(), JsValue> {
    let tab = incident.exchange.tab.unwrap_or(-1);
    if tab >= 0 && is_looked_at(tab).await.unwrap_or(false) {
        return Ok(());
    }
    let title = api::get_message("notify_title", &strings(&[&incident.site]));
    let text = api::get_message(&format!("cause_{}", incident.cause().id()), &JsValue::UNDEFINED);
    show(&format!("{}@{tab}", incident.id), &title, &text).await
}

async fn is_looked_at(tab: i32) -> Result<bool, JsValue> {
    let query = object([("active", true.into()), ("lastFocusedWindow", true.into())]);
    Ok(int(&js_sys::Array::from(&api::tabs_query(&query).await?).get(0), "id") == Some(tab))
}

/// Tells that a sign-in runs out.
pub async fn warn(site: &str, at: Time) -> Result<(), JsValue> {
    #[allow(clippy::cast_precision_loss)]
    let date = js_sys::Date::new(&JsValue::from(at.0 as f64));
    let language = one_language(&api::ui_language(), &api::get_message("language", &JsValue::UNDEFINED));
    let date = String::from(date.to_locale_string(&language, &JsValue::UNDEFINED));
    let title = api::get_message("warn_title", &strings(&[site]));
    let text = api::get_message("warn_text", &strings(&[&date]));
    show(&format!("expiry:{site}"), &title, &text).await
}

async fn show(id: &str, title: &str, text: &str) -> Result<(), JsValue> {
    let options = object([
        ("type", "basic".into()),
        ("iconUrl", api::url_of("icons/128.png").into()),
        ("title", title.into()),
        ("message", text.into()),
    ]);
    api::notify(id, &options).await.map(drop)
}
