//! What fails for others on a page that works: pictures, widgets, speculation.

use super::{PLAIN, by_host};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const WIDGETS: &str = "widgets-elsewhere.test";
const CDN: &str = "cdn-elsewhere.test";
const API: &str = "api.cross.quiet.test";

const BASE: Scenario = Scenario { expect: Expect::Quiet, answer, ..PLAIN };

pub(super) const QUIET_IMAGE_REFUSED: Scenario = Scenario {
    id: "quiet_image_refused",
    title: "A picture that another site does not give out (403)",
    host: "images.quiet.test",
    also: &[CDN],
    sets_up: "The page shows a picture of another site, which refuses it to strangers' pages.",
    ..BASE
};

pub(super) const QUIET_WIDGET_REFUSED: Scenario = Scenario {
    id: "quiet_widget_refused",
    title: "A widget of another site that is refused (403)",
    host: "widget.quiet.test",
    also: &[WIDGETS],
    sets_up: "A frame and a call of a comment box, which does not work; the page does.",
    ..BASE
};

pub(super) const QUIET_CORS: Scenario = Scenario {
    id: "quiet_cors",
    title: "A call to another host that is asked first, and allowed",
    host: "app.cross.quiet.test",
    also: &[API],
    sets_up: "The browser asks the other host whether it may (OPTIONS), and it may.",
    ..BASE
};

pub(super) const QUIET_PREFETCH: Scenario = Scenario {
    id: "quiet_prefetch",
    title: "A page that is fetched in case you want it next (401)",
    host: "prefetch.quiet.test",
    sets_up: "The page names the members' page as the likely next one, and the browser may fetch \
              it for you. It is for members.",
    ..BASE
};

pub(super) const QUIET_MISSING_FRAME: Scenario = Scenario {
    id: "quiet_missing_frame",
    title: "A frame of the site itself that is not there (404)",
    host: "frame.quiet.test",
    sets_up: "The page has a frame that leads nowhere.",
    ..BASE
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let at = |host: &str, path: &str| format!("http://{host}:{}{path}", ask.port());
    let allowed = |answer: Answer| {
        answer
            .header("access-control-allow-origin", at("app.cross.quiet.test", ""))
            .header("access-control-allow-headers", "authorization")
    };
    match (ask.host(), ask.method(), ask.path()) {
        (CDN, ..) => Answer::new(403, "text/plain", String::new()),
        (WIDGETS, ..) => Answer::page(403, Shown::Done, "403", ""),
        (API, "OPTIONS", _) => allowed(Answer::new(204, "text/plain", String::new())),
        (API, ..) => allowed(Answer::json(200, "{}")),
        (host, _, "/") => {
            let inner = inner(host, &at);
            // `load` waits for pictures and frames.
            let script = "<script>
  const loaded = new Promise((done) => addEventListener('load', done));
  const calls = globalThis.calls?.() ?? [];
  Promise.all([loaded, ...calls]).then(() => { document.body.dataset.lab = 'done'; });
</script>";
            Answer::page(200, Shown::Wait, "A page", &format!("<p>News of today.</p>{inner}{script}{links}"))
        }
        (_, _, "/members") => Answer::page(401, Shown::Out, "Please sign in", ""),
        _ => Answer::missing(),
    }
}

fn inner(host: &str, at: &dyn Fn(&str, &str) -> String) -> String {
    match host.split('.').next().unwrap_or_default() {
        "images" => format!("<img src=\"{}\" alt=\"\">", at(CDN, "/picture.png")),
        "widget" => format!(
            "<iframe src=\"{0}\"></iframe>
<script>globalThis.calls = () => [fetch('{0}').catch(() => {{}})];</script>",
            at(WIDGETS, "/comments")
        ),
        "app" => format!(
            "<script>
  const headers = {{ Authorization: 'Bearer 7c1f9e2ab4d0' }};
  globalThis.calls = () => [fetch('{}', {{ headers }})];
</script>",
            at(API, "/me")
        ),
        "prefetch" => "<link rel=\"prefetch\" href=\"/members\">".to_owned(),
        _ => "<iframe src=\"/gone\"></iframe>".to_owned(),
    }
}
