//! The options page. What is chosen is saved at once, by the background.

use std::cell::Cell;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::{ask, data, on_change, on_click, refresh_with, set_language};
use crate::browser::value::{get, object, set, strings};
use crate::browser::words::Local;
use crate::browser::{api, dom, settings, store};
use crate::message::{Reply, Request};
use crate::settings::Change;
use crate::view::options::{Options, Used, render};
use crate::words::Words as _;

thread_local! {
    /// Is the person asked whether everything is to go?
    static ERASING: Cell<bool> = const { Cell::new(false) };
}

pub(super) async fn start() -> Result<(), JsValue> {
    set_language("options_title");
    on_click(act);
    on_event("change", |target| {
        if let Some(change) = change_of(target) {
            // Asked for in the click itself.
            let wants_notices = matches!(change, Change::Notifications { on: true });
            let allowed = wants_notices.then(ask_for_notifications);
            choose(change, Some(target.clone()), allowed);
        }
    });
    on_event("submit", |form| {
        let (Some(list), Ok(Some(field))) = (form.dataset().get("form"), form.query_selector("input")) else {
            return;
        };
        let typed = get(&field, "value").as_string().unwrap_or_default();
        let site = host_of(&typed);
        let (change, allowed) = match list.as_str() {
            "ignored" => (Change::Ignored { site, on: true }, None),
            _ => (Change::Expiry { site, on: true }, Some(ask_for_notifications())),
        };
        choose(change, None, allowed);
    });
    on_change(refresh);
    Ok(())
}

fn refresh() {
    refresh_with(show);
}

async fn show() -> Result<(), JsValue> {
    let [incidents, sites, copies] = store::sizes().await.unwrap_or_default();
    let options = Options {
        settings: settings::read().await,
        may_notify: may_notify().await,
        used: Used { kilobytes: kilobytes().await, incidents, sites, copies },
        erasing: ERASING.with(Cell::get),
    };
    dom::patch(&render(&Local::now(), &options).into_string())?;
    dom::set_state("options");
    Ok(())
}

/// What the browser says that the extension takes up.
async fn kilobytes() -> Option<u32> {
    let bytes = get(&api::storage_estimate().await.ok()?, "usage").as_f64()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some((bytes / 1024.0).ceil() as u32)
}

fn notices() -> JsValue {
    object([("permissions", strings(&["notifications"]))])
}

async fn may_notify() -> bool {
    api::permissions_contains(&notices()).await.is_ok_and(|may| may.is_truthy())
}

/// In the click itself: a gesture does not outlast an `await`.
fn ask_for_notifications() -> Result<js_sys::Promise, JsValue> {
    api::permissions_request(&notices())
}

/// One listener for all events of a kind, which are dealt with here alone.
fn on_event(kind: &'static str, act: fn(&HtmlElement)) {
    let Some(document) = dom::document() else { return };
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document, kind, options, move |event| {
        if let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            if kind == "submit" {
                event.prevent_default();
            }
            act(&target);
        }
    })
    .forget();
}

/// What a control says now.
fn change_of(control: &HtmlElement) -> Option<Change> {
    let on = get(control, "checked").is_truthy();
    let number = || get(control, "value").as_string()?.parse().ok();
    Some(match data(control, "setting")?.as_str() {
        "status" => Change::Status { status: data(control, "value")?.parse().ok()?, on },
        "notifications" => Change::Notifications { on },
        "days" => Change::Days { days: number()? },
        "most" => Change::Most { most: number()? },
        _ => return None,
    })
}

/// The host of what was typed, in the form in which browsers write it (names in other scripts too).
fn host_of(typed: &str) -> String {
    let typed = typed.trim();
    let url = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let class: Option<js_sys::Function> = get(&js_sys::global(), "URL").dyn_into().ok();
    let parsed =
        class.and_then(|class| js_sys::Reflect::construct(&class, &js_sys::Array::of1(&url.into())).ok());
    let host = parsed.and_then(|parsed| get(&parsed, "host").as_string());
    host.filter(|host| !host.is_empty()).unwrap_or_else(|| typed.to_owned())
}

/// Has a change made, and says what came of it. A control that was refused goes back.
fn choose(change: Change, control: Option<HtmlElement>, allowed: Option<Result<js_sys::Promise, JsValue>>) {
    dom::say("");
    wasm_bindgen_futures::spawn_local(async move {
        let is_refused = match allowed {
            Some(Ok(asked)) => {
                !wasm_bindgen_futures::JsFuture::from(asked).await.is_ok_and(|may| may.is_truthy())
            }
            Some(Err(_)) => true,
            None => false,
        };
        let words = Local::now();
        match ask(&Request::Set { change }).await {
            Ok(Reply::Refused { why }) => {
                if let Some(control) = control {
                    set(&control, "checked", &(!get(&control, "checked").is_truthy()).into());
                }
                dom::say(&words.say(&why));
            }
            Ok(Reply::Accepted) => {
                dom::say(&words.say(if is_refused { "opt_not_allowed" } else { "opt_saved" }));
            }
            Ok(Reply::Jar { .. }) | Err(_) => dom::say(&words.say("trouble_settings")),
        }
        refresh();
    });
}

fn act(button: &HtmlElement) {
    let asks = |asks: bool| {
        ERASING.with(|erasing| erasing.set(asks));
        dom::say("");
        refresh();
    };
    match data(button, "action").as_deref() {
        Some("remove") => {
            let (Some(list), Some(site)) = (data(button, "list"), data(button, "site")) else { return };
            let change = match list.as_str() {
                "ignored" => Change::Ignored { site, on: false },
                _ => Change::Expiry { site, on: false },
            };
            choose(change, None, None);
        }
        Some("allow-notifications") => {
            let Ok(asked) = ask_for_notifications() else { return };
            wasm_bindgen_futures::spawn_local(async move {
                let _ = wasm_bindgen_futures::JsFuture::from(asked).await;
                refresh();
            });
        }
        Some("erase") => {
            asks(true);
            focus_on("erase-no");
        }
        Some("erase-no") => {
            asks(false);
            focus_on("erase");
        }
        Some("erase-yes") => {
            ERASING.with(|erasing| erasing.set(false));
            wasm_bindgen_futures::spawn_local(async {
                let words = Local::now();
                dom::say(&match ask(&Request::Erase).await {
                    Ok(Reply::Accepted) => words.say("opt_erased"),
                    Ok(Reply::Refused { why }) => words.say(&why),
                    Ok(Reply::Jar { .. }) | Err(_) => words.say("trouble_erase"),
                });
                refresh();
            });
        }
        _ => {}
    }
}

/// Moves the focus to where a button that was pressed has made room, once that is there.
fn focus_on(id: &'static str) {
    wasm_bindgen_futures::spawn_local(async move {
        if show().await.is_err() {
            return;
        }
        let found =
            dom::document().and_then(|document| document.query_selector(&format!("#{id}")).ok().flatten());
        if let Some(button) = found.and_then(|found: Element| found.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}
