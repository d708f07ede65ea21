//! An app that asks its API on another host without the cookies that go there.

use super::{PLAIN, app};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const API: &str = "api.omitted.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "credentials_mode_missing",
    title: "The app forgets to take the cookies along",
    host: "www.omitted.test",
    also: &[API],
    sets_up: "The session cookie is for all of omitted.test, and the API takes it. But `fetch` sends \
              cookies to another host only where it is told to (`credentials: 'include'`), and this \
              app does not tell it.",
    start: Some("/start"),
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("credentials_mode_missing"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let is_known = ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid));
    match (ask.host(), ask.path()) {
        (API, "/me") => {
            let answer = if is_known {
                Answer::json(200, r#"{"name":"Sam"}"#)
            } else {
                Answer::json(401, r#"{"error":"unauthorized"}"#)
            };
            answer
                .header("access-control-allow-origin", format!("http://{}:{}", SCENARIO.host, ask.port()))
                .header("access-control-allow-credentials", "true")
        }
        (API, _) => Answer::missing(),
        (_, "/start") => Answer::page(200, Shown::Done, "Signed in", &links).cookie(format!(
            "sid={}; Domain=omitted.test; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000",
            state.remember()
        )),
        (_, "/app") => app(&script(ask.port()), &links),
        _ => Answer::missing(),
    }
}

/// Two parts of the app ask who is there.
fn script(port: u16) -> String {
    format!(
        "
    const head = await fetch('http://{API}:{port}/me');
    const side = await fetch('http://{API}:{port}/me');
    return head.ok ? side : head;"
    )
}
