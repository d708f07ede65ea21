//! What an app's own calls meet every day, and nobody is locked out by.

use super::{PLAIN, by_host};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const BASE: Scenario = Scenario { expect: Expect::Quiet, answer, ..PLAIN };

pub(super) const QUIET_NOT_MODIFIED: Scenario = Scenario {
    id: "quiet_not_modified",
    title: "A call whose answer has not changed (304)",
    host: "unchanged.quiet.test",
    sets_up: "The second of two calls is answered 304: the browser has the answer already.",
    ..BASE
};

pub(super) const QUIET_MISSING_DATA: Scenario = Scenario {
    id: "quiet_missing_data",
    title: "A call for what is not there (404)",
    host: "missing.quiet.test",
    sets_up: "You have no picture of yourself yet, which the API says with a 404.",
    ..BASE
};

pub(super) const QUIET_BEACON: Scenario = Scenario {
    id: "quiet_beacon",
    title: "A statistic that nobody takes (500)",
    host: "beacon.quiet.test",
    sets_up: "As it loads, the page sends a statistic; its server is out of order.",
    ..BASE
};

pub(super) const QUIET_GIVEN_UP: Scenario = Scenario {
    id: "quiet_given_up",
    title: "A call that the page itself gave up",
    host: "abort.quiet.test",
    sets_up: "You type on, and the page drops its search for what you had typed so far.",
    ..BASE
};

pub(super) const QUIET_HICCUP: Scenario = Scenario {
    id: "quiet_hiccup",
    title: "A call that is refused once, and then not",
    host: "hiccup.quiet.test",
    sets_up: "The page asks again and again for news. One of the site's machines does not know \
              your session yet (401); the next one does.",
    start: Some("/start"),
    ..BASE
};

pub(super) const QUIET_TOO_BIG: Scenario = Scenario {
    id: "quiet_too_big",
    title: "A picture that is too big (413)",
    host: "upload.quiet.test",
    sets_up: "The site takes no picture as big as the one that you send it.",
    ..BASE
};

pub(super) const QUIET_BAD_INPUT: Scenario = Scenario {
    id: "quiet_bad_input",
    title: "A form with a slip in it (422)",
    host: "input.quiet.test",
    sets_up: "The site says what is amiss in what you typed.",
    ..BASE
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    match ask.path() {
        "/" => page(script(ask.host()), &links),
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; HttpOnly; Path=/; SameSite=Lax", state.remember())),
        "/news" if ask.header("if-none-match").is_some() => {
            Answer::new(304, "application/json", String::new()).kept("no-cache").header("etag", "\"1\"")
        }
        "/news" => Answer::json(200, "[]").kept("no-cache").header("etag", "\"1\""),
        "/statistic" => Answer::new(500, "text/plain", String::new()),
        "/search" => Answer::json(200, "[]"),
        // The first machine, then the second.
        "/poll" if state.live.insert("asked".to_owned()) => Answer::json(401, r#"{"error":"who?"}"#),
        "/poll" => Answer::json(200, "[]"),
        "/upload" => Answer::json(413, r#"{"error":"too big"}"#),
        "/form" => Answer::json(422, r#"{"error":"no such town"}"#),
        _ => Answer::json(404, r#"{"error":"not found"}"#),
    }
}

fn page(script: &str, links: &str) -> Answer {
    let inner = format!(
        "<p>News of today.</p>
<script>
  (async () => {{
    {script}
    document.body.dataset.lab = 'done';
  }})();
</script>{links}"
    );
    Answer::page(200, Shown::Wait, "A page", &inner)
}

fn script(host: &str) -> &'static str {
    match host.split('.').next().unwrap_or_default() {
        "unchanged" => "await fetch('/news'); await fetch('/news');",
        "missing" => "await fetch('/api/avatar');",
        "beacon" => "navigator.sendBeacon('/statistic', 'loaded');",
        "abort" => {
            "const control = new AbortController();
             const search = fetch('/search?q=ulm', { signal: control.signal });
             control.abort();
             await search.catch(() => {});"
        }
        "hiccup" => "while (!(await fetch('/poll')).ok);",
        "upload" => "await fetch('/upload', { method: 'POST', body: 'x'.repeat(2000) });",
        _ => "await fetch('/form', { method: 'POST', body: 'town=Um' });",
    }
}
