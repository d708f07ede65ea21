//! What can be put back: cookies and stored entries with their values, encrypted with a key that cannot be taken
//! out of the browser's store. This keeps casual eyes off the files; whoever holds the whole
//! profile holds the key as well.

use wasm_bindgen::{JsCast, JsValue};

use super::value::{get, object, strings};
use super::{api, cookies, session, store, stored};
use crate::time::Time;

/// AES-GCM's nonce, in bytes (NIST SP 800-38D, section 8.2).
const NONCE: u32 = 12;

async fn key() -> Result<JsValue, JsValue> {
    store::key("undo", || async {
        let algorithm = object([("name", "AES-GCM".into()), ("length", 256.into())]);
        api::generate_key(&algorithm, false, &strings(&["encrypt", "decrypt"])).await
    })
    .await
}

fn algorithm(nonce: &JsValue) -> JsValue {
    object([("name", "AES-GCM".into()), ("iv", nonce.clone())])
}

/// Keeps things for an incident: in memory for a private window, encrypted on disk otherwise.
/// What an earlier fix put aside stays; of one cookie or entry the oldest value counts. Returns
/// all that is kept.
pub async fn keep(
    incident: &str,
    private: bool,
    cookies: &js_sys::Array,
    until: Time,
) -> Result<js_sys::Array, JsValue> {
    let all = open(incident, private).await?.unwrap_or_default();
    let known: Vec<_> = all.iter().filter_map(|cookie| cookies::id_of(&cookie)).collect();
    let entries: Vec<JsValue> = all.iter().filter(stored::is_record).collect();
    for thing in cookies.iter() {
        let is_new = match cookies::id_of(&thing) {
            Some(id) => !known.contains(&id),
            None => !entries.iter().any(|entry| stored::is_same(entry, &thing)),
        };
        if is_new {
            all.push(&thing);
        }
    }
    if private {
        session::put_undo(incident, &all).await?;
    } else {
        seal(incident, &all, until).await?;
    }
    Ok(all)
}

async fn seal(incident: &str, cookies: &js_sys::Array, until: Time) -> Result<(), JsValue> {
    let text = String::from(js_sys::JSON::stringify(cookies)?);
    let plain = js_sys::Uint8Array::from(text.as_bytes());
    let nonce = JsValue::from(api::random(NONCE)?);
    let sealed = api::encrypt(&algorithm(&nonce), &key().await?, &plain).await?;
    #[allow(clippy::cast_precision_loss)]
    let until = JsValue::from(until.0 as f64);
    let record = object([("incident", incident.into()), ("iv", nonce), ("data", sealed), ("until", until)]);
    store::put_undo(&record).await
}

/// What was kept; `None` when nothing is there.
pub async fn open(incident: &str, private: bool) -> Result<Option<js_sys::Array>, JsValue> {
    if private {
        let cookies = session::undo(incident).await?;
        return Ok(cookies.dyn_into().ok());
    }
    let Some(record) = store::undo(incident).await? else { return Ok(None) };
    let opened = api::decrypt(&algorithm(&get(&record, "iv")), &key().await?, &get(&record, "data")).await?;
    let bytes = js_sys::Uint8Array::new(&opened).to_vec();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(js_sys::JSON::parse(&text)?.dyn_into().ok())
}

/// Drops it.
pub async fn drop(incident: &str, private: bool) -> Result<(), JsValue> {
    if private { session::drop_undo(incident).await } else { store::drop_undo(incident).await }
}
