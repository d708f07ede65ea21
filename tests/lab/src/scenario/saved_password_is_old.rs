//! An app that goes on with a saved password, on a site behind `.htaccess` whose password was changed.

use super::PLAIN;
use crate::{Expect, Scenario, Server};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "saved_password_is_old",
    title: "A saved password is out of date",
    host: "files.test",
    sets_up: "The files of this site are behind a password (.htaccess). The app has saved it and sends \
              it by itself. Then an administrator gives out a new one.",
    start: Some("/"),
    page: "/files.html",
    lapses: true,
    server: Server::Apache {
        lines: "",
        files: &[
            ("index.html", LOGIN),
            ("files.html", PAGE),
            (".htaccess", HTACCESS),
            (".htpasswd", "sam:{SHA}X8fji//gDKRq3YkUVGSi6vdZ1cI=\n"),
            // “shut”, which nobody has told the app.
            (".htpasswd-new", "sam:{SHA}6Wg7UNRWtJJa+43eDQgDw9uVHHc=\n"),
            ("notes.txt", "Buy milk."),
        ],
    },
    expect: Expect::LockOut {
        status: 401,
        cause: Some("stale_cached_credentials"),
        fix: Some("sign_in"),
        one_click: false,
    },
    ..PLAIN
};

/// As it is written on shared hosting; the file is changed when time has passed.
const HTACCESS: &str = "<Files notes.txt>
AuthType Basic
AuthName \"Your files\"
AuthUserFile files.test/.htpasswd
<If \"-f '%{DOCUMENT_ROOT}.lapsed'\">
AuthUserFile files.test/.htpasswd-new
</If>
Require valid-user
</Files>
";

const LOGIN: &str = "<!doctype html>
<html lang=\"en\"><title>Sign in</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"done\"><h1>Sign in</h1>
<form><p><label>Name <input name=\"user\"></label></p>
<p><label>Password <input name=\"password\" type=\"password\"></label></p></form>
<script>localStorage.saved = btoa('sam:open');</script>";

/// It answers for the login by itself, so it leaves the browser's own out (`omit`).
const PAGE: &str = "<!doctype html>
<html lang=\"en\"><title>Your files</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"wait\"><h1>Your files</h1>
<p id=\"me\">Loading</p><p><a href=\"/\">Sign in</a></p>
<script>
  const headers = { Authorization: `Basic ${localStorage.saved}` };
  fetch('/notes.txt', { headers, credentials: 'omit', cache: 'no-store' }).then((answer) => {
    document.getElementById('me').textContent = answer.ok ? 'Here they are.' : 'Could not load them.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  });
</script>";
