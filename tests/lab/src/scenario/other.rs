//! A neighbour: no fix elsewhere may sign you out here.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "other",
    title: "Another site that you are signed in to",
    host: "other.test",
    sets_up: "Nothing is wrong here. It must stay so, whatever is mended elsewhere.",
    start: Some("/start"),
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("login={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=86400", state.remember())),
        "/" if ask.cookie("login").is_some_and(|value| state.remembered.contains(value)) => {
            Answer::page(200, Shown::In, "Signed in", &links)
        }
        "/" => Answer::page(200, Shown::Out, "Signed out", &links),
        _ => Answer::missing(),
    }
}
