//! nginx. Each example but the one for the commercial edition is tried on a real one
//! (`tests/e2e/tests/snippets`).

use super::Server::Nginx;
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    // The question before a cross-origin request carries no credential (Fetch standard, section 4.8).
    snippet(
        Nginx,
        &[C::CorsPreflight401],
        "location",
        "# Above auth_basic, auth_request and proxy_pass.
if ($request_method = OPTIONS) {
    add_header Access-Control-Allow-Origin  https://app.example.com always;
    add_header Access-Control-Allow-Methods \"GET, POST, PUT, PATCH, DELETE\" always;
    add_header Access-Control-Allow-Headers \"Authorization, Content-Type\" always;
    add_header Access-Control-Max-Age       600 always;
    return 204;
}",
    ),
    // One `Authorization` header cannot serve two.
    snippet(
        Nginx,
        &[C::AuthHeaderCollision],
        "server",
        "# The app signs its own requests: no password in front of those.
location /api/ {
    auth_basic off;
    proxy_pass http://app;
}",
    ),
    snippet(
        Nginx,
        &[C::AuthHeaderCollision],
        "location",
        "# Or: the password stops at the wall, so that the app never sees it.
proxy_set_header Authorization \"\";",
    ),
    // Directives of an outer level count only where there is none inside (ngx_http_proxy_module).
    snippet(
        Nginx,
        &[C::AuthHeaderStrippedProxy],
        "location",
        "# It takes the place of every proxy_set_header further out.
proxy_set_header Authorization $http_authorization;
proxy_set_header Host          $http_host;",
    ),
    snippet(
        Nginx,
        &[C::AuthHeaderStrippedRedirect, C::CsrfFailed, C::CookieNotStored, C::WrongUrlOrHost],
        "location",
        "# The app learns which address was asked for.
proxy_set_header Host              $http_host;
proxy_set_header X-Forwarded-Host  $http_host;
proxy_set_header X-Forwarded-Proto $scheme;",
    ),
    snippet(
        Nginx,
        &[C::CookieNotStored],
        "location",
        "# A cookie for the host and the path that the browser knows.
proxy_cookie_domain app.internal $host;
proxy_cookie_path   /app/ /;",
    ),
    snippet(
        Nginx,
        &[C::CookieBlockedSamesite],
        "location",
        "# 1.19.3 and later; over https only.
proxy_cookie_flags sid secure samesite=none;",
    ),
    snippet(
        Nginx,
        &[C::CookieTooLarge],
        "http",
        "# Here, or in the default server of the port: that of another does not count.
large_client_header_buffers 8 32k;",
    ),
    snippet(
        Nginx,
        &[C::CredentialsModeMissing],
        "location",
        "# This very origin, never \"*\".
proxy_hide_header Access-Control-Allow-Origin;
add_header Access-Control-Allow-Origin      https://app.example.com always;
add_header Access-Control-Allow-Credentials true always;
add_header Vary                             Origin always;",
    ),
    // Sessions, nonces and keys that one machine has and the other has not.
    snippet(
        Nginx,
        &[C::DigestNonce, C::ServerKeyRotated],
        "http",
        "# Until the machines share what they know, one browser stays with one machine.
upstream app {
    ip_hash;
    server app1.internal;
    server app2.internal;
}",
    ),
    snippet(
        Nginx,
        &[C::HttpCacheStale],
        "location",
        "# Neither what a sign-in was sent with nor a refusal is kept.
proxy_cache_bypass $http_authorization $cookie_sid;
proxy_no_cache     $http_authorization $cookie_sid;
proxy_cache_valid  200 10m;",
    ),
    snippet(
        Nginx,
        &[C::NegotiateFailed],
        "http",
        "# NTLM belongs to one connection: a proxy must not share it (commercial nginx only).
upstream app { server app.internal:80; ntlm; }
server {
    location / {
        proxy_http_version 1.1;
        proxy_set_header   Connection \"\";
        proxy_pass         http://app;
    }
}",
    ),
    // A 401 that tells how to sign in.
    snippet(
        Nginx,
        &[C::ServerMisconfig],
        "server",
        "# The sign-in and its files need no sign-in; a page that is refused leads there.
location /login {
    auth_request off;
    auth_basic   off;
    proxy_pass   http://app;
}
error_page 401 = @sign_in;
location @sign_in { return 302 /login?next=$request_uri; }",
    ),
    snippet(
        Nginx,
        &[C::ServerMisconfig],
        "location",
        "# Data: the refusal says which credential is meant.
add_header WWW-Authenticate 'Bearer realm=\"api\"' always;",
    ),
    snippet(
        Nginx,
        &[C::UrlCredentialsIgnored],
        "server",
        "# The server adds the login, base64 of user:password, so that no page has to carry it.
location /camera/ {
    proxy_set_header Authorization \"Basic c2FtOm9wZW4=\";
    proxy_pass       http://app;
}",
    ),
    snippet(
        Nginx,
        &[C::WafOrIpBlock],
        "server",
        "# Behind a balancer: rules for addresses mean the visitor's, not the balancer's.
set_real_ip_from  10.0.0.0/8;
real_ip_header    X-Forwarded-For;
real_ip_recursive on;",
    ),
    snippet(
        Nginx,
        &[C::WafOrIpBlock],
        "location",
        "# A page loads many things at once: let it.
limit_req        zone=app burst=40 nodelay;
limit_req_status 429;",
    ),
    snippet(
        Nginx,
        &[C::WrongUrlOrHost],
        "http",
        "# Every other name leads to the one that has the sign-in.
server {
    listen      80;
    server_name www.example.com;
    return      308 https://app.example.com$request_uri;
}",
    ),
    snippet(
        Nginx,
        &[C::ApiKeyMissingOrInvalid],
        "http",
        "# Names with _ such as api_key are dropped otherwise. Here or in the default server.
underscores_in_headers on;",
    ),
];
