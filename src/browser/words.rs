//! The reader's language: messages from `_locales`, numbers and times by `Intl`.

use js_sys::{Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::api;
use super::value::{get, object, strings};
use crate::time::{DAY, Time};
use crate::words::{Unit, Words, in_units, one_language};

/// The browser's own language.
pub struct Local {
    language: String,
    now: Time,
}

impl Local {
    /// The browser's language, now.
    pub fn now() -> Self {
        let messages = api::get_message("language", &JsValue::UNDEFINED);
        Self { language: one_language(&api::ui_language(), &messages), now: api::now() }
    }

    fn locales(&self) -> js_sys::Array {
        strings(&[&self.language]).unchecked_into()
    }

    /// Calls a formatter of `Intl` that js-sys has no words for: `new Intl[class](…)[method](…)`.
    fn intl(&self, class: &str, options: &JsValue, method: &str, args: &[JsValue]) -> Option<String> {
        let intl = get(&js_sys::global(), "Intl");
        let class: js_sys::Function = get(&intl, class).dyn_into().ok()?;
        let args_of_new: js_sys::Array = [JsValue::from(self.locales()), options.clone()].iter().collect();
        let formatter = Reflect::construct(&class, &args_of_new).ok()?;
        let method: js_sys::Function = get(&formatter, method).dyn_into().ok()?;
        let result = Reflect::apply(&method, &formatter, &args.iter().collect()).ok()?;
        result.as_string()
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
    }
}

#[allow(clippy::cast_precision_loss)]
fn number(value: i64) -> JsValue {
    JsValue::from(value as f64)
}

impl Words for Local {
    fn message(&self, key: &str) -> String {
        // The gaps are filled here, after the plural branch is chosen: each is filled with itself.
        api::get_message(key, &strings(&["$1", "$2", "$3", "$4"]))
    }

    fn plural(&self, count: u32) -> &'static str {
        let category = self.intl("PluralRules", &object([]), "select", &[count.into()]);
        match category.as_deref() {
            Some("zero") => "zero",
            Some("one") => "one",
            Some("two") => "two",
            Some("few") => "few",
            Some("many") => "many",
            _ => "other",
        }
    }

    fn number(&self, count: u32) -> String {
        count_text(&self.locales(), count)
    }

    fn ago(&self, span: i64) -> String {
        let (count, unit) = in_units(span);
        let signed = if span < 0 { count } else { -count };
        let options = object([("numeric", "auto".into())]);
        self.intl("RelativeTimeFormat", &options, "format", &[number(signed), unit_name(unit).into()])
            .unwrap_or_default()
    }

    fn span(&self, span: i64) -> String {
        let (count, unit) = in_units(span);
        let options = object([
            ("style", "unit".into()),
            ("unit", unit_name(unit).into()),
            ("unitDisplay", "long".into()),
        ]);
        let formatter = Intl::NumberFormat::new(&self.locales(), options.unchecked_ref::<Object>());
        let text = formatter.format().call1(&JsValue::UNDEFINED, &number(count));
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    fn clock(&self, at: Time) -> String {
        let options = object([("timeStyle", "short".into())]);
        if self.now.since(at).abs() >= DAY / 2 {
            super::value::set(&options, "dateStyle", &"medium".into());
        }
        let formatter = Intl::DateTimeFormat::new(&self.locales(), options.unchecked_ref::<Object>());
        let date = js_sys::Date::new(&number(at.0));
        let text = formatter.format().call1(&JsValue::UNDEFINED, &date);
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    fn language(&self) -> String {
        self.language.clone()
    }

    fn date(&self, at: Time) -> String {
        let options = object([("dateStyle", "medium".into())]);
        let formatter = Intl::DateTimeFormat::new(&self.locales(), options.unchecked_ref::<Object>());
        let date = js_sys::Date::new(&number(at.0));
        let text = formatter.format().call1(&JsValue::UNDEFINED, &date);
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    fn now(&self) -> Time {
        self.now
    }
}

fn count_text(locales: &js_sys::Array, count: u32) -> String {
    let formatter = Intl::NumberFormat::new(locales, &Object::new());
    let text = formatter.format().call1(&JsValue::UNDEFINED, &count.into());
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| count.to_string())
}
