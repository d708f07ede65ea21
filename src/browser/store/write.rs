//! What the background keeps.

use futures_util::future::join;
use idb::{ObjectStore, Transaction, TransactionMode};
use wasm_bindgen::JsValue;

use super::{Error, database, error, read, schema};
use crate::browser::value::{from_js, get, set, to_js};
use crate::history::SiteRecord;
use crate::history::summary::SiteSummary;
use crate::incident::Incident;
use crate::time::Time;

/// Waits until what was written is on disk. A full disk aborts the transaction only now, after every
/// request in it has succeeded.
pub(super) async fn commit(transaction: Transaction) -> Result<(), Error> {
    let handle = JsValue::from(transaction.commit().map_err(error)?);
    let done = Transaction::try_from(handle.clone()).map_err(error)?.await.map_err(error)?;
    if done.is_committed() {
        return Ok(());
    }
    let reason = get(&handle, "error");
    let text = |key: &str| get(&reason, key).as_string().unwrap_or_default();
    Err(js_sys::Error::new(&format!("aborted: {} {}", text("name"), text("message"))).into())
}

/// Writes a record and waits until it is on disk.
async fn put(store: &str, value: &JsValue, key: Option<&JsValue>) -> Result<(), Error> {
    let database = database().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite).map_err(error)?;
    transaction.object_store(store).map_err(error)?.put(value, key).map_err(error)?.await.map_err(error)?;
    commit(transaction).await
}

async fn delete(store: &str, key: &str) -> Result<(), Error> {
    let database = database().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite).map_err(error)?;
    transaction
        .object_store(store)
        .map_err(error)?
        .delete(JsValue::from_str(key))
        .map_err(error)?
        .await
        .map_err(error)?;
    commit(transaction).await
}

/// Writes an incident, and counts it in its site's summary.
pub async fn put_incident(incident: &Incident) -> Result<(), Error> {
    let record = to_js(incident)?;
    // Only what has to be gone on with is found by the index `open`.
    if incident.is_unfinished() {
        set(&record, "open", &JsValue::from(1));
    }
    schema::set_kind(&record, incident);
    let database = database().await?;
    let transaction =
        database.transaction(&["incidents", "summaries"], TransactionMode::ReadWrite).map_err(error)?;
    let incidents = transaction.object_store("incidents").map_err(error)?;
    let summaries = transaction.object_store("summaries").map_err(error)?;
    let before = incidents.get(JsValue::from_str(&incident.id)).map_err(error)?;
    let (before, summary) = join(before.into_future(), summary_of(&summaries, &incident.site)).await;
    let before = before.map_err(error)?.filter(JsValue::is_object);
    let before = before.map(|old| get(&old, "kind").as_string().unwrap_or_default());
    let mut summary = summary?;
    summary.put(incident, before.as_deref());
    // One that fails aborts the transaction, and with it the other.
    incidents.put(&record, None).map_err(error)?;
    summaries.put(&schema::summary_record(&summary)?, None).map_err(error)?;
    commit(transaction).await
}

/// A site's summary; an empty one where there is none, or none that can be read.
pub(super) async fn summary_of(summaries: &ObjectStore, site: &str) -> Result<SiteSummary, Error> {
    let stored = summaries.get(JsValue::from_str(site)).map_err(error)?.await.map_err(error)?;
    let stored = stored.filter(JsValue::is_object).and_then(|stored| from_js(stored).ok());
    Ok(stored.unwrap_or_else(|| SiteSummary::new(site)))
}

/// The sites that have a record.
pub async fn recorded_sites() -> Result<Vec<String>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["sites"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("sites").map_err(error)?;
    let keys = store.get_all_keys(None, None).map_err(error)?.await.map_err(error)?;
    Ok(keys.iter().filter_map(JsValue::as_string).collect())
}

/// Changes a site's record in one transaction, so that no other change is lost.
pub async fn amend<T>(site: &str, change: impl FnOnce(&mut SiteRecord) -> T) -> Result<T, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["sites"], TransactionMode::ReadWrite).map_err(error)?;
    let store = transaction.object_store("sites").map_err(error)?;
    let stored = store.get(JsValue::from_str(site)).map_err(error)?.await.map_err(error)?;
    let mut record = stored
        .filter(|value| !value.is_undefined())
        .and_then(|value| from_js(value).ok())
        .unwrap_or_else(|| SiteRecord::new(site));
    let result = change(&mut record);
    store.put(&to_js(&record)?, None).map_err(error)?.await.map_err(error)?;
    commit(transaction).await?;
    Ok(result)
}

/// Keeps what can be put back; `record` has the incident's id as `incident`.
pub async fn put_undo(record: &JsValue) -> Result<(), Error> {
    put("undo", record, None).await
}

/// What can be put back for an incident.
pub async fn undo(incident: &str) -> Result<Option<JsValue>, Error> {
    read("undo", incident).await
}

/// Everything that can be put back.
pub async fn all_undo() -> Result<Vec<JsValue>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["undo"], TransactionMode::ReadOnly).map_err(error)?;
    transaction.object_store("undo").map_err(error)?.get_all(None, None).map_err(error)?.await.map_err(error)
}

/// Drops what could be put back.
pub async fn drop_undo(incident: &str) -> Result<(), Error> {
    delete("undo", incident).await
}

/// Drops what could be put back until a time that is over.
pub async fn purge_undo(now: Time) -> Result<(), Error> {
    let database = database().await?;
    let transaction = database.transaction(&["undo"], TransactionMode::ReadWrite).map_err(error)?;
    let store = transaction.object_store("undo").map_err(error)?;
    for record in store.get_all(None, None).map_err(error)?.await.map_err(error)? {
        let is_over = get(&record, "until").as_f64().is_none_or(|until| Time::from_millis_f64(until) < now);
        if is_over {
            store.delete(get(&record, "incident")).map_err(error)?.await.map_err(error)?;
        }
    }
    commit(transaction).await
}

/// A key of this installation; made by `make` when there is none yet.
pub async fn key<F>(name: &str, make: impl FnOnce() -> F) -> Result<JsValue, Error>
where
    F: Future<Output = Result<JsValue, Error>>,
{
    if let Some(key) = read("keys", name).await? {
        return Ok(key);
    }
    let key = make().await?;
    put("keys", &key, Some(&JsValue::from_str(name))).await?;
    Ok(key)
}
