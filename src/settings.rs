//! What a person, or their organisation, has chosen. Two layers of the same form, the person's own and
//! the organisation's; where both say something, the organisation's counts.
//!
//! What is read may have been written by an older version, by hand, or by a policy: unknown fields
//! are passed over, and a value of the wrong kind counts as not said.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::STATUSES;
use crate::fix::{FixId, Offer};
use crate::http::address::{Address, normalise};
use crate::sorted::Set;
use crate::time::{DAY, Time};

/// For how many days a lock-out that is over is kept, unless somebody chose.
pub const DAYS: u32 = 90;

/// How many lock-outs are kept, unless somebody chose.
pub const MOST: u32 = 10_000;

/// Ten years: nothing is kept for ever.
const MOST_DAYS: u32 = 3_650;

/// What a history can hold and still be looked through.
const MOST_MOST: u32 = 100_000;

/// No list is longer.
const MOST_SITES: usize = 1_000;

/// No contact is longer.
const MOST_LETTERS: usize = 200;

/// One layer: `None` where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// Sites that are not watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored_sites: Option<Set<String>>,
    /// Statuses that are not watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statuses_off: Option<Set<u16>>,
    /// Are lock-outs behind the person's back told by a notification?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notifications: Option<bool>,
    /// For how many days a lock-out that is over is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// How many lock-outs are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_incidents: Option<u32>,
    /// Sites of which it is said beforehand that a sign-in runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_watch: Option<Set<String>>,
    /// Whom to ask for help. An organisation's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_contact: Option<String>,
    /// Fixes that are not offered. An organisation's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes_off: Option<Set<FixId>>,
}

impl Layer {
    /// Reads a layer. Total.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        let field = |name: &str| value.get(name);
        let number = |name: &str, most: u32| Some(whole(field(name)?)?.clamp(1, i64::from(most)));
        let statuses = |list: &Vec<Value>| {
            let numbers = list.iter().filter_map(whole).filter_map(|number| u16::try_from(number).ok());
            numbers.filter(|status| STATUSES.contains(status)).collect()
        };
        let fixes = |list: &Vec<Value>| {
            list.iter().filter_map(Value::as_str).filter_map(FixId::from_id).collect::<Set<FixId>>()
        };
        Self {
            ignored_sites: field("ignoredSites").and_then(sites),
            statuses_off: field("statusesOff").and_then(Value::as_array).map(statuses),
            notifications: field("notifications").and_then(Value::as_bool),
            retention_days: number("retentionDays", MOST_DAYS).and_then(|days| u32::try_from(days).ok()),
            most_incidents: number("mostIncidents", MOST_MOST).and_then(|most| u32::try_from(most).ok()),
            expiry_watch: field("expiryWatch").and_then(sites),
            support_contact: field("supportContact").and_then(Value::as_str).and_then(contact),
            fixes_off: field("fixesOff").and_then(Value::as_array).map(fixes),
        }
    }
}

/// A whole number, however it was written.
#[allow(clippy::cast_possible_truncation)]
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(|number| number as i64))
}

fn sites(value: &Value) -> Option<Set<String>> {
    let list = value.as_array()?.iter().filter_map(Value::as_str).filter_map(site);
    Some(list.take(MOST_SITES).collect())
}

fn contact(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|letter| !letter.is_control()).take(MOST_LETTERS).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `host[:port]` of what somebody typed or a policy says: a name, an address, `*.example.com`.
#[must_use]
pub fn site(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("*.").trim_end_matches('.');
    let url = if text.contains("://") { normalise(text) } else { normalise(&format!("https://{text}")) };
    let site = Address::parse(&url).site();
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter);
    let host = Address::host_of(&site);
    let is_name = !host.is_empty()
        && site.len() <= 260
        && site.chars().all(is_letter)
        && !host.starts_with(['.', '-'])
        && !host.contains("..");
    is_name.then_some(site)
}

/// Does a list name this site? A name stands for its subdomains and for every port; with a port it
/// stands for that one.
#[must_use]
pub fn names(list: &Set<String>, site: &str) -> bool {
    if list.is_empty() {
        return false;
    }
    let host = Address::host_of(site);
    let port = &site[host.len()..];
    let mut rest = Some(host);
    while let Some(name) = rest {
        if list.contains(name) || (!port.is_empty() && list.contains(&format!("{name}{port}"))) {
            return true;
        }
        rest = name.split_once('.').map(|(_, parent)| parent);
    }
    false
}

/// One thing that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Sites that are not watched.
    Ignored,
    /// Statuses that are not watched.
    Statuses,
    /// Notifications.
    Notifications,
    /// For how long lock-outs are kept.
    Days,
    /// How many.
    Most,
    /// Sites whose sign-in is looked after.
    Expiry,
}

impl Field {
    /// Its name on the page.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ignored => "ignored",
            Self::Statuses => "statuses",
            Self::Notifications => "notifications",
            Self::Days => "days",
            Self::Most => "most",
            Self::Expiry => "expiry",
        }
    }
}

/// A choice, as a page sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// Watch a site, or do not.
    Ignored {
        /// As it was typed.
        site: String,
        /// Is it not watched from now on?
        on: bool,
    },
    /// Watch a status, or do not.
    Status {
        /// Which.
        status: u16,
        /// Is it watched from now on?
        on: bool,
    },
    /// Notifications, or none.
    Notifications {
        /// Are there any?
        on: bool,
    },
    /// For how many days lock-outs are kept.
    Days {
        /// So many.
        days: u32,
    },
    /// How many lock-outs are kept.
    Most {
        /// So many.
        most: u32,
    },
    /// Look after a site's sign-in, or do not.
    Expiry {
        /// As it was typed.
        site: String,
        /// Is it looked after?
        on: bool,
    },
}

impl Change {
    /// What it is about.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Ignored { .. } => Field::Ignored,
            Self::Status { .. } => Field::Statuses,
            Self::Notifications { .. } => Field::Notifications,
            Self::Days { .. } => Field::Days,
            Self::Most { .. } => Field::Most,
            Self::Expiry { .. } => Field::Expiry,
        }
    }
}

/// What counts: the organisation's choices, then the person's, then what is usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    own: Layer,
    managed: Layer,
}

impl Settings {
    /// From what the person's storage and the organisation's policy hold.
    #[must_use]
    pub fn read(own: &Value, managed: &Value) -> Self {
        // Nobody hides fixes from themselves, or is their own help desk.
        let own = Layer { support_contact: None, fixes_off: None, ..Layer::read(own) };
        Self { own, managed: Layer::read(managed) }
    }

    /// The same without what the person has chosen.
    #[must_use]
    pub fn without_own(&self) -> Self {
        Self { own: Layer::default(), managed: self.managed.clone() }
    }

    /// The person's own choices, to be written.
    #[must_use]
    pub fn own(&self) -> &Layer {
        &self.own
    }

    fn of<'a, T>(&'a self, field: impl Fn(&'a Layer) -> &'a Option<T>) -> Option<&'a T> {
        field(&self.managed).as_ref().or_else(|| field(&self.own).as_ref())
    }

    /// Sites that are not watched.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        self.of(|layer| &layer.ignored_sites).into_iter().flatten().map(String::as_str)
    }

    /// Is this site not watched?
    #[must_use]
    pub fn is_ignored(&self, site: &str) -> bool {
        self.of(|layer| &layer.ignored_sites).is_some_and(|list| names(list, site))
    }

    /// Statuses that are not watched.
    pub fn statuses_off(&self) -> impl Iterator<Item = u16> {
        self.of(|layer| &layer.statuses_off).into_iter().flatten().copied()
    }

    /// Is this status watched?
    #[must_use]
    pub fn watches(&self, status: u16) -> bool {
        !self.of(|layer| &layer.statuses_off).is_some_and(|off| off.contains(&status))
    }

    /// Are lock-outs behind the person's back told by a notification?
    #[must_use]
    pub fn notifications(&self) -> bool {
        self.of(|layer| &layer.notifications).copied().unwrap_or(false)
    }

    /// For how many days a lock-out that is over is kept.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.of(|layer| &layer.retention_days).copied().unwrap_or(DAYS)
    }

    /// How many lock-outs are kept.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.of(|layer| &layer.most_incidents).copied().unwrap_or(MOST)
    }

    /// What ended before this is kept no longer.
    #[must_use]
    pub fn kept_since(&self, now: Time) -> Time {
        now.plus(-i64::from(self.days()) * DAY)
    }

    /// Sites whose sign-in is looked after.
    pub fn expiry(&self) -> impl Iterator<Item = &str> {
        self.of(|layer| &layer.expiry_watch).into_iter().flatten().map(String::as_str)
    }

    /// Whom to ask for help.
    #[must_use]
    pub fn support(&self) -> Option<&str> {
        self.managed.support_contact.as_deref()
    }

    /// Fixes that are not offered.
    pub fn fixes_off(&self) -> impl Iterator<Item = FixId> {
        self.managed.fixes_off.iter().flatten().copied()
    }

    /// Takes out what is not to be offered.
    pub fn keep_allowed(&self, offers: &mut Vec<Offer>) {
        if let Some(off) = &self.managed.fixes_off {
            offers.retain(|offer| !off.contains(&offer.fix));
        }
    }

    /// Has the organisation said so, and the person no choice?
    #[must_use]
    pub fn is_fixed(&self, field: Field) -> bool {
        let managed = &self.managed;
        match field {
            Field::Ignored => managed.ignored_sites.is_some(),
            Field::Statuses => managed.statuses_off.is_some(),
            Field::Notifications => managed.notifications.is_some(),
            Field::Days => managed.retention_days.is_some(),
            Field::Most => managed.most_incidents.is_some(),
            Field::Expiry => managed.expiry_watch.is_some(),
        }
    }

    /// Does an organisation say anything at all?
    #[must_use]
    pub fn is_managed(&self) -> bool {
        self.managed != Layer::default()
    }

    /// Makes a change of the person's; or says by a message key why not.
    pub fn change(&mut self, change: &Change) -> Result<(), &'static str> {
        if self.is_fixed(change.field()) {
            return Err("refused_fixed");
        }
        let own = &mut self.own;
        match change {
            Change::Ignored { site, on } => list(&mut own.ignored_sites, site, *on)?,
            Change::Expiry { site, on } => list(&mut own.expiry_watch, site, *on)?,
            Change::Status { status, on } => {
                if !STATUSES.contains(status) {
                    return Err("refused_unreadable");
                }
                let off = own.statuses_off.get_or_insert_default();
                if *on {
                    off.remove(status)
                } else {
                    off.insert(*status)
                };
            }
            Change::Notifications { on } => own.notifications = Some(*on),
            Change::Days { days } => own.retention_days = Some((*days).clamp(1, MOST_DAYS)),
            Change::Most { most } => own.most_incidents = Some((*most).clamp(1, MOST_MOST)),
        }
        Ok(())
    }
}

/// Puts a site on a list, or takes off whatever of the list stands for it.
fn list(list: &mut Option<Set<String>>, text: &str, on: bool) -> Result<(), &'static str> {
    let site = site(text).ok_or("refused_site")?;
    let list = list.get_or_insert_default();
    if !on {
        // The entry itself; where there is none, those that stand for it.
        if !list.remove(&site) {
            list.retain(|entry| !names(&Set::from([entry.clone()]), &site));
        }
    } else if list.len() >= MOST_SITES {
        return Err("refused_many");
    } else {
        list.insert(site);
    }
    Ok(())
}
