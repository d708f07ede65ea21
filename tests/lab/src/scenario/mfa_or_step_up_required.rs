//! A sign-in that is good, and not strong enough for this (RFC 9470).

use super::{PLAIN, app};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "mfa_or_step_up_required",
    title: "Signed in, but not strongly enough",
    host: "payroll.stepup.test",
    sets_up: "You signed in with a password this morning. This page wants a code from your telephone \
              as well; the front page leads to where it is entered.",
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("mfa_or_step_up_required"),
        fix: Some("sign_in"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" => Answer::see_other("/login/code"),
        "/login/code" => {
            Answer::page(200, Shown::Done, "Your code", &format!("<p><input name=\"code\"></p>{links}"))
        }
        "/app" => app(SCRIPT, &links),
        "/token" => Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR)))),
        "/api/payroll" => Answer::json(401, r#"{"error":"insufficient_user_authentication"}"#).header(
            "www-authenticate",
            "Bearer error=\"insufficient_user_authentication\", \
             error_description=\"A different authentication level is required\", \
             acr_values=\"phrh\", max_age=\"300\"",
        ),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "
    const { access_token } = await (await fetch('/token', { method: 'POST' })).json();
    return await fetch('/api/payroll', { headers: { Authorization: `Bearer ${access_token}` } });";
