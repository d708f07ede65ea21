//! A challenge that nobody can read.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "unreadable_challenge",
    title: "The server asks for a sign-in of no name",
    host: "router.misconfigured.test",
    sets_up: "The server's `WWW-Authenticate` lost its scheme in an update: what is left is a comma.",
    page: "/status",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_misconfig"),
        fix: Some("check_status"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(_: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    if state.mended {
        return Answer::page(200, Shown::In, "Status", &links);
    }
    Answer::page(401, Shown::Out, "401 Unauthorized", &links).header("www-authenticate", ",")
}
