//! A name and a password in the address, where nothing asks the browser for them.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "url_credentials_ignored",
    title: "The password in the bookmark is not used",
    host: "nas.bookmark.test",
    sets_up: "An old bookmark holds name and password. Browsers send those only to a server that asks \
              for them by HTTP (RFC 7617). Since its update this one has a sign-in page of its own, \
              and answers 401 without such a question. Its front page leads to the sign-in, which \
              knows you.",
    login: Some(("sam", "open")),
    page: "/files",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("url_credentials_ignored"),
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
        "/login" => Answer::see_other("/files")
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.sign_in())),
        "/files" if ask.cookie("sid").is_some_and(|sid| state.live.contains(sid)) => {
            Answer::page(200, Shown::In, "Your files", &links)
        }
        "/files" => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}
