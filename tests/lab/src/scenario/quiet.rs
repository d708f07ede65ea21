//! An ordinary page with ordinary traffic: what Latchkey costs when nothing is wrong.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State};

/// How many requests the page makes besides itself: images, then fetches.
const IMAGES: usize = 20;
const FETCHES: usize = 10;

pub(super) const SCENARIO: Scenario = Scenario {
    id: "quiet",
    title: "An ordinary page, all of it 200",
    host: "quiet.test",
    sets_up: "One page with 20 images and 10 calls.",
    expect: Expect::Quiet,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    match ask.path() {
        "/" => {
            let images: String =
                (0..IMAGES).map(|n| format!("<img src=\"/image/{n}.svg\" alt=\"\">")).collect();
            Answer::page(200, Shown::Wait, "An ordinary page", &format!("{images}{}", script()))
        }
        path if path.starts_with("/image/") => Answer::new(200, "image/svg+xml", SVG.to_owned()),
        path if path.starts_with("/api/") => Answer::json(200, "{}"),
        _ => Answer::missing(),
    }
}

/// Says `done` only when all the traffic is over.
fn script() -> String {
    format!(
        "<script>
  const loaded = new Promise((resolve) => addEventListener('load', resolve));
  const calls = Array.from({{ length: {FETCHES} }}, (_, n) => fetch(`/api/${{n}}`));
  Promise.all([loaded, ...calls]).then(() => {{ document.body.dataset.lab = 'done'; }});
</script>"
    )
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"24\" height=\"24\">\
                   <circle cx=\"12\" cy=\"12\" r=\"9\" fill=\"#8db4ff\"/></svg>";
