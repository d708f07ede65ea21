//! One observed request and its answer: each fact present, absent or unknown, and no secret kept.
//!
//! These types are also what is stored with an incident, so a field's name is part of the stored
//! schema.

mod asked;
mod complete;
mod observe;
mod sign_in;
use serde::{Deserialize, Serialize};

pub use asked::{Asked, From, KeyPlace, Told};
pub use complete::SeenBy;
#[cfg(feature = "recordings")]
pub(crate) use observe::CREDENTIALS;
pub use observe::{Observation, Sighting};

use crate::http::address::{Address, same_site};
use crate::http::authorization::Credential;
use crate::http::challenge::{self, ChallengeFacts};
use crate::http::cookie::{Purpose, purpose};
use crate::http::jwt::TokenFacts;
use crate::http::seal::Seal;
use crate::http::set_cookie::SetCookie;
use crate::mark::Mark;
use crate::product::Product;
use crate::sign::Sign;
use crate::time::Time;

/// A fact that a browser or a recording may have hidden. Unknown is not absent: a rule that
/// needs absence must not fire on unknown.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Known<T> {
    /// It was there.
    Present(T),
    /// It was looked for and was not there.
    Absent,
    /// It could not be seen.
    #[default]
    Unknown,
}

impl<T> Known<T> {
    /// The value, if it was there.
    pub fn present(&self) -> Option<&T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Was it looked for and not there?
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T> Known<Vec<T>> {
    /// The same, borrowed.
    pub fn as_slice(&self) -> Known<&[T]> {
        match self {
            Self::Present(values) => Known::Present(values),
            Self::Absent => Known::Absent,
            Self::Unknown => Known::Unknown,
        }
    }
}

/// What a request was made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// The page in the address bar.
    MainFrame,
    /// A frame within a page.
    SubFrame,
    /// `fetch` or XMLHttpRequest, also from a worker.
    Fetch,
    /// A script, worker or manifest that the page depends on.
    Script,
    /// The question a browser asks before a cross-origin request (Fetch standard, section 4.9).
    Preflight,
    /// Images, styles, fonts, media, beacons: a page works without them.
    #[default]
    Resource,
}

/// Whose failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// The page itself, or a frame of its own site.
    Page,
    /// A request that the page's own site or its API failed.
    App,
    /// Somebody else's: kept in the history, never on the badge.
    Other,
}

/// A cookie that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentCookie {
    /// Its name.
    pub name: String,
    /// Name and value together, in bytes.
    pub size: u32,
    /// Tells whether it is the one seen before.
    pub mark: Mark,
    /// When the token inside runs out, if the value is a token that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_expires: Option<Time>,
    /// How the value is sealed with a key of the server's, as its shape tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Seal>,
}

/// One step of a redirect chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hop {
    /// Where it was redirected from, redacted.
    pub url: String,
    /// With which status.
    pub status: u16,
}

/// One request and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Exchange {
    /// When the request was sent; the same as `at` where that was not seen.
    pub began: Time,
    /// When the answer was complete.
    pub at: Time,
    /// The method.
    pub method: String,
    /// `scheme://host/path`, redacted.
    pub url: String,
    /// A keyed tag of the whole path and the names in the query: tells requests apart that look
    /// the same once they are redacted.
    pub tag: u32,
    /// `host[:port]`: the site whose history this belongs to.
    pub site: String,
    /// What the request was made for.
    pub kind: Kind,
    /// `host[:port]` of the page that made it; `None` when a person did.
    pub page: Option<String>,
    /// The tab, when it has one.
    pub tab: Option<i32>,
    /// The cookie store (private window, container).
    pub store: String,
    /// Was it in a private window?
    pub private: bool,
    /// The status; 0 when there was no answer.
    pub status: u16,
    /// The network error, as the browser names it.
    pub error: Option<String>,
    /// The cookies sent, in order.
    pub cookies: Known<Vec<SentCookie>>,
    /// The `Authorization` sent.
    pub authorization: Known<Credential>,
    /// Of a preflight: does the request that it asks for carry an `Authorization`?
    pub asks_authorization: bool,
    /// What else the request carried, and how it was made.
    pub asked: Asked,
    /// What else the answer tells.
    pub told: Told,
    /// The software that answered, as far as it shows.
    pub products: Vec<Product>,
    /// The challenges of a proxy (`Proxy-Authenticate`).
    pub proxy_challenges: Vec<ChallengeFacts>,
    /// The challenges of the answer.
    pub challenges: Known<Vec<ChallengeFacts>>,
    /// What the challenges, also a proxy's, do that the grammar does not allow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub challenge_oddities: Vec<challenge::Oddity>,
    /// Who saw it.
    #[serde(skip_serializing_if = "SeenBy::is_watcher")]
    pub seen_by: SeenBy,
    /// The cookies the answer set.
    pub set_cookies: Known<Vec<SetCookie>>,
    /// Where the browser was seen to sign in to this origin with a Basic or Digest login, redacted;
    /// it then holds that login, and Chrome sends it without showing it.
    pub login_at: Option<String>,
    /// Does it change a password, sign out or take back a token, by its address?
    pub changes_sign_in: bool,
    /// What the server said in words of its own.
    pub signs: Vec<Sign>,
    /// Tells whether the site answers from the network address that it had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Mark>,
    /// The server's `Date`.
    pub server_time: Option<Time>,
    /// Did it come from the HTTP cache?
    pub from_cache: bool,
    /// How often the browser asked for a login meanwhile.
    pub prompts: u32,
    /// How many requests like it were refused at the same time. Counted, and not kept here.
    #[serde(skip)]
    pub again: u32,
    /// The redirects before it, oldest first.
    pub hops: Vec<Hop>,
    /// Speculative (prefetch, prerender): nobody waits for it.
    pub speculative: bool,
    /// When this origin last answered well, as far as was seen.
    pub last_success: Option<Time>,
    /// The requests of the same tab just before it, oldest first, as far as they were seen live. In
    /// memory only: what was no lock-out is not recorded.
    #[serde(skip)]
    pub before: Vec<Exchange>,
}

/// The statuses that lock people out whatever else is known; each can be left unwatched.
pub const STATUSES: [u16; 7] = [401, 403, 407, 419, 440, 498, 511];

/// Those that do only together with something else ([`Exchange::is_refusal`]).
pub const SOMETIMES: [u16; 4] = [400, 423, 429, 431];

impl Exchange {
    /// Did the site answer and let the request through?
    #[must_use]
    pub fn is_success(&self) -> bool {
        // 101: a WebSocket was opened.
        self.error.is_none() && ((200..400).contains(&self.status) || self.status == 101)
    }

    /// Is the status one that Latchkey watches? (docs/architecture.md: "What a lock-out is".)
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self.status {
            status if STATUSES.contains(&status) => true,
            // A throttle or a lock, where somebody signs in.
            423 | 429 => self.is_sign_in() || self.is_renewal(),
            // RFC 6749, section 5.2: a token endpoint refuses with 400.
            400 if self.is_renewal() => true,
            // What a sign-in elsewhere sends back is not taken (RFC 6749, section 10.12).
            400 if self.ends_sign_in() => true,
            0 => self.is_stopped_by_proxy() || self.goes_in_circles(),
            // Oversized request heads; below 4 KB the cookies are not to blame.
            400 | 431 => self.sent_cookie_bytes() > 4096,
            _ => false,
        }
    }

    /// Whose failure it is.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let host = Address::parse(&self.url).host;
        let own = self.page.as_deref().is_none_or(|page| same_site(Address::host_of(page), host));
        match self.kind {
            Kind::MainFrame => Scope::Page,
            Kind::SubFrame if own => Scope::Page,
            Kind::Fetch | Kind::Script | Kind::Preflight if own => Scope::App,
            // An API on a domain of its own is known by the credential the page sends it.
            Kind::Fetch if self.authorization.present().is_some() => Scope::App,
            Kind::Preflight if self.asks_authorization => Scope::App,
            // Or by answering this very page, credentials and all (Fetch standard, section 3.2).
            Kind::Fetch if self.is_meant_for_page() => Scope::App,
            // A login in an address is meant for just that.
            Kind::Resource if self.asked.had_userinfo && self.status == 401 => Scope::App,
            _ => Scope::Other,
        }
    }

    /// Does the answer name this page's origin and allow it credentials?
    fn is_meant_for_page(&self) -> bool {
        let page = self.page.as_ref().or(self.asked.origin.as_ref());
        self.told.allows_credentials && page.is_some() && self.told.allows_origin.as_ref() == page
    }

    /// Forgets what could be seen of credentials: what is left out of a recording is unknown.
    pub fn hide_credentials(&mut self) {
        fn hide<T>(fact: &mut Known<T>) {
            if fact.is_absent() {
                *fact = Known::Unknown;
            }
        }
        hide(&mut self.cookies);
        hide(&mut self.authorization);
        hide(&mut self.set_cookies);
    }

    /// Did the server say so, in whatever words?
    #[must_use]
    pub fn says(&self, sign: Sign) -> bool {
        self.signs.contains(&sign)
    }

    /// The token sent in `Authorization`, if it is one that can be read.
    #[must_use]
    pub fn token(&self) -> Option<&TokenFacts> {
        self.authorization.present()?.token.as_ref()
    }

    /// The challenges of the answer; none where they could not be seen.
    #[must_use]
    pub fn challenges(&self) -> &[ChallengeFacts] {
        self.challenges.present().map_or(&[], Vec::as_slice)
    }

    /// Was it seen to carry no `Authorization` of an app's? All that Chrome hides is a login that it adds
    /// by itself; a recording that hides more hides the cookies too.
    #[must_use]
    pub fn lacks_app_authorization(&self) -> bool {
        match self.authorization {
            Known::Present(_) => false,
            Known::Absent => true,
            Known::Unknown => self.cookies != Known::Unknown,
        }
    }

    /// Was something sent that could have let the person in? `Unknown` counts as yes: a probe
    /// is called a probe only when it is seen to be one.
    #[must_use]
    pub fn carries_credential(&self) -> bool {
        // A key tells who asks as well.
        if self.asked.api_key.is_some() {
            return true;
        }
        let by_header = !self.authorization.is_absent();
        let by_cookie = match &self.cookies {
            Known::Absent | Known::Unknown => false,
            Known::Present(cookies) => cookies
                .iter()
                .any(|cookie| matches!(purpose(&cookie.name), Purpose::Session | Purpose::Remember)),
        };
        // Where both are hidden nothing is known; where the cookies are seen, a hidden
        // `Authorization` (Chrome's cached Basic login) shows itself by the challenge.
        match (&self.cookies, &self.authorization) {
            (Known::Unknown, _) => true,
            (_, Known::Unknown) => by_cookie || self.is_challenged_by_browser(),
            _ => by_header || by_cookie,
        }
    }

    /// May the browser itself have asked for, or answered with, a login?
    #[must_use]
    pub fn is_challenged_by_browser(&self) -> bool {
        self.challenges.present().is_some_and(|all| all.iter().any(ChallengeFacts::is_answered_by_browser))
    }

    /// Did the site itself let a person in here? Not a copy from the cache, not a sign-in page,
    /// and not what it shows to everybody.
    #[must_use]
    pub fn is_let_in(&self) -> bool {
        self.is_success()
            && !self.from_cache
            && !self.is_sign_in()
            && matches!(self.kind, Kind::MainFrame | Kind::Fetch)
            && self.sends_credential()
    }

    /// Was a credential seen to be sent?
    fn sends_credential(&self) -> bool {
        let sent = self.cookies.present().map_or(&[][..], Vec::as_slice);
        self.authorization.present().is_some()
            || sent.iter().any(|cookie| matches!(purpose(&cookie.name), Purpose::Session | Purpose::Remember))
    }

    /// Is it the very request that `other` was?
    #[must_use]
    pub fn is_same_request(&self, other: &Exchange) -> bool {
        self.site == other.site
            && self.private == other.private
            && self.store == other.store
            && self.kind == other.kind
            && (self.method == other.method || self.kind == Kind::MainFrame)
            && (&self.url, self.tag) == (&other.url, other.tag)
    }

    /// What two failures must share to be one incident: everything that tells causes apart
    /// except which page of the site it was.
    #[must_use]
    pub fn signature(&self) -> String {
        let mut schemes: Vec<&str> = self
            .challenges
            .present()
            .into_iter()
            .flatten()
            .map(|challenge| challenge.scheme.as_str())
            .collect();
        crate::sorted::few(&mut schemes, Ord::cmp);
        let credential = match &self.authorization {
            Known::Present(credential) => credential.scheme.as_str(),
            Known::Absent => "-",
            Known::Unknown => "?",
        };
        let kind = if self.kind == Kind::Preflight { "preflight" } else { "request" };
        format!("{} {kind} {credential} {}", self.status, schemes.join(","))
    }

    fn sent_cookie_bytes(&self) -> u32 {
        self.cookies.present().into_iter().flatten().fold(0, |sum, cookie| sum.saturating_add(cookie.size))
    }
}

#[cfg(test)]
mod tests;
