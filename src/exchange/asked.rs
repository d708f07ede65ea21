//! How a request was made: what Fetch Metadata, `Origin` and a few named headers tell.

use serde::{Deserialize, Serialize};

use crate::mark::Mark;

/// Where a request comes from, as `Sec-Fetch-Site` says (Fetch Metadata, section 2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum From {
    /// Not said: plain http, or an older browser.
    #[default]
    Unsaid,
    /// The person: an address typed, a bookmark.
    None,
    /// The very same origin.
    SameOrigin,
    /// Another origin of the same site.
    SameSite,
    /// Another site.
    CrossSite,
}

impl From {
    /// Reads the header's value.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        match value {
            "none" => Self::None,
            "same-origin" => Self::SameOrigin,
            "same-site" => Self::SameSite,
            "cross-site" => Self::CrossSite,
            _ => Self::Unsaid,
        }
    }
}

/// Where a key of an API was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyPlace {
    /// In a header of its own (`X-API-Key`).
    Header,
    /// In the query (`?api_key=`).
    Query,
}

/// What else a request carried and how it was made. No value is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Asked {
    /// `Sec-Fetch-Site`.
    pub from: From,
    /// `Sec-Fetch-Mode`, if it is one of the standard's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `Sec-Fetch-Dest`, if it is one of the standard's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dest: Option<String>,
    /// The host of `Origin` (Fetch standard, section 3.2); `null` where the header says that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The host of `Referer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referer: Option<String>,
    /// A key for an API, apart from `Authorization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<KeyPlace>,
    /// Was it made by a page that tries out an API (Swagger UI and kin)?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub from_docs: bool,
    /// The token against forged forms that was sent as a header: percent-decoded, marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Mark>,
    /// Did the address hold a user name or a password?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub had_userinfo: bool,
    /// Was it made by a browser extension?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub by_extension: bool,
    /// Did it carry a login for a proxy?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub proxy_login: bool,
    /// Which of several accounts the address chooses: `/u/1/`, `authuser=1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<u8>,
    /// Do the login or the token and a cookie name different people?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub two_names: bool,
    /// Was it made by the browser within another app, which has a jar of its own?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub in_app: bool,
    /// Is what it carries a form of a page, rather than what a script sends?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_form: bool,
    /// The nonce that its Digest login was made with (RFC 7616, section 3.4), marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Mark>,
    /// For the how manieth time that nonce was used (`nc`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce_count: Option<u32>,
    /// Does its address hold what ends a sign-in elsewhere (`code` and `state`: RFC 6749, section 4.1.2)?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub ends_sign_in: bool,
    /// Does `User-Agent` name another browser than the one that `Sec-CH-UA` tells?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_disguised: bool,
}

/// What else an answer tells. No value is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Told {
    /// Where a redirect leads, redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Is it a stored copy: `Age` above zero (RFC 9111, section 5.1), or a cache that says so?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub stored_copy: bool,
    /// May it be stored and given out again (RFC 9111, section 4.2.1: an explicit lifetime)?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub may_be_stored: bool,
    /// `Retry-After` in seconds (RFC 9110, section 10.2.3); 0 for a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// A page of text and markup, as errors made on the way often are.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_html: bool,
    /// Did a service worker of the page make or fetch it?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub by_worker: bool,
    /// The origin that may read it (`Access-Control-Allow-Origin`): its host, `*` or `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allows_origin: Option<String>,
    /// `Access-Control-Allow-Credentials: true`.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub allows_credentials: bool,
    /// Did another extension or the browser itself make it (`Non-Authoritative-Reason`)?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_internal: bool,
    /// Did another extension make it (the reason is none of the browser's own)?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub by_extension: bool,
    /// The nonce of its Digest challenge (RFC 7616, section 3.3), marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Mark>,
    /// Data for programs: JSON.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_json: bool,
    /// Nothing at all to read (`Content-Length: 0`).
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_empty: bool,
    /// Does it say that no request is left for now (`RateLimit-Remaining: 0`)?
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_used_up: bool,
}

/// The standard's words for destinations and modes; others are not kept.
#[must_use]
pub fn standard_word(value: &str) -> Option<String> {
    const WORDS: [&str; 31] = [
        "audio",
        "audioworklet",
        "document",
        "embed",
        "empty",
        "font",
        "frame",
        "iframe",
        "image",
        "json",
        "manifest",
        "object",
        "paintworklet",
        "report",
        "script",
        "serviceworker",
        "sharedworker",
        "style",
        "track",
        "video",
        "webidentity",
        "worker",
        "xslt",
        "cors",
        "navigate",
        "no-cors",
        "same-origin",
        "websocket",
        "nested-document",
        "fencedframe",
        "speculationrules",
    ];
    WORDS.contains(&value).then(|| value.to_owned())
}
