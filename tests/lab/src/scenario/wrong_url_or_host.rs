//! A slash too few: the session is good below a path, and the page lies beside it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "wrong_url_or_host",
    title: "A slash is missing from the address",
    host: "portal.slash.test",
    sets_up: "The session cookie is for `/app/` (`Path`, RFC 6265bis, section 5.1.4). The bookmark \
              says `/app`, where browsers do not send it, and the server forwards nobody.",
    start: Some("/start"),
    page: "/app",
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
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/app/; SameSite=Lax; Max-Age=2592000", state.remember())),
        "/app" | "/app/" if ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid)) => {
            Answer::page(200, Shown::In, "The portal", &links)
        }
        "/app" | "/app/" => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}
