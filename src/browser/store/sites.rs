//! What the list of sites shows: their summaries, by the page.

use idb::{CursorDirection, Index, KeyRange, ObjectStore, Query, TransactionMode};
use wasm_bindgen::JsValue;

use super::{Error, database, error, read};
use crate::browser::value::from_js;
use crate::history::query::{self, Sort};
use crate::history::summary::{Kind, SiteSummary};
use crate::sorted::Set;

/// A site's summary.
pub async fn summary(site: &str) -> Result<Option<SiteSummary>, Error> {
    read("summaries", site).await?.map(from_js).transpose()
}

/// How many incidents there are.
pub async fn total() -> Result<u32, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["incidents"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("incidents").map_err(error)?;
    store.count(None).map_err(error)?.await.map_err(error)
}

/// The kinds of incidents that there are, on whatever site.
pub async fn kinds() -> Result<Vec<Kind>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&["summaries"], TransactionMode::ReadOnly).map_err(error)?;
    let index = transaction.object_store("summaries").map_err(error)?.index("has").map_err(error)?;
    let request = index.open_key_cursor(None, Some(CursorDirection::NextUnique)).map_err(error)?;
    let mut found = Vec::new();
    let Some(cursor) = request.await.map_err(error)? else { return Ok(found) };
    let mut cursor = cursor.into_managed();
    while let Some(key) = cursor.key().map_err(error)?.filter(|key| !key.is_undefined()) {
        found.extend(key.as_string().and_then(|id| Kind::from_id(&id)));
        cursor.next(None).await.map_err(error)?;
    }
    Ok(found)
}

/// Up to `most` sites in the query's order, after the `first` ones, and how many there are in all.
pub async fn sites(query: &query::Query, first: u32, most: u32) -> Result<(Vec<SiteSummary>, u32), Error> {
    let database = database().await?;
    let transaction = database.transaction(&["summaries"], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store("summaries").map_err(error)?;
    if query.narrows() {
        let names = names(&store, query).await?;
        let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let mut found = Vec::new();
        for name in names.iter().skip(first as usize).take(most as usize) {
            let value = store.get(JsValue::from_str(name)).map_err(error)?.await.map_err(error)?;
            found.extend(value.and_then(|value| from_js(value).ok()));
        }
        return Ok((found, count));
    }
    let count = store.count(None).map_err(error)?.await.map_err(error)?;
    let request = match index(&store, query.sort)? {
        Some(index) => index.open_cursor(None, Some(CursorDirection::Prev)),
        None => store.open_cursor(None, None),
    };
    let mut found = Vec::new();
    let Some(cursor) = request.map_err(error)?.await.map_err(error)? else { return Ok((found, count)) };
    let mut cursor = cursor.into_managed();
    if first > 0 {
        cursor.advance(first).await.map_err(error)?;
    }
    for _ in 0..most {
        let Some(value) = cursor.value().map_err(error)? else { break };
        found.extend(from_js(value));
        cursor.next(None).await.map_err(error)?;
    }
    Ok((found, count))
}

/// The index of an order, which is gone through from its end; `None` where it is the sites' own.
fn index(store: &ObjectStore, sort: Sort) -> Result<Option<Index>, Error> {
    let name = match sort {
        Sort::Newest => "latest",
        Sort::Most => "most",
        Sort::Name => return Ok(None),
    };
    store.index(name).map(Some).map_err(error)
}

/// The names of the sites that are wanted, in order. Only names are read, however many sites there are.
async fn names(store: &ObjectStore, query: &query::Query) -> Result<Vec<String>, Error> {
    let all = match index(store, query.sort)? {
        Some(index) => {
            index.get_all_keys(None, None).map_err(error)?.await.map_err(error)?.into_iter().rev().collect()
        }
        None => store.get_all_keys(None, None).map_err(error)?.await.map_err(error)?,
    };
    let mut names: Vec<String> = all.iter().filter_map(JsValue::as_string).collect();
    names.retain(|name| query.finds(name));
    if query.filters() {
        let has = store.index("has").map_err(error)?;
        let mut wanted: Set<String> = Set::new();
        for kind in query.kinds() {
            let only = Query::from(KeyRange::only(&kind.id().into()).map_err(error)?);
            let of_kind = has.get_all_keys(Some(only), None).map_err(error)?.await.map_err(error)?;
            wanted.extend(of_kind.iter().filter_map(JsValue::as_string));
        }
        names.retain(|name| wanted.contains(name));
    }
    Ok(names)
}
