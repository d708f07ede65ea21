//! An offline helper that gives out an old refusal.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "service_worker",
    title: "The page's own helper still says no",
    // Browsers run service workers only where a page is trustworthy: over https, or on this machine.
    host: "offline.localhost",
    sets_up: "The site's service worker stores every page that it fetches and gives it out again, for \
              reading offline. It was told to keep only good ones later on; the refusal that it met \
              at your first visit it has kept. The server would let you in.",
    start: Some("/start"),
    page: "/account",
    by_check: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("service_worker"),
        fix: Some("reload_fresh"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, _: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => Answer::page(200, Shown::Wait, "Your app is set up", &format!("{REGISTER}{links}")),
        "/worker.js" => Answer::new(200, "text/javascript", WORKER.to_owned()),
        "/account" if ask.header("x-first").is_some() => {
            Answer::page(401, Shown::Out, "Please sign in", &links)
        }
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

/// The first visit was long ago: the worker makes it good for when it is set up.
const WORKER: &str = "
addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil((async () => {
    const first = await fetch('/account', { headers: { 'X-First': '1' } });
    await (await caches.open('pages')).put('/account', first);
  })());
});
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const kept = caches.match(event.request).then((kept) => kept ?? fetch(event.request));
  event.respondWith(kept);
});
";
