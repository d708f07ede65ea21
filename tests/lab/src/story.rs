//! What a practice site is: its story, where it is reached, and what Latchkey should make of it.

use crate::scenario::SCENARIOS;
use crate::{Answer, App, Ask, State, Turn};

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
    /// Causes that a browser shows the same of: where it cannot be told for certain, one of these
    /// may be named first instead.
    pub or: &'static [&'static str],
    /// Browsers that show less, or do otherwise.
    pub differs: &'static [Differs],
    /// Whether the page is opened in a private window; `start` is not.
    pub in_private: bool,
    /// Whether browsers hide it from extensions, so that the person has to ask ("Check this page").
    pub by_check: bool,
    /// Whether it ends on a page that is not the scenario's: the browser's own, or a real server's.
    pub ends_blank: bool,
    /// Answers every request to its hosts.
    pub answer: fn(&Ask, &mut State) -> Answer,
}

/// What to expect in one browser instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differs {
    /// Its name, in small letters.
    pub browser: &'static str,
    /// What Latchkey should make of it there.
    pub expect: Expect,
    /// Why, in one line.
    pub because: &'static str,
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
    /// Apache, which serves these files (in `${site}`) with these lines in its `<VirtualHost>`;
    /// `Include to_lab` leads to the lab. `-f '${site}.lapsed'` and `.mended` tell how far the story is.
    Apache {
        /// The configuration.
        lines: &'static str,
        /// Names and texts: `.htaccess`, pages, programs (`.cgi`).
        files: &'static [(&'static str, &'static str)],
    },
    /// The same with mod_auth_openidc, which signs people in by an OpenID provider that knows them. Its
    /// sessions are over when time has passed.
    Openid {
        /// The configuration, beside what every such site has; see [`crate::Apache`].
        lines: &'static str,
        /// Names and texts.
        files: &'static [(&'static str, &'static str)],
    },
}

/// What a scenario need not say of itself.
pub(crate) const PLAIN: Scenario = Scenario {
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
    or: &[],
    differs: &[],
    in_private: false,
    by_check: false,
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

impl Scenario {
    /// How a browser differs, if it does.
    pub fn differs_in(&self, browser: &str) -> Option<&'static Differs> {
        self.differs.iter().find(|differs| differs.browser == browser)
    }

    /// What Latchkey should make of it in that browser.
    pub fn expect_in(&self, browser: &str) -> Expect {
        self.differs_in(browser).map_or(self.expect, |differs| differs.expect)
    }

    /// Is it the one that stands for its cause in the demo: the first in the table?
    pub fn stands_for_its_cause(&self) -> bool {
        let cause = |one: &Scenario| match one.expect {
            Expect::LockOut { cause, fix: Some(_), .. } => Some(cause),
            _ => None,
        };
        let own = cause(self);
        own.is_some()
            && SCENARIOS.iter().find(|other| cause(other) == own).is_some_and(|one| one.id == self.id)
    }

    /// Every host that it answers for.
    pub fn hosts(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.host].into_iter().chain(self.also.iter().copied())
    }
}
