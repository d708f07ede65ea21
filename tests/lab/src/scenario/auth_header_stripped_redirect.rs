//! A redirect to another origin, at which browsers leave `Authorization` behind.

use super::{PLAIN, app};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const BARE: &str = "strip.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_header_stripped_redirect",
    title: "The API moved to www, and the token stayed behind",
    host: "www.strip.test",
    also: &[BARE],
    sets_up: "The app opens at strip.test and calls its API there with a token. The server sends \
              every call on to www.strip.test (307); browsers follow, and leave the token behind \
              (Fetch standard, \u{201c}HTTP-redirect fetch\u{201d}). Opened at www.strip.test, the \
              app works.",
    start: Some("/start"),
    page: "/old",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_stripped_redirect"),
        fix: Some("open_corrected_url"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let there = |host: &str, path: &str| format!("http://{host}:{}{path}", ask.port());
    let is_known = ask.cookie("login").is_some_and(|value| state.remembered.contains(value));
    match (ask.host(), ask.path()) {
        (SCENARIO_HOST, "/start") => Answer::page(200, Shown::Done, "Signed in", &links).cookie(format!(
            "login={}; Domain={BARE}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000",
            state.remember()
        )),
        // An old bookmark.
        (SCENARIO_HOST, "/old") => Answer::see_other(&there(BARE, "/")),
        (_, "/") => app(SCRIPT, &links),
        (_, "/session") if is_known && ask.method() == "POST" => {
            Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR))))
        }
        (BARE, "/api/me") => Answer::new(307, "text/plain", String::new())
            .header("location", there(SCENARIO_HOST, "/api/me"))
            .header("access-control-allow-origin", "*"),
        (SCENARIO_HOST, "/api/me") => api(ask, state)
            .header("access-control-allow-origin", there(BARE, ""))
            .header("access-control-allow-headers", "authorization"),
        _ => Answer::missing(),
    }
}

const SCENARIO_HOST: &str = SCENARIO.host;

fn api(ask: &Ask, state: &State) -> Answer {
    if ask.method() == "OPTIONS" {
        Answer::new(204, "text/plain", String::new())
    } else if state.live.contains(ask.bearer()) {
        Answer::json(200, r#"{"name":"Sam"}"#)
    } else {
        Answer::json(401, r#"{"error":"unauthorized"}"#).header("www-authenticate", "Bearer realm=\"api\"")
    }
}

const SCRIPT: &str = "
    const { access_token } = await (await fetch('/session', { method: 'POST' })).json();
    return await fetch('/api/me', { headers: { Authorization: `Bearer ${access_token}` } });";
