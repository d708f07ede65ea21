//! "Am I signed in?": a question, not a lock-out.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "probe",
    title: "A page asks once whether you are signed in",
    host: "probe.test",
    sets_up: "The page is public. Its one call without any credential is answered 401, which is \
              how it learns that nobody is signed in.",
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    match ask.path() {
        "/" => {
            let inner = format!("{SCRIPT}{}", control::links(&SCENARIO));
            Answer::page(200, Shown::Wait, "The news of today", &inner)
        }
        "/api/me" => Answer::json(401, r#"{"error":"unauthorized"}"#),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "<p>Read as a guest.</p>
<script>fetch('/api/me').then(() => { document.body.dataset.lab = 'done'; });</script>";
