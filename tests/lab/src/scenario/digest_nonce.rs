//! A Digest login whose nonce ran out, at a server that does not say so.

use super::PLAIN;
use crate::{Answer, Ask, Differs, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "digest_nonce",
    title: "The camera's sign-in runs out, and looks like a wrong password",
    host: "camera.nonce.test",
    sets_up: "A camera with a Digest sign-in (sam, open) whose nonce is good for a while. When it is \
              over, the camera asks anew without `stale=true` (RFC 7616, section 3.3), so that the \
              browser takes the password for a wrong one and asks you. (This one looks at the nonce \
              alone, not at the password.)",
    start: Some("/live/"),
    login: Some(("sam", "open")),
    page: "/live/door",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("digest_nonce"),
        fix: Some("retry"),
        one_click: false,
    },
    differs: &[Differs {
        browser: "chromium",
        expect: Expect::LockOut {
            status: 401,
            cause: Some("stale_cached_credentials"),
            fix: Some("sign_in"),
            one_click: false,
        },
        because: "Chromium hides its Digest login, nonce and all: a login that is sent again shows, not why",
    }],
    // Chromium shows a page of its own where the person gives no answer.
    ends_blank: true,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let nonce = ask.header("authorization").and_then(|sent| sent.split_once("nonce=\"")?.1.split('"').next());
    let is_in = nonce.is_some_and(|nonce| state.live.contains(nonce));
    match ask.path() {
        "/" => Answer::page(200, Shown::Done, "A camera", &format!("<a href=\"/live/\">Live</a>{links}")),
        "/live/" | "/live/door" if is_in => Answer::page(200, Shown::In, "The camera", &links),
        "/live/" | "/live/door" => {
            let nonce = state.sign_in();
            Answer::page(401, Shown::Out, "401", &links).header(
                "www-authenticate",
                format!("Digest realm=\"camera\", qop=\"auth\", algorithm=MD5, nonce=\"{nonce}\""),
            )
        }
        _ => Answer::missing(),
    }
}
