//! Pages and their parts.

pub const ALL: &[super::Recording] = &[
    (
        "a page of news with all that hangs on it",
        "page GET https://news.example/ 200 < content-type: text/html
        css GET https://news.example/site.css 200
        script GET https://news.example/site.js 200
        img GET https://img.news.example/a.jpg 200
        img GET https://img.news.example/b.jpg 304
        font GET https://fonts.example.net/serif.woff2 200
        fetch GET https://news.example/api/headlines 200 < content-type: application/json
        ping POST https://stats.example.net/hit 204",
    ),
    (
        "pages that are not there",
        "page GET https://news.example/old-article 404 < content-type: text/html
        page GET https://news.example/gone 410
        img GET https://news.example/missing.png 404
        script GET https://news.example/missing.js 404
        fetch GET https://news.example/api/none 404
        img GET https://news.example/favicon.ico 404
        manifest GET https://news.example/site.webmanifest 404",
    ),
    (
        "what has not changed since",
        "page GET https://docs.example/ 304 > if-none-match: \"a\"
        css GET https://docs.example/a.css 304 > if-none-match: \"b\"
        script GET https://docs.example/a.js 304 > if-modified-since: Tue, 02 Jun 2026 10:00:00 GMT
        fetch GET https://docs.example/search.json 304 > if-none-match: \"c\" | cookie: sid=1
        img GET https://docs.example/a.svg 304",
    ),
    (
        "cached answers",
        "page GET https://docs.example/guide 200 cached
        css GET https://docs.example/a.css 200 cached
        script GET https://docs.example/a.js 200 cached
        fetch GET https://docs.example/toc.json 200 cached < age: 120
        font GET https://docs.example/a.woff2 200 cached",
    ),
    (
        "moved addresses",
        "page GET http://shop.example/ 301 < location: https://shop.example/
        page GET https://shop.example/ 302 < location: /en/
        page GET https://shop.example/en/ 200
        page GET https://shop.example/en/cart/ 308 < location: /en/cart
        page GET https://shop.example/en/cart 200
        page POST https://shop.example/en/cart 303 < location: /en/cart
        page GET https://shop.example/en/cart 200",
    ),
    (
        "a browser that goes to https by itself",
        "page GET http://bank.example/ 307 < location: https://bank.example/ | non-authoritative-reason: HSTS
        page GET https://bank.example/ 200
        img GET http://bank.example/logo.png 307 < location: https://bank.example/logo.png | non-authoritative-reason: HSTS
        img GET https://bank.example/logo.png 200",
    ),
    (
        "parts of a film",
        "page GET https://films.example/42 200
        media GET https://cdn.films.example/42.mp4 206 > range: bytes=0-
        media GET https://cdn.films.example/42.mp4 206 > range: bytes=1048576-
        media GET https://cdn.films.example/42.mp4 416 > range: bytes=99999999-
        fetch GET https://cdn.films.example/42.vtt 200
        fetch GET https://cdn.films.example/seg-1.m4s 206 > range: bytes=0-1023",
    ),
    (
        "answers without a body",
        "page GET https://notes.example/ 200 > cookie: sid=1
        fetch DELETE https://notes.example/api/notes/7 204 > cookie: sid=1
        fetch POST https://notes.example/api/reset-form 205 > cookie: sid=1
        fetch PUT https://notes.example/api/notes/8 200 > cookie: sid=1
        fetch POST https://notes.example/api/notes 201 > cookie: sid=1
        fetch POST https://notes.example/api/export 202 > cookie: sid=1
        fetch HEAD https://notes.example/api/notes/8 200 > cookie: sid=1",
    ),
    (
        "mistakes of a form that the app tells",
        "page GET https://notes.example/ 200 > cookie: sid=1
        fetch POST https://notes.example/api/notes 400 > cookie: sid=1 < content-type: application/json
        fetch POST https://notes.example/api/notes 422 > cookie: sid=1 < content-type: application/json
        fetch PUT https://notes.example/api/notes/8 409 > cookie: sid=1
        fetch PUT https://notes.example/api/notes/8 412 > cookie: sid=1
        fetch POST https://notes.example/api/upload 413 > cookie: sid=1
        fetch POST https://notes.example/api/upload 415 > cookie: sid=1",
    ),
    (
        "a site that is down for a moment",
        "page GET https://notes.example/ 502
        +4000 page GET https://notes.example/ 503 < retry-after: 5
        +6000 page GET https://notes.example/ 504
        +6000 page GET https://notes.example/ 200 > cookie: sid=1
        fetch GET https://notes.example/api/notes 500 > cookie: sid=1
        fetch GET https://notes.example/api/notes 200 > cookie: sid=1",
    ),
    (
        "a network that comes and goes",
        "page GET https://notes.example/ 0 error=net::ERR_INTERNET_DISCONNECTED
        page GET https://notes.example/ 0 error=net::ERR_NAME_NOT_RESOLVED
        page GET https://notes.example/ 0 error=net::ERR_CONNECTION_RESET
        page GET https://notes.example/ 0 error=net::ERR_CERT_DATE_INVALID
        fetch GET https://notes.example/api/notes 0 error=net::ERR_TIMED_OUT > cookie: sid=1
        page GET https://notes.example/ 200",
    ),
    (
        "requests that were called off",
        "page GET https://maps.example/ 200
        fetch GET https://maps.example/api/suggest?q=a 0 error=net::ERR_ABORTED
        fetch GET https://maps.example/api/suggest?q=ab 0 error=net::ERR_ABORTED
        fetch GET https://maps.example/api/suggest?q=abc 200
        img GET https://tiles.maps.example/1/2/3.png 0 error=NS_BINDING_ABORTED
        page GET https://maps.example/next 0 error=net::ERR_ABORTED",
    ),
    (
        "what a blocker blocks",
        "page GET https://news.example/ 200
        script GET https://ads.example.net/a.js 0 error=net::ERR_BLOCKED_BY_CLIENT
        fetch POST https://stats.example.net/hit 0 error=net::ERR_BLOCKED_BY_CLIENT
        img GET https://pixel.example.net/p.gif 0 error=net::ERR_BLOCKED_BY_CLIENT
        fetch GET https://news.example/api/ads 0 error=net::ERR_BLOCKED_BY_CLIENT
        frame GET https://ads.example.net/frame 0 error=net::ERR_BLOCKED_BY_CLIENT",
    ),
    (
        "what the browser keeps from being read",
        "page GET https://news.example/ 200
        img GET https://other.example.net/a.png 0 error=net::ERR_BLOCKED_BY_ORB
        fetch GET https://other.example.net/a.json 0 error=net::ERR_FAILED
        script GET http://news.example/old.js 0 error=net::ERR_BLOCKED_BY_CSP
        fetch GET https://other.example.net/b.json 200",
    ),
    (
        "pictures that are kept from others' pages",
        "page GET https://forum.example/thread/1 200
        img GET https://pictures.example.net/a.jpg 403
        img GET https://pictures.example.net/b.jpg 403 < content-type: text/html | server: cloudflare
        img GET https://forum.example/avatars/private.png 403
        img GET https://forum.example/avatars/deleted.png 401
        media GET https://clips.example.net/a.mp4 403
        font GET https://fonts.example.net/paid.woff2 403",
    ),
    (
        "pages fetched ahead",
        "page GET https://shop.example/ 200
        other GET https://shop.example/account 401 > sec-purpose: prefetch
        other GET https://shop.example/orders 403 > purpose: prefetch
        page GET https://shop.example/checkout 401 > sec-purpose: prefetch;prerender
        page GET https://shop.example/next 503 > sec-purpose: prefetch
        other GET https://shop.example/sale 200 > sec-purpose: prefetch",
    ),
    (
        "helpers of a page that works offline",
        "page GET https://mail.example/ 200 worker > cookie: sid=1
        script GET https://mail.example/sw.js 200
        css GET https://mail.example/app.css 200 worker
        script GET https://mail.example/app.js 200 worker
        fetch GET https://mail.example/api/inbox 200 worker > cookie: sid=1
        manifest GET https://mail.example/app.webmanifest 200",
    ),
    (
        "early and odd statuses",
        "page GET https://fast.example/ 103
        page GET https://fast.example/ 200
        fetch GET https://fast.example/teapot 418
        fetch GET https://fast.example/early 425
        fetch GET https://fast.example/early 200
        page GET https://fast.example/choices 300
        fetch GET https://fast.example/legal 451",
    ),
];
