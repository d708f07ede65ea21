//! A form that lay open for too long: its guard against forged forms has run out.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "csrf_failed",
    title: "The form lay open for too long",
    host: "forms.guard.test",
    sets_up: "Laravel's habit: each form holds a value that must come back while it is good, else \
              the answer is 419, \u{201c}Page Expired\u{201d}. Let time pass before you send the \
              form. The sign-in itself lasts longer.",
    start: Some("/start"),
    page: "/profile",
    person: Some("await fetch('/__lab/expire'); document.querySelector('form').requestSubmit();"),
    expect: Expect::LockOut {
        status: 419,
        cause: Some("csrf_failed"),
        fix: Some("reload_fresh"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let is_known = ask.cookie("laravel_session").is_some_and(|sid| state.remembered.contains(sid));
    match (ask.method(), ask.path()) {
        (_, "/start") => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("laravel_session={}; HttpOnly; Path=/; SameSite=Lax", state.remember())),
        ("GET", "/profile") if is_known => {
            let form = form(&state.sign_in());
            Answer::page(200, Shown::In, "Your profile", &format!("{form}{links}"))
        }
        ("POST", "/profile") if is_known => {
            if ask.field("_token").is_some_and(|token| state.live.contains(token)) {
                Answer::see_other("/profile")
            } else {
                Answer::page(419, Shown::Out, "Page Expired", &links)
            }
        }
        (_, "/profile") => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}

fn form(token: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/profile\"><input type=\"hidden\" name=\"_token\" value=\"{token}\">
<p><label>Town <input name=\"town\" value=\"Ulm\"></label> <button>Save</button></p></form>"
    )
}
