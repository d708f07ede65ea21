//! Signed in, but in the ordinary window: a private one has a jar of its own.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "no_session_in_this_context",
    title: "Signed in, in the other window",
    host: "desk.apart.test",
    sets_up: "You are signed in in an ordinary window. Open the page in a private window: that one \
              has no cookies of yours. (Latchkey must be allowed there.)",
    start: Some("/start"),
    page: "/account",
    in_private: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("no_session_in_this_context"),
        fix: Some("sign_in"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember())),
        "/" => Answer::page(200, Shown::Done, "Sign in", &links),
        "/account" if ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &links)
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}
