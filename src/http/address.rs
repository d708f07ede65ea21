//! Addresses, cut up as browsers write them: already normalised by the URL standard, so that it needs no
//! table of Unicode and no allocation. What a person or a program wrote is brought into that form first, but
//! for names outside ASCII ([`normalise`]).
//!
//! Which hosts belong together is guessed by their labels ([`registrable`]): the public suffix list would
//! be 260 KB.

/// The parts of a URL. Borrowed; empty where the URL has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address<'a> {
    /// `https`, without the colon.
    pub scheme: &'a str,
    /// `user:password`, without the `@`. Never kept.
    pub userinfo: &'a str,
    /// The host, in the browser's lower-case ASCII form.
    pub host: &'a str,
    /// The port, empty when it is the scheme's own.
    pub port: &'a str,
    /// The path with its leading slash, without query and fragment.
    pub path: &'a str,
    /// The query without `?`.
    pub query: &'a str,
}

impl<'a> Address<'a> {
    /// Cuts a URL up. Total: what is not a URL comes back as a path.
    #[must_use]
    pub fn parse(url: &'a str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let Some((scheme, rest)) = url.split_once("://") else {
            let (path, query) = url.split_once('?').unwrap_or((url, ""));
            return Self { path, query, ..Self::default() };
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (userinfo, host_port) = authority.rsplit_once('@').unwrap_or(("", authority));
        // A bracketed IPv6 address has colons of its own.
        let (host, port) = match host_port.rfind(':') {
            Some(colon) if !host_port[colon..].contains(']') => {
                (&host_port[..colon], &host_port[colon + 1..])
            }
            _ => (host_port, ""),
        };
        let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
        let path = if path.is_empty() { "/" } else { path };
        Self { scheme, userinfo, host, port, path, query }
    }

    /// The address of a page of a site; `None` for a page of the browser.
    #[must_use]
    pub fn of_page(url: &'a str) -> Option<Self> {
        Some(Self::parse(url)).filter(|address| matches!(address.scheme, "http" | "https"))
    }

    /// The WebExtensions' match pattern of all pages of the host.
    #[must_use]
    pub fn match_pattern(&self) -> String {
        format!("{}://{}/*", self.scheme, self.host)
    }

    /// `host` or `host:port`: the name under which a site's history is kept.
    #[must_use]
    pub fn site(&self) -> String {
        match self.port {
            "" => self.host.to_owned(),
            port => format!("{}:{port}", self.host),
        }
    }

    /// The host of `host[:port]`.
    #[must_use]
    pub fn host_of(site: &str) -> &str {
        match site.rfind(':') {
            Some(colon) if !site[colon..].contains(']') => &site[..colon],
            _ => site,
        }
    }

    /// `scheme://host[:port]` (RFC 6454, section 6.1).
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.site())
    }

    /// Is the connection one on which browsers send and store `Secure` cookies? (Secure Contexts,
    /// section 3.1: also the loopback addresses, 127.0.0.0/8 and ::1.)
    #[must_use]
    pub fn is_trustworthy(&self) -> bool {
        matches!(self.scheme, "https" | "wss")
            || self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host == "[::1]"
            || (self.is_ip() && self.host.starts_with("127."))
    }

    /// Is the host an IP address rather than a name?
    #[must_use]
    pub fn is_ip(&self) -> bool {
        is_ip(self.host)
    }
}

/// A URL that a person or a program wrote, as a browser would write it: scheme and host in lower
/// case, no port that is the scheme's own. (Names outside ASCII are left as they are; IDNA is a
/// table of Unicode.)
#[must_use]
pub fn normalise(url: &str) -> String {
    let Some((scheme, rest)) = url.trim().split_once("://") else { return url.trim().to_owned() };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (userinfo, host_port) = authority.rsplit_once('@').map_or((None, authority), |(u, h)| (Some(u), h));
    let (scheme, host_port) = (scheme.to_ascii_lowercase(), host_port.to_ascii_lowercase());
    let usual = match scheme.as_str() {
        "http" | "ws" => "80",
        "https" | "wss" => "443",
        _ => "",
    };
    let host = match host_port.rsplit_once(':') {
        // Colons of its own has only an address in brackets.
        Some((host, port))
            if (port.is_empty() || port == usual) && (!host.contains(':') || host.ends_with(']')) =>
        {
            host.trim_end()
        }
        _ => &host_port,
    };
    let userinfo = userinfo.map_or(String::new(), |userinfo| format!("{userinfo}@"));
    format!("{scheme}://{userinfo}{host}{tail}")
}

/// Do two hosts belong to one registrable domain?
///
/// Without the public suffix list (260 KB) this is a guess: the last two labels, or three where
/// the last but one is a short second-level label such as `co.uk`. It decides whether a failure is
/// shown on the badge, never what is deleted.
#[must_use]
pub fn same_site(one: &str, two: &str) -> bool {
    one == two || (!is_ip(one) && registrable(one) == registrable(two))
}

/// The registrable domain of a host, as [`same_site`] guesses it.
#[must_use]
pub fn registrable(host: &str) -> &str {
    if is_ip(host) {
        return host;
    }
    let is_short = |label: &str| matches!(label, "co" | "com" | "org" | "net" | "ac" | "gov" | "edu");
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (last, second, third) = (dots.next(), dots.next(), dots.next());
    let label = match (second, last) {
        (Some(second), Some(last)) => &host[second + 1..last],
        _ => return host,
    };
    let country = last.is_some_and(|last| host.len() - last == 3);
    let cut = if country && is_short(label) { third } else { second };
    cut.map_or(host, |cut| &host[cut + 1..])
}

/// The last two labels of a host: no registrable domain is wider, whatever the public suffix list says.
#[must_use]
pub fn outermost(host: &str) -> &str {
    if is_ip(host) {
        return host;
    }
    host.rmatch_indices('.').nth(1).map_or(host, |(dot, _)| &host[dot + 1..])
}

/// Is a host, as browsers write it, an IP address?
pub(crate) fn is_ip(host: &str) -> bool {
    host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let address = Address::parse("https://me:pw@a.example.com:8443/x/y?q=1#f");
        assert_eq!(address.scheme, "https");
        assert_eq!(address.userinfo, "me:pw");
        assert_eq!(address.host, "a.example.com");
        assert_eq!(address.port, "8443");
        assert_eq!(address.path, "/x/y");
        assert_eq!(address.query, "q=1");
        assert_eq!(address.site(), "a.example.com:8443");
        assert_eq!(Address::parse("http://[::1]:80/").host, "[::1]");
        assert_eq!(Address::parse("http://[::1]/").port, "");
        assert_eq!(Address::parse("http://a.example?x").path, "/");
    }

    #[test]
    fn as_a_browser_writes_it() {
        for (written, expected) in [
            (" HTTP://Example.COM:80/A?B#C", "http://example.com/A?B#C"),
            ("https://me:PW@Example.com:443", "https://me:PW@example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("http://[::1]:80/", "http://[::1]/"),
            ("http://a.test:", "http://a.test"),
            ("http://a.test::/", "http://a.test::/"),
            ("http://a.test:80:80/", "http://a.test:80:80/"),
            ("/path", "/path"),
        ] {
            assert_eq!(normalise(written), expected);
        }
    }

    #[test]
    fn anything_is_cut_up_without_a_panic() {
        for text in ["", "://", "@", "http://", "http://:@:/?#", "ä://ö:ü@ß:1/ñ", "about:blank"] {
            let _ = Address::parse(text).site();
        }
    }

    #[test]
    fn one_site_or_two() {
        assert!(same_site("app.example.com", "api.example.com"));
        assert!(same_site("example.com", "api.example.com"));
        assert!(!same_site("one.co.uk", "two.co.uk"));
        assert!(same_site("a.one.co.uk", "one.co.uk"));
        assert!(!same_site("10.0.0.1", "10.1.0.1"));
        assert!(!same_site("a.test", "b.test"));
        assert!(same_site("localhost", "localhost"));
        assert_eq!(registrable("192.168.0.1"), "192.168.0.1");
        assert_eq!(Address::host_of("[::1]:3000"), "[::1]");
        assert_eq!(Address::host_of("a.test:80"), "a.test");
    }

    #[test]
    fn what_a_guess_may_leave_out_is_inside_the_last_two_labels() {
        assert_eq!(outermost("a.foo.net.de"), "net.de");
        assert_eq!(registrable("a.foo.net.de"), "foo.net.de");
        assert_eq!(outermost("example.com"), "example.com");
        assert_eq!(outermost("localhost"), "localhost");
        assert_eq!(outermost("192.168.0.1"), "192.168.0.1");
    }

    #[test]
    fn what_is_no_url_is_a_path() {
        let address = Address { path: "/a/b", query: "q=1", ..Address::default() };
        assert_eq!(Address::parse("/a/b?q=1#f"), address);
    }

    #[test]
    fn an_address_in_brackets_has_colons_and_no_port() {
        assert_eq!(Address::host_of("[::1]"), "[::1]");
        assert_eq!(Address::host_of("a.test"), "a.test");
    }

    #[test]
    fn secure_connections_and_those_to_this_machine_are_trusted() {
        for url in ["https://a.test/", "wss://a.test/", "http://a.localhost/", "http://127.8.0.1/"] {
            assert!(Address::parse(url).is_trustworthy(), "{url}");
        }
        for url in ["http://a.test/", "http://10.0.0.1/", "http://127.a.test/", "http://alocalhost/"] {
            assert!(!Address::parse(url).is_trustworthy(), "{url}");
        }
    }

    #[test]
    fn a_third_label_belongs_to_it_under_a_country_s_second_level_alone() {
        for (host, expected) in [
            ("shop.one.co.uk", "one.co.uk"),
            ("shop.one.uk", "one.uk"),
            ("shop.net.test", "net.test"),
            ("one.test", "one.test"),
        ] {
            assert_eq!(registrable(host), expected);
        }
    }
}
