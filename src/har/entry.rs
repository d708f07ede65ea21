//! One entry of a recording, and one cookie of its jar.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::lenient::{Element, Lenient, from_objects, lenient};
use crate::exchange::{Exchange, Kind, Observation, SeenBy};
use crate::http::cookie::{CookieId, JarCookie, Partition, SameSite};
use crate::incident::{Incident, SCHEMA};
use crate::time::{Time, parse_rfc3339};

from_objects!(Entry, Header, Jar, Initiator);

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
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        // Of another version of the extension: then what is in the entry itself counts.
        let value = serde_json::Value::deserialize(serde::de::value::MapAccessDeserializer::new(object))?;
        Ok(Self(serde_json::from_value(value).ok()))
    }
}

/// What the extension kept of the lock-out (`entry._incident`), but for the request itself.
#[derive(Default)]
pub(super) struct Judged(Option<serde_json::Value>);

impl Lenient for Judged {
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
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

/// A request, or a response.
#[derive(Default)]
pub(super) struct Message {
    method: String,
    url: String,
    status: f64,
    headers: Vec<Header>,
    error: Option<String>,
    body: Body,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum MessageField {
    Method,
    Url,
    Status,
    Headers,
    #[serde(rename = "_error")]
    Error,
    Content,
    #[serde(other)]
    Other,
}

impl Lenient for Message {
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut message = Self::default();
        while let Some(field) = object.next_key()? {
            match field {
                MessageField::Method => Element(message.method) = object.next_value()?,
                MessageField::Url => Element(message.url) = object.next_value()?,
                MessageField::Status => Element(message.status) = object.next_value()?,
                MessageField::Headers => Element(message.headers) = object.next_value()?,
                MessageField::Error => Element(message.error) = object.next_value()?,
                MessageField::Content if (200.0..400.0).contains(&message.status) => {
                    let Element(Content::<true>(body)) = object.next_value()?;
                    message.body = body;
                }
                MessageField::Content => {
                    let Element(Content::<false>(body)) = object.next_value()?;
                    message.body = body;
                }
                MessageField::Other => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(message)
    }
}

/// `response.content`: what a site says when it refuses, and in short when it does not. Most of a recording
/// is pages and scripts, and most of the time to read it went into taking those over.
#[derive(Default)]
struct Content<const IS_GOOD: bool>(Body);

/// A good answer that says what is wrong (OAuth servers, GraphQL) does so in fewer bytes than this.
const SHORT: f64 = 2048.0;

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum ContentField {
    Size,
    Text,
    #[serde(other)]
    Other,
}

impl<const IS_GOOD: bool> Lenient for Content<IS_GOOD> {
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let (mut body, mut size) = (Body::default(), 0.0);
        while let Some(field) = object.next_key()? {
            match field {
                ContentField::Size => Element(size) = object.next_value()?,
                ContentField::Text if IS_GOOD && size > SHORT => drop(object.next_value::<IgnoredAny>()?),
                ContentField::Text => Element(body) = object.next_value()?,
                ContentField::Other => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Self(body))
    }
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

    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
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
            body: self.response.body.0,
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
