//! Handshakes and renewals that end well.

pub const ALL: &[super::Recording] = &[
    (
        "a password that is asked for and right",
        "page GET https://intra.example/ 401 < www-authenticate: Basic realm=\"intra\"
        +6000 page GET https://intra.example/ 200 > authorization: Basic bWU6cHc=
        css GET https://intra.example/a.css 200 > authorization: Basic bWU6cHc=
        fetch GET https://intra.example/api 200 > authorization: Basic bWU6cHc=",
    ),
    (
        "a password that is mistyped once",
        "page GET https://intra.example/ 401 < www-authenticate: Basic realm=\"intra\"
        +4000 page GET https://intra.example/ 401 > authorization: Basic bWU6cHg= < www-authenticate: Basic realm=\"intra\"
        +5000 page GET https://intra.example/ 200 > authorization: Basic bWU6cHc=",
    ),
    (
        "a login that Chrome keeps to itself",
        "sanitised
        page GET https://intra.example/ 401 < www-authenticate: Basic realm=\"intra\"
        +3000 page GET https://intra.example/ 200
        fetch GET https://intra.example/api/a 200
        fetch GET https://intra.example/api/b 304",
    ),
    (
        "Digest",
        "page GET http://camera.example/ 401 < www-authenticate: Digest realm=\"cam\", nonce=\"one\", qop=\"auth\"
        page GET http://camera.example/ 200 > authorization: Digest username=\"me\", nonce=\"one\", nc=00000001
        img GET http://camera.example/live.jpg 200 > authorization: Digest username=\"me\", nonce=\"one\", nc=00000002
        fetch GET http://camera.example/state 401 > authorization: Digest username=\"me\", nonce=\"one\", nc=00000003 < www-authenticate: Digest realm=\"cam\", nonce=\"two\", stale=true
        fetch GET http://camera.example/state 200 > authorization: Digest username=\"me\", nonce=\"two\", nc=00000001",
    ),
    (
        "Windows, by ticket",
        "page GET https://sharepoint.corp.example/ 401 < www-authenticate: Negotiate | www-authenticate: NTLM
        page GET https://sharepoint.corp.example/ 200 > authorization: Negotiate YIIGqwYGKwYBBQUCoIIGnzCC < www-authenticate: Negotiate oYG2MIGz
        fetch GET https://sharepoint.corp.example/_api/web 401 < www-authenticate: Negotiate | www-authenticate: NTLM
        fetch GET https://sharepoint.corp.example/_api/web 200 > authorization: Negotiate YIIGqwYGKwYBBQUCoIIGnzCC",
    ),
    (
        "Windows, in three steps",
        "page GET http://iis.corp.example/ 401 < www-authenticate: NTLM
        page GET http://iis.corp.example/ 401 > authorization: NTLM TlRMTVNTUAABAAAAB4IIogAAAAA= < www-authenticate: NTLM TlRMTVNTUAACAAAA
        page GET http://iis.corp.example/ 200 > authorization: NTLM TlRMTVNTUAADAAAAGAAYAHIAAAA=
        img GET http://iis.corp.example/logo.png 401 < www-authenticate: NTLM
        img GET http://iis.corp.example/logo.png 200 > authorization: NTLM TlRMTVNTUAADAAAAGAAYAHIAAAA=",
    ),
    (
        "a proxy that is signed in to",
        "page GET http://news.example/ 407 < proxy-authenticate: Basic realm=\"proxy\"
        +3000 page GET http://news.example/ 200 > proxy-authorization: Basic bWU6cHc=
        img GET http://news.example/a.png 200 > proxy-authorization: Basic bWU6cHc=
        fetch GET http://news.example/api 407 < proxy-authenticate: NTLM
        fetch GET http://news.example/api 407 > proxy-authorization: NTLM TlRMTVNTUAABAAAA < proxy-authenticate: NTLM TlRMTVNTUAACAAAA
        fetch GET http://news.example/api 200 > proxy-authorization: NTLM TlRMTVNTUAADAAAA",
    ),
    (
        "a token that is renewed in silence",
        "page GET https://app.example/ 200 > cookie: sid=1
        fetch GET https://app.example/api/me 401 > authorization: Bearer old < www-authenticate: Bearer error=\"invalid_token\"
        fetch POST https://app.example/oauth/token 200 < content-type: application/json
        fetch GET https://app.example/api/me 200 > authorization: Bearer new
        fetch GET https://app.example/api/list 200 > authorization: Bearer new",
    ),
    (
        "several calls that wait for one renewal",
        "page GET https://app.example/ 200
        fetch GET https://app.example/api/a 401 > authorization: Bearer old
        fetch GET https://app.example/api/b 401 > authorization: Bearer old
        fetch GET https://app.example/api/c 401 > authorization: Bearer old
        fetch POST https://app.example/auth/refresh 200 > cookie: refresh_token=1
        fetch GET https://app.example/api/a 200 > authorization: Bearer new
        fetch GET https://app.example/api/b 200 > authorization: Bearer new
        fetch GET https://app.example/api/c 200 > authorization: Bearer new",
    ),
    (
        "a call that was throttled and tried again",
        "page GET https://app.example/ 200 > cookie: sid=1
        fetch GET https://app.example/api/search 429 > cookie: sid=1 < retry-after: 1
        +1200 fetch GET https://app.example/api/search 200 > cookie: sid=1
        fetch POST https://app.example/api/events 429 > cookie: sid=1
        +2500 fetch POST https://app.example/api/events 202 > cookie: sid=1",
    ),
    (
        "polling that recovers",
        "page GET https://board.example/ 200 > cookie: sid=1
        +5000 fetch GET https://board.example/api/poll 200 > cookie: sid=1
        +5000 fetch GET https://board.example/api/poll 401 > cookie: sid=1
        +1000 fetch POST https://board.example/api/renew 204 > cookie: sid=1 < set-cookie: sid=2
        +1000 fetch GET https://board.example/api/poll 200 > cookie: sid=2
        +5000 fetch GET https://board.example/api/poll 503 > cookie: sid=2
        +5000 fetch GET https://board.example/api/poll 200 > cookie: sid=2",
    ),
    (
        "a guard of forms that is fetched anew",
        "page GET https://laravel.example/ 200 > cookie: laravel_session=1
        fetch POST https://laravel.example/api/save 419 > cookie: laravel_session=1 | x-xsrf-token: old
        fetch GET https://laravel.example/sanctum/csrf-cookie 204 > cookie: laravel_session=1 < set-cookie: XSRF-TOKEN=new
        fetch POST https://laravel.example/api/save 200 > cookie: laravel_session=1 | x-xsrf-token: new",
    ),
    (
        "another origin that lets the page in",
        "page GET https://app.example/ 200
        preflight OPTIONS https://api.example/v1/me 204 > origin: https://app.example | access-control-request-method: GET | access-control-request-headers: authorization < access-control-allow-origin: https://app.example
        fetch GET https://api.example/v1/me 200 > authorization: Bearer a | origin: https://app.example < access-control-allow-origin: https://app.example
        preflight OPTIONS https://api.example/v1/list 200 > origin: https://app.example | access-control-request-method: POST
        fetch POST https://api.example/v1/list 201 > authorization: Bearer a | origin: https://app.example
        fetch GET https://cdn.example.net/data.json 200 > origin: https://app.example < access-control-allow-origin: *",
    ),
    (
        "a registry that hands out tokens",
        "page GET https://hub.example/ 200
        fetch GET https://registry.hub.example/v2/ 401 < www-authenticate: Bearer realm=\"https://auth.hub.example/token\",service=\"registry\"
        fetch GET https://auth.hub.example/token?service=registry 200
        fetch GET https://registry.hub.example/v2/ 200 > authorization: Bearer t
        fetch GET https://registry.hub.example/v2/app/tags/list 200 > authorization: Bearer t",
    ),
    (
        "sockets and streams",
        "page GET https://chat.example/ 200 > cookie: sid=1
        ws GET wss://chat.example/socket 101 > cookie: sid=1 | upgrade: websocket
        eventsource GET https://chat.example/events 200 > cookie: sid=1
        ws GET wss://chat.example/socket 0 error=net::ERR_CONNECTION_CLOSED > cookie: sid=1
        ws GET wss://chat.example/socket 101 > cookie: sid=1",
    ),
    (
        "a proof of work that is passed",
        "page GET https://guarded.example/ 403 < cf-mitigated: challenge | content-type: text/html | server: cloudflare
        script GET https://guarded.example/cdn-cgi/challenge-platform/h/b/orchestrate/chl 200
        fetch POST https://guarded.example/cdn-cgi/challenge-platform/h/b/flow 200
        +3000 page GET https://guarded.example/ 200 > cookie: cf_clearance=1
        css GET https://guarded.example/a.css 200 > cookie: cf_clearance=1",
    ),
];
