//! Two cookies of one name, for the site and for a part of it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "duplicate_by_path",
    title: "The same cookie twice, one of them for a part of the site",
    host: "forum.twins.test",
    sets_up: "An earlier release set `sid` for `/forum` alone. Browsers send the one with the longer \
              path first (RFC 6265bis, section 5.8.3), and the server reads only that.",
    start: Some("/start"),
    page: "/forum/mine",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("duplicate_cookie"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let keep = "HttpOnly; SameSite=Lax; Max-Age=2592000";
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; Path=/forum; {keep}", state.sign_in()))
            .cookie(format!("sid={}; Path=/; {keep}", state.remember())),
        // The mistake: only the first `sid` is read.
        "/forum/mine"
            if ask
                .cookie("sid")
                .is_some_and(|sid| state.live.contains(sid) || state.remembered.contains(sid)) =>
        {
            Answer::page(200, Shown::In, "Your threads", &links)
        }
        "/forum/mine" => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}
