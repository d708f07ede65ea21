//! What the history of a site shows: by the page, never all of it.

use idb::{CursorDirection, KeyRange, Query, TransactionMode};
use wasm_bindgen::JsValue;

use super::{END, Error, between, database, error};
use crate::browser::value::{from_js, get, strings};
use crate::history::query;
use crate::history::summary::SiteSummary;
use crate::incident::{Incident, id_at};
use crate::message::Deletion;
use crate::time::Time;

/// Up to `most` incidents of a site, newest first, after the `first` ones; only what the query wants.
pub async fn timeline(
    summary: &SiteSummary,
    query: &query::Query,
    first: u32,
    most: u32,
) -> Result<Vec<Incident>, Error> {
    if query.filters() {
        filtered(summary, query, first, most).await
    } else {
        plain(summary, first, most).await
    }
}

async fn plain(summary: &SiteSummary, first: u32, most: u32) -> Result<Vec<Incident>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let index = transaction.object_store("incidents").map_err(error)?.index("site").map_err(error)?;
    let range = Query::from(between(&summary.site, "", END)?);
    let request = index.open_cursor(Some(range), Some(CursorDirection::Prev)).map_err(error)?;
    let mut found = Vec::new();
    let Some(cursor) = request.await.map_err(error)? else { return Ok(found) };
    let mut cursor = cursor.into_managed();
    if first > 0 {
        cursor.advance(first).await.map_err(error)?;
    }
    for _ in 0..most {
        let Some(value) = cursor.value().map_err(error)? else { break };
        if let Ok(incident) = from_js(value) {
            found.push(incident);
        }
        cursor.next(None).await.map_err(error)?;
    }
    Ok(found)
}

/// How many records of each kind there are: incidents, sites, copies.
pub async fn sizes() -> Result<[u32; 3], Error> {
    let stores = ["incidents", "sites", "undo"];
    let database = database().await?;
    let transaction = database.transaction(&stores, TransactionMode::ReadOnly).map_err(error)?;
    let mut sizes = [0; 3];
    for (size, name) in sizes.iter_mut().zip(stores) {
        let store = transaction.object_store(name).map_err(error)?;
        *size = store.count(None).map_err(error)?.await.map_err(error)?;
    }
    Ok(sizes)
}

/// By the ids of each kind that is wanted: ids are small, and in order of time.
async fn filtered(
    summary: &SiteSummary,
    query: &query::Query,
    first: u32,
    most: u32,
) -> Result<Vec<Incident>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("incidents").map_err(error)?;
    let index = store.index("kind").map_err(error)?;
    let mut ids: Vec<String> = Vec::new();
    for (kind, _) in summary.each_kind().filter(|(kind, _)| query.takes(*kind)) {
        let key = |end: &str| strings(&[&summary.site, &kind.id(), end]);
        let range = KeyRange::bound(&key(""), &key(END), None, None).map_err(error)?;
        let found =
            index.get_all_keys(Some(Query::from(range)), None).map_err(error)?.await.map_err(error)?;
        ids.extend(found.iter().filter_map(JsValue::as_string));
    }
    ids.sort_unstable_by(|one, two| two.cmp(one));
    let mut found = Vec::new();
    for id in ids.iter().skip(first as usize).take(most as usize) {
        let value = store.get(JsValue::from_str(id)).map_err(error)?.await.map_err(error)?;
        found.extend(value.and_then(|value| from_js(value).ok()));
    }
    Ok(found)
}

/// How many incidents a site's history holds.
pub async fn count(site: &str) -> Result<u32, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let index = transaction.object_store("incidents").map_err(error)?.index("site").map_err(error)?;
    let range = Query::from(between(site, "", END)?);
    index.count(Some(range)).map_err(error)?.await.map_err(error)
}

/// How many incidents began between each two of these times, of a site or of all.
pub async fn counts(site: Option<&str>, bounds: &[Time]) -> Result<Vec<u32>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("incidents").map_err(error)?;
    let index = store.index("site").map_err(error)?;
    let mut asked = Vec::new();
    for (from, to) in bounds.iter().zip(bounds.iter().skip(1)) {
        let (from, to) = (id_at(*from), id_at(*to));
        asked.push(match site {
            Some(site) => index.count(Some(Query::from(between(site, &from, &to)?))),
            None => {
                let (from, to) = (JsValue::from_str(&from), JsValue::from_str(&to));
                let range = KeyRange::bound(&from, &to, None, Some(true)).map_err(error)?;
                store.count(Some(Query::from(range)))
            }
        });
    }
    let mut counts = Vec::new();
    for request in asked {
        counts.push(request.map_err(error)?.await.map_err(error)?);
    }
    Ok(counts)
}

/// For how many incidents something could still be put back that would go with them.
pub async fn snapshots(of: &Deletion) -> Result<u32, Error> {
    let database = database().await?;
    let transaction =
        database.transaction(&["incidents", "undo"], TransactionMode::ReadOnly).map_err(error)?;
    let incidents = transaction.object_store("incidents").map_err(error)?;
    let undo = transaction.object_store("undo").map_err(error)?;
    let mut count = 0;
    for copy in undo.get_all_keys(None, None).map_err(error)?.await.map_err(error)? {
        // One for a moment (`ID/login`) is no undo.
        let Some(id) = copy.as_string().filter(|id| !id.contains('/')) else { continue };
        let is_meant = match of {
            Deletion::All => true,
            Deletion::Incident { id: wanted } => id == *wanted,
            Deletion::Site { site } => {
                let stored = incidents.get(JsValue::from_str(&id)).map_err(error)?.await.map_err(error)?;
                stored.is_some_and(|stored| get(&stored, "site").as_string().as_ref() == Some(site))
            }
        };
        count += u32::from(is_meant);
    }
    Ok(count)
}
