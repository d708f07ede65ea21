//! An app that stored the word `undefined` where a token should be.

use super::PLAIN;
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_header_malformed",
    title: "The app sends the word \u{201c}undefined\u{201d}",
    host: "app.malformed.test",
    sets_up: "The server no longer answers a sign-in with a token; the app stores what is not \
              there, as text, and sends that ever after. Where nothing is stored it would get a \
              good token by its login cookie.",
    start: Some("/start"),
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_malformed"),
        fix: Some("remove_stored_token"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let is_known = ask.cookie("login").is_some_and(|value| state.remembered.contains(value));
    match ask.path() {
        "/start" => Answer::page(200, Shown::Wait, "Signing in", &format!("{SIGN_IN}{links}")),
        "/login" => Answer::json(200, r#"{"user":"sam"}"#)
            .cookie(format!("login={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember())),
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/session" if is_known && ask.method() == "POST" => {
            Answer::json(200, &format!(r#"{{"token":"{}"}}"#, state.honour(jwt(0, HOUR))))
        }
        "/session" => Answer::json(403, r#"{"error":"sign in first"}"#),
        "/api/me" if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        "/api/me" => Answer::json(401, r#"{"error":"invalid_request"}"#)
            .header("www-authenticate", "Bearer error=\"invalid_request\""),
        _ => Answer::missing(),
    }
}

/// The mistake: an answer without a token is stored all the same.
const SIGN_IN: &str = "<p>Welcome.</p>
<script>
  (async () => {
    const answer = await (await fetch('/login', { method: 'POST' })).json();
    localStorage.token = String(answer.token);
    document.body.dataset.lab = 'done';
  })();
</script>";

const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {
    let token = localStorage.token;
    if (!token) token = (await (await fetch('/session', { method: 'POST' })).json()).token;
    const answer = await fetch('/api/me', { headers: { Authorization: `Bearer ${token}` } });
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
