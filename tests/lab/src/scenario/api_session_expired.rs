//! The page loads; its own call to its API is what is locked out.

use super::PLAIN;
use super::session_expired::{plant, signed_in};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "api_session_expired",
    title: "The app opens, but its data does not load",
    host: "app-session.test",
    sets_up: "The same two cookies as on the expired session's site; here the page is fine and \
              its script gets the 401.",
    start: Some("/start"),
    page: "/app",
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

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => plant(state, &format!("<p>Your login is planted.</p>{links}")),
        "/expire" if ask.method() == "POST" => {
            state.expire();
            Answer::see_other("/app")
        }
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/api/me" if signed_in(ask, state) => Answer::json(200, r#"{"name":"Sam"}"#),
        "/api/me" => Answer::json(401, r#"{"error":"unauthorized"}"#),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  fetch('/api/me').then((answer) => {
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
  });
</script>";
