//! What the extension does about it: `step(state, event, now) -> effects`.
//!
//! No clock, no browser, no I/O: effects are values that `browser/` carries out, and what they
//! find comes back as events. The state is a cache of what is on disk; whenever the background is
//! killed, [`Event::Woken`] picks up from there.

mod choices;
mod deleting;
mod fixing;
mod routine;
mod said;
mod state;
mod tabs;
#[cfg(test)]
mod tests;
mod watching;

pub use routine::{Routine, is_old};
pub use state::{State, Watch};

use crate::evidence::Past;
use crate::exchange::{Exchange, Known};
use crate::fix::{FixId, Offer};
use crate::history::Amendment;
use crate::http::cookie::JarCookie;
use crate::incident::Undone;
use crate::message::{Deletion, Request};
use crate::settings::Settings;
use crate::sorted::Set;
use crate::stored::StoredItem;
use crate::time::Time;
use crate::words::Line;

/// Something happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The background is awake; the state is what was on disk.
    Woken,
    /// A request ended.
    Exchange(Box<Exchange>),
    /// A tab has finished loading (also an error page).
    TabComplete {
        /// The tab.
        tab: i32,
        /// `host[:port]` of what it shows, empty for a page of the browser; `None` where that
        /// cannot be seen.
        site: Option<String>,
    },
    /// A tab is gone.
    TabRemoved(i32),
    /// The time that [`Effect::Settle`] gave is over.
    Settled(String),
    /// What was asked for by [`Effect::Gather`].
    Gathered {
        /// The incident.
        incident: String,
        /// The site's cookies, unless the browser would not show them.
        jar: Known<Vec<JarCookie>>,
        /// The stored entries that hold the failing credential, unless the page's storage could
        /// not be looked at.
        stored: Known<Vec<StoredItem>>,
        /// The site's past.
        past: Past,
    },
    /// What the page in a tab that is being checked was answered with, as the page itself knows;
    /// `None` where it cannot be asked.
    Answered(i32, Option<Box<Exchange>>),
    /// A page that stood open before this session of the extension began, as that page knows.
    Found(Box<Exchange>),
    /// DevTools, open on a tab, show a request that was refused: redacted like any other.
    Recorded {
        /// The tab.
        tab: i32,
        /// The request, as they saw it.
        exchange: Box<Exchange>,
        /// Do they show every credential, so that what is not there was not sent?
        shows_all: bool,
    },
    /// A page asks for something.
    Asked(Request),
    /// What is about to go is kept; or it could not be.
    Snapshotted(String, Result<Kept, Line>),
    /// It was removed, found by reading again: gone, of how many; or it could not be.
    Removed(String, Result<(u32, u32), Line>),
    /// The page was told to load again, at this time, or could not be.
    Reloaded(String, Result<Time, Line>),
    /// The private window was opened, or could not be.
    Opened(String, Result<(), Line>),
    /// What was kept is put back, or could not be.
    Restored(String, Result<Undone, Line>),
    /// What was to go is gone; these sites still have a record.
    Deleted(Set<String>),
    /// The browser was started anew: so much of what was kept for an incident outlasts that.
    Outlasted(String, Kept),
    /// The settings on disk, or the organisation's, are other ones now.
    Configured(Box<Settings>),
    /// What is too old is gone from disk; these sites still have a record.
    Retained(Set<String>),
    /// The cookies of the sites whose sign-in is looked after.
    Ahead(Vec<(String, Vec<JarCookie>)>),
}

/// What was put aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Cookies.
    pub cookies: u32,
    /// Entries of a page's own storage.
    pub items: u32,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Write the incident as it is when this is carried out. Private ones stay in memory.
    Save(String),
    /// Remove the incident's record: it was none.
    Forget(String),
    /// Remove these records for good, and these incidents that may be in memory; answered by
    /// [`Event::Deleted`].
    Delete(Deletion, Vec<String>),
    /// Write which tab shows which incidents.
    SaveTabs,
    /// Write which hosts the watcher must look at.
    SaveWatch,
    /// Change the record of a site that has one, or will have.
    Amend {
        /// `host[:port]`.
        site: String,
        /// The change.
        change: Amendment,
    },
    /// Read the jar and the site's record; answered by [`Event::Gathered`].
    Gather(String),
    /// Answer with [`Event::Settled`] after so many milliseconds.
    Settle(String, u32),
    /// Show, or take away, the mark on the toolbar button of a tab.
    Badge {
        /// The tab.
        tab: i32,
        /// Is somebody locked out there?
        locked: bool,
    },
    /// Be woken again soon, in case the background dies before the work is done.
    KeepAwake(bool),
    /// Keep what this offer would take, encrypted; answered by [`Event::Snapshotted`].
    Snapshot(String, Box<Offer>),
    /// Take it; answered by [`Event::Removed`].
    Remove {
        /// The incident.
        incident: String,
        /// What is to go.
        offer: Box<Offer>,
        /// Was it begun before, and cut off? Then what must come back is put back first.
        again: bool,
    },
    /// Put back what was kept; answered by [`Event::Restored`].
    Restore {
        /// The incident.
        incident: String,
        /// Was it begun before, and cut off?
        again: bool,
    },
    /// Drop what could be put back.
    DropUndo(String),
    /// Drop what could be put back and has run out of time.
    Purge,
    /// Load the tab again; answered by [`Event::Reloaded`].
    Reload {
        /// The incident.
        incident: String,
        /// The tab.
        tab: i32,
        /// Past the HTTP cache?
        fresh: bool,
    },
    /// Go to an address in the tab; answered by [`Event::Reloaded`].
    GoTo {
        /// The incident.
        incident: String,
        /// The tab.
        tab: i32,
        /// The address.
        url: String,
    },
    /// Go to where the site sets a new password: the link that the tab's page has for it, or this
    /// address; answered by [`Event::Reloaded`].
    GoToReset {
        /// The incident.
        incident: String,
        /// The tab.
        tab: i32,
        /// Where to go when the page has no such link.
        otherwise: String,
    },
    /// Load a tab again, for a person who wants it checked.
    Look(i32),
    /// Ask the page in a tab what it was answered with; answered by [`Event::Answered`].
    Ask(i32),
    /// Open the tab's page in a private window; answered by [`Event::Opened`].
    OpenPrivate {
        /// The incident.
        incident: String,
        /// The tab.
        tab: i32,
    },
    /// Answer the page that asked with the cookies held for an incident's request.
    ShowJar(String),
    /// Write the person's settings.
    SaveSettings,
    /// Write when the daily round was made, and what was looked after.
    SaveRoutine,
    /// Delete what ended before a time, and what is too much, but never these; answered by
    /// [`Event::Retained`].
    Retain {
        /// What ended before this goes.
        before: Time,
        /// So many stay.
        most: u32,
        /// What is not over.
        open: Vec<String>,
    },
    /// Read the cookies of these sites; answered by [`Event::Ahead`].
    LookAhead(Vec<String>),
    /// Wake up at this time for the sign-ins that run out, or not at all.
    Ring(Option<Time>),
    /// Tell the person of a lock-out, unless they are looking at it.
    Notify(String),
    /// Tell the person that a sign-in runs out.
    Warn {
        /// Of which site.
        site: String,
        /// When.
        at: Time,
    },
    /// Delete everything that was ever written.
    Erase,
    /// Answer the page that asked: it is not done, and why (a message key).
    Refuse(&'static str),
}

/// One step: what `event` means in `state`, and what is to be done about it.
pub fn step(state: &mut State, event: Event, now: Time) -> Vec<Effect> {
    match event {
        Event::Woken => state.wake(now),
        Event::Exchange(exchange) => state.watch(*exchange, now),
        Event::TabComplete { tab, site } => state.tab_complete(tab, site.as_deref()),
        Event::TabRemoved(tab) => state.tab_removed(tab),
        Event::Settled(id) => state.settled(&id, now),
        Event::Gathered { incident, jar, stored, past } => {
            state.gathered(&incident, &jar, &stored, &past, now)
        }
        Event::Answered(tab, exchange) => state.answered(tab, exchange.map(|exchange| *exchange), now),
        Event::Found(exchange) => state.found(&exchange),
        Event::Recorded { tab, exchange, shows_all } => state.recorded(tab, *exchange, shows_all),
        Event::Asked(request) => asked(state, request, now),
        Event::Configured(settings) => state.configured(*settings, now),
        Event::Retained(sites) => state.retained(sites),
        Event::Ahead(jars) => state.ahead(&jars, now),
        Event::Snapshotted(id, kept) => state.snapshotted(&id, kept, now),
        Event::Removed(id, done) => state.removed(&id, done),
        Event::Reloaded(id, done) => state.reloaded(&id, done),
        Event::Opened(id, done) => state.opened(&id, done),
        Event::Restored(id, done) => state.restored(&id, done),
        Event::Deleted(recorded) => state.deleted(recorded),
        Event::Outlasted(id, kept) => state.outlasted(&id, kept),
    }
}

/// What a page asks for. Not inlined: a browser compiles a function whole when it is first called, and a refusal is
/// written down without any of this.
#[inline(never)]
fn asked(state: &mut State, request: Request, now: Time) -> Vec<Effect> {
    match request {
        Request::Fix { incident, fix, tab, removes } => state.fix(&incident, fix, tab, removes, now),
        Request::Undo { incident } => state.undo(&incident, now),
        Request::Check { tab } => state.check(tab),
        Request::Wrong { incident, cause, said } => state.wrong(&incident, cause, said),
        Request::Quiet { incident, said } => state.quiet(&incident, said, now),
        Request::Private { incident, works } => state.private(&incident, works),
        Request::Jar { incident } => match state.incident(&incident) {
            Some(_) => vec![Effect::ShowJar(incident)],
            None => vec![Effect::Refuse("refused_gone")],
        },
        Request::Delete { what } => state.delete(&what),
        Request::Wake => state.round(now),
        Request::Set { change } => state.choose(&change, now),
        Request::Erase => state.erase(),
    }
}

/// How a tab is loaded for the check of a fix.
fn load(incident: &str, tab: i32, offer: &Offer) -> Effect {
    let incident = incident.to_owned();
    match &offer.url {
        Some(url) if offer.fix == FixId::ResetPassword => {
            Effect::GoToReset { incident, tab, otherwise: url.clone() }
        }
        Some(url) => Effect::GoTo { incident, tab, url: url.clone() },
        None => Effect::Reload { incident, tab, fresh: offer.fix == FixId::ReloadFresh },
    }
}
