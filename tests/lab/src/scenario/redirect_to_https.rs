//! An app that is still opened by http, whose calls are sent on to https.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "redirect_to_https",
    title: "The API moved to https, and the token stays behind",
    host: "moved.test",
    sets_up: "The site moved to https; its server sends the API's calls there (308) and goes on to \
              answer the app's page by http. Another scheme is another origin: browsers follow, and \
              leave the token behind (Fetch standard, \u{201c}HTTP-redirect fetch\u{201d}).",
    start: Some("/start"),
    page: "/",
    server: Server::LabHttp,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_stripped_redirect"),
        fix: Some("open_corrected_url"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.method(), ask.path()) {
        (_, "/start") => Answer::page(200, Shown::Done, "Welcome", &links),
        (_, "/") => Answer::page(200, Shown::Wait, "Your app", &format!("{SCRIPT}{links}")),
        (_, "/api/me") if !ask.is_https() => {
            let to = format!("https://{}/api/me", SCENARIO.host);
            Answer::new(308, "text/plain", String::new()).header("location", to)
        }
        ("OPTIONS", "/api/me") => allowed(Answer::new(204, "text/plain", String::new())),
        (_, "/api/me") if ask.bearer() == "7c1f9e2ab4d0" => allowed(Answer::json(200, r#"{"name":"Sam"}"#)),
        (_, "/api/me") => allowed(
            Answer::json(401, r#"{"error":"unauthorized"}"#)
                .header("www-authenticate", "Bearer realm=\"api\""),
        ),
        _ => Answer::missing(),
    }
}

/// An open API: any page may ask, if it has a token.
fn allowed(answer: Answer) -> Answer {
    answer.header("access-control-allow-origin", "*").header("access-control-allow-headers", "authorization")
}

/// Once more after a failure, as apps do.
const SCRIPT: &str = "<p id=\"me\">Loading\u{2026}</p>
<script>
  (async () => {
    const ask = () => fetch('/api/me', { headers: { Authorization: 'Bearer 7c1f9e2ab4d0' } });
    const first = await ask().catch(() => ({ ok: false }));
    const answer = first.ok ? first : await ask().catch(() => ({ ok: false }));
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  })();
</script>";
