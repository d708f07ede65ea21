//! What is read to be saved: all of it, a batch at a time.

use idb::{KeyRange, Query, TransactionMode};
use wasm_bindgen::JsValue;

use super::{END, Error, database, error};
use crate::browser::value::{from_js, strings};
use crate::history::SiteRecord;
use crate::incident::Incident;
use crate::sorted::{Map, Set};

/// Up to `most` incidents with ids after this one, oldest first, of one site or of all. Also says which id
/// came last, `None` at the end. A record that cannot be read is left out.
pub async fn batch(
    site: Option<&str>,
    after: &str,
    most: u32,
) -> Result<(Vec<Incident>, Option<String>), Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("incidents").map_err(error)?;
    let request = match site {
        Some(site) => {
            let key = |id: &str| strings(&[site, id]);
            let range = KeyRange::bound(&key(after), &key(END), Some(true), Some(true)).map_err(error)?;
            store.index("site").map_err(error)?.get_all(Some(Query::from(range)), Some(most))
        }
        None => {
            let range = KeyRange::lower_bound(&JsValue::from_str(after), Some(true)).map_err(error)?;
            store.get_all(Some(Query::from(range)), Some(most))
        }
    };
    let found = request.map_err(error)?.await.map_err(error)?;
    let last = found.last().and_then(|record| crate::browser::value::get(record, "id").as_string());
    Ok((found.into_iter().filter_map(|record| from_js(record).ok()).collect(), last))
}

/// What was learned of these sites.
pub async fn records(sites: &Set<String>) -> Result<Map<String, SiteRecord>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["sites"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("sites").map_err(error)?;
    let mut found = Map::new();
    for site in sites {
        let value = store.get(JsValue::from_str(site)).map_err(error)?.await.map_err(error)?;
        if let Some(record) = value.and_then(|value| from_js(value).ok()) {
            found.insert(site.clone(), record);
        }
    }
    Ok(found)
}
