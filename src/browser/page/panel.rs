//! The history panel.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{
    active_tab, ask_and_tell, data, on_change, on_click, parameter, refresh_with, set_language, site_of,
};
use crate::browser::value::get;
use crate::browser::words::Local;
use crate::browser::{api, dom, store};
use crate::message::Request;
use crate::view::panel::{Panel, render};

/// Entries per page.
const PAGE: usize = 50;

thread_local! {
    /// The site that is shown (`None`: all), and how many entries.
    static SHOWN: RefCell<(Option<String>, usize)> = const { RefCell::new((None, PAGE)) };
}

pub(super) async fn start() -> Result<(), JsValue> {
    set_language("history_title");
    let site = match parameter("site").filter(|site| !site.is_empty()) {
        Some(site) => Some(site),
        None => site_of_active_tab().await,
    };
    SHOWN.with(|shown| shown.borrow_mut().0 = site);
    on_click(act);
    on_change(refresh);
    Ok(())
}

async fn site_of_active_tab() -> Option<String> {
    let tab = api::tabs_get(active_tab().await.ok()??).await.ok()?;
    site_of(&get(&tab, "url").as_string()?)
}

fn refresh() {
    refresh_with(show);
}

async fn show() -> Result<(), JsValue> {
    let (site, most) = SHOWN.with(|shown| shown.borrow().clone());
    // One more than is shown tells whether there are older ones.
    let mut incidents = store::timeline(site.as_deref(), most + 1).await?;
    let has_more = incidents.len() > most;
    incidents.truncate(most);
    let panel = Panel { site, incidents, has_more };
    dom::patch(&render(&Local::now(), &panel).into_string())?;
    dom::set_state("history");
    Ok(())
}

fn act(button: &HtmlElement) {
    match data(button, "action").as_deref() {
        Some("all-sites") => SHOWN.with(|shown| *shown.borrow_mut() = (None, PAGE)),
        Some("site") => SHOWN.with(|shown| *shown.borrow_mut() = (data(button, "site"), PAGE)),
        Some("more") => SHOWN.with(|shown| shown.borrow_mut().1 += PAGE),
        Some("undo") => {
            if let Some(incident) = data(button, "incident") {
                ask_and_tell(Request::Undo { incident });
            }
            return;
        }
        _ => return,
    }
    refresh();
}
