//! The page's own script, where it is the client that has to change.

use super::Server::Page;
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    snippet(
        Page,
        &[C::AuthHeaderMalformed, C::AuthHeaderMissing],
        "",
        "// One place for all requests; no token, no header.
const token = await ready;
const headers = token ? { Authorization: `Bearer ${token}` } : {};
const answer = await fetch(url, { headers });",
    ),
    snippet(
        Page,
        &[C::TokenExpired, C::MfaOrStepUpRequired],
        "",
        "let answer = await send(await token());
if (answer.status === 401) {
  forgetToken();
  answer = await send(await renew());   // once, not in a loop
}
if (answer.status === 401) location.assign('/login');",
    ),
    snippet(
        Page,
        &[C::RefreshFailed, C::TokenExpired],
        "",
        "// One tab renews for all (Web Locks).
const renew = () => navigator.locks.request('renew', async () => {
  if (stored().expires > Date.now()) return stored();   // another tab was quicker
  return store(await refresh());
});",
    ),
    snippet(
        Page,
        &[C::CredentialsModeMissing, C::UrlCredentialsIgnored],
        "",
        "fetch('https://api.example.com/me', { credentials: 'include' });
// axios.defaults.withCredentials = true;
// <link rel=\"manifest\" href=\"/app.webmanifest\" crossorigin=\"use-credentials\">",
    ),
    snippet(
        Page,
        &[C::CsrfFailed],
        "",
        "axios.defaults.xsrfCookieName = 'csrftoken';
axios.defaults.xsrfHeaderName = 'X-CSRFToken';
axios.defaults.withXSRFToken = true;",
    ),
    snippet(
        Page,
        &[C::ServiceWorker],
        "",
        "addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') return;   // to the network, login and all
  event.respondWith(fromCacheOrNetwork(event.request));
});
// In fromCacheOrNetwork: if (answer.ok && !answer.redirected) cache.put(request, answer.clone());",
    ),
];
