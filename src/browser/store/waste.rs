//! What goes: what is too old or too much, or everything.

use idb::{KeyRange, ObjectStore, Query, TransactionMode};
use wasm_bindgen::JsValue;

use super::delete::remove_one;
use super::write::commit;
use super::{Error, database, error};
use crate::background::is_old;
use crate::browser::value::{from_js, get, to_js};
use crate::history::SiteRecord;
use crate::incident::{Incident, id_at};
use crate::sorted::Set;
use crate::time::Time;

/// So many records are read at once: there may be many, and memory is dear.
const AT_ONCE: u32 = 200;

/// Deletes incidents that ended before a time, and the oldest of those beyond `most`, but never those in
/// `open`; with each what could be put back. A site whose last incident goes is forgotten as well.
pub async fn retain(before: Time, most: u32, open: &Set<String>) -> Result<(), Error> {
    let database = database().await?;
    let stores = ["incidents", "summaries", "sites", "undo"];
    let transaction = database.transaction(&stores, TransactionMode::ReadWrite).map_err(error)?;
    let incidents = transaction.object_store("incidents").map_err(error)?;
    // Ids are in order of time: only what began before is read.
    let end = JsValue::from(id_at(before));
    let range = || KeyRange::upper_bound(&end, Some(true)).map(Query::from).map_err(error);
    let mut gone: Set<String> = Set::new();
    for record in incidents.get_all(Some(range()?), None).map_err(error)?.await.map_err(error)? {
        let Some(id) = get(&record, "id").as_string() else { continue };
        // What cannot be read is of no use any more.
        let is_over = from_js::<Incident>(record).map_or(true, |incident| is_old(&incident, before));
        if is_over && !open.contains(&id) {
            gone.insert(id);
        }
    }
    let keys = incidents.get_all_keys(None, None).map_err(error)?.await.map_err(error)?;
    let left = keys.iter().filter_map(JsValue::as_string).filter(|id| !gone.contains(id));
    let left: Vec<String> = left.collect();
    let surplus = left.len().saturating_sub(usize::try_from(most).unwrap_or(usize::MAX));
    gone.extend(left.into_iter().filter(|id| !open.contains(id)).take(surplus));
    for id in &gone {
        remove_one(&transaction, id).await?;
    }
    let sites = transaction.object_store("sites").map_err(error)?;
    let used = sites_of(&incidents).await?;
    for record in sites.get_all(None, None).map_err(error)?.await.map_err(error)? {
        let Some(site) = get(&record, "site").as_string().filter(|site| !used.contains(site)) else {
            continue;
        };
        let mut record: SiteRecord = from_js(record).unwrap_or_default();
        record.site.clone_from(&site);
        if record.wane() {
            sites.put(&to_js(&record)?, None).map_err(error)?.await.map_err(error)?;
        } else {
            sites.delete(JsValue::from_str(&site)).map_err(error)?.await.map_err(error)?;
        }
    }
    commit(transaction).await
}

/// The sites that incidents speak of: whose history they belong to, and which refused.
async fn sites_of(incidents: &ObjectStore) -> Result<Set<String>, Error> {
    let (mut used, mut last) = (Set::new(), String::new());
    loop {
        let after = KeyRange::lower_bound(&JsValue::from_str(&last), Some(true)).map_err(error)?;
        let some = incidents.get_all(Some(Query::from(after)), Some(AT_ONCE)).map_err(error)?;
        let some = some.await.map_err(error)?;
        let Some(id) = some.last().and_then(|incident| get(incident, "id").as_string()) else {
            return Ok(used);
        };
        last = id;
        for incident in some {
            used.extend(get(&incident, "site").as_string());
            used.extend(get(&get(&incident, "exchange"), "site").as_string());
        }
    }
}

/// Deletes everything, keys included, in one transaction.
pub async fn erase() -> Result<(), Error> {
    let database = database().await?;
    let stores = ["incidents", "summaries", "sites", "undo", "keys"];
    let transaction = database.transaction(&stores, TransactionMode::ReadWrite).map_err(error)?;
    for name in stores {
        let store = transaction.object_store(name).map_err(error)?;
        store.clear().map_err(error)?.await.map_err(error)?;
    }
    commit(transaction).await
}
