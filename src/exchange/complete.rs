//! Who saw a request, and what a second pair of eyes adds: DevTools show what `webRequest` hides.

use serde::{Deserialize, Serialize};

use super::{Exchange, Kind, Known};
use crate::time::SECOND;

/// Who saw a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SeenBy {
    /// The extension, as the browser made it (`webRequest`).
    #[default]
    Watcher,
    /// The page, which knows what it was answered with, and nothing more.
    Page,
    /// Whoever made a recording.
    Recording,
    /// The extension, and DevTools, which show more of it.
    DevTools,
}

impl SeenBy {
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn is_watcher(&self) -> bool {
        *self == Self::Watcher
    }
}

/// The clocks of `webRequest` and of DevTools may be this far apart for one request.
const APART: i64 = 3 * SECOND;

impl Exchange {
    /// Is `other` a second sight of this very request? A recording names neither window nor container.
    #[must_use]
    pub fn is_seen_again(&self, other: &Exchange) -> bool {
        let is_preflight = |exchange: &Exchange| exchange.kind == Kind::Preflight;
        (self.status, self.tag) == (other.status, other.tag)
            && (&self.method, &self.url) == (&other.method, &other.url)
            && is_preflight(self) == is_preflight(other)
            && self.at.since(other.at).abs() <= APART
    }

    /// Takes over what a second sight of the same request shows and this one does not. `shows_all`:
    /// does that sight show every credential, so that what it lacks was not sent? Says whether
    /// anything was learnt.
    pub fn complete(&mut self, other: Exchange, shows_all: bool) -> bool {
        let before = self.clone();
        learn(&mut self.cookies, other.cookies, shows_all);
        learn(&mut self.authorization, other.authorization, shows_all);
        learn(&mut self.set_cookies, other.set_cookies, shows_all);
        learn(&mut self.challenges, other.challenges, shows_all);
        add(&mut self.signs, other.signs);
        add(&mut self.products, other.products);
        add(&mut self.challenge_oddities, other.challenge_oddities);
        self.told.by_worker |= other.told.by_worker;
        self.asked.by_extension |= other.asked.by_extension;
        self.error = self.error.take().or(other.error);
        let is_more = *self != before;
        if is_more {
            self.seen_by = SeenBy::DevTools;
        }
        is_more
    }
}

fn learn<T>(fact: &mut Known<T>, other: Known<T>, shows_all: bool) {
    let is_news = matches!(other, Known::Present(_)) || (shows_all && other.is_absent());
    if matches!(fact, Known::Unknown) && is_news {
        *fact = other;
    }
}

fn add<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Observation;
    use crate::mark::MarkKey;
    use crate::sign::Sign;
    use crate::time::Time;

    fn seen(hidden: &[&str], request: &[(&str, &str)], body: Option<&str>) -> Exchange {
        let pairs = request.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let observation = Observation {
            at: Time(1_000),
            url: "https://app.test/api".into(),
            method: "GET".into(),
            kind: Kind::Fetch,
            status: 401,
            request_headers: Some(pairs),
            response_headers: Some(Vec::new()),
            hidden: hidden.iter().map(|name| (*name).into()).collect(),
            body: body.map(str::to_owned),
            ..Observation::default()
        };
        observation.into_exchange(&MarkKey::default())
    }

    #[test]
    fn a_hidden_login_becomes_known() {
        let mut exchange = seen(&["authorization"], &[("Cookie", "a=1")], None);
        assert_eq!(exchange.authorization, Known::Unknown);
        let basic = seen(&[], &[("Authorization", "Basic bWU6cHc="), ("Cookie", "a=1")], None);
        assert!(exchange.is_seen_again(&basic));
        assert!(exchange.complete(basic.clone(), true));
        assert_eq!(exchange.authorization.present().map(|sent| sent.scheme.as_str()), Some("basic"));
        assert_eq!(exchange.seen_by, SeenBy::DevTools);
        // Once more tells nothing new.
        assert!(!exchange.complete(basic, true));
    }

    #[test]
    fn what_is_not_there_counts_only_where_all_is_shown() {
        let bare = seen(&[], &[("Cookie", "a=1")], None);
        let mut exchange = seen(&["authorization"], &[("Cookie", "a=1")], None);
        assert!(!exchange.complete(bare.clone(), false));
        assert_eq!((exchange.authorization.clone(), exchange.seen_by), (Known::Unknown, SeenBy::Watcher));
        assert!(exchange.complete(bare, true));
        assert!(exchange.authorization.is_absent());
    }

    #[test]
    fn what_is_known_is_not_overruled() {
        let mut exchange = seen(&[], &[("Authorization", "Bearer abc")], None);
        let other = seen(&[], &[("Authorization", "Basic bWU6cHc=")], None);
        assert!(!exchange.complete(other, true));
        assert_eq!(exchange.authorization.present().map(|sent| sent.scheme.as_str()), Some("bearer"));
    }

    #[test]
    fn the_words_of_an_error_are_read_and_not_kept() {
        let mut exchange = seen(&[], &[], None);
        let other = seen(&[], &[], Some(r#"{"error":"jwt expired","for":"s3cr3t"}"#));
        assert!(exchange.complete(other, false));
        assert!(exchange.says(Sign::TokenExpired), "{:?}", exchange.signs);
        assert!(!serde_json::to_string(&exchange).unwrap().contains("s3cr3t"));
    }

    #[test]
    fn another_request_is_another() {
        let exchange = seen(&[], &[], None);
        let mut later = exchange.clone();
        later.at = Time(5_000);
        assert!(!exchange.is_seen_again(&later));
        let mut other = exchange.clone();
        other.tag += 1;
        assert!(!exchange.is_seen_again(&other));
    }
}
