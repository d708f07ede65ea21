//! A link from another site, and a session cookie that does not follow links.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const PORTAL: &str = "portal-strict.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "cookie_blocked_samesite",
    title: "Signed in, but not when coming from elsewhere",
    host: "bank-strict.test",
    also: &[PORTAL],
    sets_up: "The bank's session cookie says `SameSite=Strict`, so browsers keep it off every link \
              from another site. Follow the link on the portal: the bank does not know you, though \
              you are signed in there.",
    start: Some("/start"),
    page: "/portal",
    person: Some("document.querySelector('a[href*=account]').click();"),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("cookie_blocked_samesite"),
        fix: Some("retry"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let at = |host: &str, path: &str| format!("http://{host}:{}{path}", ask.port());
    match (ask.host(), ask.path()) {
        (PORTAL, "/") => {
            let link = format!("<p><a href=\"{}\">To your bank</a></p>", at(SCENARIO.host, "/account"));
            Answer::page(200, Shown::Done, "Portal", &link)
        }
        (PORTAL, _) => Answer::missing(),
        (_, "/start") => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Strict; Max-Age=2592000", state.remember())),
        (_, "/portal") => Answer::see_other(&at(PORTAL, "/")),
        (_, "/account") if ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        (_, "/account") => {
            Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}"))
        }
        _ => Answer::missing(),
    }
}
