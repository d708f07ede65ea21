//! A token that is good, for less than is asked for (RFC 6750, section 3.1).

use super::{PLAIN, app};
use crate::token::{HOUR, jwt_that_says};
use crate::{Answer, Ask, Expect, Scenario, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "insufficient_scope",
    title: "Known, and not allowed",
    host: "reports.scope.test",
    sets_up: "The app's token lets you read. The page wants to write.",
    page: "/app",
    expect: Expect::LockOut {
        status: 403,
        cause: Some("insufficient_scope"),
        fix: Some("ask_for_access"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    match ask.path() {
        "/app" => app(SCRIPT, &control::links(&SCENARIO)),
        "/token" => {
            let token = state.honour(jwt_that_says(0, HOUR, r#""scope":"reports.read""#));
            Answer::json(200, &format!(r#"{{"access_token":"{token}"}}"#))
        }
        "/api/reports" if state.mended && state.live.contains(ask.bearer()) => Answer::json(201, "{}"),
        "/api/reports" => Answer::json(403, r#"{"error":"insufficient_scope"}"#)
            .header("www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"reports.write\""),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "
    const { access_token } = await (await fetch('/token', { method: 'POST' })).json();
    const headers = { Authorization: `Bearer ${access_token}` };
    return await fetch('/api/reports', { method: 'POST', headers });";
