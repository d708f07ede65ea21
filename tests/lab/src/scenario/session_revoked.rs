//! A session that was ended elsewhere, long before its own time.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const MONTH: u32 = 30 * 24 * 60 * 60;

pub(super) const SCENARIO: Scenario = Scenario {
    id: "session_revoked",
    title: "Signed out everywhere, from another device",
    host: "revoked.test",
    sets_up: "The session cookie is good for 30 days and says nothing of itself. Somebody presses \
              \u{201c}sign out everywhere\u{201d} on another device: the server knows the session \
              no more. The front page leads to the sign-in, which knows this person (single \
              sign-on) and leads back with a new session.",
    start: Some("/start"),
    page: "/account",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_revoked"),
        fix: Some("sign_in"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let keep = format!("HttpOnly; Path=/; SameSite=Lax; Max-Age={MONTH}");
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; {keep}", state.sign_in())),
        "/" => Answer::see_other("/login"),
        "/login" => Answer::see_other("/account").cookie(format!("sid={}; {keep}", state.sign_in())),
        "/account" if ask.cookie("sid").is_some_and(|sid| state.live.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}")),
        _ => Answer::missing(),
    }
}
