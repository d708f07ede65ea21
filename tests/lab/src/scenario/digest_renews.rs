//! A Digest login whose nonce is over at each request: the browser and Apache settle that by themselves.

use super::PLAIN;
use crate::{Expect, Scenario, Server};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "digest_renews",
    title: "A nonce runs out, and nobody notices",
    host: "digest.test",
    sets_up: "Apache gives out nonces that are good for one request (Digest; sam, open). It refuses the \
              old one with stale=true and a new one, and the browser answers that without a word.",
    // Not `/`: Apache looks for its index in a request of its own, which uses the nonce up.
    start: Some("/first.html"),
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
            ("first.html", FIRST),
            ("again.html", PAGE),
            ("data.json", "{}"),
            (".htdigest", "sam:Club:04eba82e9d7289fadc75275c4be57876\n"),
        ],
    },
    expect: Expect::Quiet,
    ..PLAIN
};

const FIRST: &str = "<!doctype html>
<html lang=\"en\"><title>Club</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"done\"><h1>Welcome</h1>";

/// What it loads is refused once and then let in, as the page itself is.
const PAGE: &str = "<!doctype html>
<html lang=\"en\"><title>Club</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"wait\"><h1>Club</h1>
<script>
  fetch('/data.json', { cache: 'no-store' }).then((answer) => {
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  });
</script>";
