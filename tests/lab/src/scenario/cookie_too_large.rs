//! Cookies that have grown past what the server reads.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "cookie_too_large",
    title: "The cookies have grown too large",
    host: "shop.large.test",
    sets_up: "The shop keeps in cookies what you looked at, without an end to it. nginx, as it comes, \
              reads 8 KB of a header (`large_client_header_buffers`), and answers 400 to more. The \
              session cookie is small and good.",
    start: Some("/start"),
    page: "/account",
    server: Server::Nginx("location / { include to_lab; }"),
    expect: Expect::LockOut {
        status: 400,
        cause: Some("cookie_too_large"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    // The page is nginx's.
    ends_blank: true,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &format!("{SEEN}{links}"))
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000", state.remember())),
        "/account" if ask.cookie("sid").is_some_and(|sid| state.remembered.contains(sid)) => {
            Answer::page(200, Shown::In, "Your account", &links)
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &links),
        _ => Answer::missing(),
    }
}

const SEEN: &str = "<script>
  for (const kind of ['shoes', 'hats', 'coats']) {
    document.cookie = `seen_${kind}=${'item-4711-'.repeat(320)}; Path=/; SameSite=Lax; Max-Age=2592000`;
  }
</script>";
