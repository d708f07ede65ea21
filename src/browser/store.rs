//! The one door to IndexedDB.
//!
//! Schema 1: `incidents` (by `id`, with the indexes `site` = [site, id] and `open`), `sites` (by
//! `site`), `undo` (by `incident`), `keys` (by name).

#[cfg(feature = "pages")]
mod timeline;
#[cfg(feature = "background")]
mod waste;
#[cfg(feature = "background")]
mod write;

use std::cell::RefCell;
use std::rc::Rc;

use idb::{Database, DatabaseEvent, Factory, IndexParams, KeyPath, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

use super::value::from_js;
use crate::incident::Incident;

#[cfg(feature = "pages")]
pub use timeline::{count, sizes, timeline};
#[cfg(feature = "background")]
pub use waste::{erase, retain};
#[cfg(feature = "background")]
pub use write::{
    all_undo, amend, drop_undo, forget_incident, key, open_incidents, purge_undo, put_incident, put_undo,
    recorded_sites, undo,
};

const NAME: &str = "latchkey";
const VERSION: u32 = 1;

thread_local! {
    static DATABASE: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

/// What went wrong, in the browser's words.
pub type Error = JsValue;

fn error(error: idb::Error) -> Error {
    js_sys::Error::new(&error.to_string()).into()
}

async fn database() -> Result<Rc<Database>, Error> {
    if let Some(open) = DATABASE.with(|slot| slot.borrow().clone()) {
        return Ok(open);
    }
    let mut request = Factory::new().map_err(error)?.open(NAME, Some(VERSION)).map_err(error)?;
    request.on_upgrade_needed(|event| {
        // A failed upgrade aborts the opening, which reports it.
        if let Ok(database) = event.database() {
            let _ = create(&database);
        }
    });
    let mut database = request.await.map_err(error)?;
    // A newer version of the extension wants to upgrade: let go, and open anew when needed.
    database.on_version_change(|_| {
        DATABASE.with(|slot| {
            if let Some(open) = slot.borrow_mut().take() {
                open.close();
            }
        });
    });
    database.on_close(|_| DATABASE.with(|slot| drop(slot.borrow_mut().take())));
    let database = Rc::new(database);
    DATABASE.with(|slot| *slot.borrow_mut() = Some(Rc::clone(&database)));
    Ok(database)
}

fn create(database: &Database) -> Result<(), idb::Error> {
    let keyed = |path: &str| {
        let mut params = ObjectStoreParams::new();
        params.key_path(Some(KeyPath::new_single(path)));
        params
    };
    let incidents = database.create_object_store("incidents", keyed("id"))?;
    incidents.create_index("site", KeyPath::new_array(["site", "id"]), Some(IndexParams::new()))?;
    incidents.create_index("open", KeyPath::new_single("open"), Some(IndexParams::new()))?;
    database.create_object_store("sites", keyed("site"))?;
    database.create_object_store("undo", keyed("incident"))?;
    database.create_object_store("keys", ObjectStoreParams::new())?;
    Ok(())
}

async fn read(store: &str, key: &str) -> Result<Option<JsValue>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store(store).map_err(error)?;
    let value = store.get(JsValue::from_str(key)).map_err(error)?.await.map_err(error)?;
    Ok(value.filter(|value| !value.is_undefined()))
}

/// Reads an incident.
pub async fn incident(id: &str) -> Result<Option<Incident>, Error> {
    read("incidents", id).await?.map(from_js).transpose()
}
