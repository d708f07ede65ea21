//! The smaller facts of an observation: how it was asked, what else was told, by which software.

use super::{Observation, fields};
use crate::exchange::asked::{Asked, From, KeyPlace, Told, standard_word};
use crate::http::address::Address;
use crate::http::challenge::{self, Challenge, ChallengeFacts};
use crate::mark::{Mark, MarkKey};
use crate::product::{self, Product};
use crate::redact;
use crate::sign::{self, Place, Sign};

/// Headers that carry a key for an API, apart from `Authorization` (vendors' documentation: Amazon
/// API Gateway, Azure API Management, Supabase, PowerDNS, Kong, GitLab).
const KEY_HEADERS: [&str; 8] = [
    "x-api-key",
    "apikey",
    "api-key",
    "x-apikey",
    "ocp-apim-subscription-key",
    "private-token",
    "x-auth-token",
    "x-access-token",
];

/// The same, in a query.
const KEY_PARAMETERS: [&str; 6] = ["api_key", "apikey", "api-key", "access_token", "key", "subscription-key"];

/// Headers that carry a token against forged forms (Laravel, Angular, Django, Rails, Tornado, Jenkins).
const GUARD_HEADERS: [&str; 5] =
    ["x-xsrf-token", "x-csrf-token", "x-csrftoken", "x-xsrftoken", "jenkins-crumb"];

/// What Chrome gives as the reason of a redirect that another extension made (its own are `HSTS`,
/// `DNS` and `HttpsUpgrades`): the names of the programming interfaces.
const EXTENSIONS_REASONS: [&str; 2] = ["WebRequest API", "Delegate"];

/// How many requests are left (the IETF draft on `RateLimit` fields up to its sixth version, and what
/// GitHub, GitLab, Okta, Auth0 and Discord document).
const USED_UP: [&str; 4] = [
    "x-ratelimit-remaining",
    "ratelimit-remaining",
    "x-rate-limit-remaining",
    "x-ratelimit-requests-remaining",
];

impl Observation {
    /// The first value of a request header.
    fn asked_with(&self, name: &str) -> Option<&str> {
        value_of(self.request_headers.as_deref(), name)
    }

    /// The first value of a response header.
    fn told_with(&self, name: &str) -> Option<&str> {
        value_of(self.response_headers.as_deref(), name)
    }

    pub(super) fn asked(&self, address: &Address<'_>, key: &MarkKey) -> Asked {
        let in_query = || {
            let mut names = address.query.split('&').filter_map(|pair| pair.split('=').next());
            names.any(|name| KEY_PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known)))
        };
        let api_key = if KEY_HEADERS.iter().any(|name| self.asked_with(name).is_some()) {
            Some(KeyPlace::Header)
        } else {
            in_query().then_some(KeyPlace::Query)
        };
        let login = self.asked_with("authorization").and_then(digest);
        Asked {
            from: self.asked_with("sec-fetch-site").map(From::parse).unwrap_or_default(),
            mode: self.asked_with("sec-fetch-mode").and_then(standard_word),
            dest: self.asked_with("sec-fetch-dest").and_then(standard_word),
            origin: self.asked_with("origin").map(host_of),
            referer: self.asked_with("referer").map(host_of),
            api_key,
            guard: GUARD_HEADERS.iter().find_map(|name| Some(guard_mark(self.asked_with(name)?, key))),
            had_userinfo: !address.userinfo.is_empty(),
            by_extension: self.by_extension,
            proxy_login: self.asked_with("proxy-authorization").is_some(),
            nonce: login.as_ref().and_then(|login| login.param("nonce")).map(|nonce| key.mark(nonce)),
            nonce_count: login.as_ref().and_then(|login| u32::from_str_radix(login.param("nc")?, 16).ok()),
            is_disguised: self.is_disguised(),
        }
    }

    /// `Sec-CH-UA` names the engine and its version, whatever `User-Agent` was made to say (UA Client
    /// Hints, section 3.1; Chromium alone sends it).
    fn is_disguised(&self) -> bool {
        let major = |text: &str, before: &str| -> Option<String> {
            let at = text.find(before)? + before.len();
            let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
            (!digits.is_empty()).then_some(digits)
        };
        let hint = self.asked_with("sec-ch-ua").and_then(|hint| major(hint, "\"Chromium\";v=\""));
        let (Some(agent), Some(hint)) = (self.asked_with("user-agent"), hint) else { return false };
        major(agent, "Chrome/") != Some(hint)
    }

    pub(super) fn told(&self, address: &Address<'_>, key: &MarkKey) -> Told {
        let says = |name: &str, word: &str| {
            self.told_with(name).is_some_and(|value| value.to_ascii_lowercase().contains(word))
        };
        let age = self.told_with("age").and_then(|age| age.trim().parse::<u64>().ok());
        let reason = self.told_with("non-authoritative-reason");
        let retry = self.told_with("retry-after").map(|value| value.trim().parse().unwrap_or(0));
        Told {
            location: self.told_with("location").map(|to| redact::url(&resolve(to, address))),
            stored_copy: age.is_some_and(|age| age > 0)
                || says("x-cache", "hit")
                || says("cf-cache-status", "hit")
                || says("x-proxy-cache", "hit"),
            retry_after: retry,
            is_html: says("content-type", "html"),
            by_worker: self.by_worker,
            allows_origin: self.told_with("access-control-allow-origin").map(host_of),
            allows_credentials: says("access-control-allow-credentials", "true"),
            is_internal: reason.is_some(),
            by_extension: reason.is_some_and(|reason| EXTENSIONS_REASONS.contains(&reason.trim())),
            nonce: self.challenged_with_digest().and_then(|one| Some(key.mark(one.param("nonce")?))),
            is_json: says("content-type", "json"),
            is_empty: self.told_with("content-length").is_some_and(|length| length.trim() == "0"),
            is_used_up: USED_UP
                .iter()
                .any(|name| self.told_with(name).is_some_and(|left| left.trim() == "0"))
                || says("ratelimit", "r=0;")
                || says("ratelimit", "remaining=0"),
        }
    }

    fn challenged_with_digest(&self) -> Option<Challenge> {
        let headers = self.response_headers.iter().flatten();
        headers
            .filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"))
            .flat_map(|(_, value)| fields(value).collect::<Vec<_>>())
            .find_map(|field| digest(&field))
    }

    pub(super) fn products(&self) -> Vec<Product> {
        let mut found = Vec::new();
        for (name, value) in self.response_headers.iter().flatten() {
            product::read(&name.to_ascii_lowercase(), value, &mut found);
        }
        found
    }

    pub(super) fn proxy_challenges(&self) -> Vec<ChallengeFacts> {
        let headers = self.response_headers.iter().flatten();
        headers
            .filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authenticate"))
            .flat_map(|(_, value)| fields(value).collect::<Vec<_>>())
            .flat_map(|field| challenge::parse(&field).0)
            .map(|challenge| challenge.facts())
            .collect()
    }

    /// What the server says in its own words.
    pub(super) fn signs(&self) -> Vec<Sign> {
        /// A body is read this far: errors say what they are in their first lines.
        const LONGEST: usize = 16 * 1024;
        let mut found = Vec::new();
        for (name, value) in self.response_headers.iter().flatten() {
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                "www-authenticate" => {
                    for challenge in fields(value).flat_map(|field| challenge::parse(&field).0) {
                        for (_, text) in &challenge.params {
                            sign::read(Place::Description, text, &mut found);
                        }
                    }
                }
                "location" => sign::read(Place::Location, value, &mut found),
                _ => sign::read_header(&name, value, &mut found),
            }
        }
        if let Some(body) = &self.body {
            let end = (0..=LONGEST.min(body.len())).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
            sign::read(Place::Body, &body[..end], &mut found);
        }
        found
    }
}

fn value_of<'a>(headers: Option<&'a [(String, String)]>, name: &str) -> Option<&'a str> {
    let found = headers?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The Digest among challenges, or a Digest login: both are of one grammar (RFC 9110, section 11.4).
fn digest(value: &str) -> Option<Challenge> {
    challenge::parse(value).0.into_iter().find(|one| one.scheme.eq_ignore_ascii_case("digest"))
}

/// The host of an origin or a URL; `*` and `null` as they are.
fn host_of(value: &str) -> String {
    let value = value.trim();
    if matches!(value, "*" | "null") { value.to_owned() } else { redact::host(&Address::parse(value).site()) }
}

/// The absolute address of a redirect (RFC 3986, section 5.2, as far as it matters here).
fn resolve(to: &str, from: &Address<'_>) -> String {
    let to = to.trim();
    if to.contains("://") {
        to.to_owned()
    } else if let Some(rest) = to.strip_prefix("//") {
        format!("{}://{rest}", from.scheme)
    } else if to.starts_with('/') {
        format!("{}{to}", from.origin())
    } else {
        let folder = from.path.rfind('/').map_or("/", |at| &from.path[..=at]);
        format!("{}{folder}{to}", from.origin())
    }
}

/// The mark of a token against forged forms. The cookie holds it percent-encoded, the header not.
pub(super) fn guard_mark(value: &str, key: &MarkKey) -> Mark {
    key.mark(&decode_percent(value))
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |ahead: &mut core::str::Bytes<'_>| {
            let pair = [ahead.next()?, ahead.next()?];
            u8::from_str_radix(core::str::from_utf8(&pair).ok()?, 16).ok()
        };
        let mut ahead = rest.clone();
        match (byte, hex(&mut ahead)) {
            (b'%', Some(decoded)) => {
                bytes.push(decoded);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
