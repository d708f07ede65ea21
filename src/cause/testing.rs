//! What the tests of every cause share: a lock-out in a line, and a verdict as text.

use crate::diagnose::diagnose;
use crate::evidence::{Evidence, Past};
use crate::exchange::{Exchange, Kind, Known, Observation};
use crate::http::cookie::{CookieId, JarCookie, parse_header};
use crate::mark::MarkKey;
use crate::time::{DAY, Time};

/// A lock-out. What is not said is what most sites do.
#[derive(Clone)]
pub(crate) struct Given {
    pub method: &'static str,
    pub path: &'static str,
    pub status: u16,
    pub request: &'static [(&'static str, &'static str)],
    pub response: &'static [(&'static str, &'static str)],
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
    /// What it was made for; a page unless said.
    pub kind: Kind,
    /// Scheme and host.
    pub origin: &'static str,
    /// The browser's name for a network error.
    pub error: Option<&'static str>,
    /// The body of the answer, as recordings have it.
    pub body: Option<&'static str>,
    /// How often the browser asked for a login.
    pub prompts: u32,
    /// Was a login of the browser's own seen to be accepted here?
    pub login_kept: bool,
    /// What came before: how long ago, in milliseconds, and what it was.
    pub before: Vec<(i64, Given)>,
}

impl Default for Given {
    fn default() -> Self {
        Self {
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
            kind: Kind::MainFrame,
            origin: "https://app.example.com",
            error: None,
            body: None,
            prompts: 0,
            login_kept: false,
            before: Vec::new(),
        }
    }
}

impl Given {
    /// Pages are text and calls are data, unless it is said or there is nothing to read.
    fn with_type(&self, mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
        let says = |name: &str| self.response.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !says("content-type") && !says("content-length") && self.status != 0 {
            let kind = if self.kind == Kind::MainFrame { "text/html" } else { "application/json" };
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        headers
    }

    fn exchange(&self, at: Time) -> Exchange {
        let own = |all: &[(&str, &str)]| {
            Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
        };
        Observation {
            at,
            url: format!("{}{}", self.origin, self.path),
            method: self.method.to_owned(),
            kind: self.kind,
            page: (self.kind != Kind::MainFrame).then(|| "https://app.example.com/".to_owned()),
            status: self.status,
            error: self.error.map(str::to_owned),
            request_headers: own(self.request),
            response_headers: own(self.response).map(|headers| self.with_type(headers)),
            body: self.body.map(str::to_owned),
            hidden: self.hidden.iter().map(|name| (*name).to_owned()).collect(),
            last_success: self.worked.map(|ago| at.plus(ago)),
            prompts: self.prompts,
            login_at: self.login_kept.then(|| format!("{}/", self.origin)),
            ..Observation::default()
        }
        .into_exchange(&MarkKey::default())
    }
}

/// Compares the verdict with `cause confidence: evidence keys`, or with `unknown`.
pub(crate) fn check(given: &Given, expect: &str) {
    let now = Time::from_seconds(given.now);
    let exchange = given.exchange(now);
    let earlier: Vec<Exchange> =
        given.before.iter().map(|(ago, before)| before.exchange(now.plus(-ago))).collect();
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
            expires: Some(now.plus(DAY)),
            first_seen: given.cookie_age.map(|age| now.plus(-age)),
            size: 0,
            mark: Some(MarkKey::default().mark(value)),
            token_expires: None,
        })
        .collect();
    let past = Past::default();
    let evidence =
        Evidence { jar: Known::Present(&jar), earlier: &earlier, now, ..Evidence::of(&exchange, &past) };
    let verdict = diagnose(&evidence, &[]).causes.swap_remove(0);
    let mut shown = verdict.cause.id().to_owned();
    if verdict.cause != super::CauseId::Unknown {
        let keys: Vec<&str> = verdict.why.iter().map(|line| line.key.as_ref()).collect();
        shown += &format!(" {:.2}: {}", verdict.confidence, keys.join(" "));
    }
    assert_eq!(shown, expect);
}
