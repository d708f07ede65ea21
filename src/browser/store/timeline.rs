//! What the history shows.

use idb::{CursorDirection, KeyRange, Query, TransactionMode};

use super::{Error, database, error};
use crate::browser::value::{from_js, strings};
use crate::incident::Incident;

/// Up to `most` incidents, newest first, of one site or of all.
pub async fn timeline(site: Option<&str>, most: usize) -> Result<Vec<Incident>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("incidents").map_err(error)?;
    let direction = Some(CursorDirection::Prev);
    let request = match site {
        Some(site) => {
            let key = |id: &str| strings(&[site, id]);
            let range = KeyRange::bound(&key(""), &key("\u{ffff}"), Some(true), Some(true)).map_err(error)?;
            store.index("site").map_err(error)?.open_cursor(Some(Query::from(range)), direction)
        }
        None => store.open_cursor(None, direction),
    };
    let mut found = Vec::new();
    let Some(cursor) = request.map_err(error)?.await.map_err(error)? else { return Ok(found) };
    let mut cursor = cursor.into_managed();
    while found.len() < most {
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

/// How many incidents a site's history holds.
pub async fn count(site: &str) -> Result<u32, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let index = transaction.object_store("incidents").map_err(error)?.index("site").map_err(error)?;
    let key = |id: &str| strings(&[site, id]);
    let range = KeyRange::bound(&key(""), &key("\u{ffff}"), None, None).map_err(error)?;
    index.count(Some(Query::from(range))).map_err(error)?.await.map_err(error)
}
