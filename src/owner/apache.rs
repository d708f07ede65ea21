//! Apache HTTP Server. Each example but those for modules of others is tried on a real one
//! (`tests/e2e/tests/snippets`).

use super::Server::Apache;
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    snippet(
        Apache,
        &[C::CorsPreflight401],
        "<Location \"/api\">",
        "# In the place of Require valid-user.
<LimitExcept OPTIONS>
    Require valid-user
</LimitExcept>
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteRule .* - [R=204,L]
Header always set Access-Control-Allow-Origin  \"https://app.example.com\"
Header always set Access-Control-Allow-Methods \"GET, POST, PUT, PATCH, DELETE\"
Header always set Access-Control-Allow-Headers \"Authorization, Content-Type\"",
    ),
    snippet(
        Apache,
        &[C::AuthHeaderCollision],
        "<VirtualHost>",
        "# The app signs its own requests: no password in front of those.
<Location \"/api\">
    AuthType None
    Require all granted
</Location>",
    ),
    snippet(
        Apache,
        &[C::AuthHeaderCollision],
        "<Location>",
        "# Or: the password stops at the wall, so that the app never sees it.
RequestHeader unset Authorization",
    ),
    // Apache keeps it from programs unless told otherwise.
    snippet(Apache, &[C::AuthHeaderStrippedProxy], "<Directory> (CGI, FastCGI; 2.4.13)", "CGIPassAuth On"),
    snippet(
        Apache,
        &[C::AuthHeaderStrippedProxy],
        ".htaccess",
        "SetEnvIf Authorization \"(.*)\" HTTP_AUTHORIZATION=$1",
    ),
    snippet(Apache, &[C::AuthHeaderStrippedProxy], "mod_wsgi", "WSGIPassAuthorization On"),
    snippet(
        Apache,
        &[C::AuthHeaderStrippedRedirect, C::CsrfFailed, C::CookieNotStored, C::WrongUrlOrHost],
        "<VirtualHost>",
        "# The app learns which address was asked for.
ProxyPreserveHost On
RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}",
    ),
    snippet(
        Apache,
        &[C::CookieNotStored],
        "<VirtualHost>",
        "# A cookie for the host and the path that the browser knows.
ProxyPassReverseCookieDomain app.internal app.example.com
ProxyPassReverseCookiePath   /app/ /",
    ),
    snippet(
        Apache,
        &[C::CookieBlockedSamesite],
        "<VirtualHost>",
        "# Over https only.
Header edit Set-Cookie \"(?i)^(sid=.*); *SameSite=[a-z]+\" \"$1\"
Header edit Set-Cookie \"^(sid=.*)$\" \"$1; SameSite=None; Secure\"",
    ),
    snippet(
        Apache,
        &[C::CookieTooLarge],
        "apache2.conf, httpd.conf",
        "# Above every <VirtualHost>: they take it from there, or it does not count.
LimitRequestFieldSize 32768",
    ),
    snippet(
        Apache,
        &[C::CredentialsModeMissing],
        "<Location \"/api\">",
        "# This very origin, never \"*\".
Header onsuccess unset Access-Control-Allow-Origin
Header always set   Access-Control-Allow-Origin      \"https://app.example.com\"
Header always set   Access-Control-Allow-Credentials \"true\"
Header always merge Vary                             \"Origin\"",
    ),
    snippet(
        Apache,
        &[C::DigestNonce],
        "<Location>",
        "# Seconds that a nonce is good for; an older one is answered with stale=true.
AuthDigestNonceLifetime 3600",
    ),
    snippet(
        Apache,
        &[C::HttpCacheStale],
        "<VirtualHost>",
        "# No cache keeps a refusal, nor the way to the sign-in.
Header onsuccess unset Cache-Control \"expr=%{REQUEST_STATUS} in {'302', '401', '403'}\"
Header always set Cache-Control \"no-store\" \"expr=%{REQUEST_STATUS} in {'302', '401', '403'}\"
Header always merge Vary \"Cookie, Authorization\"",
    ),
    snippet(
        Apache,
        &[C::NegotiateFailed],
        "mod_auth_gssapi",
        "AuthType GSSAPI
GssapiCredStore keytab:/etc/apache2/http.keytab
# For those whose machine is not in the domain; over https only.
GssapiBasicAuth On",
    ),
    snippet(
        Apache,
        &[C::ServerMisconfig],
        "<VirtualHost>",
        "# The sign-in and its files need no sign-in; a page that is refused shows it.
<LocationMatch \"^/(login|sign-in.html$)\">
    AuthType None
    Require all granted
</LocationMatch>
# A file of Apache's own: what is behind ProxyPass would make a 200 of it. Above ProxyPass /.
ProxyPass /sign-in.html !
ErrorDocument 401 /sign-in.html",
    ),
    snippet(
        Apache,
        &[C::UrlCredentialsIgnored],
        "<VirtualHost>",
        "# The server adds the login, base64 of user:password, so that no page has to carry it.
<Location \"/camera/\">
    RequestHeader set Authorization \"Basic c2FtOm9wZW4=\"
    ProxyPass http://app.internal/camera/
</Location>",
    ),
    snippet(
        Apache,
        &[C::WafOrIpBlock],
        "<VirtualHost>",
        "# Behind a balancer: rules for addresses mean the visitor's, not the balancer's.
RemoteIPHeader        X-Forwarded-For
RemoteIPInternalProxy 10.0.0.0/8",
    ),
    snippet(
        Apache,
        &[C::WafOrIpBlock],
        "mod_security",
        "# The id of the rule that fired stands in the log.
<Location \"/api\">
    SecRuleRemoveById 942100
</Location>",
    ),
    snippet(
        Apache,
        &[C::WrongUrlOrHost],
        "apache2.conf, httpd.conf",
        "# Every other name leads to the one that has the sign-in. Above that one.
<VirtualHost *:80>
    ServerName www.example.com
    Redirect 308 / https://app.example.com/
</VirtualHost>",
    ),
    // Apache HTTP Server, "Environment Variables in Apache": names with `_` do not reach programs.
    snippet(
        Apache,
        &[C::ApiKeyMissingOrInvalid],
        "<VirtualHost> (CGI, FastCGI)",
        "# Names with _ such as api_key are dropped otherwise.
SetEnvIfNoCase ^api.key$ ^(.*)$ HTTP_API_KEY=$1",
    ),
];
