//! Sessions that have ended, as servers say it who do not answer a plain 401.

use super::{PLAIN, by_host};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const BASE: Scenario = Scenario { start: Some("/sso"), page: "/account", lapses: true, answer, ..PLAIN };

const fn is(status: u16, fix: &'static str) -> Expect {
    Expect::LockOut { status, cause: Some("session_expired"), fix: Some(fix), one_click: true }
}

pub(super) const SESSION_EXPIRED_440: Scenario = Scenario {
    id: "session_expired_440",
    title: "Login Time-out (440)",
    host: "owa.ended.test",
    sets_up: "Exchange answers 440 where the session's time is over. Without its cookie the site \
              signs you in anew (single sign-on).",
    expect: is(440, "remove_cookies"),
    ..BASE
};

pub(super) const SESSION_EXPIRED_AND_CLEARED: Scenario = Scenario {
    id: "session_expired_and_cleared",
    title: "The server takes the dead cookie away",
    host: "cleared.ended.test",
    sets_up: "With the refusal the server clears its cookie, so there is nothing left to remove. The \
              front page leads to the sign-in, which knows you.",
    expect: is(401, "sign_in"),
    ..BASE
};

pub(super) const SESSION_EXPIRED_IN_CIRCLES: Scenario = Scenario {
    id: "session_expired_in_circles",
    title: "The site sends you round in circles",
    host: "circles.ended.test",
    sets_up: "The account finds the session over and sends you to the sign-in; that finds a cookie, \
              takes you for signed in and sends you back, until the browser gives up.",
    // The browser's own page says that there were too many redirects.
    ends_blank: true,
    expect: is(0, "remove_cookies"),
    ..BASE
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let keep = "HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000";
    let kind = ask.host().split('.').next().unwrap_or_default();
    let is_live = ask.cookie("sid").is_some_and(|sid| state.live.contains(sid));
    match (ask.path(), ask.cookie("sid"), kind) {
        ("/", ..) => Answer::see_other("/sso"),
        ("/sso", Some(_), "circles") => Answer::see_other("/account"),
        ("/sso", ..) => Answer::see_other("/account").cookie(format!("sid={}; {keep}", state.sign_in())),
        ("/account", ..) if is_live => Answer::page(200, Shown::In, "Your account", &links),
        ("/account", _, "circles") | ("/account", None, "owa") => Answer::see_other("/sso"),
        ("/account", _, "owa") => Answer::page(440, Shown::Out, "Your session has timed out", &links),
        ("/account", ..) => Answer::page(401, Shown::Out, "Please sign in", &links)
            .cookie("sid=; HttpOnly; Path=/; SameSite=Lax; Max-Age=0"),
        _ => Answer::missing(),
    }
}
