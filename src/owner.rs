//! For developers and administrators: what has to be mended on the server, with an example that
//! they can adapt.

use std::fmt::Write as _;

use crate::cause::CauseId;
use crate::incident::Incident;
use crate::report;
use crate::words::Words;

/// A piece of configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The server that it is for.
    pub server: &'static str,
    /// The configuration.
    pub text: &'static str,
}

/// The message key of what has to be mended.
#[must_use]
pub fn key(cause: CauseId) -> String {
    format!("owner_{}", cause.id())
}

/// Examples for a cause; none where words say it all.
#[must_use]
pub fn snippets(cause: CauseId) -> &'static [Snippet] {
    match cause {
        CauseId::CorsPreflight401 => PREFLIGHT,
        CauseId::AuthHeaderCollision => COLLISION,
        CauseId::ClockSkew => CLOCK,
        CauseId::AuthHeaderStrippedProxy => STRIPPED,
        CauseId::AuthHeaderStrippedRedirect => SENT_ON,
        CauseId::DigestNonce => NONCE,
        CauseId::NegotiateFailed => WINDOWS,
        CauseId::ServerMisconfig => CHALLENGE,
        _ => &[],
    }
}

/// The whole note, as text for a mail or a ticket.
#[must_use]
pub fn note(words: &dyn Words, incident: &Incident) -> String {
    let mut text = words.say(&key(incident.cause()));
    for snippet in snippets(incident.cause()) {
        let _ = write!(text, "\n\n{}:\n\n{}", snippet.server, snippet.text);
    }
    let _ = write!(text, "\n\n---\n\n{}", report::markdown(words, incident));
    text
}

/// The question before a cross-origin request (Fetch standard, section 4.8) carries no credential:
/// it is answered before anything asks for one.
const PREFLIGHT: &[Snippet] = &[
    Snippet {
        server: "nginx",
        text: "location /api/ {
    if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Origin  https://app.example.com always;
        add_header Access-Control-Allow-Methods \"GET, POST, PUT, PATCH, DELETE\" always;
        add_header Access-Control-Allow-Headers \"Authorization, Content-Type\" always;
        add_header Access-Control-Max-Age       600 always;
        return 204;
    }
    # auth_basic, auth_request and proxy_pass follow
}",
    },
    Snippet {
        server: "Apache",
        text: "<Location /api>
    <LimitExcept OPTIONS>
        Require valid-user
    </LimitExcept>
    <Limit OPTIONS>
        Require all granted
    </Limit>
</Location>",
    },
    Snippet {
        server: "Express",
        text: "import cors from 'cors';
// Before whatever checks the sign-in.
app.use(cors({ origin: 'https://app.example.com', allowedHeaders: ['Authorization', 'Content-Type'] }));
app.use(requireSignIn);",
    },
];

/// One `Authorization` header cannot serve two.
const COLLISION: &[Snippet] = &[
    Snippet {
        server: "nginx",
        text: "# The app signs its own requests: no password in front of those.
location /api/ {
    auth_basic off;
    proxy_pass http://app;
}",
    },
    Snippet {
        server: "nginx",
        text: "# Or: the password stops at the wall, so that the app never sees it.
location / {
    auth_basic           \"Staging\";
    auth_basic_user_file /etc/nginx/htpasswd;
    proxy_set_header     Authorization \"\";
    proxy_pass           http://app;
}",
    },
];

/// A server that keeps time.
const CLOCK: &[Snippet] = &[
    Snippet { server: "Linux (systemd)", text: "timedatectl set-ntp true\ntimedatectl status" },
    Snippet { server: "Windows Server", text: "w32tm /resync\nw32tm /query /status" },
];

/// Servers that keep `Authorization` from programs unless told otherwise.
const STRIPPED: &[Snippet] = &[
    Snippet { server: "Apache 2.4.13 and later, for CGI and FastCGI", text: "CGIPassAuth On" },
    Snippet { server: "Apache, in .htaccess", text: "SetEnvIf Authorization \"(.*)\" HTTP_AUTHORIZATION=$1" },
    Snippet { server: "Apache with mod_wsgi", text: "WSGIPassAuthorization On" },
    Snippet {
        server: "nginx",
        text: "location ~ \\.php$ {
    include       fastcgi_params;
    fastcgi_param HTTP_AUTHORIZATION $http_authorization;
    fastcgi_pass  php;
}",
    },
];

/// Behind a proxy that ends TLS, an application that does not know so redirects to http.
const SENT_ON: &[Snippet] = &[
    Snippet {
        server: "nginx",
        text: "location /api/ {
    proxy_set_header Host              $host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_pass       http://app;
}",
    },
    Snippet { server: "Uvicorn", text: "uvicorn app:app --proxy-headers --forwarded-allow-ips 10.0.0.0/8" },
];

/// A nonce that lives long enough, and that all machines know.
const NONCE: &[Snippet] = &[
    Snippet {
        server: "Apache",
        text: "# Seconds that a nonce is good for; an older one is answered with stale=true.
AuthDigestNonceLifetime 3600",
    },
    Snippet {
        server: "Tomcat",
        text: "<Valve className=\"org.apache.catalina.authenticator.DigestAuthenticator\"
       nonceValidity=\"3600000\" nonceCountWindowSize=\"1000\" />",
    },
];

/// Integrated sign-in that completes, with another way in beside it.
const WINDOWS: &[Snippet] = &[
    Snippet {
        server: "Windows Server",
        text: "setspn -S HTTP/app.example.com DOMAIN\\service-account
setspn -Q HTTP/app.example.com",
    },
    Snippet {
        server: "nginx",
        text: "# NTLM belongs to one connection: a proxy must not share it (commercial nginx only).
upstream app { server app.internal:80; ntlm; }
location / {
    proxy_http_version 1.1;
    proxy_set_header   Connection \"\";
    proxy_pass         http://app;
}",
    },
];

/// A 401 that tells how to sign in.
const CHALLENGE: &[Snippet] = &[
    Snippet {
        server: "nginx",
        text: "# A page goes to the sign-in; data says which kind of credential is meant.
error_page 401 = @sign_in;
location @sign_in { return 302 /login?next=$request_uri; }
location /api/ {
    add_header WWW-Authenticate 'Bearer realm=\"api\"' always;
    proxy_pass http://app;
}",
    },
    Snippet {
        server: "Express",
        text: "// The sign-in and its files come before whatever asks for a sign-in.
app.use('/login', signIn);
app.use(express.static('public'));
app.use(requireSignIn);
// In requireSignIn: res.set('WWW-Authenticate', 'Bearer').status(401).json({ error: 'sign in' });",
    },
];
