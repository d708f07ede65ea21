//! A network that answers in the site's name until one has signed in to it (RFC 6585, section 6).

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "proxy_or_captive_portal",
    title: "The hotel's network wants a sign-in",
    host: "blog.hotel.test",
    sets_up: "The network on the way answers every page with 511 until you have agreed to its terms, \
              which its own page asks for. Then the site itself answers.",
    page: "/today",
    expect: Expect::LockOut {
        status: 511,
        cause: Some("proxy_or_captive_portal"),
        fix: Some("network_sign_in"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/agree" => {
            state.mended = true;
            Answer::see_other("/today")
        }
        "/" if !state.mended => {
            let form = "<form method=\"post\" action=\"/agree\"><button>I agree</button></form>";
            Answer::page(200, Shown::Done, "Welcome to our hotel", &format!("{form}{links}"))
        }
        "/" | "/today" if state.mended => Answer::page(200, Shown::In, "The blog", &links),
        _ => {
            let inner = format!("<p>Network authentication required.</p>{links}");
            Answer::page(511, Shown::Out, "This network wants a sign-in", &inner)
        }
    }
}
