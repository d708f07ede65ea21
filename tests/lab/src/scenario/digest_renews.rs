//! A Digest login whose nonce is over at each request: the browser and Apache settle that by themselves.

use super::PLAIN;
use crate::{Expect, Scenario, Server};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "digest_renews",
    title: "A nonce runs out, and nobody notices",
    host: "digest.test",
    sets_up: "Apache gives out nonces that are good for one request (Digest; sam, open). It refuses the \
              old one with stale=true and a new one, and the browser answers that without a word.",
    start: Some("/"),
    login: Some(("sam", "open")),
    page: "/again.html",
    server: Server::Apache {
        lines: "<Location \"/\">
AuthType Digest
AuthName Club
AuthDigestProvider file
AuthDigestNonceLifetime 0
AuthUserFile \"${site}/.htdigest\"
Require valid-user
</Location>",
        files: &[
            ("index.html", PAGE),
            ("again.html", PAGE),
            ("data.json", "{}"),
            (".htdigest", "sam:Club:04eba82e9d7289fadc75275c4be57876\n"),
        ],
    },
    expect: Expect::Quiet,
    ..PLAIN
};

/// What it loads is refused once and then let in, as the page itself is.
const PAGE: &str = "<!doctype html>
<html lang=\"en\"><title>Club</title><body data-lab=\"wait\"><h1>Club</h1>
<script>
  fetch('/data.json', { cache: 'no-store' }).then((answer) => {
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  });
</script>";
