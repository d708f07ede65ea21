//! The table of scenarios.

use crate::{Answer, Ask, State};

mod api_session_expired;
mod bytes;
mod duplicate_cookie;
mod huge_header;
mod missing;
mod not_logged_in;
mod other;
mod probe;
mod quiet;
mod renewal;
mod session_expired;
mod unknown;

/// One practice site: a story that ends in a lock-out, or in none.
#[derive(Debug)]
pub struct Scenario {
    /// Its name in tests and in the index.
    pub id: &'static str,
    /// The story in one line, for a person.
    pub title: &'static str,
    /// The host it lives on; no two scenarios share one.
    pub host: &'static str,
    /// What `start` plants and what happens then.
    pub sets_up: &'static str,
    /// The path visited first, to plant state.
    pub start: Option<&'static str>,
    /// The path that shows the lock-out, or shows that there is none.
    pub page: &'static str,
    /// What Latchkey should make of it.
    pub expect: Expect,
    /// Answers every request to the host.
    pub answer: fn(&Ask, &mut State) -> Answer,
}

/// What Latchkey should make of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// No incident at all.
    Quiet,
    /// An incident.
    LockOut {
        /// The status of the request that counts.
        status: u16,
        /// The id of the first cause; none where nothing is there to tell it.
        cause: Option<&'static str>,
        /// The id of the first fix; none where any will do.
        fix: Option<&'static str>,
        /// Whether one click on that fix brings one back (the server being mended, if the
        /// scenario says so).
        one_click: bool,
    },
}

/// Every scenario there is.
pub static SCENARIOS: &[Scenario] = &[
    session_expired::SCENARIO,
    api_session_expired::SCENARIO,
    duplicate_cookie::SCENARIO,
    not_logged_in::SCENARIO,
    unknown::SCENARIO,
    probe::SCENARIO,
    renewal::SCENARIO,
    missing::SCENARIO,
    quiet::SCENARIO,
    huge_header::SCENARIO,
    bytes::SCENARIO,
    other::SCENARIO,
];

/// The scenario of that id.
pub fn by_id(id: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.id == id)
}

/// The hosts of all scenarios.
pub fn hosts() -> Vec<&'static str> {
    SCENARIOS.iter().map(|scenario| scenario.host).collect()
}

pub(crate) fn by_host(host: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.host == host)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Hosts tell scenarios apart, and browsers are told to find only those under `.test`.
    #[test]
    fn ids_and_hosts_are_distinct() {
        let ids: HashSet<_> = SCENARIOS.iter().map(|scenario| scenario.id).collect();
        let names: HashSet<_> = hosts().into_iter().collect();
        assert_eq!(ids.len(), SCENARIOS.len());
        assert_eq!(names.len(), SCENARIOS.len());
        assert!(names.iter().all(|host| host.ends_with(".test")));
    }
}
