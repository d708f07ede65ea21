//! The first page.

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{data, on_change, on_click, open_options, refresh_with, set_language};
use crate::browser::value::{get, object, strings};
use crate::browser::words::Local;
use crate::browser::{api, dom, settings};
use crate::view::welcome::{Welcome, render};

pub(super) async fn start() -> Result<(), JsValue> {
    set_language("welcome_title");
    on_click(act);
    on_change(refresh);
    Ok(())
}

fn refresh() {
    refresh_with(show);
}

fn sites() -> JsValue {
    object([("origins", strings(&["<all_urls>"]))])
}

async fn show() -> Result<(), JsValue> {
    let welcome = Welcome {
        settings: settings::read().await,
        has_access: api::permissions_contains(&sites()).await.is_ok_and(|may| may.is_truthy()),
        is_firefox: api::is_firefox(),
        keys: keys().await,
    };
    dom::patch(&render(&Local::now(), &welcome).into_string())?;
    dom::set_state("welcome");
    Ok(())
}

/// The keys that open the popup: the person may have changed them, or another extension has them.
async fn keys() -> Option<String> {
    let commands = js_sys::Array::from(&api::commands().await.ok()?);
    let opens = |command: &JsValue| get(command, "name").as_string().as_deref() == Some("_execute_action");
    let keys = get(&commands.iter().find(opens)?, "shortcut").as_string()?;
    Some(keys).filter(|keys| !keys.is_empty())
}

fn act(button: &HtmlElement) {
    match data(button, "action").as_deref() {
        Some("options") => open_options(),
        Some("allow") => {
            let Ok(asked) = api::permissions_request(&sites()) else { return };
            wasm_bindgen_futures::spawn_local(async move {
                let _ = wasm_bindgen_futures::JsFuture::from(asked).await;
                refresh();
            });
        }
        _ => {}
    }
}
