//! Everything that a rule may look at.

mod others;
pub mod sending;

pub use others::{renews, says_renewal};

use crate::cause::CauseId;
use crate::exchange::{Exchange, From, Known, SentCookie};
use crate::fix::FixId;
use crate::http::address::{Address, is_ip, same_site};
use crate::http::cookie::{JarCookie, Purpose, begins_sign_in, is_of_the_way, purpose};
use crate::http::set_cookie::SetCookie;
use crate::mark::Mark;
use crate::stored::StoredItem;
use crate::time::Time;

/// One lock-out, seen from all sides that are open.
pub struct Evidence<'a> {
    /// The exchange that failed.
    pub exchange: &'a Exchange,
    /// The cookies that the browser holds for that address.
    pub jar: Known<&'a [JarCookie]>,
    /// The entries of the page's own storage that hold the credential that failed.
    pub stored: Known<&'a [StoredItem]>,
    /// What the site has been through before.
    pub past: &'a Past,
    /// Other requests before this one, oldest first, as far as they were seen.
    pub earlier: &'a [Exchange],
    /// Those after it; live there are none yet.
    pub later: &'a [Exchange],
    /// Whether the page works in a private window, as the person said.
    pub works_privately: Option<bool>,
    /// The clock of this machine.
    pub now: Time,
}

/// What is known of a site's past. All unknown when the site has no record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// When the site last let this person through.
    pub last_success: Option<Time>,
    /// The marks of the session cookies that were sent then.
    pub then: Vec<(String, Mark)>,
    /// The network address that it answered from then.
    pub address: Option<Mark>,
    /// The site's sign-in page, if it was seen.
    pub sign_in: Option<String>,
    /// How often each fix brought this site back, and how often it did not.
    pub fixes: Vec<Tally>,
    /// Causes that the person said were not it.
    pub wrong: Vec<CauseId>,
    /// Causes that the person said are no lock-out on this site.
    pub quiet: Vec<CauseId>,
}

/// How a fix did on a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    /// Which fix.
    pub fix: FixId,
    /// How often it brought the site back.
    pub worked: u32,
    /// How often the site stayed locked.
    pub failed: u32,
}

impl<'a> Evidence<'a> {
    /// What is known from the exchange alone; the rest is filled in by struct update.
    #[must_use]
    pub fn of(exchange: &'a Exchange, past: &'a Past) -> Self {
        Self {
            exchange,
            jar: Known::Unknown,
            stored: Known::Unknown,
            past,
            earlier: &exchange.before,
            later: &[],
            works_privately: None,
            now: exchange.at,
        }
    }

    /// When this site last let this person in, as far as was seen.
    #[must_use]
    pub fn last_success(&self) -> Option<Time> {
        self.past.last_success.or(self.exchange.last_success)
    }

    /// Does the site answer from another network address than when it last let this person in?
    /// `None` where either was not seen.
    #[must_use]
    pub fn address_changed(&self) -> Option<bool> {
        Some(self.past.address? != self.exchange.address?)
    }

    /// How far the server's clock is ahead of this machine's, in milliseconds; negative when it
    /// is behind. A `Date` has a precision of a second (RFC 9110, section 6.6.1), and an answer
    /// from a cache may be old.
    #[must_use]
    pub fn server_ahead(&self) -> Option<i64> {
        let exchange = self.exchange;
        let server = exchange.server_time.filter(|_| !exchange.from_cache)?;
        Some(server.since(exchange.at))
    }

    /// Where one signs in: the page that was seen to be for that, else the site's front page.
    /// `None` where it is the front page itself that refuses.
    #[must_use]
    pub fn sign_in(&self) -> Option<String> {
        let failing = Address::parse(&self.exchange.url);
        let front = || (failing.path != "/").then(|| format!("{}/", failing.origin()));
        self.past.sign_in.clone().or_else(front)
    }

    /// The session cookies that were sent, in order; empty also when cookies could not be seen.
    /// Where none says so by its name, those that the jar hides from scripts.
    pub fn sent_sessions(&self) -> impl Iterator<Item = &SentCookie> {
        let sent = self.exchange.cookies.present().map_or(&[][..], Vec::as_slice);
        let by_name = |cookie: &SentCookie| purpose(&cookie.name) == Purpose::Session;
        let is_named = sent.iter().any(by_name);
        let is_hidden = |cookie: &SentCookie| {
            let mut held = self.in_jar(&cookie.name).peekable();
            held.peek().is_some() && held.all(|held| signs_in(&cookie.name, held.http_only))
        };
        sent.iter().filter(move |cookie| if is_named { by_name(cookie) } else { is_hidden(cookie) })
    }

    /// The name of a session cookie that was sent and that the answer takes back.
    #[must_use]
    pub fn cleared_session(&self) -> Option<&str> {
        let set = self.exchange.set_cookies.present()?;
        let cleared =
            |sent: &&SentCookie| set.iter().any(|set| set.name == sent.name && set.deletes(self.now));
        self.sent_sessions().find(cleared).map(|sent| sent.name.as_str())
    }

    /// Was something sent that could have let the person in? Unknown counts as yes.
    #[must_use]
    pub fn carries_sign_in(&self) -> bool {
        self.exchange.carries_credential() || self.sent_sessions().next().is_some()
    }

    /// The jar's cookies of a name that go with this very request: no sibling's, no other
    /// site's partition, no other store's.
    pub fn in_jar(&self, name: &str) -> impl Iterator<Item = &JarCookie> {
        let jar = self.jar.present().copied().unwrap_or_default();
        let address = Address::parse(&self.exchange.url);
        let page = self.exchange.page.as_deref().map_or(address.host, Address::host_of);
        jar.iter().filter(move |cookie| {
            let partition = cookie.id.partition.as_ref();
            cookie.id.name == name
                && self.is_own_store(cookie)
                && cookie.applies_to(&address, self.now)
                && partition.is_none_or(|key| same_site(Address::parse(&key.top_level_site).host, page))
        })
    }

    /// Is the cookie of the store that the request was made in? A recording may not say.
    #[must_use]
    pub fn is_own_store(&self, cookie: &JarCookie) -> bool {
        let (one, other) = (&cookie.id.store, &self.exchange.store);
        one == other || one.is_empty() || other.is_empty()
    }

    /// The jar's cookies of this request's store that are there to sign somebody in, wherever
    /// they are sent.
    pub fn held_sign_ins(&self) -> impl Iterator<Item = &JarCookie> {
        let jar = self.jar.present().copied().unwrap_or_default();
        jar.iter().filter(|cookie| {
            self.is_own_store(cookie)
                && cookie.expires.is_none_or(|at| at > self.now)
                && signs_in(&cookie.id.name, cookie.http_only)
        })
    }

    /// Is it refused for who made it: by a status that says so, or by a sign-in page instead of
    /// what was asked for, be it again and again?
    #[must_use]
    pub fn is_shut_out(&self) -> bool {
        matches!(self.exchange.status, 401 | 403 | 419 | 440)
            || self.exchange.is_turned_away()
            || self.exchange.goes_in_circles()
    }

    /// Was a cookie of that name sent? `None` where cookies could not be seen.
    #[must_use]
    pub fn sends(&self, name: &str) -> Option<bool> {
        match &self.exchange.cookies {
            Known::Present(sent) => Some(sent.iter().any(|cookie| cookie.name == name)),
            Known::Absent => Some(false),
            Known::Unknown => None,
        }
    }

    /// The host of the page that made the request, as far as anything tells it.
    #[must_use]
    pub fn asked_by(&self) -> Option<&str> {
        let origin = self.exchange.asked.origin.as_deref().filter(|origin| *origin != "null");
        let by = origin.or(self.exchange.page.as_deref()).or(self.exchange.asked.referer.as_deref());
        by.map(Address::host_of).filter(|host| !host.is_empty())
    }

    /// Does another site make the request? (Fetch Metadata, section 2.3, or who it says it is.)
    #[must_use]
    pub fn is_cross_site(&self) -> bool {
        let host = Address::parse(&self.exchange.url).host;
        match self.exchange.asked.from {
            From::CrossSite => true,
            From::None | From::SameOrigin | From::SameSite => false,
            From::Unsaid => self.asked_by().is_some_and(|by| !same_site(by, host)),
        }
    }

    /// The cookies that answers before this request set in its store, on hosts of its site; those
    /// that were taken away again are not among them.
    pub fn set_before(&self) -> impl Iterator<Item = (&'a Exchange, &'a SetCookie)> {
        let (now, store) = (self.now, &self.exchange.store);
        let host = Address::parse(&self.exchange.url).host;
        let near = move |other: &&'a Exchange| {
            let there = Address::parse(&other.url).host;
            is_beside(there, host) && other.store == *store
        };
        self.earlier.iter().filter(near).flat_map(move |other| {
            let set = other.set_cookies.present().map_or(&[][..], Vec::as_slice);
            let is_there = move |cookie: &&SetCookie| {
                let is_done = begins_sign_in(&cookie.name) && self.has_ended(other);
                !is_done && !cookie.deletes(now)
            };
            set.iter().filter(is_there).map(move |cookie| (other, cookie))
        })
    }

    /// Did the sign-in elsewhere that was begun there come to its end? Its cookie has done its part.
    fn has_ended(&self, begun: &Exchange) -> bool {
        let ends = |other: &Exchange| {
            other.asked.ends_sign_in && other.is_success() && other.site == begun.site && other.at >= begun.at
        };
        self.earlier.iter().any(ends)
    }

    /// Did a sign-in's cookie go missing: one was set before, and is not sent; or one is set now, in a
    /// way that browsers refuse?
    #[must_use]
    pub fn lost_a_cookie(&self) -> bool {
        let is_lost = |cookie: &SetCookie| {
            signs_in(&cookie.name, cookie.http_only) && self.sends(&cookie.name) == Some(false)
        };
        let mut own = self.exchange.set_cookies.present().into_iter().flatten();
        self.set_before().any(|(_, cookie)| is_lost(cookie))
            || own.any(|cookie| is_lost(cookie) && !cookie.refusals.is_empty() && !cookie.deletes(self.now))
    }

    /// Was the person let in, just before, at another host of this site or in another store?
    #[must_use]
    pub fn is_in_beside(&self) -> bool {
        let here = Address::parse(&self.exchange.url).host;
        self.earlier.iter().any(|other| {
            let there = Address::parse(&other.url).host;
            let is_other = other.site != self.exchange.site || other.store != self.exchange.store;
            is_beside(there, here) && is_other && other.kind == self.exchange.kind && other.is_let_in()
        })
    }

    /// May the answer be another one than the site's own: a stored copy, or a worker's?
    #[must_use]
    pub fn is_second_hand(&self) -> bool {
        self.exchange.from_cache || self.exchange.told.stored_copy || self.exchange.told.by_worker
    }
}

/// Is a cookie there to sign somebody in, by its name, or because scripts may not read it and it is
/// none of those that are hidden from them for other reasons?
#[must_use]
pub fn signs_in(name: &str, http_only: bool) -> bool {
    match purpose(name) {
        Purpose::Session | Purpose::Remember => true,
        Purpose::Csrf => false,
        Purpose::Other => http_only && !is_of_the_way(name),
    }
}

/// Hosts of one site, or two names of this very machine: what one has set the other may want.
#[must_use]
pub fn is_beside(one: &str, other: &str) -> bool {
    same_site(one, other) || is_loopback(one) && is_loopback(other)
}

/// Is it one of the names of this very machine? (`Address::is_trustworthy` asks what browsers hold for secure,
/// which `0.0.0.0` is not, and what is under `.localhost` is.)
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]" | "0.0.0.0") || (is_ip(host) && host.starts_with("127."))
}
