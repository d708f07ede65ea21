//! What is around a page: other people's services, devices, the network.

pub const ALL: &[super::Recording] = &[
    (
        "trackers that are refused",
        "page GET https://news.example/ 200
        ping POST https://stats.example.net/collect 401
        img GET https://pixel.example.net/p.gif 403
        script GET https://tags.example.net/t.js 403
        fetch POST https://errors.example.net/report 429 < retry-after: 60
        fetch POST https://stats.example.net/hit 403 < content-type: application/json
        ping POST https://beacon.example.net/b 503",
    ),
    (
        "switches of features that want a key",
        "page GET https://app.example/ 200 > cookie: sid=1
        fetch GET https://flags.example.net/sdk/goals 401
        eventsource GET https://flags.example.net/stream 401
        fetch GET https://flags.example.net/sdk/evaluate 403 < content-type: application/json
        fetch GET https://app.example/api/me 200 > cookie: sid=1",
    ),
    (
        "boxes of others in the page",
        "page GET https://blog.example/ 200
        frame GET https://widgets.example.net/box 403
        frame GET https://video.example.net/embed/1 200
        frame GET https://comments.example.net/thread 401
        frame GET https://maps.example.net/embed 403 < x-frame-options: DENY
        script GET https://widgets.example.net/box.js 403
        fetch GET https://widgets.example.net/api/state 401",
    ),
    (
        "buttons of networks that one is not signed in to",
        "page GET https://recipes.example/ 200
        fetch GET https://social.example.net/api/me 401 > origin: https://recipes.example < access-control-allow-origin: *
        frame GET https://accounts.example.net/gsi/status 403
        fetch GET https://pay.example.net/is-ready 401
        img GET https://social.example.net/tr?id=1 403",
    ),
    (
        "marks of the site on a page without a sign-in",
        "page GET https://cloud.example/ 200
        img GET https://cloud.example/favicon.ico 401
        img GET https://cloud.example/apple-touch-icon.png 403
        manifest GET https://cloud.example/manifest.json 401
        manifest GET https://cloud.example/site.webmanifest 403
        other GET https://cloud.example/favicon.svg 401",
    ),
    (
        "is the network open?",
        "page GET http://connectivity.example/generate_204 204
        fetch GET http://detect.example/success.txt 200
        page GET http://captive.example/hotspot-detect.html 200
        other GET http://ncsi.example/connecttest.txt 200
        page GET https://news.example/ 200",
    ),
    (
        "a hotspot that was signed in to",
        "page GET http://news.example/ 511
        page GET http://portal.example/hello 200
        page POST http://portal.example/accept 302 < location: http://news.example/
        +2000 page GET http://news.example/ 200
        img GET http://news.example/a.png 200",
    ),
    (
        "another browser's extension at work",
        "page GET https://old.example/ 307 < location: https://new.example/ | non-authoritative-reason: WebRequest API
        page GET https://new.example/ 200
        script GET https://new.example/a.js 200
        fetch GET https://new.example/api 200",
    ),
    (
        "a device in the house",
        "page GET http://192.168.1.1/ 200
        page POST http://192.168.1.1/cgi-bin/luci 302 < location: /cgi-bin/luci/admin | set-cookie: sysauth=1
        page GET http://192.168.1.1/cgi-bin/luci/admin 200 > cookie: sysauth=1
        fetch GET http://192.168.1.1/ubus/status 200 > cookie: sysauth=1
        img GET http://192.168.1.1/favicon.ico 404",
    ),
    (
        "an API's own page to try things",
        "page GET https://api.example/docs 200
        fetch GET https://api.example/openapi.json 200
        fetch GET https://api.example/v1/things 200 > x-api-key: a
        fetch POST https://api.example/v1/things 422 > x-api-key: a
        fetch GET https://api.example/v1/things?api_key=a 200",
    ),
    (
        "a program that builds",
        "page GET http://localhost:3000/ 200
        ws GET ws://localhost:3000/ws 101
        script GET http://localhost:3000/static/app.js 304
        fetch GET http://localhost:3000/app.hot-update.json 404
        fetch GET http://localhost:3000/api/me 200 > cookie: connect.sid=1
        ws GET ws://localhost:3000/ws 0 error=net::ERR_CONNECTION_REFUSED",
    ),
    (
        "queries in one address",
        "page GET https://graph.example/ 200 > cookie: sid=1
        fetch POST https://graph.example/graphql 200 > cookie: sid=1
        fetch POST https://graph.example/graphql 400 > cookie: sid=1 < content-type: application/json
        fetch POST https://graph.example/graphql 200 > cookie: sid=1
        ws GET wss://graph.example/graphql 101 > cookie: sid=1",
    ),
    (
        "files that go up and come down",
        "page GET https://files.example/ 200 > cookie: sid=1
        fetch POST https://files.example/api/sign-upload 200 > cookie: sid=1
        preflight OPTIONS https://bucket.example.net/a 200 > origin: https://files.example | access-control-request-method: PUT
        fetch PUT https://bucket.example.net/a?X-Amz-Signature=1 200 > origin: https://files.example
        page GET https://files.example/download/1 302 > cookie: sid=1 < location: https://bucket.example.net/a?X-Amz-Signature=2
        page GET https://bucket.example.net/a?X-Amz-Signature=2 200",
    ),
    (
        "a public file that is not there any more",
        "page GET https://files.example/ 200
        img GET https://bucket.example.net/old.png 403 < content-type: application/xml | server: AmazonS3
        script GET https://bucket.example.net/old.js 403 < content-type: application/xml | server: AmazonS3
        css GET https://bucket.example.net/old.css 403
        font GET https://bucket.example.net/old.woff2 403",
    ),
    (
        "a large cookie that is still taken",
        "page GET https://app.example/ 200 > cookie: sid=1; big=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        fetch GET https://app.example/api/me 200 > cookie: sid=1
        fetch GET https://app.example/api/bad 400 > cookie: sid=1",
    ),
    (
        "cookies that are held and sent",
        "jar sid app.example
        jar theme app.example
        page GET https://app.example/ 200 > cookie: sid=1; theme=dark
        fetch GET https://app.example/api/me 200 > cookie: sid=1; theme=dark
        fetch GET https://app.example/api/none 404 > cookie: sid=1; theme=dark",
    ),
    (
        "two accounts, each in its place",
        "page GET https://mail.example/u/0/ 200 > cookie: sid=1
        fetch GET https://mail.example/u/0/api 200 > cookie: sid=1
        page GET https://mail.example/u/1/ 200 > cookie: sid=1
        fetch GET https://mail.example/u/1/api 200 > cookie: sid=1",
    ),
    (
        "two cookies of one name that do no harm",
        "page GET https://app.example/ 200 > cookie: sid=1; sid=2
        fetch GET https://app.example/api/me 200 > cookie: sid=1; sid=2
        fetch GET https://app.example/api/list 200 > cookie: sid=1; sid=2",
    ),
    (
        "a token that ran out and is taken all the same",
        "page GET https://app.example/ 200
        fetch GET https://app.example/api/me 200 > authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1MDAwMDAwMDB9.c2ln
        fetch GET https://app.example/api/list 200 > authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1MDAwMDAwMDB9.c2ln",
    ),
];
