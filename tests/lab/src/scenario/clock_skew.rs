//! A token from the server's future: the two clocks are an hour apart.

use std::time::{Duration, SystemTime};

use super::PLAIN;
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "clock_skew",
    title: "Two clocks, an hour apart",
    host: "app.skew.test",
    sets_up: "The app's token counts from now on; by the server's clock that is in an hour. (A \
              practice site cannot set your clock wrong, so it sets its own: from here both look \
              the same.)",
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("clock_skew"),
        fix: Some("fix_clock"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let answer = to(ask, state);
    if state.mended {
        return answer;
    }
    let behind = SystemTime::now() - Duration::from_secs(HOUR.unsigned_abs());
    answer.header("date", httpdate::fmt_http_date(behind))
}

fn to(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/token" => Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR)))),
        "/api/me" if state.mended && state.live.contains(ask.bearer()) => {
            Answer::json(200, r#"{"name":"Sam"}"#)
        }
        "/api/me" => Answer::json(401, r#"{"error":"invalid_token"}"#).header(
            "www-authenticate",
            "Bearer error=\"invalid_token\", error_description=\"The token is not valid yet\"",
        ),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {
    const { access_token } = await (await fetch('/token', { method: 'POST' })).json();
    const answer = await fetch('/api/me', { headers: { Authorization: `Bearer ${access_token}` } });
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
