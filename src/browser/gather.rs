//! Collects what rules may look at: the jar, the page's own storage, the site's past.

use wasm_bindgen::JsValue;

use super::background::{complain, mark_key};
use super::value::get;
use super::{api, cookies, deeds, inject, store, stored, trouble};
use crate::background::Event;
use crate::evidence::Past;
use crate::exchange::{Exchange, Kind, Known, Observation, SeenBy};
use crate::http::cookie::JarCookie;
use crate::incident::Incident;
use crate::mark::MarkKey;
use crate::stored::StoredItem;
use crate::time::Time;

/// All that can be found for an incident.
pub async fn gather(incident: &Incident) -> Event {
    let key = mark_key();
    let host = incident.host();
    let mut jar: Known<Vec<JarCookie>> = match cookies::jar(host, &incident.exchange.store, &key).await {
        Ok(mut jar) => {
            jar.extend(elsewhere(incident, host, &key).await);
            Known::Present(jar)
        }
        Err(error) => {
            complain("cookies could not be read", &error);
            Known::Unknown
        }
    };
    let mut past = Past::default();
    // A private window leaves no trace on disk, and has no past but its own.
    if !incident.private && trouble::has_disk() {
        let seen = store::amend(&incident.exchange.site, |record| {
            if let Known::Present(jar) = &mut jar {
                record.see(jar, api::now(), &key);
            }
            record.past()
        });
        match seen.await {
            Ok(known) => past = known,
            Err(error) => complain("a site's record could not be read", &error),
        }
    }
    Event::Gathered { incident: incident.id.clone(), jar, stored: storage(incident).await, past }
}

/// What other windows and containers hold for this host. Of private ones only a private one may know:
/// what is found is written down.
async fn elsewhere(incident: &Incident, host: &str, key: &MarkKey) -> Vec<JarCookie> {
    const PRIVATE: [&str; 2] = ["1", "firefox-private"];
    let Ok(stores) = api::cookies_get_all_cookie_stores().await else { return Vec::new() };
    let stores = js_sys::Array::from(&stores);
    let mut found = Vec::new();
    let ids = stores.iter().filter_map(|store| get(&store, "id").as_string());
    for store in ids.filter(|id| *id != incident.exchange.store) {
        if (incident.private || !PRIVATE.contains(&store.as_str()))
            && let Ok(jar) = cookies::jar(host, &store, key).await
        {
            found.extend(jar);
        }
    }
    found
}

/// The page's entries that hold the failing credential; looked for only where one was sent that
/// a page may keep.
async fn storage(incident: &Incident) -> Known<Vec<StoredItem>> {
    let Some(credential) = incident.exchange.authorization.present() else { return Known::Unknown };
    let (Some(tab), true) = (incident.exchange.tab, credential.mark.is_some()) else { return Known::Unknown };
    match stored::suspects(tab, &deeds::hosts(incident), credential, &mark_key()).await {
        Ok(found) => Known::Present(found),
        Err(_) => Known::Unknown,
    }
}

/// Asks the page in a tab what it was answered with.
pub async fn ask(tab: i32) -> Event {
    Event::Answered(tab, page(tab).await.map(Box::new))
}

/// What the page in a tab says that it was answered with.
pub async fn page(tab: i32) -> Option<Exchange> {
    let answer = inject::ask(tab, "answered").await.ok()?;
    exchange_of(tab, &answer).await
}

async fn exchange_of(tab: i32, answer: &JsValue) -> Option<Exchange> {
    let url = get(answer, "url").as_string()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let status = get(answer, "status").as_f64()? as u16;
    let details = api::tabs_get(tab).await.ok()?;
    let private = get(&details, "incognito").is_truthy();
    let store = get(&details, "cookieStoreId").as_string();
    let observation = Observation {
        at: api::now(),
        began: get(answer, "began").as_f64().map(Time::from_millis_f64),
        url,
        method: "GET".to_owned(),
        kind: Kind::MainFrame,
        tab: Some(tab),
        store: store.unwrap_or_else(|| if private { "1" } else { "0" }.to_owned()),
        private,
        status,
        seen_by: SeenBy::Page,
        by_worker: get(answer, "worker").is_truthy(),
        ..Observation::default()
    };
    Some(observation.into_exchange(&mark_key()))
}
