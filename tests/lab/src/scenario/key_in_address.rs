//! A key that travels in the address, and is no longer good.

use super::{PLAIN, app};
use crate::{Answer, Ask, Expect, Scenario, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "key_in_address",
    title: "The map's key is not good any more",
    host: "tiles.key.test",
    sets_up: "The page asks for its map with a key in the address (`?key=`). The key was for another \
              release of the API.",
    page: "/map",
    expect: Expect::LockOut {
        status: 403,
        cause: Some("api_key_missing_or_invalid"),
        fix: Some("renew_token"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    match ask.path() {
        "/map" => app("return await fetch('/v2/map?key=3f9c1b7a20');", &control::links(&SCENARIO)),
        "/v2/map" if state.mended => Answer::json(200, "{}"),
        "/v2/map" => Answer::json(403, r#"{"error":"forbidden"}"#),
        _ => Answer::missing(),
    }
}
