//! A record as the popup shows it.

use latchkey::incident::Incident;
use latchkey::time::Time;
use latchkey::view::popup::{Popup, render};
use latchkey::words::Words;
use wasm_bindgen::prelude::*;

/// A language without a word: a message shows its key.
struct Keys;

impl Words for Keys {
    fn message(&self, _: &str) -> String {
        String::new()
    }

    fn plural(&self, _: u32) -> &'static str {
        "other"
    }

    fn number(&self, count: u32) -> String {
        count.to_string()
    }

    fn ago(&self, span: i64) -> String {
        span.to_string()
    }

    fn span(&self, span: i64) -> String {
        span.to_string()
    }

    fn clock(&self, at: Time) -> String {
        at.0.to_string()
    }

    fn date(&self, at: Time) -> String {
        at.0.to_string()
    }

    fn now(&self) -> Time {
        Time::default()
    }
}

/// The popup's markup for a record.
#[wasm_bindgen]
pub fn show(record: JsValue) -> Result<String, JsValue> {
    let incident: Incident = serde_wasm_bindgen::from_value(record)?;
    let popup = Popup { site: incident.site.clone(), incidents: vec![incident], ..Popup::default() };
    Ok(render(&Keys, &popup).into_string())
}
