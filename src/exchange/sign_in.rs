//! What a request has to do with signing in, told by its method, its address and where it led.

use super::{Exchange, Kind};
use crate::http::address::Address;
use crate::http::cookie::{Purpose, begins_sign_in, purpose};

/// A browser gives up after 20 redirects (Fetch standard, section 4.4), and does not tell of all of them.
/// `extension/watch.js` has the same number.
const MANY_HOPS: usize = 16;

impl Exchange {
    /// Is it a form or a call that carries a name and a password to a sign-in?
    #[must_use]
    pub fn is_sign_in_attempt(&self) -> bool {
        self.method == "POST" && self.is_sign_in()
    }

    /// Does it carry a name and a password, by its header or, most likely, in its body?
    #[must_use]
    pub fn sends_login(&self) -> bool {
        let scheme = self.authorization.present().map(|credential| credential.scheme.as_str());
        matches!(scheme, Some("basic" | "digest")) || self.is_sign_in_attempt() || self.may_be_sign_in()
    }

    /// A form or a call without any credential of its own, at an address that speaks of sessions or
    /// passwords: most likely a sign-in.
    #[must_use]
    pub fn may_be_sign_in(&self) -> bool {
        const WORDS: [&str; 10] = [
            "authenticat",
            "token-auth",
            "/ticket",
            "/session",
            "/auth/",
            "/srp",
            "password",
            "j_security_check",
            "credentials",
            "/signup",
        ];
        let path = Address::parse(&self.url).path.to_ascii_lowercase();
        self.method == "POST"
            && !self.carries_credential()
            && !self.is_renewal()
            && (path.ends_with("/auth") || WORDS.iter().any(|word| path.contains(word)))
    }

    /// Did a proxy refuse the tunnel to the site? One that is not there at all
    /// (`PROXY_CONNECTION_REFUSED`) wants no sign-in.
    #[must_use]
    pub fn is_stopped_by_proxy(&self) -> bool {
        const NAMES: [&str; 4] =
            ["TUNNEL_CONNECTION_FAILED", "PROXY_AUTH", "PROXY_FORBIDDEN", "PROXY_AUTHENTICATION"];
        self.error.as_deref().is_some_and(|error| NAMES.iter().any(|name| error.contains(name)))
    }

    /// Was it sent on so often that the browser gave up, by way of a sign-in page?
    #[must_use]
    pub fn goes_in_circles(&self) -> bool {
        self.hops.len() >= MANY_HOPS
            && self.hops.iter().any(|hop| says_sign_in(Address::parse(&hop.url).path))
    }

    /// Was it sent on to a sign-in page instead of being answered?
    #[must_use]
    pub fn is_turned_away(&self) -> bool {
        let to_sign_in = |url: &String| says_sign_in(Address::parse(url).path);
        matches!(self.status, 301 | 302 | 303 | 307) && self.told.location.as_ref().is_some_and(to_sign_in)
    }

    /// Does it renew or fetch a token (RFC 6749, section 3.2), by its address?
    #[must_use]
    pub fn is_renewal(&self) -> bool {
        const WORDS: [&str; 6] =
            ["refresh", "renew", "oauth/token", "oauth2/token", "connect/token", "/token"];
        let path = Address::parse(&self.url).path.to_ascii_lowercase();
        self.method == "POST" && WORDS.iter().any(|word| path.contains(word))
    }

    /// Is it a page that is there to sign in?
    #[must_use]
    pub fn is_sign_in_page(&self) -> bool {
        self.kind == Kind::MainFrame && self.method == "GET" && self.is_success() && self.is_sign_in()
    }

    /// Is it the page to which a sign-in elsewhere sends back: by its address, or by a form where this site
    /// has just begun one (OAuth 2.0 Form Post Response Mode)?
    #[must_use]
    pub fn ends_sign_in(&self) -> bool {
        let is_form_from_elsewhere =
            self.method == "POST" && self.asked.origin.as_ref().is_some_and(|origin| *origin != self.site);
        let begins = |other: &Exchange| {
            let set = other.set_cookies.present().map_or(&[][..], Vec::as_slice);
            other.site == self.site && set.iter().any(|cookie| begins_sign_in(&cookie.name))
        };
        let is_end = self.asked.ends_sign_in || is_form_from_elsewhere && self.before.iter().any(begins);
        self.kind == Kind::MainFrame && is_end
    }

    /// Does its path read like a sign-in page's?
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        says_sign_in(Address::parse(&self.url).path)
    }

    /// Does it carry a session that `earlier` did not?
    #[must_use]
    pub fn has_newer_session(&self, earlier: &Exchange) -> bool {
        let sent = |exchange: &Exchange| exchange.cookies.present().cloned().unwrap_or_default();
        let before = sent(earlier);
        sent(self).iter().any(|cookie| {
            purpose(&cookie.name) == Purpose::Session
                && !before.iter().any(|old| old.name == cookie.name && old.mark == cookie.mark)
        })
    }
}

/// Does a path read like a sign-in page's?
fn says_sign_in(path: &str) -> bool {
    const WORDS: [&str; 9] =
        ["login", "log-in", "log_in", "signin", "sign-in", "sign_in", "logon", "sso", "authorize"];
    let path = path.to_ascii_lowercase();
    WORDS.iter().any(|word| path.contains(word)) || path.ends_with("/session/new")
}
