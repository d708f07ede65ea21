//! A token that was signed with a key which the API no longer knows.

use super::{PLAIN, app};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "token_signature_invalid",
    title: "The API has new keys, the app an old token",
    host: "app.signature.test",
    sets_up: "The makers of the token changed their keys. The app's stored one is good for another \
              hour by its own dates, and nobody can verify it. Where none is stored the app gets a \
              new one by its login cookie.",
    start: Some("/start"),
    page: "/app",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("token_signature_invalid"),
        fix: Some("remove_stored_token"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let is_known = ask.cookie("refresh_id").is_some_and(|value| state.remembered.contains(value));
    match ask.path() {
        "/start" => {
            let token = state.honour(jwt(0, HOUR));
            let store = format!("<script>localStorage.access_token = '{token}';</script>{links}");
            Answer::page(200, Shown::Done, "Signed in", &store).cookie(format!(
                "refresh_id={}; HttpOnly; Path=/session; SameSite=Lax; Max-Age=2592000",
                state.remember()
            ))
        }
        "/app" => app(SCRIPT, &links),
        "/session" if is_known && ask.method() == "POST" => {
            Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR))))
        }
        "/session" => Answer::json(403, r#"{"error":"sign in first"}"#),
        "/api/me" if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        // ASP.NET Core's words.
        "/api/me" => Answer::json(401, r#"{"error":"invalid_token"}"#).header(
            "www-authenticate",
            "Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"",
        ),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "
    if (!localStorage.access_token) {
      const session = await fetch('/session', { method: 'POST' });
      if (session.ok) localStorage.access_token = (await session.json()).access_token;
    }
    const headers = { Authorization: `Bearer ${localStorage.access_token}` };
    return await fetch('/api/me', { headers });";
