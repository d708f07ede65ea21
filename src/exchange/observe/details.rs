//! The smaller facts of an observation: how it was asked, what else was told, by which software.

use super::{Observation, fields, people};
use crate::exchange::Kind;
use crate::exchange::asked::{Asked, From, KeyPlace, Told, standard_word};
use crate::http::address::Address;
use crate::http::challenge::{self, Challenge, ChallengeFacts};
use crate::mark::{Mark, MarkKey};
use crate::product::{self, Product};
use crate::redact;
use crate::sign::{self, Place, Sign};

/// Headers that carry a key for an API, apart from `Authorization` (vendors' documentation: Amazon
/// API Gateway, Azure API Management and Functions, Supabase, PowerDNS, Kong, GitLab, Google, RapidAPI,
/// Redmine, Algolia, Datadog, Jellyfin, Shopify, Vault, Plex, Figma, CircleCI).
const KEY_HEADERS: [&str; 22] = [
    "x-api-key",
    "apikey",
    "api-key",
    "x-apikey",
    "ocp-apim-subscription-key",
    "private-token",
    "x-auth-token",
    "x-access-token",
    "api_key",
    "x-goog-api-key",
    "x-rapidapi-key",
    "x-functions-key",
    "x-redmine-api-key",
    "x-algolia-api-key",
    "dd-api-key",
    "x-emby-token",
    "x-mediabrowser-token",
    "x-shopify-access-token",
    "x-vault-token",
    "x-plex-token",
    "x-figma-token",
    "circle-token",
];

/// The same, in a query.
const KEY_PARAMETERS: [&str; 9] = [
    "api_key",
    "apikey",
    "api-key",
    "access_token",
    "key",
    "subscription-key",
    "appid",
    "private_token",
    "x-api-key",
];

/// What the address of a page that tries out an API has in it (Swagger UI, ReDoc, RapiDoc, Scalar,
/// GraphiQL and GraphQL Playground, springdoc, FastAPI).
const DOCS: [&str; 9] =
    ["swagger", "redoc", "rapidoc", "api-docs", "apidocs", "openapi", "graphiql", "playground", "api/docs"];

/// Headers that carry a token against forged forms (Laravel, Angular, Django, Rails, Tornado, Jenkins).
const GUARD_HEADERS: [&str; 5] =
    ["x-xsrf-token", "x-csrf-token", "x-csrftoken", "x-xsrftoken", "jenkins-crumb"];

/// Headers in which caches say that they had the answer: RFC 9211, CloudFront, Fastly, Cloudflare,
/// nginx by habit, Vercel, Next.js, LiteSpeed, Drupal, Akamai, Bunny.
const CACHES: [&str; 11] = [
    "cache-status",
    "x-cache",
    "cf-cache-status",
    "x-proxy-cache",
    "x-cache-status",
    "x-vercel-cache",
    "x-nextjs-cache",
    "x-litespeed-cache",
    "x-drupal-cache",
    "x-cache-remote",
    "cdn-cache",
];

/// The content types of forms (HTML standard, form submission).
const FORMS: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// Apps that show pages in a browser of their own: Android's WebView says `; wv)` (Chrome's
/// documentation of its user agent), the others their names.
fn is_in_app(agent: &str) -> bool {
    ["; wv)", "FBAN/", "FBAV/", "Instagram ", " Line/", "Electron/", "MicroMessenger/", "Teams/"]
        .iter()
        .any(|mark| agent.contains(mark))
}

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
        let names = || address.query.split('&').filter_map(|pair| pair.split('=').next());
        let in_query =
            || names().any(|name| KEY_PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known)));
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
            from_docs: self.is_from_docs(),
            guard: GUARD_HEADERS.iter().find_map(|name| Some(guard_mark(self.asked_with(name)?, key))),
            had_userinfo: !address.userinfo.is_empty(),
            by_extension: self.by_extension,
            proxy_login: self.asked_with("proxy-authorization").is_some(),
            account: people::account(address),
            two_names: people::two_names(self.request_headers.as_deref()),
            in_app: self.asked_with("user-agent").is_some_and(is_in_app),
            is_form: self
                .asked_with("content-type")
                .is_some_and(|kind| FORMS.iter().any(|form| kind.trim_start().starts_with(form))),
            nonce: login.as_ref().and_then(|login| login.param("nonce")).map(|nonce| key.mark(nonce)),
            nonce_count: login.as_ref().and_then(|login| u32::from_str_radix(login.param("nc")?, 16).ok()),
            ends_sign_in: ["code", "state"].iter().all(|wanted| names().any(|name| name == *wanted)),
            is_disguised: self.is_disguised(),
        }
    }

    /// Is the page that asks one that tries out an API? Told by where the request comes from.
    fn is_from_docs(&self) -> bool {
        let is_docs = |from: &str| {
            let from = from.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            DOCS.iter().any(|word| from.contains(word)) || from.trim_end_matches('/').ends_with("/docs")
        };
        self.asked_with("referer").is_some_and(is_docs)
            || self.page.as_deref().filter(|_| self.kind != Kind::MainFrame).is_some_and(is_docs)
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
        let lifetime = |directive: &str| {
            let control = self.told_with("cache-control")?.to_ascii_lowercase();
            let (_, rest) = control.split_once(directive)?;
            rest.trim_start_matches(['=', '"']).split([',', ' ', '"']).next()?.parse::<u64>().ok()
        };
        let is_hit = |name: &str, value: &str| {
            // RFC 9211 (`Cache-Status: name; hit`), and the names of before.
            let value = value.to_ascii_lowercase();
            CACHES.contains(&name) && (value.contains("hit") && !value.contains("fwd="))
                // Varnish names the request that it stored the answer for as well.
                || name == "x-varnish" && value.split_whitespace().count() > 1
        };
        let mut told = self.response_headers.iter().flatten();
        let said_hit = told.any(|(name, value)| is_hit(&name.to_ascii_lowercase(), value));
        let reason = self.told_with("non-authoritative-reason");
        let retry = self.told_with("retry-after").map(|value| value.trim().parse().unwrap_or(0));
        Told {
            location: self.told_with("location").map(|to| redact::url(&resolve(to, address))),
            stored_copy: age.is_some_and(|age| age > 0) || said_hit,
            may_be_stored: ["s-maxage", "max-age"]
                .into_iter()
                .any(|name| lifetime(name).is_some_and(|life| life > 0))
                && !says("cache-control", "no-store"),
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

    /// What the challenges do that the grammar does not allow, each once.
    pub(super) fn challenge_oddities(&self) -> Vec<challenge::Oddity> {
        let mut found = Vec::new();
        for (name, value) in self.response_headers.iter().flatten() {
            let asks = ["www-authenticate", "proxy-authenticate"];
            if asks.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                for oddity in fields(value).flat_map(|field| challenge::parse(&field).1) {
                    if !found.contains(&oddity) {
                        found.push(oddity);
                    }
                }
            }
        }
        found
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
