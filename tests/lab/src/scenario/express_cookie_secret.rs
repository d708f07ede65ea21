//! A session in a signed cookie, and a server with another secret.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "express_cookie_secret",
    title: "The server has a new secret, and reads no old cookie",
    host: "express-cookie.test",
    sets_up: "Express can keep the session in the cookie itself, signed (cookie-session). A new release \
              brought another secret: no signature fits any more. A cookie that it cannot read \
              is an error to this site; without one you are signed in (single sign-on).",
    start: Some("/cookie/start"),
    page: "/cookie/account",
    lapses: true,
    server: Server::Practice(App::Express, Turn::NewSecret),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_key_rotated"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    ..PLAIN
};
