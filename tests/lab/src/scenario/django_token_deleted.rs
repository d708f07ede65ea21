//! A token of Django REST framework that was deleted.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "django_token_deleted",
    title: "The token was deleted on the server",
    host: "token.django.test",
    sets_up: "The app keeps a token of Django REST framework (\u{201c}Authorization: Token\u{2026}\u{201d}), which has \
              no end of its own. Somebody signs out everywhere, which deletes it on the server. The \
              app asks for another only where it has none.",
    start: Some("/token/start"),
    page: "/token/app",
    lapses: true,
    server: Server::Practice(App::Django, Turn::Restart),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_revoked"),
        fix: Some("remove_stored_token"),
        one_click: true,
    },
    ..PLAIN
};
