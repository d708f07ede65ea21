//! The table of scenarios.

use crate::{Answer, App, Ask, State, Turn};

mod api_session_expired;
mod auth_header_collision;
mod auth_header_malformed;
mod bad_credentials;
mod basic_login_in_the_way;
mod bytes;
mod clock_skew;
mod cors_preflight_401;
mod duplicate_cookie;
mod huge_header;
mod missing;
mod much_stored;
mod neighbour;
mod not_logged_in;
mod other;
mod probe;
mod quiet;
mod renewal;
mod session_expired;
mod session_revoked;
mod token_expired;
mod two_at_once;
mod unknown;
mod worker_made_401;

// Over https, and on real servers.
mod express_cookie_secret;
mod express_jwt_secret;
mod express_restarted;
mod host_prefix_refused;
mod proxy_wants_a_login;
mod redirect_to_https;
mod same_site_form_post;
mod secure_cookie_over_http;

/// One practice site: a story that ends in a lock-out, or in none.
///
/// The person visits `start`, if there is one, then `page`; then does what `person` does.
#[derive(Debug)]
pub struct Scenario {
    /// Its name in tests and in the index.
    pub id: &'static str,
    /// The story in one line, for a person.
    pub title: &'static str,
    /// The host it lives on; no two scenarios share one.
    pub host: &'static str,
    /// Further hosts that it answers for; `answer` tells them apart, the state is one.
    pub also: &'static [&'static str],
    /// What `start` plants and what happens then.
    pub sets_up: &'static str,
    /// The path visited first, to plant state.
    pub start: Option<&'static str>,
    /// Name and password, typed at the first visit: the browser keeps a Basic login.
    pub login: Option<(&'static str, &'static str)>,
    /// The path that shows the lock-out, or shows that there is none.
    pub page: &'static str,
    /// What the person does on the loaded page, as the body of a script.
    pub person: Option<&'static str>,
    /// Whether the page works at first, until what is of short life has ended
    /// ([`crate::Lab::expire`]). Otherwise one is locked out at once.
    pub lapses: bool,
    /// Where it is reached.
    pub server: Server,
    /// What Latchkey should make of it.
    pub expect: Expect,
    /// Whether it ends on a page that is not the scenario's: the browser's own, or a real server's.
    pub ends_blank: bool,
    /// Answers every request to its hosts.
    pub answer: fn(&Ask, &mut State) -> Answer,
}

/// The server that browsers talk to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// The lab itself.
    Lab,
    /// The lab at port 80, and by TLS at 443, which addresses need not name. Browsers are told where
    /// on this machine those are; see [`crate::https`].
    LabHttp,
    /// The same, and what the table names is reached by https.
    LabHttps,
    /// The lab, by way of a proxy that asks for a login (sam, open).
    Squid,
    /// A server of its own, and what time does to it; it answers every request to the scenario's host.
    /// Its further hosts are the lab's.
    Practice(App, Turn),
    /// nginx, in front of the lab, with these lines in its `server` block; `include to_lab;` leads
    /// on. It knows every scenario's login, in the file `passwords`.
    Nginx(&'static str),
}

/// What a scenario need not say of itself.
const PLAIN: Scenario = Scenario {
    id: "",
    title: "",
    host: "",
    also: &[],
    sets_up: "",
    start: None,
    login: None,
    page: "/",
    person: None,
    lapses: false,
    server: Server::Lab,
    expect: Expect::Quiet,
    ends_blank: false,
    answer: |_, _| Answer::missing(),
};

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
    session_revoked::SCENARIO,
    token_expired::SCENARIO,
    auth_header_malformed::SCENARIO,
    duplicate_cookie::SCENARIO,
    not_logged_in::SCENARIO,
    bad_credentials::SCENARIO,
    clock_skew::SCENARIO,
    cors_preflight_401::SCENARIO,
    auth_header_collision::SCENARIO,
    basic_login_in_the_way::SCENARIO,
    unknown::SCENARIO,
    much_stored::SCENARIO,
    two_at_once::SCENARIO,
    worker_made_401::SCENARIO,
    probe::SCENARIO,
    renewal::SCENARIO,
    missing::SCENARIO,
    quiet::SCENARIO,
    huge_header::SCENARIO,
    bytes::SCENARIO,
    other::SCENARIO,
    neighbour::SCENARIO,
    // Over https, and on real servers.
    secure_cookie_over_http::SCENARIO,
    host_prefix_refused::SCENARIO,
    same_site_form_post::SCENARIO,
    redirect_to_https::SCENARIO,
    proxy_wants_a_login::SCENARIO,
    express_restarted::SCENARIO,
    express_cookie_secret::SCENARIO,
    express_jwt_secret::SCENARIO,
];

/// The scenario of that id.
pub fn by_id(id: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.id == id)
}

/// The hosts of all scenarios.
pub fn hosts() -> Vec<&'static str> {
    SCENARIOS.iter().flat_map(Scenario::hosts).collect()
}

/// The hosts that are reached by the proxy.
pub fn proxied() -> Vec<&'static str> {
    let all = SCENARIOS.iter().filter(|scenario| scenario.server == Server::Squid);
    all.flat_map(Scenario::hosts).collect()
}

pub(crate) fn by_host(host: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.hosts().any(|own| own == host))
}

impl Scenario {
    /// Every host that it answers for.
    pub fn hosts(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.host].into_iter().chain(self.also.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Hosts tell scenarios apart. Browsers are told to find those under `.test`, and find those under
    /// `.localhost` by themselves.
    #[test]
    fn ids_and_hosts_are_distinct() {
        let ids: HashSet<_> = SCENARIOS.iter().map(|scenario| scenario.id).collect();
        let names: HashSet<_> = hosts().into_iter().collect();
        assert_eq!(ids.len(), SCENARIOS.len());
        assert_eq!(names.len(), hosts().len());
        assert!(names.iter().all(|host| host.ends_with(".test") || host.ends_with(".localhost")));
    }
}
