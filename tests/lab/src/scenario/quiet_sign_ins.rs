//! Sign-ins that go well: the question is not yet a lock-out.

use super::{PLAIN, by_host};
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

const BASE: Scenario = Scenario { expect: Expect::Quiet, answer, ..PLAIN };

pub(super) const QUIET_SIGN_IN_PAGE: Scenario = Scenario {
    id: "quiet_sign_in_page",
    title: "A page that asks for a sign-in, as it should",
    host: "page.signin.quiet.test",
    sets_up: "Nobody is signed in; the page shows the form (200).",
    page: "/login",
    ..BASE
};

pub(super) const QUIET_SENT_TO_SIGN_IN: Scenario = Scenario {
    id: "quiet_sent_to_sign_in",
    title: "Sent to the sign-in, signed in, and sent back",
    host: "sent.signin.quiet.test",
    sets_up: "The account leads to the sign-in, where you give name and password; then it opens.",
    page: "/account",
    person: Some("document.querySelector('form').requestSubmit();"),
    ..BASE
};

pub(super) const QUIET_BASIC: Scenario = Scenario {
    id: "quiet_basic",
    title: "The browser asks for a password, and gets the right one",
    host: "basic.signin.quiet.test",
    sets_up: "nginx asks for a password (RFC 7617); the first answer is right (sam, open).",
    login: Some(("sam", "open")),
    page: "/wall",
    server: Server::Nginx(
        "auth_basic 'Staff'; auth_basic_user_file passwords; location / { include to_lab; }",
    ),
    ..BASE
};

pub(super) const QUIET_DIGEST: Scenario = Scenario {
    id: "quiet_digest",
    title: "The same by Digest",
    host: "digest.signin.quiet.test",
    sets_up: "A camera asks by Digest (RFC 7616); the first answer is taken (sam, open).",
    login: Some(("sam", "open")),
    page: "/camera",
    ..BASE
};

pub(super) const QUIET_APP_SIGN_IN: Scenario = Scenario {
    id: "quiet_app_sign_in",
    title: "An app asks who is there, and signs in",
    host: "app.signin.quiet.test",
    sets_up: "The app finds nobody (401), signs in by a call of its own, and asks again.",
    page: "/app",
    ..BASE
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let sid = ask.cookie("sid").is_some_and(|sid| state.live.contains(sid));
    match (ask.method(), ask.path()) {
        ("GET", "/login") => Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{links}")),
        ("POST", "/login" | "/api/login") => {
            let cookie = format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in());
            let is_call = ask.path() == "/api/login";
            let answer = if is_call { Answer::json(200, "{}") } else { Answer::see_other("/account") };
            answer.cookie(cookie)
        }
        (_, "/account") if sid => Answer::page(200, Shown::In, "Your account", &links),
        (_, "/account") => Answer::see_other("/login"),
        // What nginx has let through.
        (_, "/wall") => Answer::page(200, Shown::In, "For staff", &links),
        (_, "/camera") if ask.scheme() == Some("Digest") => {
            Answer::page(200, Shown::In, "The camera", &links)
        }
        (_, "/camera") => Answer::page(401, Shown::Out, "401", &links).header(
            "www-authenticate",
            format!("Digest realm=\"camera\", qop=\"auth\", algorithm=MD5, nonce=\"{}\"", state.sign_in()),
        ),
        (_, "/app") => super::app(SCRIPT, &links),
        (_, "/api/me") if sid => Answer::json(200, r#"{"name":"Sam"}"#),
        (_, "/api/me") => Answer::json(401, r#"{"error":"who?"}"#),
        _ => Answer::missing(),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\">
<p><label>Name <input name=\"user\" value=\"sam\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\" value=\"open\"></label></p>
<p><button>Sign in</button></p>
</form>";

const SCRIPT: &str = "
    if (!(await fetch('/api/me')).ok) await fetch('/api/login', { method: 'POST' });
    return await fetch('/api/me');";
