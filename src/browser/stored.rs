//! A page's own storage: looked through for the credential that failed, and no further.

use wasm_bindgen::{JsCast, JsValue};

use super::inject;
use super::value::{get, object};
use crate::http::authorization::Credential;
use crate::incident::Undone;
use crate::mark::MarkKey;
use crate::stored::{Area, StoredItem, holds};

/// One entry, value included. Lives only for a snapshot.
struct Entry {
    host: String,
    area: Area,
    key: String,
    value: String,
}

fn area_name(area: Area) -> &'static str {
    match area {
        Area::Local => "local",
        Area::Session => "session",
    }
}

impl Entry {
    fn read(host: &str, triple: &JsValue) -> Option<Self> {
        let triple = js_sys::Array::from(triple);
        let text = |index| triple.get(index).as_string();
        let area = if text(0)? == "local" { Area::Local } else { Area::Session };
        Some(Self { host: host.to_owned(), area, key: text(1)?, value: text(2)? })
    }

    fn triple(&self) -> js_sys::Array {
        [area_name(self.area), &self.key, &self.value].iter().map(|text| JsValue::from_str(text)).collect()
    }
}

/// Every entry of the tab's frames that belong to one of these hosts.
async fn entries(tab: i32, hosts: &[&str]) -> Result<Vec<Entry>, JsValue> {
    let mut found: Vec<Entry> = Vec::new();
    for frame in inject::run(tab, true, "stored", &js_sys::Array::new()).await? {
        let host = get(&frame, "host").as_string().unwrap_or_default();
        // Frames of one origin share one storage.
        if !hosts.contains(&host.as_str()) || found.iter().any(|entry| entry.host == host) {
            continue;
        }
        let list = js_sys::Array::from(&get(&frame, "found"));
        found.extend(list.iter().filter_map(|triple| Entry::read(&host, &triple)));
    }
    Ok(found)
}

/// The entries that hold the failing credential.
pub async fn suspects(
    tab: i32,
    hosts: &[&str],
    credential: &Credential,
    key: &MarkKey,
) -> Result<Vec<StoredItem>, JsValue> {
    let all = entries(tab, hosts).await?;
    let holds_it = all.iter().filter(|entry| holds(&entry.key, &entry.value, credential, key));
    Ok(holds_it.map(|entry| StoredItem::new(entry.area, &entry.key, key)).collect())
}

/// Those entries, values included, as records for a snapshot.
pub async fn pick(
    tab: i32,
    hosts: &[&str],
    wanted: &[StoredItem],
    key: &MarkKey,
) -> Result<js_sys::Array, JsValue> {
    let all = entries(tab, hosts).await?;
    let is_wanted = |entry: &&Entry| wanted.iter().any(|item| item.is(entry.area, &entry.key, key));
    Ok(all.iter().filter(is_wanted).map(record).collect())
}

fn record(entry: &Entry) -> JsValue {
    let stored = object([("host", entry.host.as_str().into()), ("entry", entry.triple().into())]);
    object([("stored", stored)])
}

/// The host and the entry of a snapshot's record; `None` for a cookie's.
fn of_record(record: &JsValue) -> Option<(String, JsValue)> {
    let stored = get(record, "stored");
    Some((get(&stored, "host").as_string()?, get(&stored, "entry")))
}

/// Is this record of a snapshot an entry of a page's storage?
pub fn is_record(record: &JsValue) -> bool {
    of_record(record).is_some()
}

/// Does it outlive the tab?
pub fn lasts(record: &JsValue) -> bool {
    let area = of_record(record).map(|(_, entry)| js_sys::Array::from(&entry).get(0));
    area.and_then(|area| area.as_string()).is_some_and(|area| area == area_name(Area::Local))
}

/// Do two records stand for the same entry, whatever its value?
pub fn is_same(one: &JsValue, two: &JsValue) -> bool {
    let name = |record: &JsValue| {
        let (host, entry) = of_record(record)?;
        let entry = js_sys::Array::from(&entry);
        Some((host, entry.get(0).as_string(), entry.get(1).as_string()))
    };
    name(one).is_some() && name(one) == name(two)
}

/// Removes what was put aside, as far as it is still the same. Returns how many are gone, of how
/// many.
pub async fn remove(
    tab: i32,
    wanted: &[StoredItem],
    kept: &js_sys::Array,
    key: &MarkKey,
) -> Result<(u32, u32), JsValue> {
    let wanted: Vec<(String, JsValue)> = kept
        .iter()
        .filter_map(|record| of_record(&record))
        .filter(|(host, entry)| {
            Entry::read(host, entry)
                .is_some_and(|entry| wanted.iter().any(|item| item.is(entry.area, &entry.key, key)))
        })
        .collect();
    let mut gone = 0;
    for (host, entry) in &wanted {
        gone += in_frames(tab, "take", host, entry).await?.iter().filter_map(count).max().unwrap_or(0);
    }
    Ok((gone, u32::try_from(wanted.len()).unwrap_or(u32::MAX)))
}

/// Puts back what was kept, into the page that is open in this tab.
pub async fn restore(tab: i32, kept: &[JsValue]) -> Result<Undone, JsValue> {
    let mut done = Undone { restored: 0, newer: 0, refused: 0 };
    for (host, entry) in kept.iter().filter_map(of_record) {
        let answer = in_frames(tab, "put", &host, &entry).await.unwrap_or_default().into_iter().next();
        let answer = answer.and_then(|answer| answer.dyn_into::<js_sys::Array>().ok());
        match answer.map(|pair| (count(&pair.get(0)), count(&pair.get(1)))) {
            Some((Some(1), _)) => done.restored += 1,
            Some((_, Some(1))) => done.newer += 1,
            _ => done.refused += 1,
        }
    }
    Ok(done)
}

async fn in_frames(tab: i32, name: &str, host: &str, entry: &JsValue) -> Result<Vec<JsValue>, JsValue> {
    let entries = js_sys::Array::of1(entry);
    inject::run(tab, true, name, &js_sys::Array::of2(&host.into(), &entries)).await
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|count| count as u32)
}
