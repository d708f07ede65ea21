//! Why a browser does not store a cookie, and where it puts the one that it stores (RFC 6265bis,
//! section 5.7).
//!
//! What is answered here follows from the line and the address alone, and for one rule from the
//! jar. Not answered, because neither tells: cookies that the person or the browser blocks
//! (section 5.3), `SameSite` cookies set by cross-site requests (section 5.7, step 18), and
//! evicted ones. Without the public suffix list (260 KB) a `Domain` such as `co.uk` is taken for
//! an ordinary one; a single label is known to be a suffix by the list's default rule, `localhost`
//! included, which is how Chrome and Firefox treat it.

use serde::{Deserialize, Serialize};

use crate::http::address::Address;
use crate::http::cookie::{CookieId, JarCookie, SameSite, domain_matches, path_matches};
use crate::http::set_cookie::Line;
use crate::time::{DAY, Time};

/// Why a browser does not store a cookie. Sections and steps are those of RFC 6265bis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A control character other than the tab, anywhere in the line (section 5.6, step 1).
    ControlCharacter,
    /// Neither name nor value (section 5.7, step 2).
    Empty,
    /// Name and value have more than 4,096 bytes together (section 5.7, step 4).
    TooLarge,
    /// `Domain` has a character outside ASCII (section 5.7, step 8).
    DomainNotAscii,
    /// `Domain` is a public suffix (section 5.7, step 9), as far as that is known here.
    DomainIsPublicSuffix,
    /// The host is not `Domain` and not under it (section 5.7, step 10).
    DomainMismatch,
    /// `Secure` from a connection that is not secure (section 5.7, step 13).
    SecureFromInsecure,
    /// `SameSite=None` without `Secure` (section 5.7, step 19).
    SameSiteNoneWithoutSecure,
    /// `__Secure-` without `Secure` (section 5.7, step 20).
    SecurePrefix,
    /// `__Host-` without `Secure`, without `Path=/` or with `Domain` (section 5.7, step 21).
    HostPrefix,
    /// `__Http-` without `Secure` or `HttpOnly` (draft-ietf-httpbis-layered-cookies, "Store a
    /// Cookie"; Chrome from 140, Firefox from 143).
    HttpPrefix,
    /// `__Host-Http-` without what both prefixes ask for (the same draft and browsers).
    HostHttpPrefix,
    /// No name, and a value that begins like one of the prefixes (section 5.7, step 22).
    HiddenPrefix,
    /// `Partitioned` without `Secure` (CHIPS, draft-cutler-httpbis-partitioned-cookies).
    PartitionedWithoutSecure,
}

/// Domains under which anybody may have a site, which no cookie may span: those of the public suffix
/// list (publicsuffix.org, private section) on which apps are hosted most.
pub const SHARED: [&str; 24] = [
    "herokuapp.com",
    "github.io",
    "gitlab.io",
    "vercel.app",
    "netlify.app",
    "azurewebsites.net",
    "azurestaticapps.net",
    "cloudfront.net",
    "web.app",
    "firebaseapp.com",
    "pages.dev",
    "workers.dev",
    "onrender.com",
    "fly.dev",
    "appspot.com",
    "run.app",
    "ngrok.io",
    "ngrok-free.app",
    "duckdns.org",
    "co.uk",
    "com.au",
    "co.jp",
    "com.br",
    "elasticbeanstalk.com",
];

/// The largest name and value together, in bytes (section 5.6, step 5).
pub const LARGEST: usize = 4096;

/// The longest that a browser keeps a cookie, in milliseconds (section 5.5).
pub const LONGEST_LIFE: i64 = 400 * DAY;

/// Why a browser does not store the cookie of this line, answered by that address; empty when it
/// does. Total.
#[must_use]
pub fn refusals(line: &Line<'_>, from: &Address<'_>) -> Vec<Refusal> {
    let scope = scope(line, from);
    let same_site_none = line.same_site.is_some_and(|value| value.eq_ignore_ascii_case("none"));
    let (prefix, is_hidden) =
        if line.name.is_empty() { (None, prefix(line.value).is_some()) } else { (prefix(line.name), false) };
    let fits_host = line.secure && line.path == Some("/") && scope == Ok(None);
    let fits_http = line.secure && line.http_only;
    [
        (line.has_control, Refusal::ControlCharacter),
        (line.size() == 0, Refusal::Empty),
        (line.size() > LARGEST, Refusal::TooLarge),
        (scope == Err(Refusal::DomainNotAscii), Refusal::DomainNotAscii),
        (scope == Err(Refusal::DomainIsPublicSuffix), Refusal::DomainIsPublicSuffix),
        (scope == Err(Refusal::DomainMismatch), Refusal::DomainMismatch),
        (line.secure && !from.is_trustworthy(), Refusal::SecureFromInsecure),
        (same_site_none && !line.secure, Refusal::SameSiteNoneWithoutSecure),
        (prefix == Some(Prefix::Secure) && !line.secure, Refusal::SecurePrefix),
        (prefix == Some(Prefix::Host) && !fits_host, Refusal::HostPrefix),
        (prefix == Some(Prefix::Http) && !fits_http, Refusal::HttpPrefix),
        (prefix == Some(Prefix::HostHttp) && !(fits_host && fits_http), Refusal::HostHttpPrefix),
        (is_hidden, Refusal::HiddenPrefix),
        (line.partitioned && !line.secure, Refusal::PartitionedWithoutSecure),
    ]
    .into_iter()
    .filter_map(|(holds, refusal)| holds.then_some(refusal))
    .collect()
}

/// The promises that a name can make (section 5.4 and the layered draft).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Secure,
    Host,
    Http,
    HostHttp,
}

/// Compared without case, so that servers that do the same are protected (section 5.4).
fn prefix(name: &str) -> Option<Prefix> {
    // `__Host-Http-` begins with `__Host-`: the longer one first.
    const PREFIXES: [(&str, Prefix); 4] = [
        ("__host-http-", Prefix::HostHttp),
        ("__host-", Prefix::Host),
        ("__secure-", Prefix::Secure),
        ("__http-", Prefix::Http),
    ];
    let starts = |with: &str| name.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    PREFIXES.into_iter().find(|(text, _)| starts(text)).map(|(_, prefix)| prefix)
}

/// For which domain: `None` for this very host (section 5.7, steps 7 to 10).
fn scope(line: &Line<'_>, from: &Address<'_>) -> Result<Option<String>, Refusal> {
    let domain = line.domain.unwrap_or_default().to_ascii_lowercase();
    if domain.is_empty() {
        return Ok(None);
    }
    if !domain.is_ascii() {
        return Err(Refusal::DomainNotAscii);
    }
    // A single label, and in Chrome and Firefox also an IP address, may name itself alone.
    let is_suffix = !domain.contains('.') && !from.is_ip();
    if from.host == domain {
        return Ok((!is_suffix && !from.is_ip()).then_some(domain));
    }
    if is_suffix {
        return Err(Refusal::DomainIsPublicSuffix);
    }
    if domain_matches(from.host, &domain) { Ok(Some(domain)) } else { Err(Refusal::DomainMismatch) }
}

/// The cookie as it lies in the jar, without its value; for one that is not refused.
#[must_use]
pub fn place(line: &Line<'_>, from: &Address<'_>, now: Time) -> JarCookie {
    let domain = scope(line, from).ok().flatten();
    let path = line.path.filter(|path| path.starts_with('/')).unwrap_or_else(|| default_path(from.path));
    let expires = match line.max_age {
        Some(seconds) if seconds <= 0 => Some(now),
        Some(seconds) => Some(now.plus(Time::from_seconds(seconds).0)),
        None => line.expires,
    };
    JarCookie {
        host_only: domain.is_none(),
        id: CookieId {
            name: line.name.to_owned(),
            domain: domain.map_or_else(|| from.host.to_owned(), |domain| format!(".{domain}")),
            path: path.to_owned(),
            path_mark: None,
            store: String::new(),
            partition: None,
        },
        secure: line.secure,
        http_only: line.http_only,
        same_site: line.same_site.map(SameSite::parse).unwrap_or_default(),
        expires: expires.map(|expires| expires.min(now.plus(LONGEST_LIFE))),
        first_seen: Some(now),
        size: u32::try_from(line.size()).unwrap_or(u32::MAX),
        mark: None,
        token_expires: None,
    }
}

/// `default-path` of section 5.1.4: the folder of what was asked for.
#[must_use]
pub fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        Some(slash) if slash > 0 && path.starts_with('/') => &path[..slash],
        _ => "/",
    }
}

/// Would a cookie of this name, domain and path that is not `Secure` lie over a `Secure` one of the jar, which a
/// connection that is not secure may not do (section 5.7, step 16)?
#[must_use]
pub fn overlays_secure(name: &str, domain: &str, path: &str, jar: &[JarCookie], from: &Address<'_>) -> bool {
    !from.is_trustworthy()
        && jar.iter().any(|old| {
            let known = old.domain();
            old.secure
                && old.id.name == name
                && (domain_matches(known, domain) || domain_matches(domain, known))
                && path_matches(path, &old.id.path)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(line: &str, from: &str) -> Vec<Refusal> {
        refusals(&Line::read(line), &Address::parse(from))
    }

    #[test]
    fn what_is_stored() {
        let big = format!("a={}", "x".repeat(LARGEST - 1));
        for (line, from) in [
            ("sid=1", "http://example.com/"),
            (big.as_str(), "http://example.com/"),
            ("sid=1; Domain=example.com", "http://www.example.com/"),
            ("sid=1; Domain=EXAMPLE.com", "http://example.com/"),
            ("sid=1; Domain=.", "http://example.com/"),
            ("sid=1; Domain=localhost", "http://localhost:3000/"),
            ("sid=1; Domain=127.0.0.1", "http://127.0.0.1/"),
            ("sid=1; Secure", "https://example.com/"),
            ("sid=1; Secure", "http://localhost/"),
            ("sid=1; Secure", "http://app.localhost/"),
            ("sid=1; Secure", "http://127.0.0.2/"),
            ("sid=1; Secure", "http://[::1]:8080/"),
            ("sid=1", "http://.example.com/"),
            ("sid=1; SameSite=None; Secure", "https://example.com/"),
            ("sid=1; Partitioned; Secure", "https://example.com/"),
            ("__Host-sid=1; Secure; Path=/", "https://example.com/"),
            ("__Host-sid=1; Secure; Path=/; Domain=", "https://example.com/"),
            ("__host-sid=1; Secure; Path=/; Domain=127.0.0.1", "https://127.0.0.1/"),
            ("__Secure-sid=1; Secure; Domain=example.com", "https://example.com/"),
            ("__Http-sid=1; Secure; HttpOnly", "https://example.com/"),
            ("__Host-Http-sid=1; Secure; HttpOnly; Path=/", "https://example.com/"),
            ("a\tb=c\td", "https://example.com/"),
            ("just a value", "https://example.com/"),
        ] {
            assert_eq!(why(line, from), [], "{line} from {from}");
            let address = Address::parse(from);
            assert!(place(&Line::read(line), &address, Time(0)).applies_to(&address, Time(0)), "{line}");
        }
    }

    #[test]
    fn what_is_refused() {
        use Refusal::*;
        let big = format!("a={}", "x".repeat(LARGEST));
        for (line, from, expected) in [
            ("", "https://example.com/", Empty),
            (" = ; Path=/", "https://example.com/", Empty),
            (big.as_str(), "https://example.com/", TooLarge),
            ("a=b\0c", "https://example.com/", ControlCharacter),
            ("a=b; Path=/\x7f", "https://example.com/", ControlCharacter),
            ("a=b; Domain=bücher.example", "https://example.com/", DomainNotAscii),
            ("a=b; Domain=com", "https://example.com/", DomainIsPublicSuffix),
            ("a=b; Domain=localhost", "http://app.localhost/", DomainIsPublicSuffix),
            ("a=b; Domain=www.example.com", "https://example.com/", DomainMismatch),
            ("a=b; Domain=ample.com", "https://example.com/", DomainMismatch),
            ("a=b; Domain=example.com:8443", "https://example.com:8443/", DomainMismatch),
            ("a=b; Domain=https://example.com", "https://example.com/", DomainMismatch),
            ("a=b; Domain=0.0.1", "http://127.0.0.1/", DomainMismatch),
            ("a=b; Secure", "http://example.com/", SecureFromInsecure),
            ("a=b; SameSite=none", "https://example.com/", SameSiteNoneWithoutSecure),
            ("a=b; Partitioned", "https://example.com/", PartitionedWithoutSecure),
            ("__Secure-a=b", "https://example.com/", SecurePrefix),
            ("__SECURE-a=b", "https://example.com/", SecurePrefix),
            ("__Host-a=b; Secure", "https://example.com/", HostPrefix),
            ("__Host-a=b; Secure; Path=/x", "https://example.com/", HostPrefix),
            ("__Host-a=b; Secure; Path=x", "https://example.com/", HostPrefix),
            ("__Host-a=b; Secure; Path=/; Domain=example.com", "https://example.com/", HostPrefix),
            ("__Http-a=b; Secure", "https://example.com/", HttpPrefix),
            ("__Host-Http-a=b; Secure; Path=/", "https://example.com/", HostHttpPrefix),
            ("__Host-Http-a=b; Secure; HttpOnly", "https://example.com/", HostHttpPrefix),
            ("=__Host-a=b", "https://example.com/", HiddenPrefix),
            ("__secure-a", "https://example.com/", HiddenPrefix),
        ] {
            assert_eq!(why(line, from), [expected], "{line} from {from}");
        }
        let all = why("__Host-a=b; Secure; SameSite=None; Domain=b.test", "http://a.test/");
        assert_eq!(all, [DomainMismatch, SecureFromInsecure, HostPrefix]);
    }

    #[test]
    fn where_it_lies() {
        let now = Time::from_seconds(1_000_000_000);
        let at = |line: &str| place(&Line::read(line), &Address::parse("https://www.example.com/a/b?c"), now);
        let cookie = at("sid=1");
        assert_eq!((cookie.id.domain.as_str(), cookie.id.path.as_str()), ("www.example.com", "/a"));
        assert!(cookie.host_only && cookie.expires.is_none());
        let cookie = at("sid=1; Domain=Example.com; Path=/x; Max-Age=60");
        assert_eq!((cookie.id.domain.as_str(), cookie.id.path.as_str()), (".example.com", "/x"));
        assert!(!cookie.host_only && cookie.expires == Some(now.plus(60_000)));
        assert_eq!(at("sid=1; Max-Age=-5").expires, Some(now));
        assert_eq!(at("sid=1; Max-Age=99999999999999999999").expires, Some(now.plus(400 * 86_400_000)));
    }

    #[test]
    fn default_paths() {
        for (path, expected) in
            [("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a"), ("", "/"), ("a/b", "/")]
        {
            assert_eq!(default_path(path), expected, "{path}");
        }
    }

    #[test]
    fn secure_cookies_are_left_alone() {
        let (secure, plain) = (Address::parse("https://a.test/"), Address::parse("http://a.test/"));
        let jar = [place(&Line::read("sid=1; Secure; Path=/login; Domain=a.test"), &secure, Time(0))];
        let overlays = |line: &str, from: &Address<'_>| {
            let new = place(&Line::read(line), from, Time(0));
            overlays_secure(&new.id.name, new.domain(), &new.id.path, &jar, from)
        };
        assert!(overlays("sid=2; Path=/login", &plain));
        assert!(overlays("sid=2; Path=/login/en", &plain));
        assert!(!overlays("sid=2; Path=/", &plain));
        assert!(!overlays("sid2=2; Path=/login", &plain));
        assert!(!overlays("sid=2; Path=/login", &secure));
        // It reaches the other whichever of the two is the wider.
        assert!(overlays("sid=2; Path=/login", &Address::parse("http://www.a.test/")));
        assert!(overlays("sid=2; Path=/login; Domain=test", &plain));
        assert!(!overlays("sid=2; Path=/login", &Address::parse("http://b.test/")));
    }
}
