//! Cookies: the `Cookie` header and the jar.
//!
//! Left out here: what hangs on who asks. `SameSite`, partitions and whether a request carries cookies at all
//! are weighed in `src/evidence/sending.rs`. Hosts are compared as browsers write them, so nothing is put
//! into canonical form (section 5.1.2).

mod listed;
mod purpose;

use serde::{Deserialize, Serialize};

use crate::http::address::{Address, is_ip};
use crate::http::is_wsp;
use crate::mark::{Mark, MarkKey};
use crate::redact;
use crate::time::Time;
pub use purpose::{Purpose, begins_sign_in, is_of_the_way, purpose};

/// The name–value pairs of a `Cookie` header, in order (RFC 6265bis, section 4.2). A pair
/// without `=` has an empty name.
pub fn parse_header(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = value.split(';').map(|pair| pair.trim_matches(is_wsp)).filter(|pair| !pair.is_empty());
    pairs.map(|pair| match pair.split_once('=') {
        Some((name, value)) => (name.trim_matches(is_wsp), value.trim_matches(is_wsp)),
        None => ("", pair),
    })
}

/// Which one cookie is meant: what a browser needs to find exactly it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CookieId {
    /// Its name, as the site wrote it.
    pub name: String,
    /// Its domain, with a leading dot when it is not host-only.
    pub domain: String,
    /// Its path, masked where it looks like a secret ([`CookieId::masked`]).
    pub path: String,
    /// Tells a masked path from another; `None` where the path is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_mark: Option<Mark>,
    /// The cookie store: a private window or a container has its own.
    #[serde(default)]
    pub store: String,
    /// The top-level site of a partitioned cookie (CHIPS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
}

impl CookieId {
    /// The same, fit to be kept: a path may hold a secret, as that of a link that resets a password. It is
    /// found again in the jar by doing the same to what is there.
    #[must_use]
    pub fn masked(mut self, key: &MarkKey) -> Self {
        let path = redact::path(&self.path);
        if path != self.path {
            self.path_mark = Some(key.mark(&self.path));
            self.path = path;
        }
        self
    }
}

/// The key of a partitioned cookie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partition {
    /// The site in the address bar when the cookie was set.
    pub top_level_site: String,
    /// Was there a cross-site frame in between? `None` where the browser does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_cross_site_ancestor: Option<bool>,
}

/// `SameSite` of a cookie in the jar (RFC 6265bis, section 5.6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SameSite {
    /// Not set, or not known: Chrome takes it for `Lax`.
    #[default]
    Unspecified,
    /// On every request.
    None,
    /// On requests of the site itself, and on navigations by `GET`.
    Lax,
    /// On requests of the site itself alone.
    Strict,
}

impl SameSite {
    /// Reads the word of a recording, or of the browsers' API.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "none" | "no_restriction" => Self::None,
            "lax" => Self::Lax,
            "strict" => Self::Strict,
            _ => Self::Unspecified,
        }
    }
}

/// A cookie in the jar, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "listed::Listed")]
pub struct JarCookie {
    /// Which one it is.
    #[serde(flatten)]
    pub id: CookieId,
    /// Sent to its very host only.
    pub host_only: bool,
    /// Sent on trustworthy connections only.
    pub secure: bool,
    /// Hidden from the page's scripts.
    pub http_only: bool,
    /// On which requests from other sites it goes along.
    pub same_site: SameSite,
    /// When it runs out; `None` for a session cookie.
    pub expires: Option<Time>,
    /// When it was first seen; browsers do not tell when a cookie was made.
    pub first_seen: Option<Time>,
    /// Name and value together, in bytes.
    pub size: u32,
    /// Tells whether the value changed; `None` where the value was never seen.
    pub mark: Option<Mark>,
    /// When the token inside runs out, if the value is a token that says so.
    pub token_expires: Option<Time>,
}

impl JarCookie {
    /// Would a browser send this cookie to that address? (RFC 6265bis, section 5.8.3, without
    /// `SameSite`, which depends on the page, and without partitions.)
    #[must_use]
    pub fn applies_to(&self, address: &Address<'_>, now: Time) -> bool {
        self.obstacle(address, now).is_none()
    }

    /// The domain without the dot that marks one which is not host-only.
    #[must_use]
    pub fn domain(&self) -> &str {
        let marked = if self.host_only { None } else { self.id.domain.strip_prefix('.') };
        marked.unwrap_or(&self.id.domain)
    }

    /// Why a browser would not send it there, the first reason that holds; `None` if it would. What is for
    /// a path that is masked is taken to be for another.
    #[must_use]
    pub fn obstacle(&self, address: &Address<'_>, now: Time) -> Option<Obstacle> {
        let domain = self.domain();
        let host_fits = address.host == domain || (!self.host_only && domain_matches(address.host, domain));
        if self.expires.is_some_and(|expires| expires <= now) {
            Some(Obstacle::Expired)
        } else if !host_fits {
            Some(Obstacle::Host)
        } else if self.id.path_mark.is_some() || !path_matches(address.path, &self.id.path) {
            Some(Obstacle::Path)
        } else if self.secure && !address.is_trustworthy() {
            Some(Obstacle::Insecure)
        } else {
            None
        }
    }
}

/// Why a cookie of the jar is not sent to an address (RFC 6265bis, section 5.8.3, step 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Its time is over.
    Expired,
    /// It is for another host.
    Host,
    /// It is for other paths.
    Path,
    /// It is `Secure` and the connection is not.
    Insecure,
}

/// Puts cookies, which are in the order in which they were made, into the order in which they are
/// sent: longer paths first (RFC 6265bis, section 5.8.3, step 4).
pub fn in_sending_order<T>(cookies: &mut [T], cookie: impl Fn(&T) -> &JarCookie) {
    cookies.sort_by_key(|entry| core::cmp::Reverse(cookie(entry).id.path.len()));
}

/// `domain-match` of RFC 6265bis, section 5.1.3, for a domain without a leading dot. Of IP
/// addresses only the same one matches.
#[must_use]
pub fn domain_matches(host: &str, domain: &str) -> bool {
    let is_under = || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')) && !is_ip(host);
    !domain.is_empty() && (host == domain || is_under())
}

/// `path-match` of RFC 6265bis, section 5.1.4.
#[must_use]
pub fn path_matches(request: &str, cookie: &str) -> bool {
    request
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(domain: &str, path: &str) -> JarCookie {
        JarCookie {
            id: CookieId {
                name: "sid".into(),
                domain: domain.into(),
                path: path.into(),
                path_mark: None,
                store: "0".into(),
                partition: None,
            },
            host_only: !domain.starts_with('.'),
            secure: false,
            http_only: false,
            same_site: SameSite::Lax,
            expires: None,
            first_seen: None,
            size: 9,
            mark: None,
            token_expires: None,
        }
    }

    #[test]
    fn header_pairs() {
        let pairs: Vec<_> = parse_header("a=1; b = x=y ;; c; =d").collect();
        assert_eq!(pairs, [("a", "1"), ("b", "x=y"), ("", "c"), ("", "d")]);
    }

    #[test]
    fn a_path_that_looks_like_a_secret_is_kept_masked_and_told_from_another() {
        let key = MarkKey([7; 16]);
        let id = |path: &str| held("a.test", path).id;
        assert_eq!(id("/shop").masked(&key), id("/shop"));
        let (one, other) = ("/interaction/Kx5CDxQCO6BR98M2wuC5", "/interaction/Z5h2J9cgervQBNczpmGF");
        let masked = id(one).masked(&key);
        assert_eq!(masked.path, "/interaction/…");
        assert_eq!(masked, id(one).masked(&key), "it is found again");
        assert_ne!(masked, id(other).masked(&key), "and no other");
        assert_eq!(masked.clone().masked(&key), masked);
        let cookie = JarCookie { id: masked, ..held("a.test", "/") };
        let address = Address::parse("http://a.test/interaction/…");
        assert_eq!(cookie.obstacle(&address, Time(0)), Some(Obstacle::Path));
    }

    #[test]
    fn paths() {
        assert!(path_matches("/a/b", "/a"));
        assert!(path_matches("/a/b", "/a/"));
        assert!(path_matches("/a", "/a"));
        assert!(!path_matches("/ab", "/a"));
        assert!(!path_matches("/", "/a"));
    }

    #[test]
    fn hosts_of_a_cookie() {
        let obstacle = |domain: &str, url: &str| held(domain, "/").obstacle(&Address::parse(url), Time(0));
        assert_eq!(obstacle("a.test", "http://a.test/"), None);
        assert_eq!(obstacle("a.test", "http://www.a.test/"), Some(Obstacle::Host));
        assert_eq!(obstacle(".a.test", "http://a.test/"), None);
        assert_eq!(obstacle(".a.test", "http://www.a.test/"), None);
        assert_eq!(obstacle(".a.test", "http://b.test/"), Some(Obstacle::Host));
    }

    #[test]
    fn longer_paths_are_sent_first_and_older_cookies_before_younger() {
        let mut cookies = [held("one.test", "/"), held("two.test", "/shop"), held("three.test", "/")];
        in_sending_order(&mut cookies, |cookie| cookie);
        let order = cookies.each_ref().map(|cookie| cookie.id.domain.as_str());
        assert_eq!(order, ["two.test", "one.test", "three.test"]);
    }
}
