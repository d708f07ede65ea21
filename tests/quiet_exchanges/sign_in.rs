//! Signing in, out and up; first visits.

pub const ALL: &[super::Recording] = &[
    (
        "a first visit that is sent on to the sign-in page",
        "page GET https://app.example/ 302 < location: https://app.example/login
        page GET https://app.example/login 200 < set-cookie: XSRF-TOKEN=1
        css GET https://app.example/login.css 200
        script GET https://app.example/login.js 200",
    ),
    (
        "a form that is right",
        "page GET https://app.example/login 200
        page POST https://app.example/login 302 < location: /home | set-cookie: sid=1; HttpOnly
        page GET https://app.example/home 200 > cookie: sid=1
        fetch GET https://app.example/api/me 200 > cookie: sid=1",
    ),
    (
        "a form that is filled in wrongly once and shown again",
        "page GET https://blog.example/wp-login.php 200
        page POST https://blog.example/wp-login.php 200 < content-type: text/html
        page POST https://blog.example/wp-login.php 302 < location: /wp-admin/ | set-cookie: wordpress_logged_in_1=a
        page GET https://blog.example/wp-admin/ 200 > cookie: wordpress_logged_in_1=a",
    ),
    (
        "a call that is refused once, then right",
        "page GET https://app.example/signin 200
        fetch POST https://app.example/api/login 401 < content-type: application/json
        +8000 fetch POST https://app.example/api/login 200 < set-cookie: sid=1
        fetch GET https://app.example/api/me 200 > cookie: sid=1",
    ),
    (
        "round the identity provider",
        "page GET https://app.example/ 302 < location: https://id.example.net/authorize?client_id=a
        page GET https://id.example.net/authorize?client_id=a 200 < set-cookie: AUTH_SESSION_ID=1
        page POST https://id.example.net/login-actions/authenticate 302 > cookie: AUTH_SESSION_ID=1 < location: https://app.example/callback?code=c
        page GET https://app.example/callback?code=c 302 < location: / | set-cookie: sid=1
        page GET https://app.example/ 200 > cookie: sid=1",
    ),
    (
        "an app that fetches its tokens itself",
        "page GET https://spa.example/ 200
        fetch GET https://id.example.net/.well-known/openid-configuration 200
        page GET https://id.example.net/authorize 302 > cookie: KEYCLOAK_IDENTITY=1 < location: https://spa.example/callback
        page GET https://spa.example/callback 200
        preflight OPTIONS https://id.example.net/oauth/token 204 > origin: https://spa.example | access-control-request-method: POST
        fetch POST https://id.example.net/oauth/token 200 > origin: https://spa.example
        fetch GET https://spa.example/api/me 200 > authorization: Bearer a",
    ),
    (
        "SAML",
        "page GET https://hr.example/ 302 < location: https://adfs.corp.example/adfs/ls/?SAMLRequest=a
        page GET https://adfs.corp.example/adfs/ls/?SAMLRequest=a 401 < www-authenticate: Negotiate
        page GET https://adfs.corp.example/adfs/ls/?SAMLRequest=a 200 > authorization: Negotiate YIIGqwYGKwYBBQUC
        page POST https://hr.example/saml/acs 302 < location: / | set-cookie: sid=1
        page GET https://hr.example/ 200 > cookie: sid=1",
    ),
    (
        "am I signed in?",
        "page GET https://shop.example/ 200
        fetch GET https://shop.example/api/me 401 < content-type: application/json
        fetch GET https://shop.example/api/cart 200
        img GET https://shop.example/a.png 200",
    ),
    (
        "the same, of several kinds at once",
        "page GET https://forum.example/ 200
        fetch GET https://forum.example/session/current.json 404
        fetch GET https://forum.example/notifications 403
        fetch GET https://forum.example/api/user 401 < www-authenticate: Bearer
        fetch GET https://forum.example/latest.json 200",
    ),
    (
        "a question in a frame that is answered with no",
        "page GET https://spa.example/ 200
        frame GET https://id.example.net/authorize?prompt=none 302 < location: https://spa.example/silent?error=login_required
        frame GET https://spa.example/silent?error=login_required 200
        fetch GET https://spa.example/api/public 200",
    ),
    (
        "signing out",
        "page GET https://app.example/ 200 > cookie: sid=1
        page POST https://app.example/logout 302 > cookie: sid=1 < location: /goodbye | set-cookie: sid=; Max-Age=0
        page GET https://app.example/goodbye 200
        page GET https://app.example/login 200",
    ),
    (
        "signing out at the provider as well",
        "page GET https://app.example/logout 302 > cookie: sid=1 < location: https://id.example.net/logout | set-cookie: sid=; Max-Age=0
        page GET https://id.example.net/logout 302 > cookie: KEYCLOAK_IDENTITY=1 < location: https://app.example/
        page GET https://app.example/ 200",
    ),
    (
        "a page that only members see, looked at by a guest",
        "page GET https://club.example/ 200
        page GET https://club.example/members 303 < location: https://club.example/sign-in?next=/members
        page GET https://club.example/sign-in?next=/members 200",
    ),
    (
        "a new account",
        "page GET https://club.example/join 200
        fetch POST https://club.example/api/check-name 409
        fetch POST https://club.example/api/check-name 200
        page POST https://club.example/join 302 < location: /welcome | set-cookie: sid=1
        page GET https://club.example/welcome 200 > cookie: sid=1",
    ),
    (
        "a forgotten password",
        "page GET https://club.example/forgot 200
        page POST https://club.example/forgot 302 < location: /forgot/sent
        page GET https://club.example/forgot/sent 200
        +30000 page GET https://club.example/reset/abc 200
        page POST https://club.example/reset/abc 302 < location: /login
        page GET https://club.example/login 200",
    ),
    (
        "a second factor",
        "page POST https://bank.example/login 302 < location: /login/code | set-cookie: sid=1
        page GET https://bank.example/login/code 200 > cookie: sid=1
        page POST https://bank.example/login/code 302 > cookie: sid=1 < location: /accounts | set-cookie: sid=2
        page GET https://bank.example/accounts 200 > cookie: sid=2",
    ),
    (
        "a key of the machine's own",
        "page GET https://bank.example/login 200
        fetch POST https://bank.example/webauthn/options 200
        fetch POST https://bank.example/webauthn/verify 200 < set-cookie: sid=1
        page GET https://bank.example/accounts 200 > cookie: sid=1",
    ),
    (
        "a session that slides on",
        "page GET https://app.example/ 200 > cookie: sid=1 < set-cookie: sid=1; Max-Age=3600
        +60000 fetch GET https://app.example/api/ping 204 > cookie: sid=1 < set-cookie: sid=1; Max-Age=3600
        +60000 fetch GET https://app.example/api/ping 204 > cookie: sid=1
        fetch GET https://app.example/api/list 200 > cookie: sid=1",
    ),
    (
        "credentials left out of the file",
        "sanitised
        page GET https://app.example/ 200
        fetch GET https://app.example/api/me 200
        fetch GET https://app.example/api/list 200
        fetch POST https://app.example/api/save 201",
    ),
    (
        "the front page of a tool that wants a sign-in",
        "page GET https://grafana.example/ 302 < location: /login | set-cookie: redirect_to=%2F
        page GET https://grafana.example/login 200
        script GET https://grafana.example/public/app.js 200
        fetch GET https://grafana.example/api/login/ping 401 < content-type: application/json",
    ),
];
