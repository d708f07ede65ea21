//! An app whose renewal is refused: what it renews with is over.

use super::{PLAIN, app};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "refresh_failed",
    title: "The sign-in can no longer be renewed",
    host: "app.renewed.test",
    sets_up: "At each start the app renews its token by a cookie that is made for that. Its time on \
              the server is over, so the renewal is refused. The front page leads to the sign-in, \
              which knows you (single sign-on).",
    start: Some("/login"),
    page: "/app",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("refresh_failed"),
        fix: Some("sign_in"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.method(), ask.path()) {
        (_, "/") => Answer::see_other("/login"),
        (_, "/login") => Answer::see_other("/app").cookie(format!(
            "refresh_token={}; HttpOnly; Path=/auth; SameSite=Lax; Max-Age=2592000",
            state.sign_in()
        )),
        (_, "/app") => app(SCRIPT, &links),
        ("POST", "/auth/refresh")
            if ask.cookie("refresh_token").is_some_and(|it| state.live.contains(it)) =>
        {
            Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR))))
        }
        ("POST", "/auth/refresh") => Answer::json(401, r#"{"error":"refresh token expired"}"#),
        (_, "/api/me") if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        (_, "/api/me") => Answer::json(401, "{}").header("www-authenticate", "Bearer"),
        _ => Answer::page(404, Shown::Done, "Nothing here", ""),
    }
}

const SCRIPT: &str = "
    const renewal = await fetch('/auth/refresh', { method: 'POST' });
    if (!renewal.ok) return renewal;
    const { access_token } = await renewal.json();
    return await fetch('/api/me', { headers: { Authorization: `Bearer ${access_token}` } });";
