//! An app that keeps its token past the token's own end, and never asks for another.

use super::PLAIN;
use crate::token::{HOUR, MINUTE, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "token_expired",
    title: "The app goes on using a token that has run out",
    host: "app.token-expired.test",
    sets_up: "The app keeps its token in the page's storage and asks for a new one only where \
              there is none. The stored one has run out; the login cookie that would get a new \
              one is good.",
    start: Some("/start"),
    page: "/app",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("token_expired"),
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
        // The lab cannot wait: the token has run out by its own dates from the start, and is
        // honoured until time has passed.
        "/start" => {
            let token = state.honour(jwt(-70 * MINUTE, -10 * MINUTE));
            let store = format!("<script>localStorage.access_token = '{token}';</script>{links}");
            let cookie =
                format!("refresh_id={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember());
            Answer::page(200, Shown::Done, "Signed in", &store).cookie(cookie)
        }
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/session" if is_known && ask.method() == "POST" => {
            Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR))))
        }
        "/session" => Answer::json(403, r#"{"error":"sign in first"}"#),
        "/api/me" if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        "/api/me" => Answer::json(401, r#"{"error":"invalid_token"}"#).header(
            "www-authenticate",
            "Bearer realm=\"api\", error=\"invalid_token\", \
             error_description=\"The access token expired\"",
        ),
        _ => Answer::missing(),
    }
}

/// The mistake: what is stored is never renewed.
const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {
    if (!localStorage.access_token) {
      const session = await fetch('/session', { method: 'POST' });
      if (session.ok) localStorage.access_token = (await session.json()).access_token;
    }
    const headers = { Authorization: `Bearer ${localStorage.access_token}` };
    const answer = await fetch('/api/me', { headers });
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
