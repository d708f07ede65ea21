//! A cache on the way that keeps a refusal and gives it to everybody.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "http_cache_stale",
    title: "A cache still says no",
    host: "news.cached.test",
    sets_up: "In front of the site stands a cache that was told to keep every answer for ten minutes, \
              refusals too. It met a stranger at this page first; since then you have signed in. Only \
              a request that wants no stored answer gets past it (RFC 9111, section 5.2.1.4).",
    start: Some("/start"),
    page: "/mine",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("http_cache_stale"),
        fix: Some("reload_fresh"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let wants_fresh = [ask.header("cache-control"), ask.header("pragma")].contains(&Some("no-cache"));
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember())),
        "/mine" if !wants_fresh => Answer::page(401, Shown::Out, "Please sign in", &links)
            .header("age", "312")
            .header("x-cache", "HIT"),
        "/mine" if ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid)) => {
            Answer::page(200, Shown::In, "Your news", &links)
        }
        "/mine" => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}
