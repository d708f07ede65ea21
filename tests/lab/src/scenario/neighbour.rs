//! Somebody else's login, in a cookie and in storage: no fix elsewhere may touch it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "neighbour",
    title: "A neighbour's login, in two places",
    host: "neighbour.test",
    sets_up: "The page is signed in while both halves of its login are there: a cookie and an \
              item of its storage.",
    start: Some("/start"),
    page: "/account",
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => {
            let id = state.remember();
            let inner = format!("<script>localStorage.login = '{id}';</script>{links}");
            Answer::page(200, Shown::Done, "Signed in", &inner)
                .cookie(format!("login={id}; HttpOnly; Path=/; SameSite=Lax; Max-Age=86400"))
        }
        "/account" => {
            let login = ask.cookie("login").filter(|value| state.remembered.contains(*value));
            // What the server did not give anew is compared with what the page kept.
            let inner = format!("{}{links}", script(login.unwrap_or_default()));
            Answer::page(200, Shown::Wait, "Your account", &inner)
        }
        _ => Answer::missing(),
    }
}

fn script(login: &str) -> String {
    format!(
        "<script>
  const isIn = '{login}' !== '' && localStorage.login === '{login}';
  document.body.dataset.lab = isIn ? 'in' : 'out';
</script>"
    )
}
