//! What checks sign-ins asks for one in a way that no browser can read.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_request_unreadable",
    title: "The doorman asks in no known language",
    host: "doorman.test",
    sets_up: "nginx asks a program at its side about each request (auth_request), and passes on what \
              that program wants to know. It names no way to sign in (RFC 9110, section 11.6.1), so the \
              browser has nothing to ask the person.",
    page: "/members",
    server: Server::Nginx(
        "location = /check { internal; proxy_pass_request_body off; proxy_set_header Content-Length ''; \
           include to_lab; } \
         location = /refused { internal; include to_lab; } \
         location / { auth_request /check; error_page 401 /refused; include to_lab; }",
    ),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_misconfig"),
        fix: Some("check_status"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/check" if state.mended => Answer::json(200, "{}"),
        // The mistake: a realm, and no scheme before it.
        "/check" => Answer::json(401, "{}").header("www-authenticate", "\"Members only\""),
        "/refused" => Answer::page(200, Shown::Out, "Members only", &links),
        "/members" => Answer::page(200, Shown::In, "Members", &links),
        _ => Answer::missing(),
    }
}
