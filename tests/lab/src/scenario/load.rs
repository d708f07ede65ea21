//! Ordinary traffic in numbers, to measure what an extension costs: many small calls in a row, and a page
//! of three hundred parts.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "load",
    title: "Ordinary traffic, a lot of it",
    host: "load.test",
    sets_up: "A page with 300 parts, a tenth of them calls, half of the others kept by the browser. Under \
              /calls a page that makes a thousand calls in a row, under /refused the first page where every \
              second call is refused: 5 % of all.",
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

/// The parts of the page.
const PARTS: usize = 300;

/// One in so many is a call.
const CALLS: usize = 10;

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let session = |answer: Answer, state: &mut State| {
        answer.cookie(format!("sid={}; Path=/; HttpOnly; Max-Age=2592000", state.remember()))
    };
    let path = ask.path();
    match path.split('/').nth(1).unwrap_or_default() {
        "" => session(page("/call/"), state),
        "refused" => session(page("/no/"), state),
        "calls" => session(Answer::page(200, Shown::Done, "Calls", CALL), state),
        "call" => Answer::json(200, "{}"),
        "no" => Answer::json(401, r#"{"error":"unauthorized"}"#),
        "kept" => part(path).kept("max-age=86400"),
        "part" => part(path),
        _ => Answer::missing(),
    }
}

fn part(path: &str) -> Answer {
    match path.rsplit_once('.') {
        Some((_, "js")) => Answer::new(200, "text/javascript", String::new()),
        Some((_, "css")) => Answer::new(200, "text/css", String::new()),
        _ => Answer::new(200, "image/svg+xml", SVG.to_owned()),
    }
}

/// The page, whose every second call goes to `other`.
fn page(other: &str) -> Answer {
    let parts: String = (0..PARTS)
        .filter(|n| n % CALLS != 0)
        .map(|n| {
            let way = if n % 2 == 0 { "kept" } else { "part" };
            match n % 5 {
                0 => format!("<link rel=\"stylesheet\" href=\"/{way}/{n}.css\">"),
                1 | 2 => format!("<script src=\"/{way}/{n}.js\" defer></script>"),
                _ => format!("<img src=\"/{way}/{n}.svg\" alt=\"\">"),
            }
        })
        .collect();
    let script = format!(
        "<script>
  const loaded = new Promise((done) => addEventListener('load', done));
  const calls = Array.from({{ length: {} }}, (_, n) => fetch((n % 2 ? '{other}' : '/call/') + n).then((it) => it.text()));
  Promise.all([loaded, ...calls]).then(() => {{
    document.body.dataset.took = performance.now();
    document.body.dataset.lab = 'done';
  }});
</script>",
        PARTS / CALLS
    );
    Answer::page(200, Shown::Wait, "An ordinary page", &format!("{script}{parts}"))
}

/// One after the other; how long it took stands in the page.
const CALL: &str = "<script>
  window.call = async (count, path) => {
    const began = performance.now();
    for (let n = 0; n < count; n += 1) await (await fetch(path + n)).text();
    document.body.dataset.took = performance.now() - began;
  };
</script>";

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"2\"/>";
