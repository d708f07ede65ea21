//! A session that Django signed with the secret of before.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "django_secret_rotated",
    title: "The server has a new SECRET_KEY",
    host: "signed.django.test",
    sets_up: "Django keeps the session in the cookie itself, signed with its SECRET_KEY (signed_cookies), which a \
              deployment made anew. It cannot read the cookie any more, and knows nobody by it. \
              Without one the site signs you in anew (single sign-on).",
    start: Some("/start"),
    page: "/account",
    lapses: true,
    server: Server::Practice(App::Django, Turn::NewSecret),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_key_rotated"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    ..PLAIN
};
