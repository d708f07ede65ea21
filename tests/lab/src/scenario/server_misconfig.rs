//! A refusal with nothing in it: no challenge (RFC 9110, section 15.5.2, wants one) and no page.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "server_misconfig",
    title: "401, and not a word",
    host: "shop.misconfigured.test",
    sets_up: "Since an update the server answers each page with a bare 401: nothing says how to sign \
              in, and there is nothing to read. Only its owner can mend it.",
    page: "/catalogue",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_misconfig"),
        fix: Some("check_status"),
        one_click: false,
    },
    // What browsers show for an answer without a body is their own.
    ends_blank: true,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    match ask.path() {
        "/" | "/catalogue" if state.mended => {
            Answer::page(200, Shown::In, "Catalogue", &control::links(&SCENARIO))
        }
        "/" | "/catalogue" => Answer::new(401, "text/plain", String::new()),
        _ => Answer::missing(),
    }
}
