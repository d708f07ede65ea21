//! An edge that wants to see a person now and then, and answers an app's calls until it has.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "waf_or_ip_block",
    title: "The site's guard wants to see you again",
    host: "shop.edge.test",
    sets_up: "What stands in front of the shop lets a page through when its check has run, and \
              everything else for as long as the check's cookie is good. Let time pass and load more: \
              the call is refused (403, `cf-mitigated: challenge`). To load the page runs the check.",
    start: Some("/start"),
    page: "/shoes",
    person: Some("await fetch('/__lab/expire'); document.querySelector('button').click();"),
    expect: Expect::LockOut {
        status: 403,
        cause: Some("waf_or_ip_block"),
        fix: Some("retry"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let keep = "HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000";
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", &links)
            .cookie(format!("sid={}; {keep}", state.remember())),
        "/shoes" => Answer::page(200, Shown::In, "Shoes", &format!("{SCRIPT}{links}"))
            .cookie(format!("cf_clearance={}; {keep}", state.sign_in())),
        "/api/shoes" if ask.cookie("cf_clearance").is_some_and(|it| state.live.contains(it)) => {
            Answer::json(200, "[]")
        }
        "/api/shoes" => Answer::page(403, Shown::Out, "Just a moment\u{2026}", "")
            .header("server", "cloudflare")
            .header("cf-mitigated", "challenge"),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "<p><button>More</button></p>
<script>
  const more = async () => {
    document.body.dataset.lab = (await fetch('/api/shoes')).ok ? 'in' : 'out';
  };
  document.querySelector('button').onclick = more;
  document.body.dataset.lab = 'wait';
  more();
</script>";
