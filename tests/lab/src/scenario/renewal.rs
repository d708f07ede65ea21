//! A token that is renewed silently and well.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "renewal",
    title: "A login that renews itself",
    host: "renewal.test",
    sets_up: "The first call gets a 401, the page renews its token, and the same call then \
              succeeds.",
    start: Some("/start"),
    page: "/app",
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let holds = |name| ask.cookie(name).unwrap_or_default();
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("access={}; HttpOnly; Path=/; SameSite=Lax", crate::state::random()))
            .cookie(format!("refresh={}; HttpOnly; Path=/token; SameSite=Lax", state.remember())),
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/api/me" if state.live.contains(holds("access")) => Answer::json(200, r#"{"name":"Sam"}"#),
        "/api/me" => Answer::json(401, r#"{"error":"token expired"}"#),
        "/token" if state.remembered.contains(holds("refresh")) => Answer::json(200, "{}")
            .cookie(format!("access={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in())),
        "/token" => Answer::json(400, r#"{"error":"invalid_grant"}"#),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "<p>Loading\u{2026}</p>
<script>
  (async () => {
    let answer = await fetch('/api/me');
    if (answer.status === 401 && (await fetch('/token', { method: 'POST' })).ok) {
      answer = await fetch('/api/me');
    }
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
