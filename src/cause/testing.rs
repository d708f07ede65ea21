//! What the tests of every cause share: a lock-out in a line, and a verdict as text.

use crate::diagnose::diagnose;
use crate::evidence::{Evidence, Past};
use crate::exchange::{Exchange, Kind, Known, Observation};
use crate::http::address::Address;
use crate::http::cookie::{CookieId, JarCookie, SameSite, parse_header};
use crate::http::set_cookie::Line;
use crate::http::storage::place;
use crate::mark::MarkKey;
use crate::time::{DAY, Time};

/// A lock-out. What is not said is what most sites do.
#[derive(Clone)]
pub(crate) struct Given<'a> {
    pub method: &'static str,
    pub path: &'static str,
    pub status: u16,
    pub request: &'a [(&'a str, &'a str)],
    pub response: &'a [(&'a str, &'a str)],
    /// Seconds since 1970.
    pub now: i64,
    /// When the site last let through, relative to now, in milliseconds.
    pub worked: Option<i64>,
    /// Cookies that the jar holds beside those that were sent.
    pub held: &'static [&'static str],
    /// Headers that could not be seen.
    pub hidden: &'static [&'static str],
    /// How long ago the cookies were first seen, in milliseconds.
    pub cookie_age: Option<i64>,
    /// `https`, or `http`.
    pub scheme: &'static str,
    /// A call of an app instead of a page.
    pub is_call: bool,
    /// What the page said it was made for, where it is neither.
    pub kind: Option<Kind>,
    /// The body, as recordings have it.
    pub body: Option<&'static str>,
    /// What was seen before, a second apart.
    pub before: &'a [Step<'a>],
    /// Further cookies of the jar, as `Set-Cookie` lines, each with the URL that set it; a line may
    /// end in `; Store=…`.
    pub jar: &'a [(&'a str, &'a str)],
    /// The store that it was made in.
    pub store: &'static str,
    /// In a private window?
    pub private: bool,
    /// From the browser's own cache?
    pub from_cache: bool,
    /// From a service worker?
    pub by_worker: bool,
    /// The page that made a call.
    pub page: Option<&'static str>,
}

/// A request before the one that failed.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub method: &'static str,
    pub host: &'static str,
    pub path: &'static str,
    pub status: u16,
    pub request: &'a [(&'a str, &'a str)],
    pub response: &'a [(&'a str, &'a str)],
    pub from_cache: bool,
    pub store: &'static str,
}

impl Step<'_> {
    pub(crate) const EMPTY: Self = Self {
        method: "GET",
        host: "app.example.com",
        path: "/account",
        status: 200,
        request: &[],
        response: &[],
        from_cache: false,
        store: "",
    };
}

impl Default for Step<'_> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Given<'_> {
    /// What most sites do.
    pub(crate) const EMPTY: Self = Self {
        method: "GET",
        path: "/account",
        status: 401,
        request: &[],
        response: &[],
        now: 1_790_000_000,
        worked: None,
        held: &[],
        hidden: &[],
        cookie_age: None,
        scheme: "https",
        is_call: false,
        kind: None,
        body: None,
        before: &[],
        jar: &[],
        store: "",
        private: false,
        from_cache: false,
        by_worker: false,
        page: None,
    };
}

impl Default for Given<'_> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Step<'_> {
    fn exchange(&self, index: usize, given: &Given<'_>, key: &MarkKey) -> Exchange {
        let own = |all: &[(&str, &str)]| {
            Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
        };
        let left = i64::try_from(given.before.len() - index).unwrap_or_default();
        Observation {
            at: Time::from_seconds(given.now - left),
            url: format!("{}://{}{}", given.scheme, self.host, self.path),
            method: self.method.to_owned(),
            kind: Kind::MainFrame,
            status: self.status,
            request_headers: own(self.request),
            response_headers: own(self.response),
            from_cache: self.from_cache,
            store: self.store.to_owned(),
            ..Observation::default()
        }
        .into_exchange(key)
    }
}

/// Compares the verdict with `cause confidence: evidence keys`, or with `unknown`.
pub(crate) fn check(given: &Given<'_>, expect: &str) {
    let own =
        |all: &[(&str, &str)]| Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let now = Time::from_seconds(given.now);
    let exchange = Observation {
        at: now,
        url: format!("{}://app.example.com{}", given.scheme, given.path),
        method: given.method.to_owned(),
        kind: given.kind.unwrap_or(if given.is_call { Kind::Fetch } else { Kind::MainFrame }),
        page: given.page.map(str::to_owned),
        store: given.store.to_owned(),
        private: given.private,
        from_cache: given.from_cache,
        by_worker: given.by_worker,
        body: given.body.map(str::to_owned),
        status: given.status,
        request_headers: own(given.request),
        response_headers: own(given.response),
        hidden: given.hidden.iter().map(|name| (*name).to_owned()).collect(),
        last_success: given.worked.map(|ago| now.plus(ago)),
        ..Observation::default()
    }
    .into_exchange(&MarkKey::default());
    let jar: Vec<JarCookie> = given
        .request
        .iter()
        .filter(|(name, _)| *name == "Cookie")
        .flat_map(|(_, value)| parse_header(value))
        .chain(given.held.iter().map(|name| (*name, "")))
        .map(|(name, value)| JarCookie {
            id: CookieId {
                name: name.to_owned(),
                domain: "app.example.com".to_owned(),
                path: "/".to_owned(),
                store: "0".to_owned(),
                partition: None,
            },
            host_only: true,
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
            expires: Some(now.plus(DAY)),
            first_seen: given.cookie_age.map(|age| now.plus(-age)),
            size: 0,
            mark: Some(MarkKey::default().mark(value)),
            token_expires: None,
        })
        .chain(given.jar.iter().map(|(from, line)| {
            let (line, store) = line.split_once("; Store=").unwrap_or((line, ""));
            let mut cookie = place(&Line::read(line), &Address::parse(from), now);
            cookie.id.store = store.to_owned();
            cookie
        }))
        .collect();
    let key = MarkKey::default();
    let earlier: Vec<Exchange> =
        given.before.iter().enumerate().map(|(index, step)| step.exchange(index, given, &key)).collect();
    let past = Past::default();
    let evidence =
        Evidence { jar: Known::Present(&jar), now, earlier: &earlier, ..Evidence::of(&exchange, &past) };
    let verdict = diagnose(&evidence, &[]).causes.swap_remove(0);
    let mut shown = verdict.cause.id().to_owned();
    if verdict.cause != super::CauseId::Unknown {
        let keys: Vec<&str> = verdict.why.iter().map(|line| line.key.as_ref()).collect();
        shown += &format!(" {:.2}: {}", verdict.confidence, keys.join(" "));
    }
    assert_eq!(shown, expect);
}
