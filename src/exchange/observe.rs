//! From what a browser or a recording shows to an [`Exchange`]: the place where secrets are
//! turned into names, sizes and marks.

mod details;
mod people;

use super::{Exchange, Hop, Kind, Known, SeenBy, SentCookie};
use crate::http::address::Address;
use crate::http::{authorization, challenge, cookie, date, jwt, seal, set_cookie};
use crate::mark::MarkKey;
use crate::redact;
use crate::time::Time;

/// One request as it was seen, secrets included. Lives only until it is made an [`Exchange`].
#[derive(Clone, Default)]
pub struct Observation {
    /// When the request was sent, where that was seen.
    pub began: Option<Time>,
    /// When the answer was complete.
    pub at: Time,
    /// The full URL.
    pub url: String,
    /// The method.
    pub method: String,
    /// What it was made for.
    pub kind: Kind,
    /// URL or origin of the page that made it.
    pub page: Option<String>,
    /// The tab.
    pub tab: Option<i32>,
    /// The cookie store.
    pub store: String,
    /// In a private window?
    pub private: bool,
    /// The status; 0 for none.
    pub status: u16,
    /// The browser's name for a network error.
    pub error: Option<String>,
    /// Request headers; `None` when they were not seen at all.
    pub request_headers: Option<Vec<(String, String)>>,
    /// Response headers; `None` when they were not seen at all.
    pub response_headers: Option<Vec<(String, String)>>,
    /// The network address that answered.
    pub ip: Option<String>,
    /// Made by a browser extension, as a recording says?
    pub by_extension: bool,
    /// Made or fetched by a page's service worker, as a recording says?
    pub by_worker: bool,
    /// The body of the answer, where a recording or DevTools have it; else it is never read.
    pub body: Option<String>,
    /// What is known to be hidden: lower-case header names.
    pub hidden: Vec<String>,
    /// Who saw it.
    pub seen_by: SeenBy,
    /// From the HTTP cache?
    pub from_cache: bool,
    /// How often the browser asked for a login.
    pub prompts: u32,
    /// How many requests like it the site refused at the same time, too many to be told of each.
    pub again: u32,
    /// Where a Basic or Digest login was seen to be accepted by this origin: the full URL.
    pub login_at: Option<String>,
    /// Redirects before it: full URL and status.
    pub hops: Vec<(String, u16)>,
    /// Prefetch or prerender, as the browser's own field says.
    pub speculative: bool,
    /// When this origin last answered well, as far as was seen.
    pub last_success: Option<Time>,
    /// Other requests just before it, oldest first, as far as they were seen live.
    pub before: Vec<Observation>,
}

/// The headers that sanitised recordings leave out.
pub(crate) const CREDENTIALS: [&str; 3] = ["cookie", "set-cookie", "authorization"];

/// What could be seen of one header field.
pub enum Sighting<'a> {
    /// Its values, in order; none when it was not sent.
    Seen(Vec<&'a str>),
    /// It may or may not have been sent.
    Hidden,
}

impl Observation {
    fn request(&self, name: &str) -> Sighting<'_> {
        self.sight(self.request_headers.as_deref(), name)
    }

    fn response(&self, name: &str) -> Sighting<'_> {
        self.sight(self.response_headers.as_deref(), name)
    }

    fn sight<'a>(&self, headers: Option<&'a [(String, String)]>, name: &str) -> Sighting<'a> {
        let values: Vec<&str> = headers
            .unwrap_or_default()
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        let hidden = headers.is_none() || self.hidden.iter().any(|hidden| hidden == name);
        if values.is_empty() && hidden { Sighting::Hidden } else { Sighting::Seen(values) }
    }

    /// Does it show credentials, as a sanitised recording never does? Then those that are not there
    /// were not sent.
    #[must_use]
    pub fn shows_credentials(&self) -> bool {
        let headers = self.request_headers.iter().chain(&self.response_headers).flatten();
        let mut names = headers.map(|(name, _)| name.as_str());
        names.any(|name| CREDENTIALS.iter().any(|known| name.eq_ignore_ascii_case(known)))
    }

    /// Drops every secret.
    #[must_use]
    pub fn into_exchange(mut self, key: &MarkKey) -> Exchange {
        let before = core::mem::take(&mut self.before).into_iter();
        let before = before.map(|one| one.into_exchange(key)).collect();
        let address = Address::parse(&self.url);
        let is_preflight = self.method.eq_ignore_ascii_case("OPTIONS")
            && matches!(self.request("access-control-request-method"), Sighting::Seen(values) if !values.is_empty());
        let first = |sighting: Sighting<'_>| match sighting {
            Sighting::Seen(values) => values.first().map(|value| (*value).to_owned()),
            Sighting::Hidden => None,
        };
        let purpose = first(self.request("sec-purpose")).or_else(|| first(self.request("purpose")));
        Exchange {
            began: self.began.unwrap_or(self.at),
            at: self.at,
            tag: tag(&address, key),
            method: redact::name(&self.method.to_ascii_uppercase()),
            url: redact::url(&self.url),
            site: redact::host(&address.site()),
            kind: if is_preflight { Kind::Preflight } else { self.kind },
            page: self
                .page
                .as_deref()
                // Of a page it would be where the person came from.
                .filter(|_| self.kind != Kind::MainFrame)
                .map(|page| redact::host(&Address::parse(page).site()))
                .filter(|page| !page.is_empty()),
            tab: self.tab,
            store: self.store.clone(),
            private: self.private,
            status: self.status,
            error: self.error.as_deref().map(redact::name),
            cookies: known(self.request("cookie"), |value| {
                cookie::parse_header(value)
                    .take(512)
                    .map(|(name, value)| sent_cookie(name, value, key))
                    .collect()
            }),
            authorization: match self.request("authorization") {
                Sighting::Hidden => Known::Unknown,
                Sighting::Seen(values) => values
                    .first()
                    .map_or(Known::Absent, |value| Known::Present(authorization::parse(value, key))),
            },
            asks_authorization: is_preflight
                && matches!(self.request("access-control-request-headers"), Sighting::Seen(values)
                    if values.iter().any(|value| names_authorization(value))),
            login_at: self.login_at.as_deref().map(redact::url),
            changes_sign_in: changes_sign_in(&self.method, &address),
            asked: self.asked(&address, key),
            told: self.told(&address, key),
            address: self.ip.as_deref().filter(|ip| !ip.is_empty()).map(|ip| key.mark(ip)),
            products: self.products(),
            proxy_challenges: self.proxy_challenges(),
            challenge_oddities: self.challenge_oddities(),
            seen_by: self.seen_by,
            signs: self.signs(),
            challenges: known(self.response("www-authenticate"), |value| {
                fields(value)
                    .flat_map(|field| challenge::parse(&field).0)
                    .map(|challenge| challenge.facts())
                    .collect()
            }),
            set_cookies: known(self.response("set-cookie"), |value| {
                // Firefox and HAR files join several fields of this name by line feeds.
                value
                    .lines()
                    .filter(|line| !line.is_empty())
                    .map(|line| set_cookie::parse(line, &address))
                    .collect()
            }),
            server_time: first(self.response("date")).as_deref().and_then(date::parse),
            from_cache: self.from_cache,
            prompts: self.prompts,
            again: self.again,
            hops: self
                .hops
                .iter()
                .take(32)
                .map(|(url, status)| Hop { url: redact::url(url), status: *status })
                .collect(),
            speculative: self.speculative || purpose.is_some_and(|purpose| purpose.contains("prefetch")),
            last_success: self.last_success,
            before,
        }
    }
}

/// The fields of a value that Firefox has joined by line feeds. A line that begins with a space
/// goes on with the one before it (obsolete folding, RFC 9112, section 5.2).
fn fields(value: &str) -> impl Iterator<Item = String> {
    let mut fields: Vec<String> = Vec::new();
    for line in value.split('\n') {
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    fields.into_iter()
}

/// Is `authorization` one of the names in `Access-Control-Request-Headers`?
fn names_authorization(value: &str) -> bool {
    value.split(',').any(|name| name.trim().eq_ignore_ascii_case("authorization"))
}

/// A form that sets a password, or a call that ends a session. Told by the path and by the names in
/// the query, which single-endpoint APIs use for their operations.
fn changes_sign_in(method: &str, address: &Address<'_>) -> bool {
    const ENDS: [&str; 6] = ["logout", "signout", "sign-out", "sign_out", "log-out", "revoke"];
    let names = address.query.split('&').filter_map(|pair| pair.split('=').next());
    let said = |word: &str| {
        let has = |text: &str| text.to_ascii_lowercase().contains(word);
        has(address.path) || names.clone().any(has)
    };
    !matches!(method, "GET" | "HEAD" | "OPTIONS") && said("password") || ENDS.into_iter().any(said)
}

fn tag(address: &Address<'_>, key: &MarkKey) -> u32 {
    let names: Vec<&str> = address.query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    key.tag(&[address.path, &names.join("&")])
}

fn sent_cookie(name: &str, value: &str, key: &MarkKey) -> SentCookie {
    SentCookie {
        name: redact::name(name),
        size: u32::try_from(name.len() + value.len()).unwrap_or(u32::MAX),
        // Compared with a header, where there is one.
        mark: match cookie::purpose(name) {
            cookie::Purpose::Csrf => details::guard_mark(value, key),
            _ => key.mark(value),
        },
        token_expires: jwt::parse(value).and_then(|token| token.expires_at),
        sealed: seal::Seal::of(value),
    }
}

fn known<T>(sighting: Sighting<'_>, read: impl Fn(&str) -> Vec<T>) -> Known<Vec<T>> {
    match sighting {
        Sighting::Hidden => Known::Unknown,
        Sighting::Seen(values) if values.is_empty() => Known::Absent,
        Sighting::Seen(values) => Known::Present(values.into_iter().flat_map(read).collect()),
    }
}
