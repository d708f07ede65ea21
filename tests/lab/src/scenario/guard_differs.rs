//! An app's guard against forged calls that no longer fits its cookie.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "csrf_failed_in_app",
    title: "The app was open while you signed in elsewhere",
    host: "board.guard.test",
    sets_up: "Django's habit: a call must repeat the value of the cookie `csrftoken` in a header. You \
              signed in once more in another tab, which changed the cookie; the open page repeats the \
              old value. Press the button.",
    start: Some("/start"),
    page: "/board",
    person: Some("await fetch('/start'); document.querySelector('button').click();"),
    expect: Expect::LockOut {
        status: 403,
        cause: Some("csrf_failed"),
        fix: Some("reload_fresh"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let is_known = ask.cookie("sessionid").is_some_and(|sid| state.remembered.contains(sid));
    match (ask.method(), ask.path()) {
        (_, "/start") => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sessionid={}; HttpOnly; Path=/; SameSite=Lax", state.remember()))
            .cookie(format!("csrftoken={}; Path=/; SameSite=Lax", state.remember())),
        (_, "/board") if is_known => Answer::page(200, Shown::Wait, "The board", &format!("{SCRIPT}{links}")),
        ("POST", "/api/notes") if is_known && ask.header("x-csrftoken") == ask.cookie("csrftoken") => {
            Answer::json(201, "{}")
        }
        ("POST", "/api/notes") => Answer::json(403, r#"{"detail":"CSRF Failed: CSRF token incorrect."}"#),
        _ => Answer::page(401, Shown::Out, "Please sign in", &links),
    }
}

/// The mistake: the value is read once, when the page opens.
const SCRIPT: &str = "<p><button>Note it</button></p>
<script>
  const guard = document.cookie.match(/csrftoken=([^;]+)/)[1];
  const note = async () => {
    const answer = await fetch('/api/notes', { method: 'POST', headers: { 'X-CSRFToken': guard } });
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  };
  document.querySelector('button').onclick = note;
  note();
</script>";
