//! An API that asks even the browser's own question who it is.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const API: &str = "api.cors.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "cors_preflight_401",
    title: "The API refuses the question before the request",
    host: "app.cors.test",
    also: &[API],
    sets_up: "The page calls another host with a token. The browser asks that host first whether \
              it may (OPTIONS, which never carries a token), and the host answers that one must \
              sign in.",
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("cors_preflight_401"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    if ask.host() == API {
        return api(ask, state);
    }
    match ask.path() {
        "/app" => {
            let inner = format!("{}{}", script(ask.port()), control::links(&SCENARIO));
            Answer::page(200, Shown::Wait, "Your app", &inner)
        }
        _ => Answer::missing(),
    }
}

fn api(ask: &Ask, state: &State) -> Answer {
    let allowed = |answer: Answer| {
        answer
            .header("access-control-allow-origin", format!("http://{}:{}", SCENARIO.host, ask.port()))
            .header("access-control-allow-headers", "authorization")
    };
    match (ask.method(), ask.path()) {
        ("OPTIONS", "/me") if state.mended => allowed(Answer::new(204, "text/plain", String::new())),
        ("GET", "/me") if state.mended => allowed(Answer::json(200, r#"{"name":"Sam"}"#)),
        (_, "/me") => Answer::json(401, r#"{"error":"unauthorized"}"#).header("www-authenticate", "Bearer"),
        _ => Answer::missing(),
    }
}

fn script(port: u16) -> String {
    format!(
        "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {{
    const headers = {{ Authorization: 'Bearer 7c1f9e2ab4d0' }};
    const answer = await fetch('http://{API}:{port}/me', {{ headers }}).catch(() => ({{ ok: false }}));
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  }})();
</script>"
    )
}
