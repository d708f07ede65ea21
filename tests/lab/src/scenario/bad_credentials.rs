//! A wrong password, typed into the site's own form.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

/// What the form takes.
const PASSWORD: &str = "open";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "bad_credentials",
    title: "The password is wrong",
    host: "signin.test",
    sets_up: "Type anything but \u{201c}open\u{201d} as the password.",
    page: "/login",
    person: Some(
        "document.querySelector('[name=user]').value = 'sam';
         document.querySelector('[name=password]').value = 'opne';
         document.querySelector('form').requestSubmit();",
    ),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("bad_credentials"),
        fix: Some("sign_in"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.method(), ask.path()) {
        ("GET", "/login") => Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{links}")),
        ("POST", "/login") if ask.field("password") == Some(PASSWORD) => {
            let cookie = format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in());
            Answer::see_other("/account").cookie(cookie)
        }
        ("POST", "/login") => {
            let inner = format!("<p>Name or password is wrong.</p>{FORM}{links}");
            Answer::page(401, Shown::Out, "Sign in", &inner)
        }
        (_, "/password/forgot") => {
            let inner = format!("<p>Where shall the letter go?</p>{links}");
            Answer::page(200, Shown::Done, "Forgot your password?", &inner)
        }
        (_, "/account") if ask.cookie("sid").is_some_and(|sid| state.live.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &links)
        }
        (_, "/" | "/account") => Answer::see_other("/login"),
        _ => Answer::missing(),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\">
<p><label>Name <input name=\"user\" autocomplete=\"username\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\"></label></p>
<p><button>Sign in</button></p>
<p><a href=\"/password/forgot\">Forgot your password?</a></p>
</form>";
