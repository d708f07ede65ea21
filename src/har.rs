//! Recordings: HAR 1.2 as browsers export it, with Chrome's fields and those of DESIGN's dialect.

use serde::Deserialize;

use crate::exchange::{Kind, Observation};
use crate::http::cookie::{CookieId, JarCookie, Partition, SameSite};
use crate::time::{Time, parse_rfc3339};

/// A recording, as far as it matters here.
#[derive(Clone)]
pub struct Recording {
    /// The requests, in the file's order.
    pub observations: Vec<Observation>,
    /// The jar, where the recording has one (`log._cookieJar`).
    pub jar: Option<Vec<JarCookie>>,
}

/// Why a file could not be read.
#[derive(Debug)]
pub enum Error {
    /// It is not JSON; the place is in the message.
    Json(serde_json::Error),
    /// It is JSON, but has no `log.entries`.
    NotHar,
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not valid JSON: {error}"),
            Self::NotHar => write!(f, "JSON, but not a HAR file: it has no log.entries"),
        }
    }
}

impl std::error::Error for Error {}

/// Reads a HAR file. Fields that are missing or of another type than HAR 1.2 says are unknown,
/// not an error.
///
/// # Errors
///
/// [`Error::Json`] when the text is not JSON, [`Error::NotHar`] when it has no `log.entries`.
pub fn read(input: &[u8]) -> Result<Recording, Error> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let file: File = serde_json::from_slice(input).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::NotHar,
        _ => Error::Json(error),
    })?;
    let log = file.log;
    let hidden = if log.is_sanitised() { SANITISED.map(str::to_owned).to_vec() } else { Vec::new() };
    let observations = log.entries.into_iter().map(|entry| entry.observation(&hidden)).collect();
    Ok(Recording { observations, jar: log.cookie_jar.map(|jar| jar.into_iter().map(Jar::cookie).collect()) })
}

/// What Chrome leaves out of a sanitised export.
const SANITISED: [&str; 3] = ["cookie", "set-cookie", "authorization"];

/// Takes a field of another type than HAR 1.2 says for one that is missing: unknown, not an error.
fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

#[derive(Deserialize)]
struct File {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default, deserialize_with = "lenient")]
    creator: Creator,
    entries: Vec<Entry>,
    #[serde(rename = "_cookieJar", default, deserialize_with = "lenient")]
    cookie_jar: Option<Vec<Jar>>,
}

#[derive(Deserialize, Default)]
struct Creator {
    #[serde(default)]
    #[serde(deserialize_with = "lenient")]
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    #[serde(deserialize_with = "lenient")]
    started_date_time: String,
    #[serde(deserialize_with = "lenient")]
    time: f64,
    #[serde(deserialize_with = "lenient")]
    request: Message,
    #[serde(deserialize_with = "lenient")]
    response: Message,
    #[serde(rename = "_resourceType")]
    #[serde(deserialize_with = "lenient")]
    resource_type: String,
    #[serde(rename = "_fromCache")]
    from_cache: serde_json::Value,
    #[serde(rename = "_initiator")]
    initiator: serde_json::Value,
    #[serde(rename = "_fetchedViaServiceWorker")]
    #[serde(deserialize_with = "lenient")]
    by_worker: bool,
    #[serde(rename = "_hidden")]
    #[serde(deserialize_with = "lenient")]
    hidden: Vec<String>,
    #[serde(rename = "_cookieStoreId")]
    #[serde(deserialize_with = "lenient")]
    store: String,
    #[serde(rename = "_tabId")]
    #[serde(deserialize_with = "lenient")]
    tab: Option<i32>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    #[serde(deserialize_with = "lenient")]
    method: String,
    #[serde(deserialize_with = "lenient")]
    url: String,
    #[serde(deserialize_with = "lenient")]
    status: f64,
    #[serde(deserialize_with = "lenient")]
    headers: Vec<Header>,
    #[serde(rename = "_error")]
    #[serde(deserialize_with = "lenient")]
    error: Option<String>,
    #[serde(deserialize_with = "lenient")]
    content: Content,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    #[serde(deserialize_with = "lenient")]
    text: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Header {
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "lenient")]
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Jar {
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "lenient")]
    domain: String,
    #[serde(deserialize_with = "lenient")]
    host_only: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    path: String,
    #[serde(deserialize_with = "lenient")]
    secure: bool,
    #[serde(deserialize_with = "lenient")]
    http_only: bool,
    #[serde(deserialize_with = "lenient")]
    expires: Option<String>,
    #[serde(deserialize_with = "lenient")]
    created: Option<String>,
    #[serde(deserialize_with = "lenient")]
    size: u32,
    #[serde(deserialize_with = "lenient")]
    store_id: String,
    #[serde(deserialize_with = "lenient")]
    same_site: String,
    partition_key: serde_json::Value,
}

impl Log {
    /// Chrome's default export leaves credentials out; it is told by none being there at all.
    fn is_sanitised(&self) -> bool {
        let is_credential =
            |header: &Header| SANITISED.iter().any(|name| header.name.eq_ignore_ascii_case(name));
        self.creator.name == "WebInspector"
            && !self
                .entries
                .iter()
                .any(|entry| entry.request.headers.iter().chain(&entry.response.headers).any(is_credential))
    }
}

impl Entry {
    fn observation(self, hidden: &[String]) -> Observation {
        let started = parse_rfc3339(&self.started_date_time).unwrap_or_default();
        let pairs =
            |headers: Vec<Header>| headers.into_iter().map(|header| (header.name, header.value)).collect();
        let page = self.initiator.get("url").and_then(serde_json::Value::as_str).map(str::to_owned);
        let referer = self.request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("referer"));
        let kind = kind(&self.resource_type, &self.request.headers);
        let page = match kind {
            Kind::MainFrame => None,
            _ => page.or_else(|| referer.map(|header| header.value.clone())),
        };
        let mut hidden = hidden.to_vec();
        hidden.extend(self.hidden.iter().map(|name| name.to_ascii_lowercase()));
        // A HAR's status is a number or 0; anything else is no answer.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let status = self.response.status as u16;
        Observation {
            at: started.plus(Time::from_millis_f64(self.time.max(0.0)).0),
            url: self.request.url,
            method: self.request.method,
            kind,
            page,
            tab: self.tab,
            store: self.store,
            by_extension: self.initiator.get("type").and_then(serde_json::Value::as_str) == Some("extension"),
            by_worker: self.by_worker,
            body: self.response.content.text,
            status,
            error: self.response.error.filter(|error| !error.is_empty()),
            request_headers: Some(pairs(self.request.headers)),
            response_headers: Some(pairs(self.response.headers)),
            hidden,
            from_cache: !matches!(self.from_cache, serde_json::Value::Null | serde_json::Value::Bool(false)),
            ..Observation::default()
        }
    }
}

/// Chrome's resource type, or the `Sec-Fetch-Dest` that a browser sent (Fetch Metadata).
fn kind(resource_type: &str, headers: &[Header]) -> Kind {
    let sent = |name: &str| {
        headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    };
    match resource_type {
        "document" if matches!(sent("sec-fetch-dest"), Some("iframe" | "frame")) => Kind::SubFrame,
        "document" => Kind::MainFrame,
        "xhr" | "fetch" | "websocket" | "eventsource" => Kind::Fetch,
        "preflight" => Kind::Preflight,
        "script" | "manifest" => Kind::Script,
        "" => match sent("sec-fetch-dest") {
            Some("document") => Kind::MainFrame,
            Some("iframe" | "frame") => Kind::SubFrame,
            Some("empty") | None => Kind::Fetch,
            Some("script" | "worker" | "sharedworker" | "serviceworker" | "manifest") => Kind::Script,
            Some(_) => Kind::Resource,
        },
        _ => Kind::Resource,
    }
}

impl Jar {
    fn cookie(self) -> JarCookie {
        let host_only = self.host_only.unwrap_or(!self.domain.starts_with('.'));
        // The browsers' API writes an object, recordings of Chrome's protocol a site.
        let key = self.partition_key.get("topLevelSite").unwrap_or(&self.partition_key);
        let partition = key
            .as_str()
            .filter(|site| !site.is_empty())
            .map(|site| Partition { top_level_site: site.to_owned(), has_cross_site_ancestor: None });
        JarCookie {
            id: CookieId {
                name: self.name,
                domain: self.domain,
                path: if self.path.is_empty() { "/".to_owned() } else { self.path },
                store: self.store_id,
                partition,
            },
            host_only,
            secure: self.secure,
            http_only: self.http_only,
            same_site: SameSite::parse(&self.same_site),
            expires: self.expires.as_deref().and_then(parse_rfc3339),
            first_seen: self.created.as_deref().and_then(parse_rfc3339),
            size: self.size,
            mark: None,
            token_expires: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_har_is_said_in_a_line() {
        let error =
            |text: &str| read(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error("{").contains("not valid JSON"));
        assert!(error("[]").contains("no log.entries"));
        assert!(error("{\"log\":{}}").contains("no log.entries"));
        assert!(error("\u{1}").contains("not valid JSON"));
        assert!(read("\u{feff}{\"log\":{\"entries\":[]}}".as_bytes()).is_ok());
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
            read(text.as_bytes()).unwrap().observations.remove(0).hidden
        };
        assert_eq!(har("WebInspector", "Accept"), SANITISED);
        assert!(har("WebInspector", "Cookie").is_empty());
        assert!(har("Firefox", "Accept").is_empty());
    }
}
