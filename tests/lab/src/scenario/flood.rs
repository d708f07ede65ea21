//! A page that asks and asks, and is refused each time.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "flood",
    title: "Refused a thousand times",
    host: "flood.test",
    sets_up: "A page whose script does not give up: it asks its server a thousand times, with a cookie, and \
              is refused a thousand times. A test may ask it for more: `flood(5000)`.",
    page: "/app",
    person: Some("window.flood(1000);"),
    expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    match ask.path() {
        "/app" => Answer::page(200, Shown::Done, "Your app", SCRIPT)
            .cookie(format!("sid={}; Path=/; HttpOnly; Max-Age=2592000", state.remember())),
        _ => Answer::json(401, r#"{"error":"unauthorized"}"#),
    }
}

/// Five hundred in a second, in twenty parts; how long it took stands beside the word, and how many were not
/// even asked: Chromium refuses to have too many under way.
const SCRIPT: &str = "<script>
  window.flood = async (count) => {
    const began = performance.now();
    const all = [];
    let lost = 0;
    await new Promise((done) => {
      const part = () => {
        for (let n = 0; n < 25 && all.length < count; n += 1) {
          all.push(fetch('/api/items/' + all.length).then((answer) => answer.text(), () => (lost += 1)));
        }
        if (all.length >= count) return done();
        setTimeout(part, Math.max(0, began + all.length * 2 - performance.now()));
      };
      part();
    });
    await Promise.all(all);
    document.body.dataset.lost = lost;
    document.body.dataset.took = performance.now() - began;
    document.body.dataset.lab = 'out';
  };
</script>";
