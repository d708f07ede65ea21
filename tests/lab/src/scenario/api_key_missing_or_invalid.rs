//! A gateway that tells programs apart by a key (Kong `key-auth`), and a page with an old one.

use super::{PLAIN, app};
use crate::{Answer, Ask, Expect, Scenario, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "api_key_missing_or_invalid",
    title: "The page's key is not the API's any more",
    host: "weather.key.test",
    sets_up: "The page has a key built in. The gateway in front of the API was given new keys, and \
              the page was not.",
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("api_key_missing_or_invalid"),
        fix: Some("renew_token"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    match ask.path() {
        "/app" => app(
            "return await fetch('/v1/forecast', { headers: { 'X-API-Key': '3f9c1b7a20' } });",
            &control::links(&SCENARIO),
        ),
        "/v1/forecast" if state.mended && ask.header("x-api-key").is_some() => Answer::json(200, "{}"),
        "/v1/forecast" => Answer::json(401, r#"{"message":"Unauthorized"}"#)
            .header("www-authenticate", "Key realm=\"kong\""),
        _ => Answer::missing(),
    }
}
