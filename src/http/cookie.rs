//! Cookies: the `Cookie` header, the jar, and what a cookie's name says it is for.

use serde::{Deserialize, Serialize};

use crate::http::address::{Address, is_ip};
use crate::http::is_wsp;
use crate::mark::Mark;
use crate::time::Time;

/// What a cookie is most likely for, judged by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Carries the sign-in or names the server's session.
    Session,
    /// Signs in again when the session is gone ("remember me").
    Remember,
    /// Guards forms against forgery; worthless as a credential.
    Csrf,
    /// Anything else: settings, analytics, consent.
    Other,
}

/// Names that servers and frameworks use for their session cookie by default.
///
/// Sources: Jakarta Servlet 6.0 §7.1.1; PHP `session.name`; ASP.NET `sessionState` and
/// `forms`; ASP.NET Core cookie authentication; express-session `name`; Django
/// `SESSION_COOKIE_NAME`; Flask `SESSION_COOKIE_NAME`; ColdFusion `CFID`/`CFTOKEN`; Keycloak
/// `KEYCLOAK_IDENTITY`; Koa `koa.sess`; Ory Kratos; NextAuth; Cloudflare Access; oauth2-proxy
/// `cookie_name`; ASP.NET Identity; SharePoint; Proxmox VE; WebSphere; SAP; Tomcat single sign-on;
/// IdentityServer; Gitea; tinyauth; OpenAM; TYPO3.
const SESSION_NAMES: [&str; 32] = [
    "jsessionid",
    "phpsessid",
    "asp.net_sessionid",
    ".aspxauth",
    "connect.sid",
    "sessionid",
    "session",
    "cfid",
    "cftoken",
    "keycloak_identity",
    "keycloak_session",
    "koa.sess",
    "sid",
    "ory_kratos_session",
    "cf_authorization",
    "sess",
    "auth",
    "token",
    "access_token",
    "jwt",
    "_oauth2_proxy",
    ".aspnet.applicationcookie",
    "fedauth",
    "pveauthcookie",
    "ltpatoken2",
    "mysapsso2",
    "jsessionidsso",
    "idsrv",
    "i_like_gitea",
    "tinyauth",
    "iplanetdirectorypro",
    "fe_typo_user",
];

/// Names that look like a session's and are not: analytics, chat and comment tools.
///
/// Sources: the vendors' cookie lists (Hotjar, Application Insights, Google Analytics, Clarity,
/// Matomo, Mixpanel, Intercom, WordPress comments).
const NOT_SESSIONS: [&str; 11] = [
    "_hj",
    "ai_session",
    "ai_user",
    "_ga",
    "_gid",
    "_cl",
    "_pk_",
    "mp_",
    "intercom-",
    "comment_author",
    "__utm",
];

/// Words that a sign-in's cookie has in its name.
const SESSION_WORDS: [&str; 14] = [
    "sess",
    "session",
    "sessions",
    "sessid",
    "sessionid",
    "sid",
    "ssid",
    "auth",
    "login",
    "token",
    "jwt",
    "identity",
    "idp",
    "sso",
];

/// What a cookie of this name is for.
#[must_use]
pub fn purpose(name: &str) -> Purpose {
    let lower = name.to_ascii_lowercase();
    // RFC 6265bis, section 4.1.3: the prefixes are promises, not part of the name's meaning.
    let bare = lower.trim_start_matches("__host-").trim_start_matches("__secure-");
    let has = |part: &str| bare.contains(part);
    if has("csrf") || has("xsrf") || has("antiforgery") || has("crumb") {
        Purpose::Csrf
    } else if has("remember") || has("keep_signed") || has("stay_signed") {
        Purpose::Remember
    } else if NOT_SESSIONS.iter().any(|start| bare.starts_with(start)) || has("consent") {
        Purpose::Other
    } else if SESSION_NAMES.contains(&bare)
        || bare.split(['_', '-', '.', ':']).any(|word| SESSION_WORDS.contains(&word))
        || bare.ends_with("session")
        || bare.ends_with("sessionid")
        || bare.starts_with("wordpress_logged_in")
        || bare.starts_with(".aspnetcore.cookies")
        || bare.starts_with("aspsessionid")
        // Jenkins: JSESSIONID.<hash>; Drupal: SESS<hash> and SSESS<hash>; oauth2-proxy and ASP.NET
        // cut a long one into numbered pieces.
        || bare.starts_with("jsessionid.")
        || bare.starts_with("_oauth2_proxy_")
        || is_drupal(bare)
    {
        Purpose::Session
    } else {
        Purpose::Other
    }
}

/// Does a cookie of this name belong to what stands before a site (its balancer, its edge), or to
/// one step of a sign-in, so that it signs nobody in?
///
/// Sources: the cookie lists of Cloudflare, AWS, Azure, F5, Imperva, Akamai and DataDome; ASP.NET
/// Core's correlation and nonce cookies.
#[must_use]
pub fn is_of_the_way(name: &str) -> bool {
    const STARTS: [&str; 18] = [
        "__cf",
        "cf_",
        "_cfuvid",
        "awsalb",
        "arraffinity",
        "bigip",
        "incap_",
        "visid_",
        "nlbi_",
        "ak_",
        "bm_",
        "_abck",
        "datadome",
        "ts01",
        ".aspnetcore.correlation",
        ".aspnetcore.openidconnect",
        "_ga",
        "lang",
    ];
    let lower = name.to_ascii_lowercase();
    let words = ["state", "nonce", "verifier", "flash", "locale", "theme", "track", "visitor"];
    STARTS.iter().any(|start| lower.starts_with(start)) || words.iter().any(|word| lower.contains(word))
}

/// Is a cookie there for a sign-in under way, by its name? (`state` and `nonce` of OpenID Connect, PKCE's
/// verifier, ASP.NET Core's correlation.)
#[must_use]
pub fn begins_sign_in(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["state", "nonce", "verifier", "correlation"].iter().any(|word| name.contains(word))
}

/// `SESS` or `SSESS` and a hash (Drupal).
fn is_drupal(name: &str) -> bool {
    let hash = name.strip_prefix("ssess").or_else(|| name.strip_prefix("sess"));
    hash.is_some_and(|hash| hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

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
    /// Its path.
    pub path: String,
    /// The cookie store: a private window or a container has its own.
    #[serde(default)]
    pub store: String,
    /// The top-level site of a partitioned cookie (CHIPS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
}

/// The key of a partitioned cookie.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[serde(rename_all = "camelCase")]
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
    #[serde(default)]
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

    /// Why a browser would not send it there, the first reason that holds; `None` if it would.
    #[must_use]
    pub fn obstacle(&self, address: &Address<'_>, now: Time) -> Option<Obstacle> {
        let domain = self.domain();
        let host_fits = address.host == domain || (!self.host_only && domain_matches(address.host, domain));
        if self.expires.is_some_and(|expires| expires <= now) {
            Some(Obstacle::Expired)
        } else if !host_fits {
            Some(Obstacle::Host)
        } else if !path_matches(address.path, &self.id.path) {
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

    #[test]
    fn purposes() {
        for name in [
            "sid",
            "JSESSIONID",
            "__Host-session",
            "connect.sid",
            "_app_session",
            "wordpress_logged_in_ab12",
            "grafana_session",
            ".AspNetCore.Cookies",
        ] {
            assert_eq!(purpose(name), Purpose::Session, "{name}");
        }
        for name in ["JSESSIONID.1a2b", "_oauth2_proxy_0", "SSESS0123456789abcdef0123456789abcdef"] {
            assert_eq!(purpose(name), Purpose::Session, "{name}");
        }
        assert_eq!(purpose("XSRF-TOKEN"), Purpose::Csrf);
        assert_eq!(purpose("remember_user_token"), Purpose::Remember);
        for name in [
            "_ga",
            "theme",
            "side",
            "cookie_consent",
            "inside",
            "_hjSession_1",
            "ai_session",
            "comment_author_ab",
            "author",
            "tokenizer",
        ] {
            assert_eq!(purpose(name), Purpose::Other, "{name}");
        }
    }

    #[test]
    fn header_pairs() {
        let pairs: Vec<_> = parse_header("a=1; b = x=y ;; c; =d").collect();
        assert_eq!(pairs, [("a", "1"), ("b", "x=y"), ("", "c"), ("", "d")]);
    }

    #[test]
    fn paths() {
        assert!(path_matches("/a/b", "/a"));
        assert!(path_matches("/a/b", "/a/"));
        assert!(path_matches("/a", "/a"));
        assert!(!path_matches("/ab", "/a"));
        assert!(!path_matches("/", "/a"));
    }
}
