//! Too many tries by somebody else: now even the right password is refused for a while.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "locked_or_rate_limited",
    title: "Too many tries",
    host: "mail.locked.test",
    sets_up: "A telephone with an old password has tried every minute since noon. The site now takes \
              no sign-in for this name for a quarter of an hour, not even the right one, which you \
              send here.",
    start: Some("/start"),
    page: "/login",
    person: Some("document.querySelector('form').requestSubmit();"),
    expect: Expect::LockOut {
        status: 429,
        cause: Some("locked_or_rate_limited"),
        fix: Some("sign_in"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.method(), ask.path()) {
        (_, "/start") => {
            state.honour("locked".to_owned());
            Answer::page(200, Shown::Done, "The telephone has tried", &links)
        }
        ("GET", "/" | "/login") => Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{links}")),
        ("POST", "/login") if state.live.contains("locked") => {
            let inner = format!("<p>Too many attempts.</p>{FORM}{links}");
            Answer::page(429, Shown::Out, "Sign in", &inner).header("retry-after", "900")
        }
        ("POST", "/login") => Answer::page(200, Shown::In, "Your mail", &links),
        _ => Answer::missing(),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\">
<p><label>Name <input name=\"user\" value=\"sam\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\" value=\"open\"></label></p>
<p><button>Sign in</button></p>
</form>";
