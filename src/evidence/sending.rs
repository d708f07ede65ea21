//! Whether a cookie of the jar goes along with a request, and why not.
//!
//! The rules of RFC 6265bis, section 5.8.3, with what they leave to the browser: `SameSite` (section
//! 5.2), partitions (CHIPS), the store of a window or a container, and a script's choice to send none
//! (Fetch standard, section 2.2.5, credentials mode).

use crate::exchange::{Exchange, From, Kind, Known};
use crate::http::address::{Address, same_site};
use crate::http::cookie::{JarCookie, Obstacle, Purpose, SameSite, purpose};

/// What became of a cookie of the jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was sent.
    Sent,
    /// One of its name was sent; the jar holds another value now.
    Changed,
    /// It was not sent, for this reason.
    Unsent(Unsent),
    /// The request's cookies could not be seen.
    Unknown,
}

/// Why a cookie was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// By its own time, host, path or `Secure`.
    By(Obstacle),
    /// It is of another window or container.
    Store,
    /// It is for another site in the address bar.
    Partition,
    /// `SameSite=Strict`, and another site asks.
    Strict,
    /// `SameSite=Lax`, or taken for that, and another site asks otherwise than by a plain navigation.
    Lax,
    /// Not one was sent by a script's request across origins: it most likely asked for that.
    Mode,
    /// Nothing that can be seen forbids it: set later, or blocked.
    Unclear,
}

/// What became of a cookie, as the jar holds it now.
#[must_use]
pub fn fate(exchange: &Exchange, cookie: &JarCookie) -> Fate {
    let sent = match &exchange.cookies {
        Known::Unknown => return Fate::Unknown,
        Known::Absent => &[][..],
        Known::Present(sent) => sent,
    };
    let address = Address::parse(&exchange.url);
    let obstacle = cookie.obstacle(&address, exchange.at);
    let store = (&cookie.id.store, &exchange.store);
    let is_elsewhere = store.0 != store.1 && !store.0.is_empty() && !store.1.is_empty();
    let mut named = sent.iter().filter(|sent| sent.name == cookie.id.name).peekable();
    if named.peek().is_some() && obstacle.is_none() && !is_elsewhere {
        // Tokens against forged forms are marked otherwise.
        let is_same = named.any(|sent| cookie.mark.is_none_or(|mark| mark == sent.mark));
        let is_compared = purpose(&cookie.id.name) != Purpose::Csrf;
        return if is_same || !is_compared { Fate::Sent } else { Fate::Changed };
    }
    Fate::Unsent(if is_elsewhere {
        Unsent::Store
    } else if let Some(obstacle) = obstacle {
        Unsent::By(obstacle)
    } else {
        beyond(exchange, cookie, &address, sent.is_empty())
    })
}

/// Why a cookie that applies to the address stays behind all the same.
fn beyond(exchange: &Exchange, cookie: &JarCookie, address: &Address<'_>, is_bare: bool) -> Unsent {
    let by = exchange.asked.origin.as_deref().filter(|origin| *origin != "null");
    let by = by.or(exchange.page.as_deref()).or(exchange.asked.referer.as_deref());
    let by = by.map_or(address.host, Address::host_of);
    let is_across = match exchange.asked.from {
        From::CrossSite => true,
        From::None | From::SameOrigin | From::SameSite => false,
        From::Unsaid => !same_site(by, address.host),
    };
    let of_another = |site: &str| !same_site(Address::parse(site).host, by);
    if cookie.id.partition.as_ref().is_some_and(|key| of_another(&key.top_level_site)) {
        return Unsent::Partition;
    }
    let is_plain = exchange.kind == Kind::MainFrame && matches!(exchange.method.as_str(), "GET" | "HEAD");
    match cookie.same_site {
        SameSite::Strict if is_across => Unsent::Strict,
        SameSite::Lax | SameSite::Unspecified if is_across && !is_plain => Unsent::Lax,
        _ if is_bare
            && exchange.kind == Kind::Fetch
            && exchange.asked.from != From::SameOrigin
            && by != address.host =>
        {
            Unsent::Mode
        }
        _ => Unsent::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Observation;
    use crate::http::cookie::{CookieId, Partition};
    use crate::mark::MarkKey;
    use crate::time::Time;

    fn asked(page: &str, kind: Kind, sent: Option<&str>) -> Exchange {
        let mut headers: Vec<(String, String)> = Vec::new();
        headers.extend(sent.map(|sent| ("Cookie".to_owned(), sent.to_owned())));
        let observation = Observation {
            at: Time(1_000),
            url: "http://app.test/api/me".into(),
            method: "GET".into(),
            page: Some(page.to_owned()),
            kind,
            store: "0".into(),
            status: 401,
            request_headers: Some(headers),
            ..Observation::default()
        };
        observation.into_exchange(&MarkKey::default())
    }

    fn held(name: &str, value: &str) -> JarCookie {
        let id = CookieId {
            name: name.into(),
            domain: "app.test".into(),
            path: "/".into(),
            path_mark: None,
            store: "0".into(),
            partition: None,
        };
        JarCookie {
            id,
            host_only: true,
            secure: false,
            http_only: true,
            same_site: SameSite::None,
            expires: None,
            first_seen: None,
            size: 4,
            mark: Some(MarkKey::default().mark(value)),
            token_expires: None,
        }
    }

    #[test]
    fn each_reason_is_told_apart() {
        use Fate::Unsent as No;
        let own = asked("http://app.test/", Kind::Fetch, Some("sid=abc"));
        assert_eq!(fate(&own, &held("sid", "abc")), Fate::Sent);
        assert_eq!(fate(&own, &held("sid", "new")), Fate::Changed);
        assert_eq!(fate(&own, &held("other", "x")), No(Unsent::Unclear));
        let with = |change: &dyn Fn(&mut JarCookie)| {
            let mut cookie = held("other", "x");
            change(&mut cookie);
            fate(&own, &cookie)
        };
        assert_eq!(with(&|it| it.expires = Some(Time(999))), No(Unsent::By(Obstacle::Expired)));
        assert_eq!(with(&|it| it.id.domain = "shop.test".into()), No(Unsent::By(Obstacle::Host)));
        assert_eq!(with(&|it| it.id.path = "/admin".into()), No(Unsent::By(Obstacle::Path)));
        assert_eq!(with(&|it| it.secure = true), No(Unsent::By(Obstacle::Insecure)));
        assert_eq!(with(&|it| it.id.store = "firefox-container-1".into()), No(Unsent::Store));
    }

    #[test]
    fn across_sites() {
        use Fate::Unsent as No;
        let far = asked("http://shop.test/", Kind::Fetch, None);
        let with = |same_site| JarCookie { same_site, ..held("sid", "abc") };
        assert_eq!(fate(&far, &with(SameSite::Strict)), No(Unsent::Strict));
        assert_eq!(fate(&far, &with(SameSite::Lax)), No(Unsent::Lax));
        assert_eq!(fate(&far, &with(SameSite::Unspecified)), No(Unsent::Lax));
        assert_eq!(fate(&far, &with(SameSite::None)), No(Unsent::Mode));
        let mut elsewhere = with(SameSite::None);
        let top_level_site = "https://third.test".to_owned();
        elsewhere.id.partition = Some(Partition { top_level_site, has_cross_site_ancestor: None });
        assert_eq!(fate(&far, &elsewhere), No(Unsent::Partition));
        // A page that is gone to by a link gets its `Lax` cookies.
        let mut page = asked("", Kind::MainFrame, None);
        page.asked.from = From::CrossSite;
        assert_eq!(fate(&page, &with(SameSite::Lax)), No(Unsent::Unclear));
        assert_eq!(fate(&page, &with(SameSite::Strict)), No(Unsent::Strict));
    }

    #[test]
    fn what_cannot_be_seen_is_unknown() {
        let mut hidden = asked("http://app.test/", Kind::Fetch, None);
        hidden.cookies = Known::Unknown;
        assert_eq!(fate(&hidden, &held("sid", "abc")), Fate::Unknown);
    }
}
