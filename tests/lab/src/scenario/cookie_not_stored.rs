//! A sign-in whose cookie the browser refuses, so that the next page knows nobody.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "cookie_not_stored",
    title: "The sign-in works, and is forgotten at once",
    host: "intranet.unkept.test",
    sets_up: "The site was set up for https and is reached over http: it marks its session cookie \
              `Secure`, and browsers do not keep such a cookie from plain http (RFC 6265bis, section \
              5.7). Sign in with any name.",
    page: "/login",
    person: Some("document.querySelector('form').requestSubmit();"),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("cookie_not_stored"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.method(), ask.path()) {
        ("GET", "/login") => Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{links}")),
        ("POST", "/login") => {
            let secure = if state.mended { "" } else { "; Secure" };
            Answer::see_other("/account")
                .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax{secure}", state.sign_in()))
        }
        (_, "/account") if ask.cookie("sid").is_some_and(|sid| state.live.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &links)
        }
        (_, "/account") => {
            Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}"))
        }
        _ => Answer::missing(),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\">
<p><label>Name <input name=\"user\" value=\"sam\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\" value=\"open\"></label></p>
<p><button>Sign in</button></p>
</form>";
