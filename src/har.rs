//! Recordings: HAR 1.2 as browsers export it, with Chrome's fields and some of ours, which docs/har.md lists.
//!
//! Read as a stream, entry by entry: memory does not grow with the file.

mod entry;
mod lenient;

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use self::entry::{Entry, Jar};
use self::lenient::{Element, from_objects, lenient};
use crate::exchange::{Exchange, Observation};
use crate::history::SiteRecord;
use crate::http::cookie::JarCookie;
use crate::incident::Incident;

/// A request of a recording.
#[derive(Clone)]
pub enum Seen {
    /// As it went over the wire.
    Wire(Box<Observation>),
    /// As the extension kept it (`entry._facts`).
    Facts(Box<Exchange>),
    /// As the extension judged it (`entry._incident`): it had more to go by than may be kept.
    Judged(Box<Incident>),
}

/// What a recording says beside its requests.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many requests there were.
    pub requests: u64,
    /// Are credentials left out, as Chrome's default export does? It is told by none being there at
    /// all. Then what could not be seen is unknown, not absent.
    pub is_sanitised: bool,
    /// The jar, where the recording has one (`log._cookieJar`).
    pub jar: Option<Vec<JarCookie>>,
    /// What sites had been through before, by `host[:port]` (`log._past`).
    pub past: BTreeMap<String, SiteRecord>,
}

/// Why a recording could not be read.
#[derive(Debug)]
pub enum Error {
    /// It could not be read at all.
    Io(std::io::Error),
    /// It is not JSON; the place is in the message.
    Json(serde_json::Error),
    /// It is JSON, but has no `log.entries`.
    NotHar,
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::Json(error) => write!(f, "not valid JSON: {error}"),
            Self::NotHar => write!(f, "JSON, but not a HAR file: it has no log.entries"),
        }
    }
}

impl std::error::Error for Error {}

/// What Chrome leaves out of a sanitised export.
pub(crate) use crate::exchange::CREDENTIALS as SANITISED;

/// So many bytes are read at a time.
const BUFFER: usize = 256 * 1024;

/// Reads a recording and hands over each request, in the file's order. Fields that are missing or
/// of another type than HAR 1.2 says are unknown, not an error.
///
/// # Errors
///
/// [`Error::Io`] when reading fails, [`Error::Json`] when the text is not JSON, [`Error::NotHar`]
/// when it has no `log.entries`. What was read before is handed over all the same.
pub fn read(mut input: impl Read, each: &mut dyn FnMut(Seen)) -> Result<Summary, Error> {
    let mut start = [0; 3];
    let mut have = 0;
    while have < start.len() {
        match input.read(&mut start[have..]).map_err(Error::Io)? {
            0 => break,
            more => have += more,
        }
    }
    // A byte order mark is none of JSON (RFC 8259, section 8.1), and some tools write one.
    let start = &start[..have];
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    // Outermost, as the parser takes byte after byte: around a `Chain` that takes twice as long.
    let input = BufReader::with_capacity(BUFFER, start.chain(input));
    let mut json = serde_json::Deserializer::from_reader(input);
    let mut collected =
        Collected { summary: Summary::default(), shows: false, is_chrome: false, has_entries: false };
    let read = FileSeed { collected: &mut collected, each }.deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::NotHar,
        serde_json::error::Category::Io => Error::Io(error.into()),
        _ => Error::Json(error),
    })?;
    if !collected.has_entries {
        return Err(Error::NotHar);
    }
    let mut summary = collected.summary;
    summary.is_sanitised = collected.is_chrome && !collected.shows;
    Ok(summary)
}

struct Collected {
    summary: Summary,
    shows: bool,
    is_chrome: bool,
    has_entries: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Creator {
    #[serde(deserialize_with = "lenient")]
    name: String,
}

from_objects!(Creator);

/// The file: an object with `log`.
struct FileSeed<'a> {
    collected: &'a mut Collected,
    each: &'a mut dyn FnMut(Seen),
}

/// `log`: its entries are handed over, the rest is collected.
struct LogSeed<'a> {
    collected: &'a mut Collected,
    each: &'a mut dyn FnMut(Seen),
}

/// `log.entries`.
struct EntriesSeed<'a> {
    collected: &'a mut Collected,
    each: &'a mut dyn FnMut(Seen),
}

macro_rules! seeds {
    ($($name:ident)*) => {$(
        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_any(self)
            }
        }
    )*};
}

seeds!(FileSeed LogSeed EntriesSeed);

impl<'de> Visitor<'de> for FileSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("an object with a log")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut file: A) -> Result<(), A::Error> {
        let Self { collected, each } = self;
        while let Some(key) = file.next_key::<String>()? {
            if key == "log" {
                file.next_value_seed(LogSeed { collected: &mut *collected, each: &mut *each })?;
            } else {
                file.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for LogSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a log")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut log: A) -> Result<(), A::Error> {
        let Self { collected, each } = self;
        while let Some(key) = log.next_key::<String>()? {
            match key.as_str() {
                "entries" => {
                    log.next_value_seed(EntriesSeed { collected: &mut *collected, each: &mut *each })?;
                    collected.has_entries = true;
                }
                "creator" => {
                    let Element(creator) = log.next_value::<Element<Creator>>()?;
                    collected.is_chrome = creator.name == "WebInspector";
                }
                "_cookieJar" => {
                    // A jar that is no list is not known.
                    let Element(JarList(jar)) = log.next_value()?;
                    collected.summary.jar = jar;
                }
                "_past" => {
                    let Element(Past(past)) = log.next_value()?;
                    collected.summary.past = past;
                }
                _ => drop(log.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for EntriesSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Element(entry)) = entries.next_element::<Element<Entry>>()? {
            self.collected.shows |= entry.shows_credentials();
            self.collected.summary.requests += 1;
            (self.each)(match entry.facts.0 {
                Some(facts) => match entry.judged.incident(&facts) {
                    Some(incident) => Seen::Judged(incident),
                    None => Seen::Facts(facts),
                },
                None => Seen::Wire(Box::new(entry.observation())),
            });
        }
        Ok(())
    }
}

/// `log._past`, as far as it can be read.
#[derive(Default)]
struct Past(BTreeMap<String, SiteRecord>);

impl lenient::Lenient for Past {
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut past = BTreeMap::new();
        while let Some((site, record)) = object.next_entry::<String, serde_json::Value>()? {
            if let Ok(record) = serde_json::from_value(record) {
                past.insert(site, record);
            }
        }
        Ok(Self(past))
    }
}

/// `log._cookieJar`, if it is a list.
#[derive(Default)]
struct JarList(Option<Vec<JarCookie>>);

impl lenient::Lenient for JarList {
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut jar = Vec::new();
        while let Some(Element(cookie)) = list.next_element::<Element<Jar>>()? {
            jar.push(cookie.cookie());
        }
        Ok(Self(Some(jar)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Result<Summary, Error> {
        read(text.as_bytes(), &mut |_| {})
    }

    #[test]
    fn what_is_no_har_is_said_in_a_line() {
        let error = |text: &str| count(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error("{").contains("not valid JSON"));
        assert!(error("[]").contains("no log.entries"));
        assert!(error("{\"log\":{}}").contains("no log.entries"));
        assert!(error("\u{1}").contains("not valid JSON"));
        assert!(count("\u{feff}{\"log\":{\"entries\":[]}}").is_ok());
        let odd = r#"{"log":{"creator":null,"_cookieJar":7,"entries":[{"time":null,"request":{"headers":null,"url":5},"response":{"status":"401"}}]}}"#;
        assert_eq!(error(odd), "", "a field of another type is unknown");
        assert!(error(&format!("{{\"x\":{}", "[".repeat(100_000))).contains("not valid JSON"));
    }

    #[test]
    fn a_sanitised_chrome_har_hides_credentials() {
        let har = |creator: &str, header: &str| {
            let text = format!(
                r#"{{"log":{{"creator":{{"name":"{creator}"}},"entries":[{{"request":{{"method":"GET","url":"https://a.test/","headers":[{{"name":"{header}","value":"x=1"}}]}},"response":{{"status":401}}}}]}}}}"#
            );
            count(&text).unwrap().is_sanitised
        };
        assert!(har("WebInspector", "Accept"));
        assert!(!har("WebInspector", "Cookie"));
        assert!(!har("Firefox", "Accept"));
    }

    #[test]
    fn what_a_good_answer_is_about_is_not_taken_over() {
        let body_of = |status: u16, size: usize| {
            let text = "x".repeat(size);
            let har = format!(
                r#"{{"log":{{"entries":[{{"response":{{"status":{status},"content":{{"size":{size},"text":"{text}"}}}}}}]}}}}"#
            );
            let mut body = None;
            let mut each = |seen: Seen| {
                if let Seen::Wire(observation) = seen {
                    body = observation.body;
                }
            };
            read(har.as_bytes(), &mut each).unwrap();
            body.map(|body| body.len())
        };
        assert_eq!(body_of(401, 5_000), Some(5_000));
        assert_eq!(body_of(401, 50_000), Some(16 * 1024), "as far as a sign is looked for");
        assert_eq!(body_of(200, 5_000), None);
        assert_eq!(body_of(200, 500), Some(500), "a token endpoint may refuse with 200");
    }
}
