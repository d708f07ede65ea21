//! A password on the whole site, and an app behind it that needs the same header for itself.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_header_collision",
    title: "The password in front of the site stands in the app's way",
    host: "wall.test",
    sets_up: "nginx asks for a password (sam, open) before anything of this site. The app's own \
              calls carry the app's token in the same header, so nginx sees no password in them.",
    start: Some("/"),
    login: Some(("sam", "open")),
    page: "/app",
    server: Server::Nginx(
        "auth_basic 'Not yet public'; auth_basic_user_file passwords; location / { include to_lab; }",
    ),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_collision"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" => Answer::page(200, Shown::Done, "Welcome", &links),
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        // What is never reached: the wall refuses it.
        "/api/me" => Answer::json(200, r#"{"name":"Sam"}"#),
        _ => Answer::missing(),
    }
}

/// Calls that bring a token leave the browser's own credentials out (`omit`), as many clients of token
/// APIs do. Without that word Firefox does the same; Chromium asks the person for a password at each
/// call, in vain, and forgets the one that opened the wall.
const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {
    const headers = { Authorization: 'Bearer 7c1f9e2ab4d0' };
    const answer = await fetch('/api/me', { headers, credentials: 'omit' });
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
