//! What can be put back: cookies and stored entries with their values, encrypted with a key that
//! cannot be taken out of the browser's store. This keeps casual eyes off the files; whoever holds
//! the whole profile holds the key as well.

use wasm_bindgen::{JsCast, JsValue};

use super::value::{get, object, strings};
use super::{api, cookies, session, store, stored};
use crate::background::Kept;
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

/// A cookie that stays, and only changes its place when one that it came after is put back.
pub fn twin(cookie: &JsValue) -> JsValue {
    object([("twin", cookie.clone())])
}

/// The cookie of [`twin`]; `None` for anything else.
pub fn of_twin(record: &JsValue) -> Option<JsValue> {
    Some(get(record, "twin")).filter(JsValue::is_object)
}

/// Do two records stand for the same thing, whatever its value?
fn is_same(one: &JsValue, two: &JsValue) -> bool {
    match (of_twin(one), of_twin(two)) {
        (Some(one), Some(two)) => cookies::id_of(&one) == cookies::id_of(&two),
        (None, None) => match (cookies::id_of(one), cookies::id_of(two)) {
            (Some(one), Some(two)) => one == two,
            _ => stored::is_same(one, two),
        },
        _ => false,
    }
}

/// Keeps things for an incident: in memory for a private window, encrypted on disk otherwise.
/// What an earlier fix put aside stays; of one cookie or entry the oldest value counts. Returns
/// all that is kept.
pub async fn keep(
    incident: &str,
    private: bool,
    things: &js_sys::Array,
    until: Time,
) -> Result<js_sys::Array, JsValue> {
    let all = open(incident, private).await?.unwrap_or_default();
    for thing in things.iter() {
        if !all.iter().any(|known| is_same(&known, &thing)) {
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

/// How much of it a person would miss.
pub fn count(kept: &js_sys::Array) -> Kept {
    let of = |is: fn(&JsValue) -> bool| {
        let found = kept.iter().filter(|thing| of_twin(thing).is_none() && is(thing)).count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    Kept { cookies: of(|thing| !stored::is_record(thing)), items: of(stored::is_record) }
}

/// The browser was started anew: what ends with it is not put back any more. Returns what is left of
/// each copy, by incident.
pub async fn outlast() -> Result<Vec<(String, Kept)>, JsValue> {
    let mut left = Vec::new();
    for record in store::all_undo().await? {
        let Some(incident) = get(&record, "incident").as_string() else { continue };
        // What cannot be read can never be put back.
        let kept = open(&incident, false).await.ok().flatten().unwrap_or_default();
        let lasts = |thing: &JsValue| match of_twin(thing) {
            Some(cookie) => cookies::lasts(&cookie),
            None if stored::is_record(thing) => stored::lasts(thing),
            None => cookies::lasts(thing),
        };
        let lasting: js_sys::Array = kept.iter().filter(lasts).collect();
        if lasting.length() < kept.length() {
            #[allow(clippy::cast_possible_truncation)]
            let until = Time(get(&record, "until").as_f64().unwrap_or_default() as i64);
            seal(&incident, &lasting, until).await?;
        }
        let count = count(&lasting);
        if count == Kept::default() {
            store::drop_undo(&incident).await?;
        }
        left.push((incident, count));
    }
    Ok(left)
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
