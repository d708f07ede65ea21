//! Incidents to look at, one for each state.

use crate::cause::CauseId;
use crate::diagnose::{Diagnosis, Verdict};
use crate::exchange::{Kind, Observation};
use crate::fix::{FixId, Offer};
use crate::http::cookie::CookieId;
use crate::incident::{Attempt, Closed, Incident, Outcome, Phase, Undo, Undone};
use crate::mark::MarkKey;
use crate::time::{DAY, HOUR, Time};
use crate::words::Line;

pub(super) const NOW: Time = Time(1_790_000_000_000);

// What the tests start from.

pub(super) fn cookie(name: &str, host: &str, path: &str) -> CookieId {
    CookieId {
        name: name.into(),
        domain: host.into(),
        path: path.into(),
        path_mark: None,
        store: "0".into(),
        partition: None,
    }
}

pub(super) fn removal(cookies: &[CookieId]) -> Offer {
    Offer { cookies: cookies.to_vec(), ..Offer::plain(FixId::RemoveCookies) }
}

pub(super) fn verdict(cause: CauseId, confidence: f64, why: Line) -> Verdict {
    Verdict {
        cause,
        confidence,
        why: vec![why],
        suspects: Vec::new(),
        ruled_out: Vec::new(),
        belongs_at: None,
    }
}

/// A lapsed session at `https://app.test/account`, nothing tried yet.
pub(super) fn open() -> Incident {
    let observation = Observation {
        at: NOW.plus(-HOUR),
        url: "https://app.test/account".into(),
        method: "GET".into(),
        kind: Kind::MainFrame,
        status: 401,
        ..Observation::default()
    };
    let mut incident =
        Incident::new("i1".into(), observation.into_exchange(&MarkKey::default()), Phase::Open);
    let plain = [FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow].map(Offer::plain);
    let mut offers = vec![removal(&[cookie("sid", "app.test", "/")])];
    offers.extend(plain);
    let why = Line::new("why_cookie_sent").text("sid");
    incident.diagnosis =
        Some(Diagnosis { causes: vec![verdict(CauseId::SessionExpired, 0.92, why)], offers });
    incident
}

/// The same, but nothing stands out; the lapsed session is a guess.
pub(super) fn unknown() -> Incident {
    let mut incident = open();
    let diagnosis = incident.diagnosis.as_mut().unwrap();
    diagnosis.causes.insert(0, verdict(CauseId::Unknown, 0.0, Line::new("why_means_401")));
    diagnosis.causes[1].confidence = 0.4;
    diagnosis.offers.remove(0);
    incident
}

/// After the first offer was clicked.
pub(super) fn after(phase: Phase, outcome: Option<Outcome>, removed: Option<(u32, u32)>) -> Incident {
    let mut incident = open();
    incident.phase = phase;
    let offer = incident.offers()[0].clone();
    incident.attempts = vec![Attempt { offer, at: NOW, tab: 7, reloaded_at: None, outcome, removed }];
    incident
}

pub(super) fn checking(reloaded: bool, at_sign_in: bool) -> Incident {
    after(Phase::Checking { reloaded, at_sign_in }, None, Some((1, 1)))
}

pub(super) fn recovered(by: Option<FixId>) -> Incident {
    let mut incident = after(Phase::Recovered, Some(Outcome::Recovered), by.map(|_| (1, 1)));
    incident.closed = Some(Closed { at: NOW, by });
    if by.is_none() {
        incident.attempts.clear();
    }
    incident
}

pub(super) fn still_locked(status: u16) -> Incident {
    let mut incident = after(Phase::StillLocked, Some(Outcome::StillLocked { status }), Some((1, 1)));
    incident.diagnosis.as_mut().unwrap().offers.rotate_left(1);
    incident
}

pub(super) fn undone(done: Option<Undone>) -> Incident {
    let mut incident = still_locked(401);
    incident.undo = Some(Undo { done, ..Undo::new(3, 0, NOW.plus(DAY)) });
    incident
}
