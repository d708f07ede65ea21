//! Everything that a rule may look at.

use crate::cause::CauseId;
use crate::exchange::{Exchange, Known, SentCookie};
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::http::cookie::{JarCookie, Purpose, purpose};
use crate::mark::Mark;
use crate::stored::StoredItem;
use crate::time::{MINUTE, SECOND, Time};

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
            earlier: &[],
            later: &[],
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

    /// The earlier tries of this very request, newest first.
    pub fn tries(&self) -> impl Iterator<Item = &Exchange> {
        self.earlier.iter().rev().filter(|other| other.is_same_request(self.exchange))
    }

    /// Was this request asked for a login moments before, when it carried none? Then what it carries
    /// now is the answer to that: typed, or put in by the browser for the person.
    #[must_use]
    pub fn answers_a_challenge(&self) -> bool {
        self.tries()
            .take_while(|other| self.exchange.at.since(other.at) < 2 * MINUTE)
            .any(|other| other.authorization.present().is_none() && other.is_challenged_by_browser())
    }

    /// Was the request sent here by an extension, moments before?
    #[must_use]
    pub fn is_led_astray(&self) -> bool {
        let exchange = self.exchange;
        self.earlier.iter().rev().any(|other| {
            other.told.by_extension
                && exchange.at.since(other.at) < 10 * SECOND
                && other.told.location.as_ref() == Some(&exchange.url)
        })
    }

    /// How often a login was refused by this site besides, as far as was seen.
    #[must_use]
    pub fn refused_logins(&self) -> u32 {
        let refused = self.earlier.iter().chain(self.later).filter(|other| {
            other.site == self.exchange.site
                && matches!(other.status, 400 | 401 | 403 | 422 | 423 | 429)
                && other.sends_login()
        });
        u32::try_from(refused.count()).unwrap_or(u32::MAX)
    }

    /// The session cookies that were sent, in order; empty also when cookies could not be seen.
    pub fn sent_sessions(&self) -> impl Iterator<Item = &SentCookie> {
        let sent = self.exchange.cookies.present().map_or(&[][..], Vec::as_slice);
        sent.iter().filter(|cookie| purpose(&cookie.name) == Purpose::Session)
    }

    /// The jar's cookies of a name that go with this very request: no sibling's, no other
    /// site's partition.
    pub fn in_jar(&self, name: &str) -> impl Iterator<Item = &JarCookie> {
        let jar = self.jar.present().copied().unwrap_or_default();
        let address = Address::parse(&self.exchange.url);
        let page = self.exchange.page.as_deref().map_or(address.host, Address::host_of);
        jar.iter().filter(move |cookie| {
            let partition = cookie.id.partition.as_ref();
            cookie.id.name == name
                && cookie.applies_to(&address, self.now)
                && partition.is_none_or(|key| same_site(Address::parse(&key.top_level_site).host, page))
        })
    }
}
