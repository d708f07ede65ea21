//! An edge that refuses the address one comes from, for a while.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "edge_block",
    title: "Access denied, by the site's guard",
    host: "tickets.edge2.test",
    sets_up: "Somebody behind the same address asked too much. The network in front of the site (as \
              Akamai does) answers with a page of its own until it is content again.",
    page: "/",
    expect: Expect::LockOut {
        status: 403,
        cause: Some("waf_or_ip_block"),
        fix: Some("retry"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(_: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    if state.mended {
        return Answer::page(200, Shown::In, "Tickets", &links);
    }
    let inner = format!("<p>You don't have permission to access this. Reference #18.4711</p>{links}");
    Answer::page(403, Shown::Out, "Access Denied", &inner).header("server", "AkamaiGHost")
}
