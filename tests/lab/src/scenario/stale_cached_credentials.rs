//! A password that was changed, and a browser that goes on sending the old one.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "stale_cached_credentials",
    title: "The password was changed, and the browser sends the old one",
    host: "files.stale.test",
    sets_up: "You sign in with the browser's own question (sam, open). Then the password is changed \
              on the server. The browser goes on sending the old one until it is refused, without \
              asking you.",
    start: Some("/private"),
    login: Some(("sam", "open")),
    page: "/private/list",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("stale_cached_credentials"),
        fix: Some("sign_in"),
        one_click: false,
    },
    // Chromium shows a page of its own where the person gives no answer.
    ends_blank: true,
    answer,
    ..PLAIN
};

/// `sam:open` in Base64.
const FIRST: &str = "Basic c2FtOm9wZW4=";

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let sent = ask.header("authorization");
    match ask.path() {
        "/" => Answer::page(200, Shown::Done, "Files", &format!("<a href=\"/private\">Sign in</a>{links}")),
        "/private" if sent == Some(FIRST) => {
            state.honour(FIRST.to_owned());
            Answer::page(200, Shown::In, "Your files", &links)
        }
        "/private/list" if sent.is_some_and(|sent| state.live.contains(sent)) => {
            Answer::page(200, Shown::In, "Your files", &links)
        }
        "/private" | "/private/list" => Answer::page(401, Shown::Out, "401", &links)
            .header("www-authenticate", "Basic realm=\"Files\", charset=\"UTF-8\""),
        _ => Answer::missing(),
    }
}
