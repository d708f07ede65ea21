//! Cookies of a sign-in that do not come back, for reasons other than `Secure` over http.

use super::{PLAIN, app, by_host};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const SIGNS_IN: Scenario = Scenario {
    page: "/login",
    person: Some("document.querySelector('form').requestSubmit();"),
    answer,
    ..PLAIN
};

const fn is(cause: &'static str) -> Expect {
    Expect::LockOut { status: 401, cause: Some(cause), fix: Some("for_the_owner"), one_click: false }
}

pub(super) const COOKIE_FOR_ANOTHER_DOMAIN: Scenario = Scenario {
    id: "cookie_for_another_domain",
    title: "The session is meant for a domain that the site has left",
    host: "shop.domain.test",
    sets_up: "The site moved to another domain, and still names the old one in its cookie \
              (`Domain`): no browser takes that (RFC 6265bis, section 5.7).",
    expect: is("cookie_not_stored"),
    ..SIGNS_IN
};

pub(super) const COOKIE_OVER_4096_BYTES: Scenario = Scenario {
    id: "cookie_over_4096_bytes",
    title: "The session does not fit into a cookie",
    host: "roles.domain2.test",
    sets_up: "The site puts all that it knows of you into its session cookie. With your many roles it \
              is larger than 4096 bytes, and browsers drop it without a word.",
    expect: is("cookie_too_large"),
    ..SIGNS_IN
};

pub(super) const CALL_WITHOUT_COOKIES: Scenario = Scenario {
    id: "call_without_cookies",
    title: "The app leaves its own cookie at home",
    host: "app.bare.test",
    sets_up: "The app asks its own server with `credentials: 'omit'`, which was meant for another.",
    start: Some("/start"),
    page: "/app",
    expect: is("credentials_mode_missing"),
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let is_known = ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid));
    let keep = "HttpOnly; Path=/; SameSite=Lax";
    match (ask.method(), ask.path()) {
        ("GET", "/login") => Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{links}")),
        ("POST", "/login") => {
            let id = state.remember();
            let cookie = match ask.host() {
                "shop.domain.test" => format!("sid={id}; Domain=old-domain.test; {keep}"),
                _ => format!("sid={id}{}; {keep}", "-editor-of-4711".repeat(300)),
            };
            Answer::see_other("/account").cookie(cookie)
        }
        (_, "/start") => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; {keep}", state.remember())),
        (_, "/app") => app(SCRIPT, &links),
        (_, "/api/me") if is_known => Answer::json(200, r#"{"name":"Sam"}"#),
        (_, "/api/me") => Answer::json(401, r#"{"error":"unauthorized"}"#),
        (_, "/account") if is_known => Answer::page(200, Shown::In, "Your account", &links),
        (_, "/account") => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\">
<p><label>Name <input name=\"user\" value=\"sam\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\" value=\"open\"></label></p>
<p><button>Sign in</button></p>
</form>";

/// Two parts of the app ask who is there.
const SCRIPT: &str = "
    const head = await fetch('/api/me', { credentials: 'omit' });
    const side = await fetch('/api/me', { credentials: 'omit' });
    return head.ok ? side : head;";
