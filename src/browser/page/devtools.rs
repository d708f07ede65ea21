//! The developer view: a panel within DevTools, and a page for any tab.
//!
//! Within DevTools their recording is at hand, which shows what `webRequest` hides. Its refused
//! requests stay in this page's memory, and each is handed to the background for the lock-out that
//! it belongs to; what the background keeps of it is redacted like everything else.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use super::{ask, incidents_of, jar_of, memory, on_change, parameter, refresh_with, set_language};
use crate::browser::value::{call, get, int, object, set};
use crate::browser::words::Local;
use crate::browser::{api, dom};
use crate::exchange::SeenBy;
use crate::incident::{Incident, Phase};
use crate::message::Request;
use crate::redact;
use crate::sorted::Set;
use crate::view::devtools::{DevTools, render};

/// More refused requests than this are not held.
const MOST: usize = 60;

/// More of a body than this is not read.
const LONGEST: u32 = 16 * 1024;

/// A refused request of the recording: its redacted address, and all that the watcher would tell of it.
struct Entry {
    url: String,
    details: JsValue,
}

thread_local! {
    static RECORDED: RefCell<VecDeque<Entry>> = const { RefCell::new(VecDeque::new()) };
    /// What was handed over: the lock-out, its latest request, and how many entries fitted it.
    static HANDED: RefCell<Set<(String, i64, usize)>> = const { RefCell::new(Set::new()) };
}

pub(super) async fn start() -> Result<(), JsValue> {
    set_language("devtools_title");
    on_change(refresh);
    let network = get(&tools(), "network");
    if network.is_object() {
        let finished = Closure::<dyn Fn(JsValue)>::new(|entry: JsValue| take(entry));
        let event = get(&network, "onRequestFinished");
        call(&event, "addListener", finished.as_ref());
        finished.forget();
        // Those before this panel was opened.
        let before = Closure::<dyn Fn(JsValue)>::new(|har: JsValue| {
            let log = get(&har, "log");
            let log = if log.is_object() { log } else { har };
            js_sys::Array::from(&get(&log, "entries")).iter().for_each(take);
        });
        call(&network, "getHAR", before.as_ref());
        before.forget();
    }
    let _ = ask(&Request::Wake).await;
    Ok(())
}

/// `chrome.devtools`, which is there in DevTools alone.
fn tools() -> JsValue {
    get(&get(&js_sys::global(), "chrome"), "devtools")
}

/// The tab that is looked at.
fn tab() -> Option<i32> {
    let inspected = int(&get(&tools(), "inspectedWindow"), "tabId");
    inspected.or_else(|| parameter("tab")?.parse().ok())
}

fn refresh() {
    refresh_with(show);
}

async fn show() -> Result<(), JsValue> {
    let tab = tab().ok_or_else(|| JsValue::from(js_sys::Error::new("no tab")))?;
    let mut shown = DevTools { incidents: Vec::new(), is_panel: tools().is_object() };
    for incident in incidents_of(tab, &memory().await?, &JsValue::UNDEFINED).await? {
        if incident.phase != Phase::Seen {
            let jar = jar_of(&incident.id).await;
            shown.incidents.push((incident, jar));
        }
    }
    dom::patch(&render(&Local::now(), &shown).into_string())?;
    dom::set_state(shown.shown().id());
    for (incident, _) in &shown.incidents {
        hand_over(tab, incident).await;
    }
    Ok(())
}

/// Holds a refused request of the recording, with the words of its error.
fn take(entry: JsValue) {
    let status = get(&get(&entry, "response"), "status").as_f64().unwrap_or_default();
    if (1.0..400.0).contains(&status) {
        return;
    }
    let details = details(&entry);
    let content = get(&entry, "getContent").dyn_into::<Function>();
    let keep = Closure::once_into_js(move |text: JsValue, encoding: JsValue| {
        // Base64 is no text; errors say what they are in their first lines. Where Chrome names the
        // encoding, Firefox names the content's type.
        if let Ok(text) = text.dyn_into::<JsString>()
            && encoding.as_string().as_deref() != Some("base64")
        {
            set(&details, "body", &text.slice(0, LONGEST).into());
        }
        hold(details);
    });
    match content {
        Ok(content) if status > 0.0 => drop(content.call1(&entry, &keep)),
        _ => drop(keep.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED)),
    }
}

/// An entry of HAR 1.2 as the watcher would describe the request.
fn details(entry: &JsValue) -> JsValue {
    let (request, response) = (get(entry, "request"), get(entry, "response"));
    let began = get(entry, "startedDateTime");
    // Text in a file, a date in Firefox's DevTools.
    let began = js_sys::Date::new(&began).get_time();
    let took = get(entry, "time").as_f64().unwrap_or_default().max(0.0);
    object([
        ("url", get(&request, "url")),
        ("method", get(&request, "method")),
        ("type", "xmlhttprequest".into()),
        ("status", get(&response, "status")),
        ("at", (began + took).into()),
        ("requestHeaders", headers(&request)),
        ("responseHeaders", headers(&response)),
        ("byWorker", get(entry, "_fetchedViaServiceWorker").is_truthy().into()),
    ])
}

/// Names and values, and nothing else that a DevTools' own object may hold.
fn headers(message: &JsValue) -> JsValue {
    let pair = |header: JsValue| object([("name", get(&header, "name")), ("value", get(&header, "value"))]);
    let headers = get(message, "headers").dyn_into::<js_sys::Array>().unwrap_or_default();
    headers.iter().map(pair).collect::<js_sys::Array>().into()
}

fn hold(details: JsValue) {
    let url = redact::url(&get(&details, "url").as_string().unwrap_or_default());
    RECORDED.with(|recorded| {
        let mut recorded = recorded.borrow_mut();
        recorded.push_back(Entry { url, details });
        if recorded.len() > MOST {
            recorded.pop_front();
        }
    });
    refresh();
}

/// Hands over what DevTools show of a lock-out's request, once for each state of both.
async fn hand_over(tab: i32, incident: &Incident) {
    if incident.closed.is_some() || incident.exchange.seen_by == SeenBy::DevTools {
        return;
    }
    let fitting: Vec<JsValue> = RECORDED.with(|recorded| {
        let recorded = recorded.borrow();
        let fits = recorded.iter().filter(|entry| entry.url == incident.exchange.url);
        fits.map(|entry| entry.details.clone()).collect()
    });
    let state = (incident.id.clone(), incident.exchange.at.0, fitting.len());
    if fitting.is_empty() || !HANDED.with(|handed| handed.borrow_mut().insert(state)) {
        return;
    }
    for details in fitting {
        set(&details, "tab", &tab.into());
        let message = object([("kind", "recorded".into()), ("details", details)]);
        // A background that is gone is woken by the message itself.
        let _ = api::send_message(&message).await;
    }
}
