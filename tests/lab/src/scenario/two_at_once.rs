//! One page with two lock-outs that have nothing to do with each other.

use super::PLAIN;
use super::session_expired::{plant, signed_in};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const API: &str = "api.two.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "two_at_once",
    title: "Two lock-outs on one page",
    host: "app.two.test",
    also: &[API],
    sets_up: "First the page asks another host of the site for the news, with a token; that host \
              refuses the browser's question before it (see the API that refuses the question). \
              Then the page asks its own server who is there, and the session there has run out.",
    start: Some("/start"),
    page: "/app",
    lapses: true,
    // Either may be named first, so no play has one cause to look for.
    expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.host(), ask.path()) {
        (API, "/news") => {
            Answer::json(401, r#"{"error":"unauthorized"}"#).header("www-authenticate", "Bearer")
        }
        (API, _) => Answer::missing(),
        (_, "/start") => plant(state, &format!("<p>Your login is planted.</p>{links}")),
        (_, "/app") => Answer::page(200, Shown::Wait, "Your app", &format!("{}{links}", script(ask.port()))),
        (_, "/api/me") if signed_in(ask, state) => Answer::json(200, r#"{"name":"Sam"}"#),
        (_, "/api/me") => Answer::json(401, r#"{"error":"unauthorized"}"#),
        _ => Answer::missing(),
    }
}

fn script(port: u16) -> String {
    format!(
        "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {{
    const headers = {{ Authorization: 'Bearer 7c1f9e2ab4d0' }};
    await fetch('http://{API}:{port}/news', {{ headers }}).catch(() => {{}});
    const answer = await fetch('/api/me');
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  }})();
</script>"
    )
}
