//! A server that was started anew with another key, and cannot read the cookies that it made.

use super::PLAIN;
use crate::state::random;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "server_key_rotated",
    title: "The server was updated, and knows nobody any more",
    host: "wiki.rotated.test",
    sets_up: "The server seals its session cookie with a key (Fernet: aiohttp, and many in Python) \
              that it makes anew at each start. Today it was started anew: for a moment it is not there, \
              then it is, with another key. A cookie that it cannot \
              read is an error to it; without any it signs you in (single sign-on).",
    start: Some("/sso"),
    page: "/page",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("server_key_rotated"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.path(), ask.cookie("AIOHTTP_SESSION")) {
        ("/sso", _) => {
            let sealed = format!("gAAAAAB{}{}", random(), random());
            Answer::see_other("/page")
                .cookie(format!("AIOHTTP_SESSION={}; HttpOnly; Path=/; SameSite=Lax", state.honour(sealed)))
        }
        ("/page", Some(sealed)) if state.live.contains(sealed) => {
            Answer::page(200, Shown::In, "The wiki", &links)
        }
        // Once, while it starts.
        ("/page", Some(_)) if state.live.insert("started".to_owned()) => {
            Answer::page(503, Shown::Wait, "Back in a moment", "<script>location.reload()</script>")
        }
        ("/page", Some(_)) => Answer::page(401, Shown::Out, "401: Unauthorized", &links),
        ("/page", None) => Answer::see_other("/sso"),
        _ => Answer::missing(),
    }
}
