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
    /// `scheme://[user:password@]host`; the jar is that of `app.example.com`.
    pub origin: &'static str,
    pub kind: Kind,
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
    /// The body, as a recording has it.
    pub body: Option<&'static str>,
    /// What was seen before, oldest first, and afterwards.
    pub earlier: &'static [Other],
    pub later: &'static [Other],
}

/// Another request of the recording. What is not said went well.
#[derive(Clone, Copy)]
pub(crate) struct Other {
    pub method: &'static str,
    pub origin: &'static str,
    pub kind: Kind,
    pub path: &'static str,
    pub status: u16,
    pub request: &'static [(&'static str, &'static str)],
    pub response: &'static [(&'static str, &'static str)],
    pub body: Option<&'static str>,
    /// How far from the lock-out, in milliseconds.
    pub ago: i64,
}

impl Other {
    pub(crate) const PLAIN: Self = Self {
        method: "GET",
        origin: "https://app.example.com",
        kind: Kind::Fetch,
        path: "/",
        status: 200,
        request: &[],
        response: &[],
        body: None,
        ago: 1000,
    };

    fn exchange(&self, at: Time) -> Exchange {
        Observation {
            at,
            url: format!("{}{}", self.origin, self.path),
            method: self.method.to_owned(),
            kind: self.kind,
            status: self.status,
            request_headers: own(self.request),
            response_headers: own(self.response),
            body: self.body.map(str::to_owned),
            ..Observation::default()
        }
        .into_exchange(&MarkKey::default())
    }
}

#[allow(clippy::unnecessary_wraps)]
fn own(all: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
    Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

impl Given {
    pub(crate) const PLAIN: Self = Self {
        method: "GET",
        origin: "https://app.example.com",
        kind: Kind::MainFrame,
        path: "/account",
        status: 401,
        request: &[],
        response: &[],
        now: 1_790_000_000,
        worked: None,
        held: &[],
        hidden: &[],
        cookie_age: None,
        body: None,
        earlier: &[],
        later: &[],
    };
}

impl Default for Given {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// Compares the verdict with `cause confidence: evidence keys`, or with `unknown`.
pub(crate) fn check(given: &Given, expect: &str) {
    let now = Time::from_seconds(given.now);
    let exchange = Observation {
        at: now,
        url: format!("{}{}", given.origin, given.path),
        method: given.method.to_owned(),
        kind: given.kind,
        page: Some("https://app.example.com/".to_owned()),
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
            expires: Some(now.plus(DAY)),
            first_seen: given.cookie_age.map(|age| now.plus(-age)),
            size: 0,
            mark: Some(MarkKey::default().mark(value)),
            token_expires: None,
        })
        .collect();
    let past = Past::default();
    let others = |others: &[Other], ahead: i64| -> Vec<Exchange> {
        others.iter().map(|other| other.exchange(now.plus(ahead * other.ago))).collect()
    };
    let (earlier, later) = (others(given.earlier, -1), others(given.later, 1));
    let evidence = Evidence {
        jar: Known::Present(&jar),
        now,
        earlier: &earlier,
        later: &later,
        ..Evidence::of(&exchange, &past)
    };
    let verdict = diagnose(&evidence, &[]).causes.swap_remove(0);
    let mut shown = verdict.cause.id().to_owned();
    if verdict.cause != super::CauseId::Unknown {
        let keys: Vec<&str> = verdict.why.iter().map(|line| line.key.as_ref()).collect();
        shown += &format!(" {:.2}: {}", verdict.confidence, keys.join(" "));
    }
    assert_eq!(shown, expect);
}
