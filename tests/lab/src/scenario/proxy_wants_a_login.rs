//! A company's proxy, and somebody who pressed Cancel when it asked for a login.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "proxy_wants_a_login",
    title: "The proxy on the way wants a login",
    host: "far.away.test",
    sets_up: "The browser reaches this site by squid, which asks for a login (sam, open). Press Cancel: \
              the 407 looks like the site's own refusal, and is not.",
    page: "/news",
    server: Server::Squid,
    expect: Expect::LockOut {
        status: 407,
        cause: Some("proxy_or_captive_portal"),
        fix: Some("network_sign_in"),
        one_click: false,
    },
    ends_blank: true,
    answer,
    ..PLAIN
};

/// Answers whoever has a login.
fn answer(ask: &Ask, _: &mut State) -> Answer {
    match ask.path() {
        "/" | "/news" => Answer::page(200, Shown::In, "The news", &control::links(&SCENARIO)),
        _ => Answer::missing(),
    }
}
