//! A session cookie that outlives its session and stands in the way of a good login.

use super::PLAIN;
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const MONTH: u32 = 30 * 24 * 60 * 60;

pub(super) const SCENARIO: Scenario = Scenario {
    id: "session_expired",
    title: "The session has run out, its cookie has not",
    host: "session-expired.test",
    sets_up: "An earlier release of the site gave its session cookie 30 days; the server keeps \
              sessions for less. The site looks at that cookie first, and at its good \
              \u{201c}remember me\u{201d} cookie only where the first is absent.",
    start: Some("/start"),
    page: "/account",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_expired"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

/// The same on a host that has others beside it.
pub(super) const AMONG_OTHERS: Scenario = Scenario {
    id: "session_expired_among_others",
    title: "The session has run out, on one of several hosts",
    host: "app.jars.test",
    ..SCENARIO
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => plant(state, &format!("<p>Your login is planted.</p>{links}")),
        "/expire" if ask.method() == "POST" => {
            state.expire();
            Answer::see_other("/account")
        }
        "/account" if signed_in(ask, state) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}")),
        _ => Answer::missing(),
    }
}

/// Gives the browser both cookies. The lab cannot wait for hours: `sid` says from the start that it
/// ran out two hours ago, and the server honours it until it is told that time has passed.
pub(super) fn plant(state: &mut State, inner: &str) -> Answer {
    let keep = format!("HttpOnly; Path=/; SameSite=Lax; Max-Age={MONTH}");
    Answer::page(200, Shown::Done, "Signed in", inner)
        .cookie(format!("sid={}; {keep}", state.honour(jwt(-10 * HOUR, -2 * HOUR))))
        .cookie(format!("remember={}; {keep}", state.remember()))
}

/// The mistake: a dead `sid` ends the matter, although `remember` would do.
pub(super) fn signed_in(ask: &Ask, state: &State) -> bool {
    match ask.cookie("sid") {
        Some(sid) => state.live.contains(sid),
        None => ask.cookie("remember").is_some_and(|value| state.remembered.contains(value)),
    }
}
