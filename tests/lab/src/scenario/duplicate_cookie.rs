//! Two cookies of one name: the site moved to a host of its own and left one behind.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const KEEP: &str = "HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "duplicate_cookie",
    title: "The same cookie twice, and the wrong one counts",
    host: "app.duplicate.test",
    sets_up: "An earlier release set `sid` for the whole of duplicate.test; today's sets it for \
              app.duplicate.test alone. Browsers send the older one first, and the server reads \
              only that. Its session ends, and today's good one is never looked at.",
    start: Some("/start"),
    page: "/account",
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
    match ask.path() {
        // One after the other, so that browsers know which is older.
        "/start" => {
            let older = format!("sid={}; Domain=duplicate.test; {KEEP}", state.sign_in());
            Answer::see_other("/today").cookie(older)
        }
        "/today" => Answer::page(200, Shown::Done, "Signed in", &format!("<p>Twice.</p>{links}"))
            .cookie(format!("sid={}; {KEEP}", state.remember())),
        "/account" if first_is_good(ask, state) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}")),
        _ => Answer::missing(),
    }
}

/// The mistake: only the first `sid` is read.
fn first_is_good(ask: &Ask, state: &State) -> bool {
    ask.cookie("sid").is_some_and(|sid| state.live.contains(sid) || state.remembered.contains(sid))
}
