//! nginx. In a configuration `@` is the place of the example; `http://app` is the application.

use latchkey_lab::Nginx;

use crate::talk::{
    Message, allows_anybody, app, ask, get, may_read, may_send, sets_lax_cookie, sets_own_cookie,
    wants_no_password, wants_origin, wants_password, wants_session, wants_slash, wants_token,
};
use crate::{Apps, fit};

crate::tried! { Nginx;
    preflight: "$request_method = OPTIONS",
    another_door: "auth_basic off;\n    proxy_pass http://app;",
    password_stops: "Authorization \"\";",
    token_passes: "Authorization $http_authorization",
    told_its_address: "X-Forwarded-Host",
    cookie_of_the_host: "proxy_cookie_domain",
    cookie_travels: "proxy_cookie_flags",
    large_cookies: "large_client_header_buffers",
    readable_with_credentials: "Access-Control-Allow-Credentials",
    one_machine: "ip_hash",
    refusals_are_not_kept: "proxy_no_cache",
    sign_in_is_open: "location @sign_in",
    says_what_it_wants: "Bearer realm",
    login_added: "location /camera/",
    visitors_address: "set_real_ip_from",
    many_at_once: "limit_req ",
    one_name: "308 https://app.example.com",
    names_with_underscores: "underscores_in_headers",
    ;
    untried
    "ntlm;": "only the commercial nginx has it",
}

/// The same server before and after: with nothing, and with the example, in the place of `@`.
fn both(configuration: &str, example: &str, apps: Apps) -> [Nginx; 2] {
    ["", example].map(|example| {
        let lines = |port: u16| {
            let upstream = format!("upstream app {{ server 127.0.0.1:{}; }}\n", apps.one);
            let own = if configuration.contains("http://app") && !example.contains("upstream app") {
                &upstream
            } else {
                ""
            };
            fit(&format!("{own}{}", configuration.replace('@', example)), port, apps)
        };
        Nginx::serving(&[("passwords", "sam:{PLAIN}open\n")], &lines).unwrap()
    })
}

/// One site with these lines, in front of an application.
fn site(lines: &str, example: &str, answer: fn(&Message) -> String) -> [Nginx; 2] {
    let configuration = format!("server {{ listen 80; server_name app.example.com; {lines} }}");
    both(&configuration.replace("listen 80;", "listen      80;"), example, Apps { one: app(answer), two: 0 })
}

const WALL: &str = "auth_basic Staging; auth_basic_user_file passwords;";
const SAM: &str = "Authorization: Basic c2FtOm9wZW4=";
const TOKEN: &str = "Authorization: Bearer 7c1f9e2ab4d0";

fn preflight(example: &str) {
    let lines = format!("location /api/ {{ @ {WALL} proxy_pass http://app; }}");
    let [before, after] = site(&lines, example, wants_no_password).map(|server| {
        let answer = ask(server.port(), "app.example.com", "OPTIONS", "/api/me", &[]);
        // Everything else is still asked who it is.
        assert_eq!(get(server.port(), "/api/me", &[]).status(), 401);
        answer
    });
    assert_eq!((before.status(), may_send(&before)), (401, false));
    assert!(may_send(&after), "{after:?}");
}

fn another_door(example: &str) {
    let lines = format!("{WALL} location / {{ proxy_pass http://app; }} @");
    let [before, after] = site(&lines, example, wants_token).map(|server| {
        assert_eq!(get(server.port(), "/", &[]).status(), 401, "the wall stands");
        get(server.port(), "/api/me", &[TOKEN]).status()
    });
    assert_eq!((before, after), (401, 200));
}

fn password_stops(example: &str) {
    let lines = format!("location / {{ {WALL} @\n proxy_pass http://app; }}");
    let [before, after] = site(&lines, example, wants_no_password).map(|server| {
        assert_eq!(get(server.port(), "/", &[]).status(), 401, "the wall stands");
        get(server.port(), "/", &[SAM]).status()
    });
    assert_eq!((before, after), (403, 200));
}

fn token_passes(example: &str) {
    let lines = "proxy_set_header Authorization ''; location /api/ { @\n proxy_pass http://app; }";
    let servers = site(lines, example, wants_token);
    assert_eq!(servers.map(|server| get(server.port(), "/api/me", &[TOKEN]).status()), [401, 200]);
}

fn told_its_address(example: &str) {
    let lines = "location / { @\n proxy_pass http://app; }";
    let [before, after] = site(lines, example, wants_origin)
        .map(|server| get(server.port(), "/form", &["Origin: http://app.example.com"]).status());
    assert_eq!((before, after), (403, 200));
    let [before, after] = site(lines, example, wants_slash).map(|server| get(server.port(), "/api", &[]));
    assert_eq!(before.header("location"), Some("https://app/api/?unknown"));
    assert_eq!(after.header("location"), Some("https://app.example.com/api/?http"));
}

fn cookie_of_the_host(example: &str) {
    let servers = site("location / { @\n proxy_pass http://app/app/; }", example, sets_own_cookie);
    let [before, after] = servers.map(|server| get(server.port(), "/", &[]));
    assert_eq!(before.header("set-cookie"), Some("sid=1; Domain=app.internal; Path=/app/"));
    assert_eq!(after.header("set-cookie"), Some("sid=1; Domain=app.example.com; Path=/"));
}

fn cookie_travels(example: &str) {
    let servers = site("location / { @\n proxy_pass http://app; }", example, sets_lax_cookie);
    let [before, after] = servers.map(|server| get(server.port(), "/", &[]));
    assert_eq!(before.header("set-cookie"), Some("sid=1; Path=/; SameSite=Lax"));
    assert_eq!(after.header("set-cookie"), Some("sid=1; Path=/; SameSite=None; Secure"));
}

fn large_cookies(example: &str) {
    let site = "@\nserver { listen      80; server_name app.example.com; location / { return 204; } }";
    let cookie = format!("Cookie: sid={}", "x".repeat(20_000));
    let [before, after] =
        both(site, example, Apps::default()).map(|server| get(server.port(), "/", &[&cookie]).status());
    assert_eq!((before, after), (400, 204));
}

fn readable_with_credentials(example: &str) {
    let servers = site("location / { @\n proxy_pass http://app; }", example, allows_anybody);
    let [before, after] = servers.map(|server| get(server.port(), "/", &[]));
    assert!(!may_read(&before) && before.header("access-control-allow-origin") == Some("*"));
    assert!(may_read(&after) && after.header("vary") == Some("Origin"), "{after:?}");
}

fn one_machine(example: &str) {
    let [one, two] = [|_: &Message| "200 One".to_owned(), |_: &Message| "201 Two".to_owned()];
    let apps = Apps { one: app(one), two: app(two) };
    let site =
        "server { listen      80; server_name app.example.com; location / { proxy_pass http://app; } }";
    let spread = "upstream app { server app1.internal; server app2.internal; }";
    let [before, after] = [spread, example].map(|upstream| {
        let lines = |port: u16| fit(&format!("{upstream} {site}"), port, apps);
        let server = Nginx::serving(&[], &lines).unwrap();
        let mut seen: Vec<_> = (0..8).map(|_| get(server.port(), "/", &[]).status()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    });
    assert_eq!((before, after), (2, 1), "machines that one browser meets");
}

fn refusals_are_not_kept(example: &str) {
    // It keeps what it gets, whatever the application says of that.
    let lines = "location / { proxy_cache kept; proxy_ignore_headers Cache-Control;
                 @\n proxy_pass http://app; }";
    let site = format!(
        "proxy_cache_path kept keys_zone=kept:1m; proxy_cache_valid any 10m;
         server {{ listen      80; server_name app.example.com; {lines} }}"
    );
    let apps = Apps { one: app(wants_session), two: 0 };
    let [before, after] = both(&site, example, apps).map(|server| {
        assert_eq!(get(server.port(), "/", &[]).status(), 401);
        let signed_in = get(server.port(), "/", &["Cookie: sid=1"]).status();
        // Nor does a stranger get what was meant for sam.
        assert_eq!(get(server.port(), "/", &[]).status(), 401);
        signed_in
    });
    assert_eq!((before, after), (401, 200));
}

fn sign_in_is_open(example: &str) {
    let lines = "auth_request /check;
                 location = /check { internal; proxy_pass http://app; proxy_pass_request_body off; }
                 location / { proxy_pass http://app; } @";
    let answer = |asked: &Message| {
        let is_in = asked.path().starts_with("/login") || asked.header("cookie") == Some("sid=1");
        if is_in { "200 OK" } else { "401 Unauthorized" }.to_owned()
    };
    let [before, after] = site(lines, example, answer);
    assert_eq!(get(before.port(), "/login", &[]).status(), 401, "nobody can sign in");
    assert_eq!(get(before.port(), "/account?tab=1", &[]).status(), 401);
    assert_eq!(get(after.port(), "/login", &[]).status(), 200);
    let refused = get(after.port(), "/account?tab=1", &[]);
    let to = refused.header("location").unwrap();
    assert!(refused.status() == 302 && to.ends_with("/login?next=/account?tab=1"), "{to}");
    assert_eq!(get(after.port(), "/account", &["Cookie: sid=1"]).status(), 200);
}

fn says_what_it_wants(example: &str) {
    let servers = site("location /api/ { @\n proxy_pass http://app; }", example, wants_token);
    let [before, after] = servers.map(|server| get(server.port(), "/api/me", &[]));
    assert_eq!((before.status(), before.header("www-authenticate")), (401, None));
    assert_eq!((after.status(), after.header("www-authenticate")), (401, Some("Bearer realm=\"api\"")));
}

fn login_added(example: &str) {
    let servers = site("location / { proxy_pass http://app; } @", example, wants_password);
    assert_eq!(servers.map(|server| get(server.port(), "/camera/1.jpg", &[]).status()), [401, 200]);
}

fn visitors_address(example: &str) {
    let lines = "@\n allow 203.0.113.0/24; deny all; location / { proxy_pass http://app; }";
    let [before, after] = site(lines, example, |_| "200 OK".to_owned()).map(|server| {
        let stranger = get(server.port(), "/", &["X-Forwarded-For: 198.51.100.7"]).status();
        assert_eq!(stranger, 403, "the rule stands");
        get(server.port(), "/", &["X-Forwarded-For: 203.0.113.7"]).status()
    });
    assert_eq!((before, after), (403, 200));
}

fn many_at_once(example: &str) {
    let [before, after] = ["limit_req zone=app;", example].map(|limit| {
        let site = "limit_req_zone $binary_remote_addr zone=app:1m rate=1r/m;
                    server { listen      80; server_name app.example.com; location / { @\n try_files x /y; }
                    location = /y { return 204; } }";
        let lines = |port: u16| fit(&site.replace('@', limit), port, Apps::default());
        let server = Nginx::serving(&[], &lines).unwrap();
        (0..50).map(|_| get(server.port(), "/", &[]).status()).collect::<Vec<_>>()
    });
    assert_eq!(before[..3], [204, 503, 503]);
    // As many as it says, then the status that says why.
    assert!(after[..41].iter().all(|status| *status == 204) && after[41..].contains(&429), "{after:?}");
}

fn one_name(example: &str) {
    let site = "@\nserver { listen      80; server_name app.example.com *.example.com;
                location / { return 204; } }";
    let [before, after] = both(site, example, Apps::default()).map(|server| {
        assert_eq!(get(server.port(), "/", &[]).status(), 204);
        ask(server.port(), "www.example.com", "POST", "/account?tab=1", &[])
    });
    assert_eq!(before.status(), 204, "signed out, at another name");
    assert_eq!(after.status(), 308, "a form stays a form");
    assert_eq!(after.header("location"), Some("https://app.example.com/account?tab=1"));
}

fn names_with_underscores(example: &str) {
    let answer =
        |asked: &Message| asked.header("api_key").map_or("401 Unauthorized", |_| "200 OK").to_owned();
    let site = "@\nserver { listen      80; server_name app.example.com;
                location / { proxy_pass http://app; } }";
    let apps = Apps { one: app(answer), two: 0 };
    let [before, after] =
        both(site, example, apps).map(|server| get(server.port(), "/", &["api_key: 7c1f"]).status());
    assert_eq!((before, after), (401, 200));
}
