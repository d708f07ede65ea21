//! A password typed for one page of a site goes along with every later request to it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "basic_login_in_the_way",
    title: "A password for another page breaks the app",
    host: "status.test",
    sets_up: "The status page asks for a password (sam, open). The browser sends it with every \
              later request to this host (RFC 7617, section 2.2), and the app's API looks at that \
              before it looks at the app's good cookie.",
    start: Some("/status"),
    login: Some(("sam", "open")),
    page: "/app",
    server: Server::Nginx(
        "location = /status { auth_basic 'Status'; auth_basic_user_file passwords; include to_lab; } \
         location / { include to_lab; }",
    ),
    expect: Expect::LockOut {
        status: 403,
        cause: Some("auth_header_collision"),
        fix: Some("forget_http_login"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/status" => Answer::page(200, Shown::Done, "All is well", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in())),
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/api/me" if ask.scheme().is_none() && is_known(ask, state) => Answer::json(200, r#"{"name":"Sam"}"#),
        // The mistake: a header that is not a token ends the matter, although the cookie would do. Not
        // with a 401: Chromium forgets a login that meets one, so that loading again mends the page.
        "/api/me" => Answer::json(403, r#"{"error":"passwords are not accepted here"}"#),
        _ => Answer::missing(),
    }
}

fn is_known(ask: &Ask, state: &State) -> bool {
    ask.cookie("sid").is_some_and(|sid| state.live.contains(sid))
}

const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  fetch('/api/me').then((answer) => {
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  });
</script>";
