//! The one door to IndexedDB, but for what `extension/records.js` reads while wasm is compiled.

#[cfg(feature = "background")]
mod delete;
#[cfg(feature = "pages")]
mod export;
mod schema;
#[cfg(feature = "pages")]
mod sites;
#[cfg(feature = "pages")]
mod timeline;
#[cfg(feature = "background")]
mod waste;
#[cfg(feature = "background")]
mod write;

use std::cell::RefCell;
use std::rc::Rc;

use idb::{Database, Factory, KeyRange, TransactionMode};
use wasm_bindgen::JsValue;

use super::value::{from_js, strings};
use crate::incident::Incident;

#[cfg(feature = "background")]
pub use delete::delete;
#[cfg(feature = "pages")]
pub use export::{batch, records};
#[cfg(feature = "pages")]
pub use sites::{kinds, sites, summary, total};
#[cfg(feature = "pages")]
pub use timeline::{count, counts, sizes, snapshots, timeline};
#[cfg(feature = "background")]
pub use waste::{erase, retain};
#[cfg(feature = "background")]
pub use write::{all_undo, amend, drop_undo, key, purge_undo, put_incident, put_undo, recorded_sites, undo};

const NAME: &str = "latchkey";

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
    let mut request = Factory::new().map_err(error)?.open(NAME, Some(schema::VERSION)).map_err(error)?;
    request.on_upgrade_needed(|event| schema::upgrade(&event));
    Ok(keep(request.await.map_err(error)?))
}

fn keep(mut database: Database) -> Rc<Database> {
    // A newer version of the extension wants to upgrade: let go, and open anew when needed.
    database.on_version_change(|_| let_go());
    database.on_close(|_| DATABASE.with(|slot| drop(slot.borrow_mut().take())));
    let database = Rc::new(database);
    DATABASE.with(|slot| *slot.borrow_mut() = Some(Rc::clone(&database)));
    database
}

fn let_go() {
    if let Some(open) = DATABASE.with(|slot| slot.borrow_mut().take()) {
        open.close();
    }
}

/// Goes on with what `extension/records.js` has opened meanwhile.
#[cfg(feature = "background")]
pub fn take(opened: JsValue) {
    if let Ok(database) = Database::try_from(opened) {
        // A wake that is tried again has one already.
        let_go();
        keep(database);
    }
}

/// Makes the database where there is none yet, or brings it up to date.
#[cfg(feature = "background")]
pub async fn make() -> Result<(), Error> {
    database().await?;
    let_go();
    Ok(())
}

/// The keys [site, id] of a site's incidents, between two ids.
fn between(site: &str, from: &str, to: &str) -> Result<KeyRange, Error> {
    let key = |id: &str| strings(&[site, id]);
    KeyRange::bound(&key(from), &key(to), Some(false), Some(true)).map_err(error)
}

/// After every id.
const END: &str = "\u{ffff}";

async fn read(store: &str, key: &str) -> Result<Option<JsValue>, Error> {
    let database = database().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadOnly).map_err(error)?;
    let store = transaction.object_store(store).map_err(error)?;
    let value = store.get(JsValue::from_str(key)).map_err(error)?.await.map_err(error)?;
    Ok(value.filter(|value| !value.is_undefined()))
}

/// Adds those that are over and still shown in a tab: its page may be about to lead on.
#[cfg(feature = "background")]
pub async fn add_shown(incidents: &mut Vec<Incident>, ids: impl Iterator<Item = &String>) {
    for id in ids {
        if incidents.iter().all(|known| known.id != *id)
            && let Ok(Some(shown)) = incident(id).await
        {
            incidents.push(shown);
        }
    }
}

/// Reads an incident.
pub async fn incident(id: &str) -> Result<Option<Incident>, Error> {
    read("incidents", id).await?.map(from_js).transpose()
}
