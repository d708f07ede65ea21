//! `/__lab/…`: what a person or a test does to a site's server from outside.

use crate::{Answer, Ask, Expect, Scenario, Shown, State};

/// Answers the control paths, which every host has.
pub(crate) fn answer(scenario: &Scenario, ask: &Ask, state: &mut State) -> Option<Answer> {
    let done = match ask.path() {
        "/__lab/expire" => {
            state.expire();
            "Time has passed: the sessions on the server are over."
        }
        "/__lab/mend" => {
            state.mended = true;
            "The server is mended."
        }
        "/__lab/reset" => {
            *state = State::default();
            "The site has forgotten everything."
        }
        "/favicon.ico" => return Some(Answer::new(204, "image/x-icon", String::new())),
        _ => return None,
    };
    Some(Answer::page(200, Shown::Done, done, &links(scenario)))
}

/// The links that a person trying the scenario by hand needs.
pub(crate) fn links(scenario: &Scenario) -> String {
    let mut links = String::from("<nav>");
    if let Some(start) = scenario.start {
        links.push_str(&format!("<a href=\"{start}\">Start</a> "));
    }
    links.push_str(&format!("<a href=\"{}\">The page</a> ", scenario.page));
    if scenario.lapses {
        links.push_str("<a href=\"/__lab/expire\">Let time pass</a> ");
    }
    if matches!(scenario.expect, Expect::LockOut { .. }) {
        links.push_str("<a href=\"/__lab/mend\">Mend the server</a> ");
    }
    links.push_str("<a href=\"/__lab/reset\">Begin again</a></nav>");
    links
}
