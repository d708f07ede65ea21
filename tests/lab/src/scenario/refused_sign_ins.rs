//! Sign-ins that are refused, in the ways that differ from a form's plain 401.

use super::{PLAIN, by_host};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const BASE: Scenario = Scenario {
    page: "/login",
    person: Some("document.querySelector('form').requestSubmit();"),
    answer,
    ..PLAIN
};

const fn is(status: u16, cause: &'static str) -> Expect {
    Expect::LockOut { status, cause: Some(cause), fix: Some("sign_in"), one_click: false }
}

pub(super) const BAD_CREDENTIALS_IN_APP: Scenario = Scenario {
    id: "bad_credentials_in_app",
    title: "The password is wrong, in an app",
    host: "app.refused.test",
    sets_up: "The app sends name and password by a call of its own, which answers 401.",
    expect: is(401, "bad_credentials"),
    ..BASE
};

pub(super) const BAD_CREDENTIALS_SAID: Scenario = Scenario {
    id: "bad_credentials_said",
    title: "The password is wrong, and the server says so in a header",
    host: "jira.refused.test",
    sets_up: "Jira names the reason in `X-Seraph-LoginReason`.",
    expect: is(401, "bad_credentials"),
    ..BASE
};

pub(super) const LOCKED_423: Scenario = Scenario {
    id: "locked_423",
    title: "The account is locked (423)",
    host: "locked.refused.test",
    sets_up: "After too many tries the account is locked until somebody unlocks it.",
    expect: is(423, "locked_or_rate_limited"),
    ..BASE
};

pub(super) const LOCKED_UNTIL_CAPTCHA: Scenario = Scenario {
    id: "locked_until_captcha",
    title: "A picture puzzle first",
    host: "captcha.refused.test",
    sets_up: "After three wrong passwords Jira takes no right one either until its puzzle is \
              solved, and says so in headers alone.",
    expect: is(403, "locked_or_rate_limited"),
    ..BASE
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let kind = ask.host().split('.').next().unwrap_or_default();
    let refused = |status| {
        let inner = format!("<p>That did not work.</p>{FORM}{links}");
        Answer::page(status, Shown::Out, "Sign in", &inner)
    };
    match (ask.method(), ask.path(), kind) {
        ("GET", "/" | "/login", "app") => {
            Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{BY_CALL}{links}"))
        }
        ("GET", "/" | "/login", _) => Answer::page(200, Shown::Done, "Sign in", &format!("{FORM}{links}")),
        ("POST", "/api/login", _) => Answer::json(401, r#"{"error":"unauthorized"}"#),
        ("POST", "/login", "jira") => refused(401).header("x-seraph-loginreason", "AUTHENTICATED_FAILED"),
        ("POST", "/login", "locked") => refused(423),
        ("POST", "/login", "captcha") => refused(403)
            .header("x-seraph-loginreason", "AUTHENTICATION_DENIED")
            .header("x-authentication-denied-reason", "CAPTCHA_CHALLENGE; login-url=/login"),
        _ => Answer::missing(),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\">
<p><label>Name <input name=\"user\" value=\"sam\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\" value=\"opne\"></label></p>
<p><button>Sign in</button></p>
</form>";

const BY_CALL: &str = "<script>
  document.querySelector('form').onsubmit = async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    const answer = await fetch('/api/login', { method: 'POST', body });
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  };
</script>";
