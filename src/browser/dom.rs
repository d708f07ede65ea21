//! Markup into the page, region by region: what did not change is not touched, and what did keeps
//! its focus and its open folds.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Element, HtmlElement, SupportedType};

/// The page.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Says on the root what is shown: `data-state`.
pub fn set_state(state: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-state", state);
    }
}

/// Sets the page's language and direction, and its title.
pub fn set_language(language: &str, direction: &str, title: &str) {
    let Some(document) = document() else { return };
    document.set_title(title);
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// Patches `markup` into `<main>`. The markup is escaped where it was made; the parser runs no
/// script.
pub fn patch(markup: &str) -> Result<(), JsValue> {
    let document = document().ok_or("no document")?;
    let main = document.query_selector("main")?.ok_or("no main")?;
    main.remove_attribute("aria-busy")?;
    let parsed = DomParser::new()?.parse_from_string(markup, SupportedType::TextHtml)?;
    let fresh = elements(&parsed.body().ok_or("no body")?.into());
    let regions = |list: &[Element]| -> Vec<Option<String>> {
        list.iter().map(|element| element.get_attribute("data-region")).collect()
    };
    let current = elements(&main);
    if regions(&current) != regions(&fresh) {
        let nodes: js_sys::Array = fresh.iter().collect();
        main.replace_children_with_node(&nodes);
        return Ok(());
    }
    for (old, new) in current.iter().zip(&fresh) {
        let focused = focused_within(&document, old);
        keep_folds(old, new)?;
        if old.outer_html() == new.outer_html() {
            continue;
        }
        old.replace_with_with_node_1(new)?;
        if let Some(selector) = focused
            && let Some(again) = new.query_selector(&selector)?
            && let Ok(again) = again.dyn_into::<HtmlElement>()
        {
            again.focus()?;
        }
    }
    Ok(())
}

/// Says a sentence in the place that pages of forms keep for it, for eyes and screen readers alike.
pub fn say(sentence: &str) {
    let place = document().and_then(|document| document.query_selector("[data-said]").ok().flatten());
    if let Some(place) = place {
        place.set_text_content(Some(sentence));
    }
}

/// Says a sentence where the progress stands, for eyes and screen readers alike.
pub fn announce(sentence: &str) -> Result<(), JsValue> {
    let document = document().ok_or("no document")?;
    let note = document.create_element("p")?;
    note.set_class_name("progress bad");
    note.set_text_content(Some(sentence));
    if let Some(status) = document.query_selector("[role=status]")? {
        let nodes = js_sys::Array::of1(&note);
        status.replace_children_with_node(&nodes);
    }
    Ok(())
}

/// Has the person opened this fold?
pub fn is_open(fold: &str) -> bool {
    let found = document()
        .and_then(|document| document.query_selector(&format!("details[open][data-fold=\"{fold}\"]")).ok());
    found.flatten().is_some()
}

/// Calls `act` whenever this fold is opened.
pub fn on_opened(fold: &'static str, act: fn()) {
    let Some(document) = document() else { return };
    // The event does not rise to the document, but passes it on its way down.
    let options = EventListenerOptions::run_in_capture_phase();
    EventListener::new_with_options(&document, "toggle", options, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| {
            target.get_attribute("data-fold").as_deref() == Some(fold) && target.has_attribute("open")
        }) {
            act();
        }
    })
    .forget();
}

fn elements(parent: &Element) -> Vec<Element> {
    let children = parent.children();
    (0..children.length()).filter_map(|index| children.item(index)).collect()
}

/// Folds that a person opened stay open.
fn keep_folds(old: &Element, new: &Element) -> Result<(), JsValue> {
    let open = old.query_selector_all("details[open][data-fold]")?;
    for index in 0..open.length() {
        let Some(fold) = open.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let name = fold.get_attribute("data-fold").unwrap_or_default();
        if let Some(again) = new.query_selector(&format!("details[data-fold=\"{name}\"]"))? {
            again.set_attribute("open", "")?;
        }
    }
    Ok(())
}

/// How to find the focused element again after its region was replaced.
fn focused_within(document: &Document, region: &Element) -> Option<String> {
    let focused = document.active_element()?;
    if !region.contains(Some(&focused)) {
        return None;
    }
    ["id", "data-fix", "data-action"].iter().find_map(|name| {
        let value = focused.get_attribute(name)?;
        Some(format!("[{name}=\"{value}\"]"))
    })
}
