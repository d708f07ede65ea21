//! What fixes do: put aside, take away, put back.

use wasm_bindgen::JsValue;

use super::background::{complain, mark_key};
use super::value::{get, int, object, strings};
use super::{api, cookies, forget, inject, snapshot, stored};
use crate::background::Kept;
use crate::fix::{FixId, Offer};
use crate::http::address::Address;
use crate::incident::{Incident, UNDO_LASTS, Undo, Undone};
use crate::words::Line;

/// What a deed found: gone, of how many.
type Done = Result<(u32, u32), Line>;

/// The hosts whose page may hold the credential: the page's own, and the site's.
pub fn hosts(incident: &Incident) -> Vec<&str> {
    incident.exchange.page.as_deref().into_iter().chain([incident.exchange.site.as_str()]).collect()
}

/// The tab in which the last fix was asked for.
fn tab(incident: &Incident) -> i32 {
    incident.attempts.last().map_or(-1, |attempt| attempt.tab)
}

/// Without access to a site its cookies look as if there were none: that must not be taken for
/// the truth.
async fn may_look(incident: &Incident) -> Result<(), Line> {
    let pattern = Address::parse(&incident.exchange.url).match_pattern();
    let may = api::permissions_contains(&object([("origins", strings(&[&pattern]))])).await;
    if may.is_ok_and(|may| may.is_truthy()) { Ok(()) } else { Err(Line::new("trouble_no_access")) }
}

/// Puts aside what an offer would take.
pub async fn keep(incident: &Incident, offer: &Offer) -> Result<Kept, Line> {
    may_look(incident).await?;
    let kept = async {
        if offer.fix == FixId::ForgetHttpLogin {
            forget::keep(incident).await?;
            return Ok(Kept::default());
        }
        let picked = cookies::pick(incident.host(), &offer.cookies).await?;
        if !offer.items.is_empty() {
            let items = stored::pick(tab(incident), &hosts(incident), &offer.items, &mark_key()).await?;
            for item in items.iter() {
                picked.push(&item);
            }
        }
        if picked.length() == 0 {
            return Ok(Kept::default());
        }
        for twin in cookies::twins(incident.host(), &picked).await? {
            picked.push(&snapshot::twin(&twin));
        }
        let until = api::now().plus(UNDO_LASTS);
        let all = snapshot::keep(&incident.id, incident.private, &picked, until).await?;
        Ok(snapshot::count(&all))
    };
    kept.await.map_err(|error: JsValue| {
        complain("no copy could be put aside", &error);
        Line::new("trouble_storage")
    })
}

/// Takes what an offer names, as far as it is still the same.
pub async fn remove(incident: &Incident, offer: &Offer, again: bool) -> Done {
    may_look(incident).await?;
    let done = async {
        let kept = snapshot::open(&incident.id, incident.private).await?.unwrap_or_default();
        match offer.fix {
            FixId::ForgetHttpLogin => forget::forget(incident, tab(incident), again).await.map(|()| (0, 0)),
            FixId::RemoveStoredToken => stored::remove(tab(incident), &offer.items, &kept, &mark_key()).await,
            FixId::ClearServiceWorker => clear_workers(incident).await.map(|()| (0, 0)),
            FixId::ClearSiteData => {
                let done = cookies::remove(incident.host(), &offer.cookies, &kept).await?;
                #[cfg(feature = "failpoints")]
                super::failpoint::reach_named("clear").await;
                clear(incident).await?;
                Ok(done)
            }
            _ => cookies::remove(incident.host(), &offer.cookies, &kept).await,
        }
    };
    done.await.map_err(|error| {
        complain("something could not be removed", &error);
        Line::new("trouble_not_done")
    })
}

/// Puts back what was put aside for an incident. `again`: this was begun before, and cut off.
pub async fn restore(incident: &Incident, again: bool) -> Result<Undone, Line> {
    let lost = |error: JsValue| {
        complain("what was put aside could not be put back", &error);
        Line::new("trouble_not_back")
    };
    may_look(incident).await?;
    let kept = snapshot::open(&incident.id, incident.private).await.map_err(lost)?;
    let Some(kept) = kept else {
        // What is gone never comes back.
        let refused = incident.undo.as_ref().map_or(0, Undo::things);
        return Ok(Undone { restored: 0, newer: 0, refused });
    };
    let (entries, jar): (Vec<JsValue>, Vec<JsValue>) = kept.iter().partition(stored::is_record);
    let twins: Vec<JsValue> = jar.iter().filter_map(snapshot::of_twin).collect();
    let jar: js_sys::Array = jar.into_iter().filter(|thing| snapshot::of_twin(thing).is_none()).collect();
    let of_jar = cookies::restore(incident.host(), &jar, &twins, again).await.map_err(lost)?;
    if entries.is_empty() {
        return Ok(of_jar);
    }
    let tab = open_tab(incident).await.ok_or_else(|| Line::new("trouble_page_closed"))?;
    let of_page = stored::restore(tab, &entries).await.map_err(lost)?;
    Ok(Undone {
        restored: of_jar.restored + of_page.restored,
        newer: of_jar.newer + of_page.newer,
        refused: of_jar.refused + of_page.refused,
    })
}

/// A tab that shows the incident's page: the one it was fixed in, or any other.
async fn open_tab(incident: &Incident) -> Option<i32> {
    let hosts = hosts(incident);
    let shows = |tab: &JsValue| {
        let url = get(tab, "url").as_string().unwrap_or_default();
        hosts.contains(&Address::parse(&url).site().as_str())
    };
    let own = tab(incident);
    if api::tabs_get(own).await.is_ok_and(|tab| shows(&tab)) {
        return Some(own);
    }
    let all = js_sys::Array::from(&api::tabs_query(&object([])).await.ok()?);
    all.iter().find(shows).and_then(|tab| int(&tab, "id"))
}

/// The origins whose data is the incident's: the one that refused, and the page's own, which keeps
/// what an app needs to talk to its API.
async fn origins(incident: &Incident) -> Vec<String> {
    let refused = Address::parse(&incident.exchange.url).origin();
    let Ok(tab) = api::tabs_get(tab(incident)).await else { return vec![refused] };
    let url = get(&tab, "url").as_string().unwrap_or_default();
    let page = Address::parse(&url);
    let is_its_page = incident.exchange.page.as_deref() == Some(page.site().as_str());
    if !is_its_page || page.origin() == refused {
        return vec![refused];
    }
    vec![page.origin(), refused]
}

/// What `browsingData` calls things, each to be removed.
fn types(names: &[&str]) -> JsValue {
    let all = object([]);
    for name in names {
        super::value::set(&all, name, &true.into());
    }
    all
}

/// Everything but cookies, which go one by one: what `browsingData` reaches for these origins alone,
/// and in the open page what it does not.
async fn clear(incident: &Incident) -> Result<(), JsValue> {
    let origins = origins(incident).await;
    let addresses: Vec<Address<'_>> = origins.iter().map(|origin| Address::parse(origin)).collect();
    if api::is_firefox() {
        // An exact host; one with a port is known with it and without. Without a store, the containers
        // and private windows would lose theirs as well.
        let sites: Vec<String> = addresses.iter().map(Address::site).collect();
        let hosts = addresses.iter().map(|address| address.host).chain(sites.iter().map(String::as_str));
        let hosts = strings(&hosts.collect::<Vec<&str>>());
        let options =
            object([("hostnames", hosts), ("cookieStoreId", incident.exchange.store.as_str().into())]);
        api::browsing_data_remove(&options, &types(&["localStorage", "indexedDB"])).await?;
    } else if !incident.private {
        let all = ["localStorage", "indexedDB", "serviceWorkers", "cacheStorage", "cache", "fileSystems"];
        in_chrome(&origins, &all).await?;
    }
    for address in addresses {
        let site = js_sys::Array::of1(&address.site().into());
        // A page of another site is open meanwhile, or one that no extension may enter.
        let _ = inject::run(tab(incident), true, "clear", &site).await;
    }
    Ok(())
}

async fn in_chrome(origins: &[String], names: &[&str]) -> Result<(), JsValue> {
    #[cfg(feature = "failpoints")]
    super::failpoint::call("browsingData.remove").await?;
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    api::browsing_data_remove(&object([("origins", strings(&origins))]), &types(names)).await.map(drop)
}

/// The site's service workers and their caches.
async fn clear_workers(incident: &Incident) -> Result<(), JsValue> {
    let origins = origins(incident).await;
    // Firefox takes subdomains along where `browsingData` does it; the open page does it exactly.
    if !api::is_firefox() && !incident.private {
        in_chrome(&origins, &["serviceWorkers", "cacheStorage"]).await?;
    }
    for origin in origins {
        let site = js_sys::Array::of1(&Address::parse(&origin).site().into());
        inject::run(tab(incident), false, "clearWorkers", &site).await?;
    }
    Ok(())
}

/// Loads the page again. One that answered a form is gone to by its address: to load it again would
/// send the form once more; and so is one that another site led to: loaded again, it would still count
/// as that site's request.
pub async fn reload(incident: Option<&Incident>, tab: i32, fresh: bool) -> Result<(), JsValue> {
    if incident.is_some_and(Incident::is_gone_to) {
        let url = get(&api::tabs_get(tab).await?, "url");
        return api::tabs_update(tab, &object([("url", url)])).await.map(drop);
    }
    api::tabs_reload(tab, &object([("bypassCache", fresh.into())])).await.map(drop)
}

/// Opens the tab's page in a private window.
pub async fn open_private(tab: i32) -> Result<(), Line> {
    let tab = api::tabs_get(tab).await.map_err(|_| Line::new("trouble_tab_gone"))?;
    let options = object([("incognito", true.into()), ("url", get(&tab, "url"))]);
    // Chrome resolves with null where the extension may not run in private windows, and opens it.
    api::windows_create(&options).await.map(drop).map_err(|_| Line::new("trouble_private_off"))
}

/// Goes to the link for a forgotten password that the tab's page has, or to another address.
pub async fn go_to_reset(tab: i32, otherwise: &str) -> Result<(), JsValue> {
    let link = inject::ask(tab, "resetLink").await.ok().and_then(|link| link.as_string());
    let url = link.unwrap_or_else(|| otherwise.to_owned());
    api::tabs_update(tab, &object([("url", url.into())])).await.map(drop)
}

/// Shows, or takes away, the mark on the toolbar button of a tab.
pub async fn badge(tab: i32, locked: bool) {
    let text = if locked { "!" } else { "" };
    // The tab may be gone meanwhile, and its badge with it.
    let _ = api::badge_text(&object([("tabId", tab.into()), ("text", text.into())])).await;
    if locked {
        let _ = api::badge_color(&object([("tabId", tab.into()), ("color", "#b3261e".into())])).await;
    }
}
