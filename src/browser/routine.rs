//! Settings, the daily round, notifications, and the end of everything: as calls of the browser.

use wasm_bindgen::JsValue;

use super::value::{from_js, get, object, to_js};
use super::{api, cookies, session, settings, store};
use crate::background::{Event, Routine};
use crate::incident::Incident;
use crate::mark::MarkKey;
use crate::settings::Settings;
use crate::time::Time;
use crate::words::one_language;

/// The key in `storage.local`.
const KEY: &str = "routine";

/// The name of the alarm.
const ALARM: &str = "expiry";

/// When things were last done; what cannot be read was never done.
pub fn of(disk: &JsValue) -> Routine {
    from_js(get(disk, KEY)).unwrap_or_default()
}

/// Writes that.
pub async fn save(routine: &Routine) -> Result<(), JsValue> {
    api::local_set(&object([(KEY, to_js(routine)?)])).await.map(drop)
}

/// Writes the person's settings.
pub async fn save_settings(chosen: &Settings) -> Result<(), JsValue> {
    api::local_set(&object([(settings::KEY, to_js(chosen.own())?)])).await.map(drop)
}

/// Wakes the background at a time, or not at all.
pub async fn ring(at: Option<Time>) -> Result<(), JsValue> {
    let Some(at) = at else { return api::alarms_clear(ALARM).await.map(drop) };
    #[allow(clippy::cast_precision_loss)]
    api::alarms_create(ALARM, &object([("when", (at.0 as f64).into())])).map(drop)
}

/// The cookies of sites in ordinary windows.
pub async fn ahead(sites: Vec<String>, key: &MarkKey) -> Event {
    let mut jars = Vec::new();
    for site in sites {
        let host = crate::http::address::Address::host_of(&site);
        // What cannot be read now can be the next time.
        if let Ok(jar) = cookies::jar(host, "", key).await {
            jars.push((site, jar));
        }
    }
    Event::Ahead(jars)
}

/// Tells of a lock-out, unless its tab is what the person looks at.
pub async fn notify(incident: &Incident) -> Result<(), JsValue> {
    let tab = incident.exchange.tab.unwrap_or(-1);
    if tab >= 0 && is_looked_at(tab).await.unwrap_or(false) {
        return Ok(());
    }
    let title = api::get_message("notify_title", &super::value::strings(&[&incident.site]));
    let text = api::get_message(&format!("cause_{}", incident.cause().id()), &JsValue::UNDEFINED);
    show(&format!("{}@{tab}", incident.id), &title, &text).await
}

async fn is_looked_at(tab: i32) -> Result<bool, JsValue> {
    let query = object([("active", true.into()), ("lastFocusedWindow", true.into())]);
    let looked_at = get(&js_sys::Array::from(&api::tabs_query(&query).await?).get(0), "id");
    Ok(looked_at.as_f64() == Some(f64::from(tab)))
}

/// Tells that a sign-in runs out.
pub async fn warn(site: &str, at: Time) -> Result<(), JsValue> {
    #[allow(clippy::cast_precision_loss)]
    let date = js_sys::Date::new(&JsValue::from(at.0 as f64));
    let language = one_language(&api::ui_language(), &api::get_message("language", &JsValue::UNDEFINED));
    let date = String::from(date.to_locale_string(&language, &JsValue::UNDEFINED));
    let title = api::get_message("warn_title", &super::value::strings(&[site]));
    let text = api::get_message("warn_text", &super::value::strings(&[&date]));
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

/// Deletes everything; what comes later is marked with a key that has nothing to do with the old one.
pub async fn erase() -> Result<MarkKey, JsValue> {
    // Each is tried, whatever becomes of the others.
    let done =
        [store::erase().await, api::local_clear().await.map(drop), api::session_clear().await.map(drop)];
    for result in done {
        result?;
    }
    let mut bytes = [0; 16];
    session::mark(&JsValue::UNDEFINED).await?.copy_to(&mut bytes);
    // The browser runs on: what belongs to it is not another browser's.
    session::begin().await?;
    Ok(MarkKey(bytes))
}
