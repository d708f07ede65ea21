//! What the list of sites says without reading a single incident: kept beside them, and changed in the
//! same transaction.

use serde::{Deserialize, Serialize};

use crate::cause::CauseId;
use crate::incident::{Incident, Phase};
use crate::sorted::Map;
use crate::time::Time;

/// How an incident ended, in the four ways that a person looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// It has not: somebody is locked out, or has given up.
    Ongoing,
    /// A fix of ours brought the site back.
    Fixed,
    /// The site came back by itself.
    Itself,
    /// The person said that it is no lock-out.
    Dismissed,
    /// Nobody came back to it.
    Lapsed,
}

impl Ending {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Ongoing, Self::Fixed, Self::Itself, Self::Dismissed, Self::Lapsed];

    /// The id in records and pages.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ongoing => "ongoing",
            Self::Fixed => "fixed",
            Self::Itself => "itself",
            Self::Dismissed => "dismissed",
            Self::Lapsed => "lapsed",
        }
    }

    /// The ending of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.id() == id)
    }

    /// How this one ended.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        match incident.closed.map(|closed| closed.by) {
            _ if incident.phase == Phase::Dismissed => Self::Dismissed,
            _ if incident.phase == Phase::Lapsed => Self::Lapsed,
            None => Self::Ongoing,
            Some(None) => Self::Itself,
            Some(Some(_)) => Self::Fixed,
        }
    }
}

/// What a history can be filtered by: the cause and the ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// The most likely cause.
    pub cause: CauseId,
    /// How it ended.
    pub ending: Ending,
}

impl Kind {
    /// The kind of an incident.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        Self { cause: incident.cause(), ending: Ending::of(incident) }
    }

    /// As it stands in a record: `session_expired/fixed`.
    #[must_use]
    pub fn id(self) -> String {
        format!("{}/{}", self.cause.id(), self.ending.id())
    }

    /// The kind of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let (cause, ending) = id.split_once('/')?;
        Some(Self { cause: CauseId::from_id(cause)?, ending: Ending::from_id(ending)? })
    }
}

/// The incidents of a site, summed up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SiteSummary {
    /// `host[:port]`.
    pub site: String,
    /// How many there are.
    pub count: u32,
    /// How many of each kind, by its id.
    pub kinds: Map<String, u32>,
    /// The id of the newest.
    pub latest: String,
    /// When the newest was last seen.
    pub latest_at: Time,
    /// The cause of the newest, by its id.
    pub latest_cause: String,
}

impl SiteSummary {
    /// No incident yet.
    #[must_use]
    pub fn new(site: &str) -> Self {
        Self { site: site.to_owned(), ..Self::default() }
    }

    /// Counts an incident that is written. `before` is the kind of what was there by its id, if there was
    /// something.
    pub fn put(&mut self, incident: &Incident, before: Option<&str>) {
        match before {
            Some(before) => self.less(before),
            None => self.count = self.count.saturating_add(1),
        }
        let of_kind = self.kinds.or_insert_with(Kind::of(incident).id(), || 0);
        *of_kind = of_kind.saturating_add(1);
        if incident.id >= self.latest {
            self.is_led_by(incident);
        }
    }

    /// Counts one less, of this kind. `newest` is the newest that is left.
    pub fn remove(&mut self, kind: &str, newest: &Incident) {
        self.count = self.count.saturating_sub(1);
        self.less(kind);
        self.is_led_by(newest);
    }

    fn is_led_by(&mut self, newest: &Incident) {
        self.latest.clone_from(&newest.id);
        self.latest_at = newest.last_seen;
        self.latest_cause = newest.cause().id().to_owned();
    }

    fn less(&mut self, kind: &str) {
        if let Some(of_kind) = self.kinds.get_mut(kind) {
            *of_kind = of_kind.saturating_sub(1);
        }
        self.kinds.retain(|_, count| *count > 0);
    }

    /// The kinds that there are, with how many of each. What cannot be read is left out.
    pub fn each_kind(&self) -> impl Iterator<Item = (Kind, u32)> {
        self.kinds.iter().filter_map(|(id, count)| Some((Kind::from_id(id)?, *count)))
    }

    /// How many have not ended.
    #[must_use]
    pub fn ongoing(&self) -> u32 {
        let ongoing = self.each_kind().filter(|(kind, _)| kind.ending == Ending::Ongoing);
        ongoing.fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// The cause of the newest.
    #[must_use]
    pub fn last_cause(&self) -> CauseId {
        CauseId::from_id(&self.latest_cause).unwrap_or(CauseId::Unknown)
    }
}

#[cfg(test)]
mod tests;
