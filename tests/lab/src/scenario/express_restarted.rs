//! Sessions in the memory of a server that is started anew.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "express_restarted",
    title: "The server was restarted, and kept its sessions in memory",
    host: "express-memory.test",
    sets_up: "Express keeps sessions in memory unless one chooses otherwise (express-session, MemoryStore). \
              A new release starts it anew: the cookie is good for another 14 days, and the \
              server knows no session of that name. The front page leads to the sign-in, which \
              knows you (single sign-on).",
    start: Some("/memory/start"),
    page: "/memory/account",
    lapses: true,
    server: Server::Practice(App::Express, Turn::Restart),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_revoked"),
        fix: Some("sign_in"),
        one_click: true,
    },
    ..PLAIN
};
