//! The extension's pages: they show what is on disk, and ask the background to do things.

mod devtools;
mod options;
mod panel;
mod popup;
mod save;
mod welcome;

use std::cell::RefCell;

use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::value::{from_js, get, int, message_of, object, strings, to_js};
use super::words::Local;
use super::{api, dom, store};
use crate::http::address::Address;
use crate::http::cookie::JarCookie;
use crate::incident::Incident;
use crate::message::{Reply, Request};
use crate::view;
use crate::words::{Words as _, is_right_to_left};

/// The popup, also as a page of its own: `popup.html?tab=N`. `read` tells what the browser knows.
#[wasm_bindgen]
pub async fn popup(read: js_sys::Function) -> Result<(), JsValue> {
    popup::start(read).await
}

/// The history panel: `panel.html?site=HOST`.
#[wasm_bindgen]
pub async fn panel() -> Result<(), JsValue> {
    panel::start().await
}

/// The developer view: in DevTools, and as a page of its own: `devtools.html?tab=N`.
#[wasm_bindgen]
pub async fn devtools() -> Result<(), JsValue> {
    devtools::start().await
}

/// The options.
#[wasm_bindgen]
pub async fn options() -> Result<(), JsValue> {
    options::start().await
}

/// The first page, after the installation.
#[wasm_bindgen]
pub async fn welcome() -> Result<(), JsValue> {
    welcome::start().await
}

/// A parameter of the page's own address.
fn parameter(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    let pair = search
        .trim_start_matches('?')
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    js_sys::decode_uri_component(pair).ok().map(String::from)
}

/// Sets the page's title, and its language: that of the messages, which decides the direction too.
fn set_language(title_key: &str) {
    let words = Local::now();
    let language = words.language();
    let direction = if is_right_to_left(&language) { "rtl" } else { "ltr" };
    dom::set_language(&language, direction, &words.say(title_key));
}

/// Says that something could not be read, instead of showing nothing.
fn show_error(error: &JsValue) {
    let markup = view::broken(&Local::now(), &message_of(error));
    let _ = dom::patch(&markup.into_string());
    dom::set_state(view::Shown::Broken.id());
}

/// Asks the background. A background that dies before it answers is asked to go on.
async fn ask(request: &Request) -> Result<Reply, JsValue> {
    let message = to_js(request)?;
    match api::send_message(&message).await.and_then(from_js::<Reply>) {
        Ok(reply) => Ok(reply),
        // Whether it had begun is on disk; waking it is enough.
        Err(_) => api::send_message(&to_js(&Request::Wake)?).await.and_then(from_js::<Reply>),
    }
}

/// What the background keeps in memory, as the browser has it.
async fn memory() -> Result<JsValue, JsValue> {
    api::session_get(&JsValue::NULL).await
}

/// The incidents that a tab shows, newest first: from disk, or from memory for a private window, and where the
/// disk would not take them. What is in `read`, by its id, is read already.
async fn incidents_of(tab: i32, memory: &JsValue, read: &JsValue) -> Result<Vec<Incident>, JsValue> {
    let ids: Vec<String> = from_js(get(&get(memory, "tabs"), &tab.to_string())).unwrap_or_default();
    let mut found = Vec::new();
    for id in ids.iter().rev() {
        let (private, known) = (get(memory, &format!("incident:{id}")), get(read, id));
        if !private.is_undefined() {
            found.push(from_js(private)?);
        } else if let Ok(incident) = from_js(known) {
            found.push(incident);
        } else if let Ok(Some(incident)) = store::incident(id).await {
            // A disk that refuses is told of by the popup; what it would not take is in memory.
            found.push(incident);
        }
    }
    Ok(found)
}

/// The cookies that the browser holds for an incident now, as the background may list them.
async fn jar_of(incident: &str) -> Option<Vec<JarCookie>> {
    match ask(&Request::Jar { incident: incident.to_owned() }).await {
        Ok(Reply::Jar { jar }) => Some(jar),
        _ => None,
    }
}

/// Runs `refresh` now and whenever the records change.
fn on_change(refresh: fn()) {
    let listener = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        if get(&message, "kind").as_string().as_deref() == Some("changed") {
            refresh();
        }
    });
    api::on_message(listener.as_ref().unchecked_ref());
    listener.forget();
    refresh();
}

/// One listener for all buttons of a page.
fn on_click(act: fn(&HtmlElement)) {
    let Some(document) = dom::document() else { return };
    EventListener::new(&document, "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) else { return };
        match data(&button, "action").as_deref() {
            Some("whole") => show_whole(&button),
            // Nothing could be read: perhaps it can now.
            Some("again") => dom::load_again(),
            _ => act(&button),
        }
    })
    .forget();
}

/// Shows the rest of a long text of a site, and takes the button away that did it.
fn show_whole(button: &HtmlElement) {
    let Some(text) = button.previous_element_sibling() else { return };
    if let Ok(Some(rest)) = text.query_selector("span[hidden]") {
        let _ = rest.remove_attribute("hidden");
    }
    // Who came by the keyboard goes on from the text.
    let _ = text.set_attribute("tabindex", "-1");
    if let Some(text) = text.dyn_ref::<HtmlElement>() {
        let _ = text.focus();
    }
    button.remove();
}

thread_local! {
    static AGAIN: RefCell<(bool, bool)> = const { RefCell::new((false, false)) };
}

/// Runs one refresh at a time; what changes meanwhile is shown by one more.
fn refresh_with<F: Future<Output = Result<(), JsValue>> + 'static>(show: fn() -> F) {
    let is_busy = AGAIN.with(|again| {
        let (busy, asked) = &mut *again.borrow_mut();
        *asked = *busy;
        core::mem::replace(busy, true)
    });
    if is_busy {
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        loop {
            if let Err(error) = show().await {
                show_error(&error);
            }
            let done = AGAIN.with(|again| {
                let (busy, asked) = &mut *again.borrow_mut();
                *busy = core::mem::replace(asked, false);
                !*busy
            });
            if done {
                return;
            }
        }
    });
}

fn data(button: &HtmlElement, name: &str) -> Option<String> {
    button.dataset().get(name)
}

/// Asks the background for something that a person clicked for. What comes of it the records
/// tell; why nothing comes of it is said here.
fn ask_and_tell(request: Request) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(Reply::Refused { why }) = ask(&request).await {
            let _ = dom::announce(&Local::now().say(&why));
        }
    });
}

/// Opens the options, or shows them where they are open.
fn open_options() {
    wasm_bindgen_futures::spawn_local(async {
        let _ = api::open_options().await;
    });
}

/// The site of an address, or nothing for a page of the browser.
fn site_of(url: &str) -> Option<String> {
    Address::of_page(url).map(|address| address.site())
}

async fn active_tab() -> Result<Option<i32>, JsValue> {
    let query = object([("active", true.into()), ("currentWindow", true.into())]);
    let tab = js_sys::Array::from(&api::tabs_query(&query).await?).get(0);
    Ok(int(&tab, "id"))
}

/// The match pattern of all pages of a host.
fn origins(url: &str) -> JsValue {
    object([("origins", strings(&[&Address::parse(url).match_pattern()]))])
}
