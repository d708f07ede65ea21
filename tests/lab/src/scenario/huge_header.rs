//! A challenge of 200 KB: the browsers pass it on, so the parser must bear it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State};

/// Below the limits of both browsers (256 KB and 384 KB for all headers).
const SIZE: usize = 200 * 1024;

pub(super) const SCENARIO: Scenario = Scenario {
    id: "huge_header",
    title: "A challenge of 200 KB",
    host: "huge-header.test",
    sets_up: "A Bearer challenge whose realm never seems to end.",
    expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false },
    answer,
    ..PLAIN
};

fn answer(_: &Ask, _: &mut State) -> Answer {
    let head = "Bearer realm=\"";
    let value = format!("{head}{}\"", "x".repeat(SIZE - head.len() - 1));
    Answer::page(401, Shown::Out, "Please sign in", "").header("www-authenticate", value)
}
