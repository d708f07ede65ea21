//! Apache's mod_auth_openidc, which signs people in by an OpenID provider in front of an app.

use super::PLAIN;
use crate::openid::PROVIDER;
use crate::{Expect, Scenario, Server};

pub(super) const SESSION_EXPIRED: Scenario = Scenario {
    id: "openidc_session_expired",
    title: "The doorman of the API has forgotten you",
    host: "timeout.openidc.test",
    sets_up: "Apache lets in who is signed in at the provider (mod_auth_openidc), and answers calls \
              to the API of those who are not with 401 (OIDCUnAuthAction). The app itself is open to \
              all. You were away for longer than OIDCSessionInactivityTimeout: Apache has forgotten \
              your session and takes its cookie back. The front page leads to the provider, which still knows \
              you.",
    start: Some("/"),
    page: "/app.html",
    lapses: true,
    server: Server::Openid {
        lines: "<LocationMatch \"^/(api/.*)?$\">
AuthType openid-connect
Require valid-user
</LocationMatch>
<Location /api/>
OIDCUnAuthAction 401
</Location>
Alias /api/me \"${site}/me.json\"
",
        files: &[("index.html", HOME), ("app.html", APP), ("me.json", "{\"name\":\"Sam\"}")],
    },
    expect: Expect::LockOut {
        status: 401,
        cause: Some("session_expired"),
        fix: Some("sign_in"),
        one_click: true,
    },
    ..PLAIN
};

pub(super) const CALLBACK_KEPT: Scenario = Scenario {
    id: "openidc_callback_kept",
    title: "A bookmark that was made half-way through the sign-in",
    host: "bookmark.openidc.test",
    sets_up: "You kept the address at which the provider sends you back. What it ends is over, and Apache \
              (mod_auth_openidc) has no cookie of it: it answers 400 and does not say why. The front page \
              begins a new sign-in.",
    page: "/oidc/callback?code=7c1f9e2ab4d0&state=Np3_8EIJ9aI_gs35HEAlOiyPhb0",
    server: Server::Openid {
        lines: "<LocationMatch \"^/$\">
AuthType openid-connect
Require valid-user
</LocationMatch>
",
        files: &[("index.html", HOME)],
    },
    // Apache's own page says no more than “Bad Request”.
    ends_blank: true,
    expect: Expect::LockOut {
        status: 400,
        cause: Some("csrf_failed"),
        fix: Some("sign_in"),
        one_click: true,
    },
    ..PLAIN
};

pub(super) const FORM_POST: Scenario = Scenario {
    id: "openidc_form_post",
    title: "The provider answers by a form, and Apache does not know you began",
    host: "form.openidc.test",
    // For browsers to find it; its port is its own.
    also: &[PROVIDER],
    sets_up: "Apache (mod_auth_openidc) has the provider answer by a form (OIDCResponseMode form_post), and \
              sets its cookies SameSite=Lax (OIDCCookieSameSite On). A form from another site comes without \
              the cookie that the sign-in began with: Apache answers 400, each time.",
    server: Server::Openid {
        lines: "OIDCResponseMode form_post
OIDCCookieSameSite On
<LocationMatch \"^/$\">
AuthType openid-connect
Require valid-user
</LocationMatch>
ErrorDocument 400 /refused.html
",
        files: &[("index.html", HOME), ("refused.html", REFUSED)],
    },
    expect: Expect::LockOut {
        status: 400,
        cause: Some("cookie_blocked_samesite"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    ..PLAIN
};

const HOME: &str = "<!doctype html>
<html lang=\"en\"><title>Welcome</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"in\"><h1>You are signed in</h1><p><a href=\"/app.html\">Your app</a></p>";

const APP: &str = "<!doctype html>
<html lang=\"en\"><title>Your app</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"wait\"><h1>Your app</h1><p id=\"me\">Loading</p>
<script>
  fetch('/api/me', { cache: 'no-store' }).then((answer) => {
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  });
</script>";

const REFUSED: &str = "<!doctype html>
<html lang=\"en\"><title>Bad request</title><link rel=\"icon\" href=\"data:,\">
<body data-lab=\"out\"><h1>Bad request</h1><p>Please sign in again.</p>";
