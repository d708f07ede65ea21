//! From a recording to the lock-outs in it: what the extension would have said live.
//!
//! Requests are taken one by one, so that a recording may be larger than memory: kept are those
//! that were refused, each with the requests around it that may tell why.

mod judge;
mod report;

use std::collections::{HashMap, VecDeque};

pub use report::{Marks, Report, report, text, time_of};

use crate::diagnose::{Diagnosis, diagnose};
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known, Scope};
use crate::har::{Seen, Summary};
use crate::history::Amendment;
use crate::http::address::{Address, registrable};
use crate::http::cookie::{JarCookie, domain_matches};
use crate::incident::{Incident, Phase};
use crate::mark::MarkKey;
use crate::time::{MINUTE, Time};

/// So many requests before and after a refused one are looked at.
const AROUND: usize = 96;

/// So many requests are remembered in case the next one is refused.
const RECENT: usize = 256;

/// After this, in milliseconds, what follows has nothing to do with it.
const BELONGS_WITHIN: i64 = MINUTE;

/// No more refused requests than this are kept apart; further ones of the same kind are counted.
const MOST: usize = 512;

/// Of one site and kind, this many addresses are kept apart.
const MOST_ALIKE: usize = 16;

/// Takes a recording's requests, and says in the end who was locked out.
#[derive(Debug, Default)]
pub struct Explainer {
    key: MarkKey,
    recent: VecDeque<Exchange>,
    candidates: Vec<Candidate>,
    /// Those whose followers are still collected.
    open: Vec<usize>,
    /// What was judged already, live.
    judged: Vec<Incident>,
    /// Where candidates of a site and a kind stand.
    alike: HashMap<(String, String), Vec<usize>>,
}

/// A refused request and what was around it.
#[derive(Debug)]
struct Candidate {
    exchange: Exchange,
    earlier: Vec<Exchange>,
    later: Vec<Exchange>,
    count: u32,
    first_seen: Time,
}

impl Explainer {
    /// Takes the next request of the recording.
    pub fn push(&mut self, seen: Seen) {
        let exchange = match seen {
            Seen::Wire(observation) => observation.into_exchange(&self.key),
            Seen::Facts(exchange) => *exchange,
            Seen::Judged(incident) => return self.judged.push(*incident),
        };
        let candidates = &mut self.candidates;
        self.open.retain(|index| {
            let Some(candidate) = candidates.get_mut(*index) else { return false };
            candidate.follow(&exchange)
        });
        if judge::is_suspicious(&exchange) {
            self.suspect(&exchange);
        }
        self.recent.push_back(exchange);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }

    fn suspect(&mut self, exchange: &Exchange) {
        let key = (exchange.site.clone(), exchange.signature());
        let alike = self.alike.entry(key).or_default();
        let known = alike.iter().copied().find(|index| {
            self.candidates.get(*index).is_some_and(|known| known.exchange.is_same_request(exchange))
        });
        let full = alike.len() >= MOST_ALIKE || self.candidates.len() >= MOST;
        let known = known.or_else(|| alike.first().copied().filter(|_| full));
        if let Some((index, known)) = known.and_then(|index| Some((index, self.candidates.get_mut(index)?))) {
            known.count = known.count.saturating_add(1);
            if known.exchange.is_same_request(exchange) {
                known.happens_again(exchange);
                if !self.open.contains(&index) {
                    self.open.push(index);
                }
            }
            return;
        }
        if full {
            return;
        }
        let near = self.recent.iter().rev().filter(|other| belongs(exchange, other));
        let mut earlier: Vec<Exchange> = near.take(AROUND).cloned().collect();
        earlier.reverse();
        alike.push(self.candidates.len());
        self.open.push(self.candidates.len());
        self.candidates.push(Candidate {
            exchange: exchange.clone(),
            earlier,
            later: Vec::new(),
            count: 1,
            first_seen: exchange.at,
        });
    }

    /// The lock-outs of the recording, the one the person is most likely stuck on first.
    #[must_use]
    pub fn finish(mut self, summary: &Summary) -> Vec<Incident> {
        for candidate in &mut self.candidates {
            candidate.settle(summary.is_sanitised);
        }
        self.candidates.sort_by_key(|candidate| candidate.exchange.at);
        let mut incidents: Vec<Incident> = Vec::new();
        for (index, candidate) in self.candidates.into_iter().enumerate() {
            if !judge::is_lock_out(
                &candidate.exchange,
                &candidate.earlier,
                &candidate.later,
                candidate.count,
                summary,
            ) {
                continue;
            }
            if let Some(known) = incidents.iter_mut().find(|incident| incident.folds(&candidate.exchange)) {
                known.count = known.count.saturating_add(candidate.count);
                known.last_seen = known.last_seen.max(candidate.exchange.at);
                known.first_seen = known.first_seen.min(candidate.first_seen);
                continue;
            }
            let mut incident = Incident::new(index.to_string(), candidate.exchange.clone(), Phase::Open);
            incident.count = candidate.count;
            incident.first_seen = candidate.first_seen;
            incident.diagnosis = Some(candidate.diagnose(summary));
            incidents.push(incident);
        }
        incidents.append(&mut self.judged);
        let scope = |scope: Scope| match scope {
            Scope::Page => 0,
            Scope::App => 1,
            Scope::Other => 2,
        };
        incidents.sort_by_key(|incident| (scope(incident.scope), std::cmp::Reverse(incident.last_seen)));
        incidents
    }
}

/// May the one tell something of the other: the same site or page, a page that was loaded, a
/// renewal?
fn belongs(refused: &Exchange, other: &Exchange) -> bool {
    let site = |host: &str| registrable(Address::host_of(host)).to_owned();
    let near = [Some(&refused.site), refused.page.as_ref()];
    let is_near = near.into_iter().flatten().any(|host| site(host) == site(&other.site));
    let leads_here = other.told.location.as_ref() == Some(&refused.url);
    is_near || leads_here || other.kind == Kind::MainFrame || other.is_renewal() || other.is_turned_away()
}

impl Candidate {
    /// The last time counts: what the person is stuck on. What was before is what led to it.
    fn happens_again(&mut self, exchange: &Exchange) {
        let before = core::mem::replace(&mut self.exchange, exchange.clone());
        self.earlier.push(before);
        self.earlier.append(&mut self.later);
        let surplus = self.earlier.len().saturating_sub(AROUND);
        self.earlier.drain(..surplus);
    }

    /// Takes a request that came after it in the recording; says whether more are wanted.
    fn follow(&mut self, other: &Exchange) -> bool {
        if belongs(&self.exchange, other) {
            self.later.push(other.clone());
        }
        self.later.len() < AROUND && other.at.since(self.exchange.at) <= BELONGS_WITHIN
    }

    /// Puts what was around it in order of time; recordings group by page or by start.
    fn settle(&mut self, is_sanitised: bool) {
        let at = self.exchange.at;
        let follows = core::mem::take(&mut self.later);
        let (late, early): (Vec<_>, Vec<_>) = follows.into_iter().partition(|other| other.at >= at);
        self.earlier.extend(early);
        // What the file has before it and ended after it.
        let (late_too, early): (Vec<_>, Vec<_>) =
            core::mem::take(&mut self.earlier).into_iter().partition(|other| other.at > at);
        self.earlier = early;
        self.later = late.into_iter().chain(late_too).collect();
        self.earlier.sort_by_key(|other| other.at);
        self.later.sort_by_key(|other| other.at);
        if is_sanitised {
            for exchange in self.earlier.iter_mut().chain(&mut self.later).chain([&mut self.exchange]) {
                exchange.hide_credentials();
            }
        }
    }

    fn diagnose(&self, summary: &Summary) -> Diagnosis {
        let exchange = &self.exchange;
        let success = self.earlier.iter().rev().find(|other| {
            other.site == exchange.site
                && other.is_let_in()
                && (other.kind == Kind::MainFrame) == (exchange.kind == Kind::MainFrame)
        });
        // What the recording itself shows comes after what was known before it.
        let mut record = summary.past.get(&exchange.site).cloned().unwrap_or_default();
        if let Some(success) = success {
            record.amend(&Amendment::success(success));
        }
        let past = record.past();
        let address = Address::parse(&exchange.url);
        let near = |cookie: &&JarCookie| {
            let domain = cookie.domain();
            domain_matches(address.host, domain)
                || domain_matches(domain, address.host)
                || registrable(domain) == registrable(address.host)
        };
        let jar: Option<Vec<JarCookie>> =
            summary.jar.as_ref().map(|jar| jar.iter().filter(near).cloned().collect());
        let jar = jar.as_deref().map_or(Known::Unknown, Known::Present);
        // A recording has no clock of its own but its requests'.
        let (earlier, later) = (&self.earlier[..], &self.later[..]);
        diagnose(&Evidence { jar, earlier, later, ..Evidence::of(exchange, &past) }, &[])
    }
}
