//! What checks sign-ins is down, so nobody can get in, whatever they send.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_request_broken",
    title: "What checks sign-ins is down",
    host: "doorman.test",
    sets_up: "nginx asks a program at its side before it lets anybody renew a sign-in (auth_request). \
              That program cannot reach its list of people and answers 500, so nginx does. The app \
              cannot renew, and its API says 401.",
    start: Some("/"),
    page: "/app",
    server: Server::Nginx(
        "location = /check { internal; proxy_pass_request_body off; proxy_set_header Content-Length ''; \
           include to_lab; } \
         location /auth/ { auth_request /check; include to_lab; } \
         location / { include to_lab; }",
    ),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_misconfig"),
        fix: Some("check_status"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" => Answer::page(200, Shown::Done, "Welcome", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in())),
        "/app" => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        "/check" if state.mended => Answer::json(200, "{}"),
        "/check" => Answer::json(500, r#"{"error":"ldap: cannot connect"}"#),
        // Reached only past the doorman: the session is good for calls from then on.
        "/auth/refresh" => Answer::json(200, "{}").cookie("fresh=1; HttpOnly; Path=/; SameSite=Lax"),
        "/api/me" if ask.cookie("fresh").is_some() => Answer::json(200, r#"{"name":"Sam"}"#),
        "/api/me" => Answer::json(401, r#"{"error":"renew your session"}"#),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {
    await fetch('/auth/refresh', { method: 'POST' });
    const answer = await fetch('/api/me');
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
