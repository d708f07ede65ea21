//! A sign-in over https, and a bookmark of before the site had https.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "secure_cookie_over_http",
    title: "Signed in over https, come back by http",
    host: "bookmark.test",
    sets_up: "The sign-in is sent on to https, and its cookie goes over https alone (Secure). The \
              bookmark is older than that and says http, which the site still answers: without the \
              cookie it knows nobody.",
    start: Some("/login"),
    page: "/account",
    server: Server::LabHttp,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("wrong_url_or_host"),
        fix: Some("open_corrected_url"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/login" if !ask.is_https() => Answer::see_other(&format!("https://{}/login", SCENARIO.host)),
        "/login" => Answer::page(200, Shown::Done, "Signed in", &links).cookie(format!(
            "sid={}; Secure; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000",
            state.sign_in()
        )),
        "/account" if ask.cookie("sid").is_some_and(|sid| state.live.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}")),
        _ => Answer::missing(),
    }
}
