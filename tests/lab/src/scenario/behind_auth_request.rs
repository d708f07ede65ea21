//! A program at the side says who is in, and nginx says no in its place.

use super::{PLAIN, session_expired};
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "behind_auth_request",
    title: "The doorman does not know the session any more",
    host: "gate.test",
    sets_up: "nginx asks a program at its side about each request (auth_request). It looks at the \
              session cookie first, and at the good \u{201c}remember me\u{201d} cookie only where that \
              is absent; the app behind is never reached.",
    start: Some("/start"),
    page: "/account",
    lapses: true,
    server: Server::Nginx(
        "location = /check { internal; proxy_pass_request_body off; proxy_set_header Content-Length ''; \
           include to_lab; } \
         location = /refused { internal; include to_lab; } \
         location = /start { include to_lab; } \
         location / { auth_request /check; error_page 401 /refused; include to_lab; }",
    ),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_expired"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => session_expired::plant(state, &format!("<p>Your login is planted.</p>{links}")),
        "/check" if session_expired::signed_in(ask, state) => Answer::json(200, "{}"),
        "/check" => Answer::json(401, "{}"),
        // nginx answers with its own 401; this is the page that goes with it.
        "/refused" => Answer::page(200, Shown::Out, "Please sign in", &links),
        "/account" => Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}")),
        _ => Answer::missing(),
    }
}
