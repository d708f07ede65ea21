//! The per-site record: what a site has been through, for the rules and for the next time.

pub mod query;
pub mod summary;

use serde::{Deserialize, Serialize};

use crate::cause::CauseId;
use crate::evidence::{Past, Tally};
use crate::exchange::Exchange;
use crate::fix::FixId;
use crate::http::cookie::{CookieId, JarCookie, Purpose, purpose};
use crate::mark::{Mark, MarkKey};
use crate::time::Time;

/// No more cookies of a site than this are remembered by first sight.
const MOST_SIGHTS: usize = 200;

/// What is kept of a site that has had an incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SiteRecord {
    /// `host[:port]`.
    pub site: String,
    /// When it last let the person in.
    pub last_success: Option<Time>,
    /// The session cookies that were sent then.
    pub then: Vec<(String, Mark)>,
    /// The network address that it answered from then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Mark>,
    /// The site's sign-in page, if it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<String>,
    /// How each fix did.
    pub fixes: Vec<Tally>,
    /// Causes that the person said were not it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<CauseId>,
    /// Causes that the person said are no lock-out here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quiet: Vec<CauseId>,
    /// When each cookie value was first seen.
    pub sights: Vec<Sight>,
}

/// The first sight of a cookie's value. Which cookie it is stands there as a tag: its path and its
/// partition may tell more than is to be kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sight {
    /// Which cookie.
    pub tag: u32,
    /// Which value.
    pub mark: Mark,
    /// When.
    pub at: Time,
}

/// A change to a site's record, as data, so that it can be made in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Amendment {
    /// The site let the person in.
    Success {
        /// When.
        at: Time,
        /// The session cookies that were sent.
        then: Vec<(String, Mark)>,
        /// The network address that answered.
        address: Option<Mark>,
    },
    /// A page was seen that is for signing in.
    SignIn {
        /// Its address; nothing of it was masked.
        url: String,
    },
    /// A fix was checked.
    Fix {
        /// Which.
        fix: FixId,
        /// Did it bring the site back?
        worked: bool,
    },
    /// The person says that a cause is not it, or takes that back.
    Wrong {
        /// Which cause.
        cause: CauseId,
        /// Is it said, or taken back?
        said: bool,
    },
    /// The person says that this is no lock-out here, or takes that back.
    Quiet {
        /// Which cause was named.
        cause: CauseId,
        /// Is it said, or taken back?
        said: bool,
    },
}

impl Amendment {
    /// What a success tells for the next time.
    #[must_use]
    pub fn success(exchange: &Exchange) -> Self {
        let sent = exchange.cookies.present().map_or(&[][..], Vec::as_slice);
        let then = sent
            .iter()
            .filter(|cookie| purpose(&cookie.name) == Purpose::Session)
            .map(|cookie| (cookie.name.clone(), cookie.mark))
            .collect();
        Self::Success { at: exchange.at, then, address: exchange.address }
    }
}

fn tell(causes: &mut Vec<CauseId>, cause: CauseId, said: bool) {
    causes.retain(|known| *known != cause);
    if said {
        causes.push(cause);
    }
}

fn tag(id: &CookieId, key: &MarkKey) -> u32 {
    let partition = id.partition.as_ref().map_or("", |partition| &partition.top_level_site);
    let path = id.path_mark.map_or_else(|| id.path.clone(), |mark| format!("{} {}", id.path, mark.0));
    key.tag(&[&id.name, &id.domain, &path, &id.store, partition])
}

impl SiteRecord {
    /// An empty record.
    #[must_use]
    pub fn new(site: &str) -> Self {
        Self { site: site.to_owned(), ..Self::default() }
    }

    /// Makes a change.
    pub fn amend(&mut self, amendment: &Amendment) {
        match amendment {
            Amendment::Success { at, then, address } => {
                self.address = address.or(self.address);
                self.last_success = self.last_success.max(Some(*at));
                self.then.clone_from(then);
            }
            Amendment::SignIn { url } => self.sign_in = Some(url.clone()),
            Amendment::Wrong { cause, said } => tell(&mut self.wrong, *cause, *said),
            Amendment::Quiet { cause, said } => tell(&mut self.quiet, *cause, *said),
            Amendment::Fix { fix, worked } => {
                let tally = match self.fixes.iter_mut().find(|tally| tally.fix == *fix) {
                    Some(tally) => tally,
                    None => {
                        self.fixes.push(Tally { fix: *fix, worked: 0, failed: 0 });
                        // Just pushed.
                        let Some(tally) = self.fixes.last_mut() else { return };
                        tally
                    }
                };
                let side = if *worked { &mut tally.worked } else { &mut tally.failed };
                *side = side.saturating_add(1);
            }
        }
    }

    /// Fills in when each cookie of a jar was first seen, and remembers the new ones.
    pub fn see(&mut self, jar: &mut [JarCookie], now: Time, key: &MarkKey) {
        // In order, to be found in: a site may keep thousands of cookies.
        let mut known: Vec<(u32, Mark, Time)> =
            self.sights.iter().map(|sight| (sight.tag, sight.mark, sight.at)).collect();
        known.sort_unstable_by_key(|(tag, ..)| *tag);
        let mut renewed = Vec::new();
        for cookie in jar {
            let Some(mark) = cookie.mark else { continue };
            let tag = tag(&cookie.id, key);
            let found = known.binary_search_by_key(&tag, |(tag, ..)| *tag);
            match found.ok().and_then(|at| known.get(at)) {
                Some((_, same, at)) if *same == mark => cookie.first_seen = Some(*at),
                found => {
                    renewed.extend(found.map(|(tag, ..)| *tag));
                    self.sights.push(Sight { tag, mark, at: now });
                }
            }
        }
        let news = self.sights.split_off(known.len());
        renewed.sort_unstable();
        self.sights.retain(|sight| renewed.binary_search(&sight.tag).is_err());
        self.sights.extend(news);
        let surplus = self.sights.len().saturating_sub(MOST_SIGHTS);
        self.sights.drain(..surplus);
    }

    /// The site's last lock-out is no longer kept: nor is what was kept for the next one. What the
    /// person said stays. Is anything left?
    pub fn wane(&mut self) -> bool {
        let (wrong, quiet) = (core::mem::take(&mut self.wrong), core::mem::take(&mut self.quiet));
        *self = Self { wrong, quiet, ..Self::new(&self.site) };
        !(self.wrong.is_empty() && self.quiet.is_empty())
    }

    /// What the rules may know of it.
    #[must_use]
    pub fn past(&self) -> Past {
        Past {
            last_success: self.last_success,
            then: self.then.clone(),
            address: self.address,
            sign_in: self.sign_in.clone(),
            fixes: self.fixes.clone(),
            wrong: self.wrong.clone(),
            quiet: self.quiet.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: MarkKey = MarkKey([3; 16]);

    fn cookie(name: &str, mark: u16) -> JarCookie {
        JarCookie {
            id: CookieId {
                name: name.into(),
                domain: "a.test".into(),
                path: "/".into(),
                path_mark: None,
                store: "0".into(),
                partition: None,
            },
            host_only: true,
            secure: false,
            http_only: true,
            same_site: crate::http::cookie::SameSite::Lax,
            expires: None,
            first_seen: None,
            size: 4,
            mark: Some(Mark(mark)),
            token_expires: None,
        }
    }

    #[test]
    fn a_cookie_ages_until_its_value_changes() {
        let mut record = SiteRecord::new("a.test");
        let mut jar = [cookie("sid", 1)];
        record.see(&mut jar, Time(1_000), &KEY);
        assert_eq!(jar[0].first_seen, None, "seen for the first time: how old it is is unknown");
        record.see(&mut jar, Time(9_000), &KEY);
        assert_eq!(jar[0].first_seen, Some(Time(1_000)));
        let mut renewed = [cookie("sid", 2)];
        record.see(&mut renewed, Time(9_000), &KEY);
        assert_eq!(renewed[0].first_seen, None);
        assert_eq!(record.sights.len(), 1, "the old value is forgotten");
    }

    #[test]
    fn sights_are_bounded() {
        let mut record = SiteRecord::new("a.test");
        let mut jar: Vec<JarCookie> = (0..3_000).map(|n| cookie(&format!("c{n}"), 1)).collect();
        record.see(&mut jar, Time(1), &KEY);
        assert_eq!(record.sights.len(), MOST_SIGHTS);
    }

    #[test]
    fn what_a_person_said_outlasts_the_record() {
        let mut record = SiteRecord::new("a.test");
        record.see(&mut [cookie("sid", 1)], Time(1_000), &KEY);
        record.amend(&Amendment::Success { at: Time(5), then: vec![("sid".into(), Mark(1))], address: None });
        assert!(!record.clone().wane());
        record.amend(&Amendment::Quiet { cause: CauseId::Unknown, said: true });
        assert!(record.wane());
        assert_eq!(record, SiteRecord { quiet: vec![CauseId::Unknown], ..SiteRecord::new("a.test") });
    }

    #[test]
    fn tallies() {
        let mut record = SiteRecord::new("a.test");
        for worked in [true, true, false] {
            record.amend(&Amendment::Fix { fix: FixId::RemoveCookies, worked });
        }
        assert_eq!(record.past().fixes, [Tally { fix: FixId::RemoveCookies, worked: 2, failed: 1 }]);
    }

    #[test]
    fn the_latest_success_counts() {
        let mut record = SiteRecord::new("a.test");
        record.amend(&Amendment::Success { at: Time(5), then: vec![("sid".into(), Mark(1))], address: None });
        record.amend(&Amendment::Success { at: Time(3), then: vec![("sid".into(), Mark(2))], address: None });
        assert_eq!(record.last_success, Some(Time(5)));
    }
}
