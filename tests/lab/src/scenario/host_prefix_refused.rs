//! A cookie whose name makes a promise that its attributes break.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "host_prefix_refused",
    title: "The browser refuses the sign-in's cookie for its name",
    host: "promise.test",
    sets_up: "The session's cookie was renamed to __Host-session, as security advisors recommend, and \
              kept its Domain. By that name browsers take a cookie only without one (RFC 6265bis, \
              section 4.1.3.2): it is never stored, and every answer sets another.",
    start: Some("/login"),
    page: "/account",
    server: Server::LabHttps,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("cookie_not_stored"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    // Sessions begin with the first answer, as those of PHP and Express do.
    let begun = |state: &mut State| {
        let domain = if state.mended { "" } else { "; Domain=promise.test" };
        format!("__Host-session={}; Secure; HttpOnly; Path=/; SameSite=Lax{domain}", state.sign_in())
    };
    match ask.path() {
        "/login" => Answer::page(200, Shown::Done, "Signed in", &links).cookie(begun(state)),
        "/account" if ask.cookie("__Host-session").is_some_and(|id| state.live.contains(id)) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}"))
            .cookie(begun(state)),
        _ => Answer::missing(),
    }
}
