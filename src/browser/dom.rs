//! Markup into the page, region by region: what did not change is not touched, and what did keeps
//! its focus and its open folds.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Element, HtmlElement, SupportedType};

use super::value::{get, set};

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

/// Loads the page again.
pub fn load_again() {
    if let Some(location) = document().and_then(|document| document.location()) {
        let _ = location.reload();
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
    let current = elements(&main);
    // What is there no more goes first, so that what stays need not be moved: what is moved loses its focus.
    for old in &current {
        let name = region(old);
        if name.is_none() || !fresh.iter().any(|new| region(new) == name) {
            old.remove();
        }
    }
    for (at, new) in (0..).zip(&fresh) {
        match main.children().item(at) {
            Some(old) if region(&old).is_some() && region(&old) == region(new) => {
                renew(&document, &old, new)?
            }
            next => drop(main.insert_before(new, next.as_deref())?),
        }
    }
    while let Some(surplus) = main.children().item(u32::try_from(fresh.len()).unwrap_or(u32::MAX)) {
        surplus.remove();
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

fn region(element: &Element) -> Option<String> {
    element.get_attribute("data-region")
}

/// Puts a region in the place of what it was.
fn renew(document: &Document, old: &Element, new: &Element) -> Result<(), JsValue> {
    let focused = focused_within(document, old);
    keep_folds(old, new)?;
    if old.outer_html() == new.outer_html() {
        return Ok(());
    }
    if old.get_attribute("role").as_deref() == Some("status") {
        // A live region is heard when its content changes, not when it is another.
        let children = new.child_nodes();
        let nodes: js_sys::Array = (0..children.length()).filter_map(|at| children.item(at)).collect();
        old.replace_children_with_node(&nodes);
    } else {
        old.replace_with_with_node_1(new)?;
    }
    if let Some(selector) = focused
        && let Some(again) = document.query_selector(&selector)?
    {
        focus_on(&again);
    }
    Ok(())
}

/// Sets what a field holds, where it holds something else.
pub fn set_field(name: &str, value: &str) {
    let field = document()
        .and_then(|document| document.query_selector(&format!("[data-field={name}]")).ok().flatten());
    if let Some(field) = field.filter(|field| get(field, "value").as_string().as_deref() != Some(value)) {
        set(&field, "value", &value.into());
    }
}

/// Moves the focus to the first match, if there is one.
pub fn focus(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(found) = found {
        focus_on(&found);
    }
}

fn focus_on(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
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
    let is_named =
        ["id", "data-fix", "data-action", "data-field"].iter().any(|name| focused.has_attribute(name));
    is_named.then(|| {
        let names = [
            "id",
            "data-fix",
            "data-action",
            "data-field",
            "data-incident",
            "data-site",
            "data-deletes",
            "data-format",
            "data-cause-id",
            "data-works",
        ];
        selector_of(&focused, &names)
    })
}

/// Finds an element by those of these attributes that it has.
fn selector_of(element: &Element, names: &[&str]) -> String {
    let each = names.iter().filter_map(|name| {
        let value = element.get_attribute(name)?.replace('\\', "\\\\").replace('"', "\\\"");
        Some(format!("[{name}=\"{value}\"]"))
    });
    each.collect()
}
