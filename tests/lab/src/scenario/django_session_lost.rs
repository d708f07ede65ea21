//! An app whose session is gone, and an API that says so with a 403.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "django_session_lost",
    title: "The sessions are gone, and the API says 403",
    host: "api.django.test",
    sets_up: "The app calls an API of Django REST framework by its session, which the server kept in memory. It \
              is started anew: the cookie stands for nobody. Without a challenge to send, the \
              framework answers 403 where others say 401, and Django takes the cookie back. \
              The front page leads to the sign-in, which knows you (single sign-on).",
    start: Some("/start"),
    page: "/app",
    lapses: true,
    server: Server::Practice(App::Django, Turn::Restart),
    expect: Expect::LockOut {
        status: 403,
        cause: Some("session_expired"),
        fix: Some("sign_in"),
        one_click: true,
    },
    ..PLAIN
};
