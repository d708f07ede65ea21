//! Text that people read, by message key. The text itself lives in `extension/_locales`.
//!
//! A [`Line`] is a sentence as data: its key and what fills its gaps. It is stored and exported
//! as such, and becomes text only on a page or in a terminal, in the reader's language.

mod english;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use english::English;

use crate::time::{DAY, HOUR, MINUTE, SECOND, Time};

/// A sentence as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The message key.
    pub key: Cow<'static, str>,
    /// What fills `$1`, `$2` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Arg>,
}

/// What fills a gap in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Arg {
    /// A site's own words: a name, a host. Already redacted.
    Text(String),
    /// A number, which also chooses between plural branches.
    Count(u32),
    /// A point in time, shown as "14:02 (2 h ago)".
    At(Time),
    /// A span in milliseconds, shown as "2 h".
    Span(i64),
    /// Another message.
    Message(Cow<'static, str>),
}

impl Line {
    /// A sentence without gaps.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// Fills the next gap.
    #[must_use]
    pub fn with(mut self, arg: Arg) -> Self {
        self.args.push(arg);
        self
    }

    /// Fills the next gap with a site's own words.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.with(Arg::Text(text.to_owned()))
    }
}

/// A unit of time that languages have a word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
}

/// A span in its largest fitting unit: 7,300,000 ms is (2, Hour).
#[must_use]
pub fn in_units(span: i64) -> (i64, Unit) {
    let span = span.saturating_abs();
    match span {
        DAY.. => (span / DAY, Unit::Day),
        HOUR.. => (span / HOUR, Unit::Hour),
        MINUTE.. => (span / MINUTE, Unit::Minute),
        _ => (span / SECOND, Unit::Second),
    }
}

/// A language: what pages and the command line need to turn lines into text.
pub trait Words {
    /// The raw message of a key, with `$1` … left in; empty when there is none.
    fn message(&self, key: &str) -> String;
    /// The CLDR plural category of a number: `one`, `two`, `few`, `many`, `other` …
    fn plural(&self, count: u32) -> &'static str;
    /// A number in this language's digits.
    fn number(&self, count: u32) -> String;
    /// "2 hours ago".
    fn ago(&self, span: i64) -> String;
    /// "2 hours".
    fn span(&self, span: i64) -> String;
    /// A time of day, with the date where it is not today.
    fn clock(&self, at: Time) -> String;
    /// The time it is.
    fn now(&self) -> Time;

    /// The language that the messages are in, which may be another than the browser's.
    fn language(&self) -> String {
        self.message("language")
    }

    /// A message without gaps.
    fn say(&self, key: &str) -> String {
        self.line(&Line { key: Cow::Owned(key.to_owned()), args: Vec::new() })
    }

    /// A line as text. A key without a message shows itself, so that a gap is seen and not blank.
    fn line(&self, line: &Line) -> String {
        let count = line.args.iter().find_map(|arg| match arg {
            Arg::Count(count) => Some(*count),
            _ => None,
        });
        let message = self.message(&line.key);
        let message = if message.is_empty() { line.key.clone().into_owned() } else { message };
        let template = match count {
            Some(count) => branch(&message, self.plural(count)),
            None => &message,
        };
        let filled: Vec<String> = line.args.iter().map(|arg| self.arg(arg)).collect();
        fill(template, &filled)
    }

    /// One filling as text.
    fn arg(&self, arg: &Arg) -> String {
        match arg {
            // First-strong isolates: a right-to-left name cannot turn the sentence around it.
            Arg::Text(text) => format!("\u{2068}{text}\u{2069}"),
            Arg::Count(count) => self.number(*count),
            Arg::At(at) => {
                let ago = self.ago(self.now().since(*at));
                format!("{} ({ago})", self.clock(*at))
            }
            Arg::Span(span) => self.span(*span),
            Arg::Message(key) => self.say(key),
        }
    }
}

/// Is a language written from right to left? By its primary subtag (BCP 47), for those that are
/// written so as a rule (Unicode CLDR, `characterOrder`).
#[must_use]
pub fn is_right_to_left(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"].contains(&primary)
}

/// The language for numbers and times: the browser's own where the messages are in it (`en-GB`), else
/// that of the messages, for a page speaks one language.
#[must_use]
pub fn one_language(browser: &str, messages: &str) -> String {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let is_same = messages.is_empty() || primary(browser) == primary(messages);
    if is_same { browser } else { messages }.replace('_', "-")
}

/// Chooses the branch of `one=1 cookie|other=$1 cookies`; a message without branches is its own.
fn branch<'a>(message: &'a str, category: &str) -> &'a str {
    let find =
        |category: &str| message.split('|').find_map(|part| part.strip_prefix(category)?.strip_prefix('='));
    find(category).or_else(|| find("other")).unwrap_or(message)
}

fn fill(template: &str, args: &[String]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let digit = after.chars().next().and_then(|c| c.to_digit(10)).and_then(|d| usize::try_from(d).ok());
        match digit.and_then(|digit| args.get(digit.checked_sub(1)?)) {
            Some(arg) => {
                text.push_str(arg);
                rest = &after[1..];
            }
            None => {
                text.push('$');
                rest = after;
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_branches() {
        assert_eq!(fill("a $1 b $2 $3 $", &["x".into(), "y".into()]), "a x b y $3 $");
        assert_eq!(branch("one=a cookie|other=$1 cookies", "one"), "a cookie");
        assert_eq!(branch("one=a cookie|other=$1 cookies", "few"), "$1 cookies");
        assert_eq!(branch("plain", "one"), "plain");
        // What fills a gap is not read again: a site's "$2" stays what it is.
        assert_eq!(fill("$1 $2", &["$2".into(), "y".into()]), "$2 y");
    }

    #[test]
    fn a_page_speaks_one_language() {
        assert_eq!(one_language("en-GB", "en"), "en-GB");
        assert_eq!(one_language("pt-BR", "en"), "en");
        assert_eq!(one_language("de", ""), "de");
        assert_eq!(one_language("zh-TW", "zh_TW"), "zh-TW");
        assert_eq!(one_language("ar-EG", "ar"), "ar-EG");
        assert!(is_right_to_left("ar-EG") && is_right_to_left("he") && !is_right_to_left("en"));
    }

    #[test]
    fn units() {
        assert_eq!(in_units(7_300_000), (2, Unit::Hour));
        assert_eq!(in_units(-61_000), (1, Unit::Minute));
        assert_eq!(in_units(i64::MIN).1, Unit::Day);
    }
}
