//! What the tests of every cause share: a lock-out in a line, and a verdict as text.

use super::Weighing;
use crate::diagnose::{Diagnosis, diagnose};
use crate::evidence::{Evidence, Past};
use crate::exchange::{Exchange, Kind, Known, Observation};
use crate::http::address::Address;
use crate::http::cookie::{CookieId, JarCookie, Partition, SameSite, parse_header};
use crate::http::set_cookie::Line;
use crate::http::storage::place;
use crate::mark::MarkKey;
use crate::time::{DAY, Time};
use crate::words::Line as Sentence;

/// A lock-out. What is not said is what most sites do.
#[derive(Clone)]
pub(crate) struct Given<'a> {
    pub method: &'static str,
    /// `scheme://[user:password@]host`; the jar is that of `app.example.com`.
    pub origin: &'static str,
    pub kind: Kind,
    pub path: &'static str,
    pub status: u16,
    /// The browser's name for a network error.
    pub error: Option<&'static str>,
    pub request: &'a [(&'a str, &'a str)],
    pub response: &'a [(&'a str, &'a str)],
    /// The body, as a recording has it.
    pub body: Option<&'static str>,
    /// Seconds since 1970.
    pub now: i64,
    /// When the site last let through, relative to now, in milliseconds.
    pub worked: Option<i64>,
    /// Cookies that were sent then: name and value.
    pub then: &'a [(&'a str, &'a str)],
    /// Cookies that the jar holds beside those that were sent.
    pub held: &'static [&'static str],
    /// Further cookies of the jar, as `Set-Cookie` lines, each with the URL that set it; a line may
    /// end in `; Store=…`, and then in `; Partition=…`, the site in the address bar.
    pub jar: &'a [(&'a str, &'a str)],
    /// Could the jar not be read?
    pub jar_unseen: bool,
    /// Headers that could not be seen.
    pub hidden: &'static [&'static str],
    /// How long ago the cookies were first seen, in milliseconds.
    pub cookie_age: Option<i64>,
    /// The store that it was made in.
    pub store: &'static str,
    /// In a private window?
    pub private: bool,
    /// From the browser's own cache?
    pub from_cache: bool,
    /// Sent to and fro between the page and the sign-in until the browser gave up?
    pub circles: bool,
    /// Where it was sent on from, oldest first: full URLs.
    pub hops: &'a [&'a str],
    /// From a service worker?
    pub by_worker: bool,
    /// From another extension?
    pub by_extension: bool,
    /// The page that made a call, where it is not the site's own.
    pub page: Option<&'static str>,
    /// How often the browser asked for a login.
    pub prompts: u32,
    /// Was a login of the browser's own seen to be accepted here?
    pub login_kept: bool,
    /// What was seen before, oldest first, and afterwards.
    pub earlier: &'a [Other<'a>],
    pub later: &'a [Other<'a>],
    /// What was seen before: how long ago, in milliseconds, and what it was.
    pub before: &'a [(i64, Given<'a>)],
}

/// Another request of the recording. What is not said went well.
#[derive(Clone, Copy)]
pub(crate) struct Other<'a> {
    pub method: &'static str,
    pub origin: &'static str,
    pub kind: Kind,
    pub path: &'static str,
    pub status: u16,
    pub request: &'a [(&'a str, &'a str)],
    pub response: &'a [(&'a str, &'a str)],
    pub body: Option<&'static str>,
    pub from_cache: bool,
    pub store: &'static str,
    /// How far from the lock-out, in milliseconds.
    pub ago: i64,
}

impl Other<'_> {
    /// A call that went well, a second apart.
    pub(crate) const PLAIN: Self = Self {
        method: "GET",
        origin: "https://app.example.com",
        kind: Kind::Fetch,
        path: "/",
        status: 200,
        request: &[],
        response: &[],
        body: None,
        from_cache: false,
        store: "",
        ago: 1000,
    };

    /// A page that went well, a second apart.
    pub(crate) const PAGE: Self = Self { kind: Kind::MainFrame, path: "/account", ..Self::PLAIN };

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
            from_cache: self.from_cache,
            store: self.store.to_owned(),
            ..Observation::default()
        }
        .into_exchange(&MarkKey::default())
    }
}

#[allow(clippy::unnecessary_wraps)]
fn own(all: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
    Some(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

impl Given<'_> {
    /// What most sites do.
    pub(crate) const PLAIN: Self = Self {
        method: "GET",
        origin: "https://app.example.com",
        kind: Kind::MainFrame,
        path: "/account",
        status: 401,
        error: None,
        request: &[],
        response: &[],
        body: None,
        now: 1_790_000_000,
        worked: None,
        then: &[],
        held: &[],
        jar: &[],
        jar_unseen: false,
        hidden: &[],
        cookie_age: None,
        store: "",
        private: false,
        from_cache: false,
        by_worker: false,
        by_extension: false,
        circles: false,
        hops: &[],
        page: None,
        prompts: 0,
        login_kept: false,
        earlier: &[],
        later: &[],
        before: &[],
    };

    /// Pages are text and calls are data, unless it is said or there is nothing to read.
    fn with_type(&self, mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
        let says = |name: &str| self.response.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !says("content-type") && !says("content-length") && self.status != 0 {
            let kind = if self.kind == Kind::MainFrame { "text/html" } else { "application/json" };
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        headers
    }

    fn hops(&self) -> Vec<(String, u16)> {
        let hop = |index: usize| format!("{}{}", self.origin, [self.path, "/login"][index % 2]);
        let count = if self.circles { 20 } else { 0 };
        let hops = self.hops.iter().map(|url| (*url).to_owned());
        hops.chain((0..count).map(hop)).map(|url| (url, 302)).collect()
    }

    fn exchange(&self, at: Time) -> Exchange {
        let own_page = (self.kind != Kind::MainFrame).then_some("https://app.example.com/");
        Observation {
            at,
            url: format!("{}{}", self.origin, self.path),
            method: self.method.to_owned(),
            kind: self.kind,
            page: self.page.or(own_page).map(str::to_owned),
            store: self.store.to_owned(),
            private: self.private,
            from_cache: self.from_cache,
            by_worker: self.by_worker,
            by_extension: self.by_extension,
            status: self.status,
            error: self.error.map(str::to_owned),
            request_headers: own(self.request),
            response_headers: own(self.response).map(|headers| self.with_type(headers)),
            body: self.body.map(str::to_owned),
            hidden: self.hidden.iter().map(|name| (*name).to_owned()).collect(),
            last_success: self.worked.map(|ago| at.plus(ago)),
            prompts: self.prompts,
            hops: self.hops(),
            login_at: self.login_kept.then(|| format!("{}/", self.origin)),
            ..Observation::default()
        }
        .into_exchange(&MarkKey::default())
    }

    fn jar(&self, now: Time) -> Vec<JarCookie> {
        let sent = self.request.iter().filter(|(name, _)| *name == "Cookie");
        sent.flat_map(|(_, value)| parse_header(value))
            .chain(self.held.iter().map(|name| (*name, "")))
            .map(|(name, value)| JarCookie {
                id: CookieId {
                    name: name.to_owned(),
                    domain: "app.example.com".to_owned(),
                    path: "/".to_owned(),
                    path_mark: None,
                    store: "0".to_owned(),
                    partition: None,
                },
                host_only: true,
                secure: true,
                http_only: true,
                same_site: SameSite::default(),
                expires: Some(now.plus(DAY)),
                first_seen: self.cookie_age.map(|age| now.plus(-age)),
                size: 0,
                mark: Some(MarkKey::default().mark(value)),
                token_expires: None,
            })
            .chain(self.jar.iter().map(|(from, line)| {
                let (line, key) = line.split_once("; Partition=").unwrap_or((line, ""));
                let (line, store) = line.split_once("; Store=").unwrap_or((line, ""));
                let mut cookie = place(&Line::read(line), &Address::parse(from), now);
                cookie.id.store = store.to_owned();
                cookie.id.partition = (!key.is_empty())
                    .then(|| Partition { top_level_site: key.to_owned(), has_cross_site_ancestor: None });
                cookie
            }))
            .collect()
    }

    fn with_evidence<T>(&self, of: impl FnOnce(&Evidence<'_>) -> T) -> T {
        let now = Time::from_seconds(self.now);
        let exchange = self.exchange(now);
        let jar = self.jar(now);
        let others = |others: &[Other<'_>], ahead: i64| -> Vec<Exchange> {
            others.iter().map(|other| other.exchange(now.plus(ahead * other.ago))).collect()
        };
        let mut earlier = others(self.earlier, -1);
        earlier.extend(self.before.iter().map(|(ago, before)| before.exchange(now.plus(-ago))));
        let later = others(self.later, 1);
        let mark = |(name, value): &(&str, &str)| ((*name).to_owned(), MarkKey::default().mark(value));
        let past = Past { then: self.then.iter().map(mark).collect(), ..Past::default() };
        of(&Evidence {
            jar: if self.jar_unseen { Known::Unknown } else { Known::Present(&jar) },
            now,
            earlier: &earlier,
            later: &later,
            ..Evidence::of(&exchange, &past)
        })
    }

    fn diagnosed<T>(&self, of: impl FnOnce(&mut Diagnosis) -> T) -> T {
        self.with_evidence(|evidence| of(&mut diagnose(evidence, &[])))
    }
}

impl Default for Given<'_> {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The fix that is offered first, and where it leads, if it leads anywhere.
pub(crate) fn first_fix(given: &Given<'_>) -> (&'static str, Option<String>) {
    given.diagnosed(|diagnosis| {
        let first = diagnosis.offers.swap_remove(0);
        (first.fix.id(), first.url)
    })
}

/// The fixes that are offered, the first to try first.
pub(crate) fn fixes(given: &Given<'_>) -> Vec<&'static str> {
    given.diagnosed(|diagnosis| diagnosis.offers.iter().map(|offer| offer.fix.id()).collect())
}

/// Compares the verdict with `cause confidence: evidence keys`, or with `unknown`.
#[track_caller]
pub(crate) fn check(given: &Given<'_>, expect: &str) {
    let verdict = given.diagnosed(|diagnosis| diagnosis.causes.swap_remove(0));
    let mut shown = verdict.cause.id().to_owned();
    if verdict.cause != super::CauseId::Unknown {
        let keys: Vec<&str> = verdict.why.iter().map(|line| line.key.as_ref()).collect();
        shown += &format!(" {:.2}: {}", verdict.confidence, keys.join(" "));
    }
    assert_eq!(shown, expect);
}

/// What one rule says by itself, with what fills the gaps.
pub(crate) fn sentences(rule: fn(&Evidence<'_>) -> Option<Weighing>, given: &Given<'_>) -> Vec<Sentence> {
    given.with_evidence(|evidence| rule(evidence).map_or_else(Vec::new, |weighing| weighing.why))
}

/// Compares what one rule says by itself, however little it weighs, with `log-odds: evidence keys [suspects]`, or
/// with `nothing`.
#[track_caller]
pub(crate) fn check_rule(rule: fn(&Evidence<'_>) -> Option<Weighing>, given: &Given<'_>, expect: &str) {
    let shown = given.with_evidence(|evidence| {
        let Some(weighing) = rule(evidence) else { return "nothing".to_owned() };
        let keys = weighing.why.iter().map(|line| line.key.to_string());
        let suspects = weighing.suspects.iter().map(|cookie| format!("[{}]", cookie.name));
        let words: Vec<String> = keys.chain(suspects).collect();
        format!("{:.1}: {}", weighing.log_odds, words.join(" ")).trim_end_matches([':', ' ']).to_owned()
    });
    assert_eq!(shown, expect);
}
