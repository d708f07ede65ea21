//! A page for members, met by a stranger whom the front page would let in.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "not_logged_in",
    title: "Nobody has signed in yet",
    host: "members.test",
    sets_up: "A bookmark leads straight to a page for members, which answers a bare 401. The \
              front page leads to the sign-in, which knows this person already (single sign-on) \
              and leads back.",
    page: "/members",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("not_logged_in"),
        fix: Some("sign_in"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" => Answer::see_other("/login"),
        "/login" => {
            let cookie = format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in());
            Answer::see_other("/members").cookie(cookie)
        }
        "/members" if ask.cookie("sid").is_some_and(|sid| state.live.contains(sid)) => {
            Answer::page(200, Shown::In, "Members", &format!("<p>Welcome.</p>{links}"))
        }
        "/members" => Answer::page(401, Shown::Out, "401", &format!("<p>For members.</p>{links}")),
        _ => Answer::missing(),
    }
}
