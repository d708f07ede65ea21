//! English without a browser: for the command line and for tests.

use std::collections::HashMap;

use super::{Unit, Words, in_units};
use crate::time::Time;

const MESSAGES: &str = include_str!("../../extension/_locales/en/messages.json");

/// English words, read from the extension's own messages.
pub struct English {
    messages: HashMap<String, String>,
    now: Time,
}

impl English {
    /// English at a given time.
    ///
    /// A message file that cannot be read gives no messages; every key then shows itself.
    #[must_use]
    pub fn at(now: Time) -> Self {
        let file: serde_json::Value = serde_json::from_str(MESSAGES).unwrap_or_default();
        let messages = file
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(key, entry)| Some((key.clone(), entry.get("message")?.as_str()?.to_owned())));
        Self { messages: messages.collect(), now }
    }

    /// All keys, for the tests that hold code and messages together.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }
}

impl Words for English {
    fn message(&self, key: &str) -> String {
        self.messages.get(key).cloned().unwrap_or_default()
    }

    fn plural(&self, count: u32) -> &'static str {
        if count == 1 { "one" } else { "other" }
    }

    fn number(&self, count: u32) -> String {
        count.to_string()
    }

    fn ago(&self, span: i64) -> String {
        if span < 0 { format!("in {}", self.span(span)) } else { format!("{} ago", self.span(span)) }
    }

    fn span(&self, span: i64) -> String {
        let (count, unit) = in_units(span);
        let unit = match unit {
            Unit::Second => "s",
            Unit::Minute => "min",
            Unit::Hour => "h",
            Unit::Day => {
                if count == 1 {
                    "day"
                } else {
                    "days"
                }
            }
        };
        format!("{count} {unit}")
    }

    fn clock(&self, at: Time) -> String {
        at.rfc3339().replace('T', " ").trim_end_matches('Z').to_owned() + " UTC"
    }

    fn date(&self, at: Time) -> String {
        at.rfc3339().chars().take(10).collect()
    }

    fn now(&self) -> Time {
        self.now
    }
}
