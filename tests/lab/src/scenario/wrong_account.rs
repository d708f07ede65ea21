//! Signed in twice, and the address chooses the other one.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "wrong_account",
    title: "Signed in, as somebody else",
    host: "docs.accounts.test",
    sets_up: "You are signed in with two accounts, at work and at home. The address chooses the \
              second one (`/u/1/`), and the document was shared with the first.",
    start: Some("/start"),
    page: "/u/1/document",
    expect: Expect::LockOut {
        status: 403,
        cause: Some("wrong_account"),
        fix: Some("open_private_window"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let is_known = ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid));
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in twice", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember())),
        "/u/0/document" if is_known => Answer::page(200, Shown::In, "The document", &links),
        _ if is_known => Answer::page(403, Shown::Out, "You need access", &links),
        _ => Answer::page(401, Shown::Out, "Please sign in", &links),
    }
}
