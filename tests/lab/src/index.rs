//! The front page, at every host that is no scenario's.

use crate::servers::Servers;
use crate::{Answer, Ask, Expect, SCENARIOS, Scenario, Shown};

/// Lists the scenarios with their links.
pub(crate) fn page(ask: &Ask, servers: &Servers) -> Answer {
    if ask.path() != "/" {
        return Answer::missing();
    }
    let rows: String = SCENARIOS.iter().map(|scenario| row(scenario, servers)).collect();
    let inner = format!(
        "<p>Each row is a site of its own. Follow its steps with Latchkey installed, and see \
         whether it says what the last column says.</p>\n\
         <table><thead><tr><th>Scenario</th><th>Steps</th><th>Expect</th></tr></thead>\n\
         <tbody>{rows}</tbody></table>"
    );
    Answer::page(200, Shown::Done, "Practice site", &inner)
}

fn row(scenario: &Scenario, servers: &Servers) -> String {
    let Scenario { id, title, host, sets_up, start, page, lapses, expect, .. } = scenario;
    let origin = match servers.origin(host) {
        Ok(origin) => origin,
        Err(error) => {
            return format!("<tr id=\"{id}\"><td><b>{title}</b></td><td colspan=\"2\">{error}</td></tr>\n");
        }
    };
    let link = |path: &str, text: &str| format!("<li><a href=\"{origin}{path}\">{text}</a></li>");
    let mends = matches!(expect, Expect::LockOut { one_click: true, .. }) && start.is_none();
    let mut steps = String::new();
    if let Some(start) = start {
        steps += &link(start, "Start");
    }
    if *lapses {
        steps += &link(page, "The page works");
        steps += &link("/__lab/expire", "Let time pass");
    }
    steps += &link(page, "The page");
    if mends {
        steps += &link("/__lab/mend", "Mend the server");
    }
    format!(
        "<tr id=\"{id}\"><td><b>{title}</b><br><small>{sets_up}</small></td>\
         <td><ol>{steps}</ol></td><td>{}</td></tr>\n",
        expectation(expect)
    )
}

fn expectation(expect: &Expect) -> String {
    match expect {
        Expect::Quiet => "nothing: no badge, no lock-out".to_owned(),
        Expect::LockOut { status, cause, fix, one_click } => {
            let name = |id: &Option<&str>| match id {
                Some(id) => format!("<code>{id}</code>"),
                None => "any".to_owned(),
            };
            let click = if *one_click { "<br>one click brings you back" } else { "" };
            format!("{status}<br>cause: {}<br>fix: {}{click}", name(cause), name(fix))
        }
    }
}
