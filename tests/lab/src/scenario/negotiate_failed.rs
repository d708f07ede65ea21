//! A server that takes the sign-in of Windows alone, and a browser that has none to give.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "negotiate_failed",
    title: "Only who is known to Windows gets in",
    host: "sharepoint.negotiate.test",
    sets_up: "The server asks for `Negotiate` (RFC 4559) and nothing else. A browser answers that by \
              itself only on a machine of the company, for addresses that it was told to trust.",
    page: "/",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("negotiate_failed"),
        fix: Some("try_elsewhere"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    match ask.path() {
        "/" => Answer::page(401, Shown::Out, "Access denied", &control::links(&SCENARIO))
            .header("www-authenticate", "Negotiate"),
        _ => Answer::missing(),
    }
}
