//! A program behind Apache that never gets to see the token.

use super::PLAIN;
use crate::{Expect, Scenario, Server};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "auth_header_stripped_proxy",
    title: "The web server keeps the token from the program",
    host: "cgi.test",
    sets_up: "Apache runs the site's API as a CGI program. The app sends its token, Apache does not \
              pass it on (it needs CGIPassAuth), and the program says that none came.",
    server: Server::Apache {
        // Mended as the note for the owner says.
        lines: "<If \"-f '${site}.mended'\">
CGIPassAuth On
</If>",
        files: &[("index.html", PAGE), ("api.cgi", PROGRAM)],
    },
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_stripped_proxy"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    ..PLAIN
};

const PAGE: &str = "<!doctype html>
<html lang=\"en\"><title>Your app</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"wait\"><h1>Your app</h1><p id=\"me\">Loading</p>
<script>
  const headers = { Authorization: 'Bearer 7c1f9e2ab4d0' };
  fetch('/api.cgi', { headers, cache: 'no-store' }).then((answer) => {
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  });
</script>";

/// What many frameworks do: no `HTTP_AUTHORIZATION`, no user.
const PROGRAM: &str = "#!/bin/sh
case $HTTP_AUTHORIZATION in
'Bearer '*) printf 'Content-Type: application/json\\n\\n{\"name\":\"Sam\"}' ;;
*) printf 'Status: 401 Unauthorized\\nWWW-Authenticate: Bearer\\n'
   printf 'Content-Type: application/json\\n\\n{\"error\":\"no token\"}' ;;
esac
";
