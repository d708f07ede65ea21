//! A bare 403 that nothing explains, until the server is mended.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "unknown",
    title: "A 403 that nothing explains",
    host: "unknown.test",
    sets_up: "No challenge, no cookie, no words. Once the server is mended, trying again helps.",
    expect: Expect::LockOut { status: 403, cause: None, fix: Some("retry"), one_click: true },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" if state.mended => Answer::page(200, Shown::In, "It works again", &links),
        "/" => Answer::page(403, Shown::Out, "403", &links),
        _ => Answer::missing(),
    }
}
