//! One lock-out, from first sight to recovery.
//!
//! ```text
//! Seen        ──► (nothing)    a handshake, or a renewal, that ended well
//!             ──► Open         it did not, in its time
//! Open        ──► Fixing       a fix that takes something was clicked
//!             ──► Checking     one that only loads a page was
//!             ──► Recovered    the site let the person in by itself
//! Fixing      ──► Checking     it is done
//!             ──► Open         it could not be done
//! Checking    ──► Recovered    the site lets the person in
//!             ──► StillLocked  it does not
//!             ──► Open         nothing was seen that would tell, or the tab is gone
//! StillLocked ──► as from Open
//!
//! whatever is not over, but Fixing:
//!             ──► Dismissed    the person says that it is none (taken back: ──► Open)
//!             ──► Lapsed       nobody came back, or the site or the status is not watched any more
//! ```
//!
//! An incident is what is stored, so a field's name is part of the stored schema ([`SCHEMA`]).

mod stored;

use serde::{Deserialize, Serialize};

use crate::cause::CauseId;
use crate::diagnose::{Diagnosis, Verdict};
use crate::exchange::{Exchange, From, Kind, Scope};
use crate::fix::{FixId, Offer};
use crate::http::address::{Address, same_site};
use crate::time::{HOUR, Time};
use crate::words::Line;

/// The version of one incident's stored form, written into each. The database that holds them counts its
/// own (`src/browser/store/schema.rs`).
pub const SCHEMA: u32 = 1;

/// The smallest id of a time: zero-padded hexadecimal, so that the order of ids is the order of time.
#[must_use]
pub fn id_at(at: Time) -> String {
    format!("{:012x}", at.0.max(0))
}

/// How long a removal can be undone.
pub const UNDO_LASTS: i64 = 24 * HOUR;

/// One lock-out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// The version of the stored form.
    pub schema: u32,
    /// Unique and in order of time.
    pub id: String,
    /// The `host[:port]` whose history this belongs to: of the page for what an app asked for, which
    /// may be another than the one that refused.
    pub site: String,
    /// Whose failure it is.
    pub scope: Scope,
    /// In a private window: then nothing of it is on disk.
    pub private: bool,
    /// When it was first seen.
    pub first_seen: Time,
    /// When it was last seen.
    pub last_seen: Time,
    /// How often.
    pub count: u32,
    /// The latest exchange that failed.
    pub exchange: Exchange,
    /// Why, as soon as that is known.
    pub diagnosis: Option<Diagnosis>,
    /// How far it has come.
    pub phase: Phase,
    /// What was tried, oldest first.
    pub attempts: Vec<Attempt>,
    /// What can be put back.
    pub undo: Option<Undo>,
    /// How it ended.
    pub closed: Option<Closed>,
    /// Causes that the person said are not it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<CauseId>,
    /// Whether the same page works in a private window, as the person said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works_privately: Option<bool>,
}

/// How far an incident has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is", try_from = "stored::StoredPhase")]
pub enum Phase {
    /// Provisional: it may still turn out to be a handshake or a renewal that ends well.
    Seen,
    /// Locked out.
    Open,
    /// A fix is under way.
    Fixing {
        /// Which step is next. What a step does can be done again after a crash.
        step: Step,
    },
    /// The fix is done, and the page shows whether it helped.
    Checking {
        /// Has the page been told to load again?
        reloaded: bool,
        /// Does the site now ask for a sign-in?
        at_sign_in: bool,
    },
    /// The fix did not help.
    StillLocked,
    /// The site lets the person in again.
    Recovered,
    /// The person said that it is no lock-out.
    Dismissed,
    /// How it ended was not seen: nobody came back, or the site is not watched any more.
    Lapsed,
}

/// The steps of a fix that removes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Keep what is about to go.
    Snapshot,
    /// Remove it.
    Remove,
}

/// One fix that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "stored::StoredAttempt")]
pub struct Attempt {
    /// Which fix, and what it was to remove.
    #[serde(flatten)]
    pub offer: Offer,
    /// When it was asked for.
    pub at: Time,
    /// The tab in which it is checked.
    pub tab: i32,
    /// When the page was told to load again: what began before says nothing of the fix.
    pub reloaded_at: Option<Time>,
    /// How it went; `None` while it is under way.
    pub outcome: Option<Outcome>,
    /// How many are gone, found by reading again, of how many that were to go.
    pub removed: Option<(u32, u32)>,
}

/// How a fix went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is", try_from = "stored::StoredOutcome")]
pub enum Outcome {
    /// The site lets the person in again.
    Recovered,
    /// It does not.
    StillLocked {
        /// With which status it answered.
        status: u16,
    },
    /// The page loaded, but what failed was not asked for again.
    Unclear,
    /// A test was opened whose result only the person can see.
    Opened,
    /// It could not be done.
    Failed {
        /// Why, as a sentence.
        why: Line,
    },
}

/// What can be put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Undo {
    /// How many cookies are kept.
    pub cookies: u32,
    /// How many entries of a page's own storage are kept.
    #[serde(default)]
    pub items: u32,
    /// Until when.
    pub until: Time,
    /// Has the person asked for it, and is it under way?
    #[serde(default)]
    pub asked: bool,
    /// Why it could not be done when the person last asked; it can be asked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Line>,
    /// After it was used: how it went.
    pub done: Option<Undone>,
}

/// How an undo went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Undone {
    /// Put back, found by reading again.
    pub restored: u32,
    /// Left alone because the site has set a newer one meanwhile.
    pub newer: u32,
    /// Refused by the browser.
    pub refused: u32,
}

/// How an incident ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    /// When.
    pub at: Time,
    /// By which fix; `None`: by itself.
    pub by: Option<FixId>,
}

impl Undo {
    /// What can be put back until a time.
    #[must_use]
    pub fn new(cookies: u32, items: u32, until: Time) -> Self {
        Self { cookies, items, until, asked: false, why: None, done: None }
    }

    /// Was it begun, and not ended?
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.asked && self.done.is_none()
    }

    /// How many things are kept.
    #[must_use]
    pub fn things(&self) -> u32 {
        self.cookies.saturating_add(self.items)
    }
}

impl Incident {
    /// The host that refused, without its port.
    #[must_use]
    pub fn host(&self) -> &str {
        Address::parse(&self.exchange.url).host
    }

    /// A new incident. `id` is unique; ids sort by time.
    #[must_use]
    pub fn new(id: String, exchange: Exchange, phase: Phase) -> Self {
        Self {
            schema: SCHEMA,
            id,
            site: match (exchange.scope(), &exchange.page) {
                (Scope::App, Some(page)) => page.clone(),
                _ => exchange.site.clone(),
            },
            scope: exchange.scope(),
            private: exchange.private,
            first_seen: exchange.at,
            last_seen: exchange.at,
            count: exchange.again.saturating_add(1),
            exchange,
            diagnosis: None,
            phase,
            attempts: Vec::new(),
            undo: None,
            closed: None,
            denied: Vec::new(),
            works_privately: None,
        }
    }

    /// Is `exchange` one more sign of this lock-out?
    #[must_use]
    pub fn folds(&self, exchange: &Exchange) -> bool {
        self.closed.is_none()
            && self.is_near(exchange)
            && self.scope == exchange.scope()
            && self.exchange.signature() == exchange.signature()
    }

    /// Same site, same cookie store, same privacy, whatever the request?
    #[must_use]
    pub fn is_near(&self, exchange: &Exchange) -> bool {
        self.exchange.site == exchange.site
            && self.private == exchange.private
            && self.exchange.store == exchange.store
    }

    /// Is it the very request that failed?
    #[must_use]
    pub fn is_same_request(&self, exchange: &Exchange) -> bool {
        self.exchange.is_same_request(exchange)
    }

    /// The site that the last fix led to, perhaps on another host (`open_corrected_url`).
    #[must_use]
    pub fn corrected_site(&self) -> Option<String> {
        let offer = &self.attempts.last()?.offer;
        let url = offer.url.as_deref().filter(|_| offer.fix == FixId::OpenCorrectedUrl)?;
        Some(Address::parse(url).site())
    }

    /// Is it a page of the site that the last fix led to?
    #[must_use]
    pub fn is_corrected_by(&self, exchange: &Exchange) -> bool {
        exchange.kind == Kind::MainFrame
            && self.private == exchange.private
            && self.exchange.store == exchange.store
            && self.corrected_site().is_some_and(|site| site == exchange.site)
    }

    /// Was this page reached by being sent on from the page that failed?
    #[must_use]
    pub fn led_to(&self, exchange: &Exchange) -> bool {
        exchange.kind == Kind::MainFrame
            && self.private == exchange.private
            && self.exchange.store == exchange.store
            && exchange.hops.iter().any(|hop| hop.url == self.exchange.url)
    }

    /// To try it again, is the page gone to by its address rather than loaded again? Loaded again, a form
    /// is sent once more, and a page that another site led to still counts as that site's request.
    #[must_use]
    pub fn is_gone_to(&self) -> bool {
        let exchange = &self.exchange;
        let is_led_here = || {
            let by = exchange.asked.referer.as_deref().map(Address::host_of);
            let here = Address::parse(&exchange.url).host;
            exchange.asked.from == From::CrossSite || by.is_some_and(|by| !same_site(by, here))
        };
        exchange.kind == Kind::MainFrame && (exchange.method != "GET" || is_led_here())
    }

    /// Is somebody locked out right now, as far as is known?
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.phase, Phase::Open | Phase::StillLocked)
    }

    /// May a fix be asked for? Also while the person could sign in and may have thought better.
    #[must_use]
    pub fn takes_fixes(&self) -> bool {
        self.is_locked() || matches!(self.phase, Phase::Checking { at_sign_in: true, reloaded: true })
    }

    /// Is it shown on the badge and in the popup?
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.scope != Scope::Other && !matches!(self.phase, Phase::Seen | Phase::Dismissed | Phase::Lapsed)
    }

    /// The most likely cause.
    #[must_use]
    pub fn cause(&self) -> CauseId {
        self.verdicts().first().map_or(CauseId::Unknown, |verdict| verdict.cause)
    }

    /// The ranked causes; empty while the diagnosis is still to come.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        self.diagnosis.as_ref().map_or(&[], |diagnosis| &diagnosis.causes)
    }

    /// The offered fixes in order; empty while the diagnosis is still to come.
    #[must_use]
    pub fn offers(&self) -> &[Offer] {
        self.diagnosis.as_ref().map_or(&[], |diagnosis| &diagnosis.offers)
    }

    /// The fixes that were tried and did not help.
    #[must_use]
    pub fn failed_fixes(&self) -> Vec<FixId> {
        self.attempts
            .iter()
            .filter(|attempt| {
                matches!(
                    attempt.outcome,
                    Some(Outcome::StillLocked { .. } | Outcome::Failed { .. } | Outcome::Unclear)
                )
            })
            .map(|attempt| attempt.offer.fix)
            .collect()
    }

    /// Must the background go on with it when it wakes? Either it is not over, or an undo is under way.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.closed.is_none() || self.undo.as_ref().is_some_and(Undo::is_under_way)
    }

    /// Can something be put back at that time?
    #[must_use]
    pub fn can_undo(&self, now: Time) -> bool {
        self.undo.as_ref().is_some_and(|undo| undo.done.is_none() && now < undo.until)
    }

    /// How long the person was locked out, in milliseconds; until now while it lasts.
    #[must_use]
    pub fn lasted(&self, now: Time) -> i64 {
        self.closed.map_or(now, |closed| closed.at).since(self.first_seen).max(0)
    }
}
