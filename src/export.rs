//! What leaves the extension when a person saves it: the history as JSON, or as a recording that
//! `latchkey explain` reads. Made piece by piece, so that a history of any length can be saved.
//!
//! The JSON, version [`VERSION`]:
//!
//! ```json
//! {"format": "latchkey-history", "version": 1, "exported": "2026-06-16T10:00:00Z",
//!  "incidents": [ … as they are stored: see [`crate::incident::Incident`] … ],
//!  "sites": {"app.test": { … what is known of its past: see [`crate::history::SiteRecord`] … }}}
//! ```
//!
//! Records hold no secret. What they hold for a fix to be done exactly (the paths of cookies) is redacted
//! here, and what means nothing elsewhere (tabs, first sights) is left out.

mod har;

use serde_json::{Value, json};

use crate::fix::Offer;
use crate::history::SiteRecord;
use crate::http::cookie::CookieId;
use crate::incident::Incident;
use crate::redact;
use crate::sorted::Map;
use crate::time::Time;

/// The version of the JSON.
pub const VERSION: u32 = 1;

/// The form of what is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The history, for programs.
    Json,
    /// A recording (docs/har.md: "What the extension writes").
    Har,
}

impl Export {
    /// What comes before the incidents.
    #[must_use]
    pub fn head(self, now: Time) -> String {
        match self {
            Self::Json => {
                format!(
                    r#"{{"format":"latchkey-history","version":{VERSION},"exported":"{}","incidents":["#,
                    now.rfc3339()
                )
            }
            Self::Har => format!(
                r#"{{"log":{{"version":"1.2","creator":{{"name":"Latchkey","version":"{}"}},"pages":[],"entries":["#,
                env!("CARGO_PKG_VERSION")
            ),
        }
    }

    /// Incidents; `is_first` are those that nothing stands before.
    #[must_use]
    pub fn incidents(self, incidents: &[Incident], is_first: bool) -> String {
        let each = incidents.iter().map(redacted).map(|incident| {
            match self {
                Self::Json => json!(incident),
                Self::Har => har::entry(&incident),
            }
            .to_string()
        });
        let all: Vec<String> = each.collect();
        let comma = if is_first || all.is_empty() { "" } else { ",\n" };
        format!("{comma}{}", all.join(",\n"))
    }

    /// What comes after them: what is known of their sites' past.
    #[must_use]
    pub fn tail(self, past: &Map<String, SiteRecord>) -> String {
        let past: Map<&String, SiteRecord> =
            past.iter().map(|(site, record)| (site, redacted_record(record))).collect();
        let past = json!(past);
        match self {
            Self::Json => format!("],\"sites\":{past}}}\n"),
            Self::Har => format!("],\"_past\":{past}}}}}\n"),
        }
    }

    /// All at once.
    #[must_use]
    pub fn whole(self, incidents: &[Incident], past: &Map<String, SiteRecord>, now: Time) -> String {
        format!("{}{}{}", self.head(now), self.incidents(incidents, true), self.tail(past))
    }
}

/// The incident as it may leave.
#[must_use]
pub fn redacted(incident: &Incident) -> Incident {
    let mut incident = incident.clone();
    incident.exchange.tab = None;
    for attempt in &mut incident.attempts {
        attempt.tab = NOWHERE;
        redact_offer(&mut attempt.offer);
    }
    if let Some(diagnosis) = &mut incident.diagnosis {
        diagnosis.offers.iter_mut().for_each(redact_offer);
        for verdict in &mut diagnosis.causes {
            verdict.suspects.iter_mut().for_each(redact_cookie);
            verdict.belongs_at = verdict.belongs_at.as_deref().map(redact::url);
        }
    }
    incident
}

/// The number of no tab, as browsers have it.
const NOWHERE: i32 = -1;

fn redact_offer(offer: &mut Offer) {
    offer.cookies.iter_mut().for_each(redact_cookie);
    for url in [&mut offer.url, &mut offer.otherwise] {
        *url = url.as_deref().map(redact::url);
    }
}

fn redact_cookie(cookie: &mut CookieId) {
    cookie.name = redact::short_name(&cookie.name);
    cookie.path = redact::path(&cookie.path);
    cookie.path_mark = None;
    cookie.domain = redact::host(&cookie.domain);
    if let Some(partition) = &mut cookie.partition {
        partition.top_level_site = redact::url(&partition.top_level_site);
    }
}

/// First sights are for this browser alone.
fn redacted_record(record: &SiteRecord) -> SiteRecord {
    SiteRecord { sights: Vec::new(), sign_in: record.sign_in.as_deref().map(redact::url), ..record.clone() }
}

/// The value of a header of which only the name is known.
fn masked() -> Value {
    redact::MASK.into()
}

#[cfg(test)]
mod tests;
