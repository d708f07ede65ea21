//! Everything that a rule may look at.

use crate::exchange::{Exchange, Known, SentCookie};
use crate::fix::FixId;
use crate::http::address::{Address, same_site};
use crate::http::cookie::{JarCookie, Purpose, purpose};
use crate::mark::Mark;
use crate::time::Time;

/// One lock-out, seen from all sides that are open.
pub struct Evidence<'a> {
    /// The exchange that failed.
    pub exchange: &'a Exchange,
    /// The cookies that the browser holds for that address.
    pub jar: Known<&'a [JarCookie]>,
    /// What the site has been through before.
    pub past: &'a Past,
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
    /// The site's sign-in page, if it was seen.
    pub sign_in: Option<String>,
    /// How often each fix brought this site back, and how often it did not.
    pub fixes: Vec<Tally>,
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

impl Evidence<'_> {
    /// Where one signs in: the page that was seen to be for that, else the site's front page.
    /// `None` where it is the front page itself that refuses.
    #[must_use]
    pub fn sign_in(&self) -> Option<String> {
        let failing = Address::parse(&self.exchange.url);
        let front = || (failing.path != "/").then(|| format!("{}/", failing.origin()));
        self.past.sign_in.clone().or_else(front)
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
