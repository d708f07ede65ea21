//! A lock-out on a site that keeps something in every place that a browser has for it.

use super::PLAIN;
use super::session_expired::{plant, signed_in};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "much_stored",
    title: "A site that keeps much in your browser",
    // Caches and service workers are for trustworthy pages: over https, or on this machine.
    host: "much-stored.localhost",
    sets_up: "The same two cookies as on the expired session's site; besides, the page keeps \
              something in its local and session storage, a database, a cache and a service worker.",
    start: Some("/start"),
    page: "/account",
    lapses: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_expired"),
        fix: Some("remove_cookies"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match ask.path() {
        "/start" => plant(state, &format!("<p>Your login is planted.</p>{STORE}{links}")),
        "/worker.js" => Answer::new(200, "text/javascript", "onfetch = () => {};".to_owned()),
        "/account" if signed_in(ask, state) => {
            Answer::page(200, Shown::In, "Your account", &format!("<p>Welcome back.</p>{links}"))
        }
        "/account" => Answer::page(401, Shown::Out, "Please sign in", &format!("<p>Who are you?</p>{links}")),
        _ => Answer::missing(),
    }
}

/// Says `done` when all of it is there.
const STORE: &str = "<script>
  document.body.dataset.lab = 'wait';
  (async () => {
    localStorage.theme = sessionStorage.draft = 'dark';
    await new Promise((done, failed) => {
      const request = indexedDB.open('notes', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('notes').put('milk', 1);
      request.onsuccess = () => { request.result.close(); done(); };
      request.onerror = () => failed(request.error);
    });
    await (await caches.open('pages')).put('/kept', new Response('kept'));
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
    document.body.dataset.lab = 'done';
  })();
</script>";
