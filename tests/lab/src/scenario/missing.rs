//! A 404: nothing to do with who you are.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, State};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "missing",
    title: "A page that is not there",
    host: "missing.test",
    sets_up: "Every address is answered 404.",
    page: "/gone",
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

fn answer(_: &Ask, _: &mut State) -> Answer {
    Answer::missing()
}
