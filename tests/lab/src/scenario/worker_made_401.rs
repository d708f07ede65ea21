//! A refusal that no server has made: the page's own service worker answers with it.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "worker_made_401",
    title: "The page's own worker says 401",
    // Browsers run service workers only where a page is trustworthy: over https, or on this machine.
    host: "worker-made.localhost",
    sets_up: "An earlier visit left a service worker behind that believes nobody is signed in, and \
              answers for the server, which would let you in. Firefox hides such an answer from \
              extensions until they ask the page.",
    start: Some("/start"),
    page: "/account",
    expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false },
    by_check: true,
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => Answer::page(200, Shown::Wait, "Your app is set up", &format!("{REGISTER}{links}")),
        "/worker.js" => Answer::new(200, "text/javascript", WORKER.to_owned()),
        "/account" => Answer::page(200, Shown::In, "Your account", &links),
        _ => Answer::missing(),
    }
}

const REGISTER: &str = "<script>
  (async () => {
    const taken = new Promise((done) => { navigator.serviceWorker.oncontrollerchange = done; });
    await navigator.serviceWorker.register('/worker.js');
    if (!navigator.serviceWorker.controller) await taken;
    document.body.dataset.lab = 'done';
  })();
</script>";

const WORKER: &str = "
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname !== '/account') return;
  const page = '<!doctype html><title>401</title><body data-lab=\"out\"><h1>Please sign in</h1>';
  event.respondWith(new Response(page, { status: 401, headers: { 'Content-Type': 'text/html' } }));
});
";
