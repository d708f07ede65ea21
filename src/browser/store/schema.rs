//! What is kept where, and how what an earlier version kept is taken over.
//!
//! Schema 2: `incidents` (by `id`, with the indexes `site` = [site, id], `kind` = [site, kind, id] and
//! `open`), `summaries` (of sites, by `site`, with the indexes `latest`, `most` = [count, site] and `has`,
//! each kind that there is), `sites` (what was learned, by `site`), `undo` (by `incident`), `keys` (by name).
//! Schema 1 had no `summaries` and no kinds.

use idb::event::VersionChangeEvent;
use idb::{
    Database, DatabaseEvent, Event, IndexParams, KeyPath, ObjectStore, ObjectStoreParams, Request,
    Transaction,
};
use wasm_bindgen::JsValue;

use super::Error;
use crate::browser::value::{from_js, set, strings, to_js};
use crate::history::summary::{Kind, SiteSummary};
use crate::incident::Incident;
use crate::sorted::Map;

/// The schema's number.
pub const VERSION: u32 = 2;

/// Brings the database from whatever it was to [`VERSION`]. What fails aborts the opening, which reports it,
/// and leaves everything as it was.
pub fn upgrade(event: &VersionChangeEvent) {
    let Ok(target) = event.target() else { return };
    let Some(transaction) = target.transaction() else { return };
    if try_upgrade(event, &transaction).is_err() {
        let _ = transaction.abort();
    }
}

fn try_upgrade(event: &VersionChangeEvent, transaction: &Transaction) -> Result<(), idb::Error> {
    let database = event.database()?;
    let before = event.old_version()?;
    if before < 1 {
        create(&database)?;
    }
    let incidents = transaction.object_store("incidents")?;
    incidents.create_index("kind", KeyPath::new_array(["site", "kind", "id"]), Some(IndexParams::new()))?;
    let summaries = database.create_object_store("summaries", keyed("site"))?;
    summaries.create_index("latest", KeyPath::new_single("latest"), Some(IndexParams::new()))?;
    summaries.create_index("most", KeyPath::new_array(["count", "site"]), Some(IndexParams::new()))?;
    let mut each = IndexParams::new();
    each.multi_entry(true);
    summaries.create_index("has", KeyPath::new_single("has"), Some(each))?;
    if before == 1 {
        // Within the upgrade's own transaction, which stays open as long as something is asked of it.
        let all = incidents.open_cursor(None, None)?;
        wasm_bindgen_futures::spawn_local(async move {
            if sum_up(all, &summaries).await.is_err() {
                let _ = summaries.transaction().abort();
            }
        });
    }
    Ok(())
}

fn keyed(path: &str) -> ObjectStoreParams {
    let mut params = ObjectStoreParams::new();
    params.key_path(Some(KeyPath::new_single(path)));
    params
}

fn create(database: &Database) -> Result<(), idb::Error> {
    let incidents = database.create_object_store("incidents", keyed("id"))?;
    incidents.create_index("site", KeyPath::new_array(["site", "id"]), Some(IndexParams::new()))?;
    incidents.create_index("open", KeyPath::new_single("open"), Some(IndexParams::new()))?;
    database.create_object_store("sites", keyed("site"))?;
    database.create_object_store("undo", keyed("incident"))?;
    database.create_object_store("keys", ObjectStoreParams::new())?;
    Ok(())
}

/// Gives each incident its kind, and sums them up by site. A record that cannot be read is left alone.
async fn sum_up(all: idb::request::OpenCursorStoreRequest, summaries: &ObjectStore) -> Result<(), Error> {
    let mut sums: Map<String, SiteSummary> = Map::new();
    if let Some(cursor) = all.await.map_err(super::error)? {
        let mut cursor = cursor.into_managed();
        while let Some(value) = cursor.value().map_err(super::error)? {
            if let Ok(incident) = from_js::<Incident>(value.clone()) {
                set_kind(&value, &incident);
                cursor.update(&value).await.map_err(super::error)?;
                let sum = sums.or_insert_with(incident.site.clone(), || SiteSummary::new(&incident.site));
                sum.put(&incident, None);
            }
            cursor.next(None).await.map_err(super::error)?;
        }
    }
    for sum in sums.values() {
        summaries.put(&summary_record(sum)?, None).map_err(super::error)?;
    }
    Ok(())
}

/// What the index `kind` goes by.
pub fn set_kind(record: &JsValue, incident: &Incident) {
    set(record, "kind", &Kind::of(incident).id().into());
}

/// A summary with what the index `has` goes by.
pub fn summary_record(summary: &SiteSummary) -> Result<JsValue, Error> {
    let record = to_js(summary)?;
    let kinds: Vec<&str> = summary.kinds.keys().map(String::as_str).collect();
    set(&record, "has", &strings(&kinds));
    Ok(record)
}
