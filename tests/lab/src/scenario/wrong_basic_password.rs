//! A wrong password for the browser's own question.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "wrong_basic_password",
    title: "The browser's own question gets a wrong password",
    host: "staff.wall.test",
    sets_up: "The page asks for a password (RFC 7617), and the one in the address has a slip in it. The \
              browser asks you for another, and you press Cancel.",
    login: Some(("sam", "opne")),
    page: "/rota",
    ends_blank: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("bad_credentials"),
        fix: Some("sign_in"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

/// `sam:open` in Base64.
const RIGHT: &str = "Basic c2FtOm9wZW4=";

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/" => Answer::page(200, Shown::Done, "Staff", &format!("<a href=\"/rota\">The rota</a>{links}")),
        "/rota" if ask.header("authorization") == Some(RIGHT) => {
            Answer::page(200, Shown::In, "The rota", &links)
        }
        "/rota" => {
            Answer::page(401, Shown::Out, "401", &links).header("www-authenticate", "Basic realm=\"Staff\"")
        }
        _ => Answer::missing(),
    }
}
