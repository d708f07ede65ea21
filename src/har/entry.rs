//! One entry of a recording, and one cookie of its jar.

use serde::Deserialize;

use super::lenient::{Lenient, from_objects, lenient};
use crate::exchange::{Exchange, Kind, Observation, SeenBy};
use crate::http::cookie::{CookieId, JarCookie, Partition, SameSite};
use crate::incident::{Incident, SCHEMA};
use crate::time::{Time, parse_rfc3339};

from_objects!(Entry, Message, Content, Header, Jar, Initiator);

/// Anything but `null` and `false`: Chrome writes where the copy came from.
#[derive(Default)]
pub(super) struct Flag(bool);

impl Lenient for Flag {
    fn from_text(_: &str) -> Self {
        Self(true)
    }

    fn from_flag(flag: bool) -> Self {
        Self(flag)
    }
}

/// The beginning of a body: errors say what they are in their first lines.
#[derive(Default)]
pub(super) struct Body(Option<String>);

impl Lenient for Body {
    fn from_text(text: &str) -> Self {
        const LONGEST: usize = 16 * 1024;
        let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        Self(Some(text[..end].to_owned()))
    }
}

/// What the extension kept of a request (`entry._facts`): all that its rules saw.
#[derive(Default)]
pub(super) struct Facts(pub(super) Option<Box<Exchange>>);

impl Lenient for Facts {
    fn from_object<'de, A: serde::de::MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        // Of another version of the extension: then what is in the entry itself counts.
        let value = serde_json::Value::deserialize(serde::de::value::MapAccessDeserializer::new(object))?;
        Ok(Self(serde_json::from_value(value).ok()))
    }
}

/// What the extension kept of the lock-out (`entry._incident`), but for the request itself.
#[derive(Default)]
pub(super) struct Judged(Option<serde_json::Value>);

impl Lenient for Judged {
    fn from_object<'de, A: serde::de::MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        let value = serde_json::Value::deserialize(serde::de::value::MapAccessDeserializer::new(object))?;
        Ok(Self(Some(value)))
    }
}

impl Judged {
    /// The lock-out, with the request that failed. `None` where it has no diagnosis, or is of another
    /// version: then the request is judged anew.
    pub(super) fn incident(self, facts: &Exchange) -> Option<Box<Incident>> {
        let mut value = self.0?;
        value.as_object_mut()?.insert("exchange".to_owned(), serde_json::to_value(facts).ok()?);
        let incident: Incident = serde_json::from_value(value).ok()?;
        (incident.schema == SCHEMA && incident.diagnosis.is_some()).then(|| Box::new(incident))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Initiator {
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: String,
    #[serde(deserialize_with = "lenient")]
    url: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Entry {
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
    #[serde(rename = "serverIPAddress")]
    #[serde(deserialize_with = "lenient")]
    ip: Option<String>,
    #[serde(rename = "_facts")]
    #[serde(deserialize_with = "lenient")]
    pub(super) facts: Facts,
    #[serde(rename = "_incident")]
    #[serde(deserialize_with = "lenient")]
    pub(super) judged: Judged,
    #[serde(rename = "_fromCache")]
    #[serde(deserialize_with = "lenient")]
    from_cache: Flag,
    #[serde(rename = "_initiator")]
    #[serde(deserialize_with = "lenient")]
    initiator: Initiator,
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
pub(super) struct Message {
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
pub(super) struct Content {
    #[serde(deserialize_with = "lenient")]
    text: Body,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Header {
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "lenient")]
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Jar {
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
    #[serde(deserialize_with = "lenient")]
    partition_key: Key,
}

/// The site of a partition: the browsers' API writes an object, Chrome's protocol a site.
#[derive(Default)]
pub(super) struct Key(Option<String>);

impl Lenient for Key {
    fn from_text(site: &str) -> Self {
        Self(Some(site.to_owned()).filter(|site| !site.is_empty()))
    }

    fn from_object<'de, A: serde::de::MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        #[derive(Deserialize, Default)]
        #[serde(default, rename_all = "camelCase")]
        struct Object {
            #[serde(deserialize_with = "lenient")]
            top_level_site: String,
        }
        let object = Object::deserialize(serde::de::value::MapAccessDeserializer::new(object))?;
        Ok(Self::from_text(&object.top_level_site))
    }
}

impl Entry {
    /// Does it show a credential, as a sanitised export never does?
    pub(super) fn shows_credentials(&self) -> bool {
        let is_credential =
            |header: &Header| super::SANITISED.iter().any(|name| header.name.eq_ignore_ascii_case(name));
        self.request.headers.iter().chain(&self.response.headers).any(is_credential)
    }

    /// The request, as it was seen.
    pub(super) fn observation(self) -> Observation {
        let started = parse_rfc3339(&self.started_date_time).unwrap_or_default();
        let pairs =
            |headers: Vec<Header>| headers.into_iter().map(|header| (header.name, header.value)).collect();
        let page = self.initiator.url;
        let referer = self.request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("referer"));
        let kind = kind(&self.resource_type, &self.request.headers);
        let page = match kind {
            Kind::MainFrame => None,
            _ => page.or_else(|| referer.map(|header| header.value.clone())),
        };
        let hidden = self.hidden.iter().map(|name| name.to_ascii_lowercase()).collect();
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
            by_extension: self.initiator.kind == "extension",
            ip: self.ip,
            by_worker: self.by_worker,
            body: self.response.content.text.0,
            status,
            error: self.response.error.filter(|error| !error.is_empty()),
            request_headers: Some(pairs(self.request.headers)),
            response_headers: Some(pairs(self.response.headers)),
            hidden,
            from_cache: self.from_cache.0,
            seen_by: SeenBy::Recording,
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
    /// The cookie, without its value.
    pub(super) fn cookie(self) -> JarCookie {
        let host_only = self.host_only.unwrap_or(!self.domain.starts_with('.'));
        let partition = self
            .partition_key
            .0
            .map(|site| Partition { top_level_site: site, has_cross_site_ancestor: None });
        JarCookie {
            id: CookieId {
                name: self.name,
                domain: self.domain,
                path: if self.path.is_empty() { "/".to_owned() } else { self.path },
                path_mark: None,
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
