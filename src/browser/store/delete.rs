//! Removing records for good: all that belongs to them goes in the same transaction, or nothing does.

use idb::{CursorDirection, KeyRange, ObjectStore, Query, Transaction, TransactionMode};
use wasm_bindgen::JsValue;

use super::write::{commit, summary_of};
use super::{END, Error, between, database, error, schema};
use crate::browser::value::{from_js, get};
use crate::incident::Incident;
use crate::message::Deletion;
use crate::sorted::Set;

/// So many records are read at a time.
const BATCH: u32 = 500;

/// Removes incidents, what could be put back for them, and what was learned of sites of which nothing is
/// left.
pub async fn delete(what: &Deletion) -> Result<(), Error> {
    let database = database().await?;
    let stores = ["incidents", "summaries", "undo", "sites"];
    let transaction = database.transaction(&stores, TransactionMode::ReadWrite).map_err(error)?;
    match what {
        Deletion::Incident { id } => delete_one(&transaction, id).await?,
        Deletion::Site { site } => delete_site(&transaction, site).await?,
        Deletion::All => {
            for store in stores {
                transaction.object_store(store).map_err(error)?.clear().map_err(error)?;
            }
        }
    }
    commit(transaction).await
}

async fn delete_one(transaction: &Transaction, id: &str) -> Result<(), Error> {
    let left_without = remove_one(transaction, id).await?;
    let store = |name: &str| transaction.object_store(name).map_err(error);
    forget(&store("sites")?, &store("summaries")?, left_without).await
}

/// Removes an incident with its copies and its part of the summary, not what was learned of its sites.
/// Returns the sites that it leaves without an incident.
pub(super) async fn remove_one(transaction: &Transaction, id: &str) -> Result<Set<String>, Error> {
    let store = |name: &str| transaction.object_store(name).map_err(error);
    let (incidents, summaries) = (store("incidents")?, store("summaries")?);
    drop_copies(&store("undo")?, id)?;
    let stored = incidents.get(JsValue::from_str(id)).map_err(error)?.await.map_err(error)?;
    let Some(stored) = stored.filter(JsValue::is_object) else { return Ok(Set::new()) };
    incidents.delete(JsValue::from_str(id)).map_err(error)?.await.map_err(error)?;
    let site = get(&stored, "site").as_string().unwrap_or_default();
    match newest(&incidents, &site).await? {
        Some(newest) => {
            let mut summary = summary_of(&summaries, &site).await?;
            // One that could not be read was never counted.
            if let Some(kind) = get(&stored, "kind").as_string() {
                summary.remove(&kind, &newest);
            }
            summaries.put(&schema::summary_record(&summary)?, None).map_err(error)?;
            Ok(Set::new())
        }
        None => {
            summaries.delete(JsValue::from_str(&site)).map_err(error)?;
            Ok([site, exchange_site(&stored)].into())
        }
    }
}

async fn delete_site(transaction: &Transaction, site: &str) -> Result<(), Error> {
    let store = |name: &str| transaction.object_store(name).map_err(error);
    let (incidents, undo) = (store("incidents")?, store("undo")?);
    let index = incidents.index("site").map_err(error)?;
    let mut learned = Set::from([site.to_owned()]);
    loop {
        let range = Query::from(between(site, "", END)?);
        let found = index.get_all(Some(range), Some(BATCH)).map_err(error)?.await.map_err(error)?;
        for record in &found {
            let id = get(record, "id").as_string().unwrap_or_default();
            incidents.delete(JsValue::from_str(&id)).map_err(error)?;
            drop_copies(&undo, &id)?;
            learned.insert(exchange_site(record));
        }
        if found.is_empty() {
            break;
        }
    }
    let summaries = store("summaries")?;
    summaries.delete(JsValue::from_str(site)).map_err(error)?;
    forget(&store("sites")?, &summaries, learned).await
}

/// The newest incident of a site that can be read.
async fn newest(incidents: &ObjectStore, site: &str) -> Result<Option<Incident>, Error> {
    let index = incidents.index("site").map_err(error)?;
    let range = Query::from(between(site, "", END)?);
    let request = index.open_cursor(Some(range), Some(CursorDirection::Prev)).map_err(error)?;
    let Some(cursor) = request.await.map_err(error)? else { return Ok(None) };
    let mut cursor = cursor.into_managed();
    while let Some(value) = cursor.value().map_err(error)? {
        if let Ok(incident) = from_js(value) {
            return Ok(Some(incident));
        }
        cursor.next(None).await.map_err(error)?;
    }
    Ok(None)
}

/// The copies of an incident: its own, and one for a moment beside it (`ID/login`).
fn drop_copies(undo: &ObjectStore, id: &str) -> Result<(), Error> {
    let (from, to) = (JsValue::from_str(id), JsValue::from_str(&format!("{id}/{END}")));
    let range = KeyRange::bound(&from, &to, None, None).map_err(error)?;
    undo.delete(range).map_err(error)?;
    Ok(())
}

/// Forgets what was learned of those sites that have no incident any more.
async fn forget(sites: &ObjectStore, summaries: &ObjectStore, of: Set<String>) -> Result<(), Error> {
    for site in of {
        let left = summaries.get(JsValue::from_str(&site)).map_err(error)?.await.map_err(error)?;
        if !left.is_some_and(|left| left.is_object()) {
            sites.delete(JsValue::from_str(&site)).map_err(error)?;
        }
    }
    Ok(())
}

/// The site that refused, which is another than the page's where an app's API did.
fn exchange_site(record: &JsValue) -> String {
    get(&get(record, "exchange"), "site").as_string().unwrap_or_default()
}
