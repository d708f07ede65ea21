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
    /// A sentence of our own, already filled. Only for a page: what is stored stays data.
    #[serde(skip)]
    Said(String),
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

    /// Fills the next gap with a sentence of our own.
    #[must_use]
    pub fn said(self, sentence: String) -> Self {
        self.with(Arg::Said(sentence))
    }
}

/// Opens what is not our own words: a first-strong isolate (Unicode, UAX #9), so that a right-to-left
/// name cannot turn the sentence around it.
pub const THEIRS: char = '\u{2068}';
/// Closes it.
pub const OURS: char = '\u{2069}';

/// Makes seen what would not be: characters that control, turn the text around them, or take no room are
/// named by their numbers. After this a site's words cannot leave their isolate.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unseen(character) {
            seen.push_str(&format!("‹U+{:04X}›", u32::from(character)));
        } else {
            seen.push(character);
        }
    }
    Cow::Owned(seen)
}

/// Does a character do something to the text around it instead of being seen itself? Joiners within
/// emoji do so too, and are named: a name is better read letter by letter than guessed.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
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
    /// The day that it is on.
    fn date(&self, at: Time) -> String;
    /// The time it is.
    fn now(&self) -> Time;

    /// The language that the messages are in, which may be another than the browser's.
    fn language(&self) -> String {
        self.message("language")
    }

    /// What stands between the names of a list (CLDR, `listPattern`).
    fn comma(&self) -> &'static str {
        match self.language().split(['-', '_']).next().unwrap_or_default() {
            "ar" => "، ",
            "ja" | "zh" => "、",
            _ => ", ",
        }
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
            Arg::Text(text) => format!("{THEIRS}{}{OURS}", visible(text)),
            Arg::Said(sentence) => sentence.clone(),
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
    fn a_sites_words_stay_in_their_isolate() {
        let says = English::at(Time(0)).arg(&Arg::Text("a\u{2069}b\u{202e}\u{0}c\u{200b}".into()));
        assert_eq!(says, "\u{2068}a‹U+2069›b‹U+202E›‹U+0000›c‹U+200B›\u{2069}");
        assert!(matches!(visible("Größe 東京 🍪"), Cow::Borrowed(_)));
    }

    #[test]
    fn units() {
        assert_eq!(in_units(7_300_000), (2, Unit::Hour));
        assert_eq!(in_units(-61_000), (1, Unit::Minute));
        assert_eq!(in_units(i64::MIN).1, Unit::Day);
    }
}
