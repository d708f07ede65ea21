//! An app that asks for its data before it has the token for it.

use super::{PLAIN, app};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_header_missing",
    title: "The app asks before it has its token",
    host: "app.early.test",
    sets_up: "A shop gives every guest a token. On the first page of a visit two parts of it ask for \
              the basket before the token is there; it comes a moment later, and is stored.",
    start: Some("/"),
    page: "/basket",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_missing"),
        fix: Some("retry"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" => Answer::page(200, Shown::Done, "Welcome", &links),
        "/basket" => app(SCRIPT, &links),
        "/guest" if ask.method() == "POST" => {
            Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR))))
        }
        "/api/basket" if state.live.contains(ask.bearer()) => Answer::json(200, "{}"),
        "/api/basket" => Answer::json(401, r#"{"error":"unauthorized"}"#)
            .header("www-authenticate", "Bearer realm=\"shop\""),
        _ => Answer::missing(),
    }
}

/// The mistake: nobody waits for the token.
const SCRIPT: &str = "
    const headers = sessionStorage.guest ? { Authorization: `Bearer ${sessionStorage.guest}` } : {};
    const basket = await fetch('/api/basket', { headers });
    const count = await fetch('/api/basket', { headers });
    if (!sessionStorage.guest) {
      sessionStorage.guest = (await (await fetch('/guest', { method: 'POST' })).json()).access_token;
    }
    return basket.ok ? count : basket;";
