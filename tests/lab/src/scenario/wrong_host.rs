//! Signed in at www, and come back without it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const WWW: &str = "www.twin.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "wrong_host_www",
    title: "The address lacks its www",
    host: "twin.test",
    also: &[WWW],
    sets_up: "The session cookie is for www.twin.test alone (no `Domain`). twin.test answers as well, \
              and knows nobody.",
    start: Some("/start"),
    page: "/account",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("wrong_url_or_host"),
        fix: Some("open_corrected_url"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.host(), ask.path()) {
        (WWW, "/start") => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember())),
        (_, "/start") => Answer::see_other(&format!("http://{WWW}:{}/start", ask.port())),
        (_, "/account") if ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &links)
        }
        (_, "/account") => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}
