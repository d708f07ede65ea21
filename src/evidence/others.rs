//! What other requests of a recording, or of the same tab, tell of the one that was refused.

use super::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::http::address::{Address, same_site};
use crate::http::cookie::{Purpose, purpose};
use crate::sign::Sign;
use crate::time::{MINUTE, SECOND};

impl<'a> Evidence<'a> {
    /// The other requests that were seen, oldest first.
    pub fn others(&self) -> impl Iterator<Item = &'a Exchange> {
        self.earlier.iter().chain(self.later).filter(|other| other.kind != Kind::Preflight)
    }

    /// Another address of this site that took the very credential that was refused here.
    #[must_use]
    pub fn accepted_elsewhere(&self) -> Option<&'a Exchange> {
        let mark = |exchange: &Exchange| exchange.authorization.present().and_then(|sent| sent.mark);
        let own = mark(self.exchange)?;
        self.others().find(|other| {
            other.site == self.exchange.site
                && (&other.url, other.tag) != (&self.exchange.url, self.exchange.tag)
                && (200..300).contains(&other.status)
                && !other.from_cache
                && mark(other).as_ref() == Some(&own)
        })
    }

    /// Another request to this site that carried an app's own `Authorization`, and was not sent on.
    #[must_use]
    pub fn signed_sibling(&self) -> Option<&'a Exchange> {
        let is_apps = |other: &Exchange| {
            other.authorization.present().is_some_and(|sent| {
                sent.oddities.is_empty()
                    && !matches!(sent.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm")
            })
        };
        let is_sent_on = |other: &Exchange| (300..400).contains(&other.status);
        self.others().find(|other| other.site == self.exchange.site && is_apps(other) && !is_sent_on(other))
    }

    /// The request with an `Authorization` of which a redirect led here, also over several stations.
    #[must_use]
    pub fn signed_source(&self) -> Option<&'a Exchange> {
        let mut aim = self.exchange;
        for _ in 0..8 {
            aim = self.earlier.iter().rev().find(|other| {
                matches!(other.status, 301 | 302 | 303 | 307 | 308)
                    && other.told.location.as_deref().is_some_and(|to| is_same_place(to, &aim.url))
                    && other.at <= aim.at
                    && aim.at.since(other.at) < MINUTE
                    && (other.url != aim.url || other.tag != aim.tag)
            })?;
            if aim.authorization.present().is_some() {
                return Some(aim);
            }
        }
        None
    }

    /// Is it a form that was sent, to the address of the page that this site had handed out with it? Most
    /// forms are sent to where they came from.
    #[must_use]
    pub fn was_given_the_form(&self) -> bool {
        let exchange = self.exchange;
        exchange.kind == Kind::MainFrame
            && exchange.method == "POST"
            && !exchange.is_sign_in_attempt()
            && self.earlier.iter().any(|other| {
                other.method == "GET"
                    && other.kind == Kind::MainFrame
                    && other.url == exchange.url
                    && other.is_let_in()
            })
    }

    /// Did the app fetch a token, or sign in without being given a cookie for it?
    #[must_use]
    pub fn app_got_token(&self) -> bool {
        let gives_cookie = |other: &Exchange| {
            let set = other.set_cookies.present().map_or(&[][..], Vec::as_slice);
            set.iter().any(|one| purpose(&one.name) != Purpose::Csrf && !one.deletes(self.now))
        };
        self.earlier.iter().any(|other| {
            (200..300).contains(&other.status)
                && other.kind == Kind::Fetch
                && (renews(other) || other.is_sign_in_attempt())
                && other.set_cookies != Known::Unknown
                && !gives_cookie(other)
        })
    }

    /// Is the token good now by its own dates, judged by the server's clock where that shows?
    /// `None` where there is no token that says so.
    #[must_use]
    pub fn token_in_time(&self) -> Option<bool> {
        let token = self.exchange.token().filter(|token| !token.encrypted)?;
        let now = self.exchange.server_time.filter(|_| !self.exchange.from_cache).unwrap_or(self.now);
        let has_begun = token.not_before.max(token.issued_at).is_none_or(|at| at.since(now) < SECOND);
        Some(has_begun && token.expires_at.is_none_or(|at| at > now))
    }

    /// Does the server name a reason that is none of these?
    #[must_use]
    pub fn names_other_reason(&self, own: &[Sign]) -> bool {
        self.exchange.signs.iter().any(|sign| !own.contains(sign))
    }

    /// A renewal that failed shortly before or right after: on the same site, or for the same page.
    #[must_use]
    pub fn failed_renewal(&self) -> Option<&'a Exchange> {
        let exchange = self.exchange;
        let host = |exchange: &'a Exchange| Address::parse(&exchange.url).host;
        self.others().find(|other| {
            let ago = exchange.at.since(other.at);
            let is_near = same_site(host(other), host(exchange))
                || (other.page.is_some() && other.page == exchange.page);
            (-30 * SECOND..5 * MINUTE).contains(&ago)
                && is_near
                && renews(other)
                && (matches!(other.status, 400 | 401 | 403) || other.error.is_some())
        })
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
}

/// Does a request renew or fetch a token, by its address? Wider than [`Exchange::is_renewal`] in the
/// method, since apps of their own renew by `GET` as well, and stricter in the path.
#[must_use]
pub fn renews(exchange: &Exchange) -> bool {
    let path = Address::parse(&exchange.url).path.to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    says_renewal(exchange)
        || (exchange.is_renewal() && matches!(last, "token" | "access_token" | "access-token"))
}

/// Does the path say that something is renewed: `/auth/refresh`, `/refresh-token`?
#[must_use]
pub fn says_renewal(exchange: &Exchange) -> bool {
    const WHAT: [&str; 8] = ["auth", "token", "session", "login", "jwt", "oidc", "user", "account"];
    let path = Address::parse(&exchange.url).path.to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    let is_short = path.matches('/').count() <= 3 && (path.ends_with("/refresh") || path.ends_with("/renew"));
    (path.contains("refresh") || path.contains("renew"))
        && (is_short || WHAT.iter().any(|word| path.contains(word)))
}

/// Both are redacted; a front page may be written with or without its slash. A browser that knows the
/// host to be https makes https of http by itself (RFC 6797, section 8.3).
fn is_same_place(one: &str, two: &str) -> bool {
    let bare = |url: &str| url.split_once(':').map_or("", |(_, rest)| rest).trim_end_matches('/').to_owned();
    let slashes = |url: &str| url.matches('/').count();
    // Of a path the slash at the end matters: it is what many redirects are about.
    bare(one) == bare(two) && (slashes(one) == slashes(two) || slashes(&bare(one)) == 2)
}
