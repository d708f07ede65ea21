//! Makes the browser forget a cached Basic or Digest login, cookies kept. Neither browser has a
//! call for it, and the ways differ (docs/browsers.md: "Forgetting a Basic login").

use wasm_bindgen::prelude::*;

use super::value::{get, object, strings};
use super::{api, cookies, snapshot};
use crate::http::address::{Address, outermost};
use crate::incident::{Incident, UNDO_LASTS};

/// The copy that Chrome's way needs has a place of its own beside the incident's.
fn copy_of(incident: &Incident) -> String {
    format!("{}/login", incident.id)
}

/// Everything that Chrome's way takes along for a moment: all cookies of the registrable domain. Which one that is
/// Chrome knows, and we guess: where the guess may be too narrow, more is copied.
pub async fn keep(incident: &Incident) -> Result<(), JsValue> {
    if api::is_firefox() {
        return Ok(());
    }
    let cookies = cookies::all_under(outermost(incident.host()), &incident.exchange.store).await?;
    // Rehearsed: a cookie that could not come back must not go.
    if !cookies::can_be_set(&cookies).await {
        return Err(js_sys::Error::new("a cookie could not be put back").into());
    }
    let until = api::now().plus(UNDO_LASTS);
    snapshot::keep(&copy_of(incident), incident.private, &cookies, until).await.map(drop)
}

/// Forgets the login of the incident's site. `again`: this was begun before and cut off, so what
/// is missing comes back, and nothing more is taken.
pub async fn forget(incident: &Incident, tab: i32, again: bool) -> Result<(), JsValue> {
    if !api::is_firefox() {
        return in_chrome(incident, again).await;
    }
    if again {
        tidy_up().await;
    }
    in_firefox(incident, tab).await
}

/// Chrome drops its cached logins together with cookies, for the whole registrable domain: the
/// cookies are put back at once.
async fn in_chrome(incident: &Incident, again: bool) -> Result<(), JsValue> {
    // `browsingData` reaches ordinary windows only.
    if incident.private {
        return Err(js_sys::Error::new("not in a private window").into());
    }
    let kept = snapshot::open(&copy_of(incident), false).await?;
    let Some(kept) = kept else {
        return if again { Ok(()) } else { Err(js_sys::Error::new("no copy").into()) };
    };
    if !again {
        let origin = Address::parse(&incident.exchange.url).origin();
        let options = object([("origins", strings(&[&origin]))]);
        api::browsing_data_remove(&options, &object([("cookies", true.into())])).await?;
    }
    let domain = outermost(incident.host());
    #[cfg(feature = "failpoints")]
    super::failpoint::reach_named("forgotten").await;
    let done = cookies::restore_under(domain, &incident.exchange.store, &kept).await?;
    if done.refused > 0 {
        // The copy stays for its day: this is tried once more at the next click.
        return Err(js_sys::Error::new("cookies could not be put back").into());
    }
    snapshot::drop(&copy_of(incident), false).await
}

/// Firefox forgets a login that is refused: in a tab of our own the request goes without it, and
/// the question that follows is called off. No wrong password is sent.
async fn in_firefox(incident: &Incident, tab: i32) -> Result<(), JsValue> {
    // Where the login was given, or else where it was refused.
    let seen = incident.exchange.login_at.as_ref().filter(|url| !url.contains(crate::redact::MASK));
    let url = seen.unwrap_or(&incident.exchange.url).clone();
    let beside = api::tabs_get(tab).await?;
    let ours = object([("active", false.into()), ("url", "about:blank".into())]);
    for key in ["windowId", "cookieStoreId"] {
        super::value::set(&ours, key, &get(&beside, key));
    }
    let id = get(&api::tabs_create(&ours).await?, "id");
    api::session_set(&object([(OURS, id.clone())])).await?;
    let done = refuse_in(&id, &url).await;
    tidy_up().await;
    done
}

/// Where the number of our tab is kept, for a background that was cut off.
const OURS: &str = "forgetting";

/// Takes our tab and its rule away; both outlive the background.
async fn tidy_up() {
    let id = get(&api::session_get(&JsValue::from_str(OURS)).await.unwrap_or_default(), OURS);
    if id.is_undefined() {
        return;
    }
    let remove_rule = object([("removeRuleIds", js_sys::Array::of1(&id).into())]);
    let _ = api::update_session_rules(&remove_rule).await;
    let _ = api::tabs_remove(&id).await;
    let _ = api::session_remove(&JsValue::from_str(OURS)).await;
}

async fn refuse_in(tab: &JsValue, url: &str) -> Result<(), JsValue> {
    let header = object([("header", "authorization".into()), ("operation", "remove".into())]);
    let action =
        object([("type", "modifyHeaders".into()), ("requestHeaders", js_sys::Array::of1(&header).into())]);
    let condition =
        object([("tabIds", js_sys::Array::of1(tab).into()), ("resourceTypes", strings(&["main_frame"]))]);
    let rule = object([("id", tab.clone()), ("action", action), ("condition", condition)]);
    api::update_session_rules(&object([("addRules", js_sys::Array::of1(&rule).into())])).await?;
    #[cfg(feature = "failpoints")]
    super::failpoint::reach_named("forgotten").await;

    let filter = object([("urls", strings(&["<all_urls>"])), ("tabId", tab.clone())]);
    let asked = std::rc::Rc::new(core::cell::Cell::new(false));
    let was_asked = asked.clone();
    let call_off = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |_| {
        was_asked.set(true);
        object([("cancel", true.into())])
    });
    let mut resolver = None;
    let ended = js_sys::Promise::new(&mut |resolve, _| resolver = Some(resolve));
    let resolve = resolver.unwrap_or_default();
    let requests = get(&get(&js_sys::global(), "chrome"), "webRequest");
    let adder = |event: &JsValue| -> js_sys::Function { get(event, "addListener").unchecked_into() };
    let on_auth = get(&requests, "onAuthRequired");
    adder(&on_auth).call3(&on_auth, call_off.as_ref(), &filter, &strings(&["blocking"]))?;
    for event in ["onErrorOccurred", "onCompleted"] {
        let event = get(&requests, event);
        adder(&event).call2(&event, &resolve, &filter)?;
    }
    let id = tab.as_f64().map_or(-1, |id| {
        #[allow(clippy::cast_possible_truncation)]
        let id = id as i32;
        id
    });
    let gone = api::tabs_update(id, &object([("url", url.into())])).await;
    if gone.is_ok() {
        wasm_bindgen_futures::JsFuture::from(ended).await?;
    }
    for (event, listener) in [
        ("onAuthRequired", call_off.as_ref()),
        ("onErrorOccurred", resolve.as_ref()),
        ("onCompleted", resolve.as_ref()),
    ] {
        let event = get(&requests, event);
        let remove: js_sys::Function = get(&event, "removeListener").unchecked_into();
        let _ = remove.call1(&event, listener);
    }
    gone?;
    if asked.get() { Ok(()) } else { Err(js_sys::Error::new("no login was asked for").into()) }
}
