//! Apache. In a configuration `@` is the place of the example.

use latchkey_lab::Apache;

use crate::talk::{
    Message, allows_anybody, app, ask, get, may_read, may_send, sets_lax_cookie, sets_own_cookie,
    wants_no_password, wants_origin, wants_password, wants_session, wants_slash, wants_token,
};
use crate::{Apps, fit};

crate::tried! { Apache;
    preflight: "<LimitExcept OPTIONS>",
    another_door: "no password in front",
    password_stops: "RequestHeader unset Authorization",
    programs_get_it: "CGIPassAuth On",
    programs_get_it_by_htaccess: "HTTP_AUTHORIZATION=$1",
    told_its_address: "ProxyPreserveHost On",
    cookie_of_the_host: "ProxyPassReverseCookieDomain",
    cookie_travels: "Header edit Set-Cookie",
    large_cookies: "LimitRequestFieldSize",
    readable_with_credentials: "Access-Control-Allow-Credentials",
    nonces_live: "AuthDigestNonceLifetime",
    refusals_are_not_kept: "merge Vary \"Cookie",
    sign_in_is_open: "ErrorDocument 401",
    login_added: "<Location \"/camera/\">",
    visitors_address: "RemoteIPHeader",
    one_name: "Redirect 308",
    names_with_underscores: "^api.key$",
    ;
    untried
    "WSGIPassAuthorization": "mod_wsgi is a package of its own",
    "GssapiBasicAuth": "mod_auth_gssapi is a package of its own, and takes a domain",
    "SecRuleRemoveById": "mod_security is a package of its own",
}

/// One site with these lines and files before and after: with nothing, and with the example, in the place
/// of `@`.
fn site(lines: &str, files: &[(&str, &str)], example: &str, apps: Apps) -> [Apache; 2] {
    ["", example].map(|example| {
        let passwords = (".htpasswd", "sam:{SHA}X8fji//gDKRq3YkUVGSi6vdZ1cI=\n");
        let files: Vec<_> = files.iter().copied().chain([passwords]).collect();
        let lines = fit(&lines.replace('@', example), 0, apps);
        Apache::serving(&files, &|_| String::new(), &lines).unwrap()
    })
}

/// One in front of an application.
fn proxy(lines: &str, example: &str, answer: fn(&Message) -> String) -> [Apache; 2] {
    site(lines, &[], example, Apps { one: app(answer), two: 0 })
}

const WALL: &str = "AuthType Basic\nAuthName Staging\nAuthUserFile \"${site}/.htpasswd\"\n";
const SAM: &str = "Authorization: Basic c2FtOm9wZW4=";
const TOKEN: &str = "Authorization: Bearer 7c1f9e2ab4d0";
const TO_APP: &str = "ProxyPass / http://app.internal/\n";

fn preflight(example: &str) {
    let location = |wall: &str| format!("<Location \"/api\">\n{WALL}{wall}\n</Location>\n{TO_APP}");
    let apps = Apps { one: app(wants_no_password), two: 0 };
    // It takes the place of that one line.
    let [before, after] = ["Require valid-user", example].map(|wall| {
        let lines = fit(&location(wall), 0, apps);
        let server = Apache::serving(
            &[(".htpasswd", "sam:{SHA}X8fji//gDKRq3YkUVGSi6vdZ1cI=\n")],
            &|_| String::new(),
            &lines,
        )
        .unwrap();
        assert_eq!(get(server.port(), "/api/me", &[]).status(), 401, "all else is asked who it is");
        ask(server.port(), "app.example.com", "OPTIONS", "/api/me", &[])
    });
    assert_eq!((before.status(), may_send(&before)), (401, false));
    assert!(may_send(&after), "{after:?}");
}

fn another_door(example: &str) {
    let lines = format!("<Location \"/\">\n{WALL}Require valid-user\n</Location>\n@\n{TO_APP}");
    let [before, after] = proxy(&lines, example, wants_token).map(|server| {
        assert_eq!(get(server.port(), "/", &[]).status(), 401, "the wall stands");
        get(server.port(), "/api/me", &[TOKEN]).status()
    });
    assert_eq!((before, after), (401, 200));
}

fn password_stops(example: &str) {
    let lines = format!("<Location \"/\">\n{WALL}Require valid-user\n@\n</Location>\n{TO_APP}");
    let [before, after] = proxy(&lines, example, wants_no_password).map(|server| {
        assert_eq!(get(server.port(), "/", &[]).status(), 401, "the wall stands");
        get(server.port(), "/", &[SAM]).status()
    });
    assert_eq!((before, after), (403, 200));
}

/// A program that says what it was given of the header.
const PROGRAM: &str = "#!/bin/sh
printf 'Content-Type: text/plain\\n\\n<%s>' \"$HTTP_AUTHORIZATION\"
";

fn programs_get_it(example: &str) {
    let lines = "<Directory \"${site}\">\n@\n</Directory>";
    let [before, after] = site(lines, &[("api.cgi", PROGRAM)], example, Apps::default())
        .map(|server| get(server.port(), "/api.cgi", &[TOKEN]).body);
    assert!(before.contains("<>"), "{before}");
    assert!(after.contains("<Bearer 7c1f9e2ab4d0>"), "{after}");
}

fn programs_get_it_by_htaccess(example: &str) {
    let [before, after] = ["", example].map(|htaccess| {
        let files = [("api.cgi", PROGRAM), (".htaccess", htaccess)];
        let server = Apache::serving(&files, &|_| String::new(), "").unwrap();
        get(server.port(), "/api.cgi", &[TOKEN]).body
    });
    assert!(before.contains("<>"), "{before}");
    assert!(after.contains("<Bearer 7c1f9e2ab4d0>"), "{after}");
}

fn told_its_address(example: &str) {
    let lines = format!("@\n{TO_APP}");
    let [before, after] = proxy(&lines, example, wants_origin)
        .map(|server| get(server.port(), "/form", &["Origin: http://app.example.com"]).status());
    assert_eq!((before, after), (403, 200));
    let [before, after] = proxy(&lines, example, wants_slash)
        .map(|server| get(server.port(), "/api", &[]).header("location").unwrap().to_owned());
    assert!(before.starts_with("https://127.0.0.1:") && before.ends_with("/api/?unknown"), "{before}");
    assert_eq!(after, "https://app.example.com/api/?http");
}

fn cookie_of_the_host(example: &str) {
    let [before, after] =
        proxy(&format!("@\n{TO_APP}"), example, sets_own_cookie).map(|server| get(server.port(), "/", &[]));
    assert_eq!(before.header("set-cookie"), Some("sid=1; Domain=app.internal; Path=/app/"));
    assert_eq!(after.header("set-cookie"), Some("sid=1; Domain=app.example.com; Path=/"));
}

fn cookie_travels(example: &str) {
    let [before, after] =
        proxy(&format!("@\n{TO_APP}"), example, sets_lax_cookie).map(|server| get(server.port(), "/", &[]));
    assert_eq!(before.header("set-cookie"), Some("sid=1; Path=/; SameSite=Lax"));
    assert_eq!(after.header("set-cookie"), Some("sid=1; Path=/; SameSite=None; Secure"));
}

fn large_cookies(example: &str) {
    let cookie = format!("Cookie: sid={}", "x".repeat(20_000));
    let [before, after] = ["", example].map(|all| {
        let server = Apache::serving(&[("index.html", "in")], &|_| all.to_owned(), "").unwrap();
        get(server.port(), "/", &[&cookie]).status()
    });
    assert_eq!((before, after), (400, 200));
}

fn readable_with_credentials(example: &str) {
    let lines = format!("<Location \"/api\">\n@\n</Location>\n{TO_APP}");
    let [before, after] =
        proxy(&lines, example, allows_anybody).map(|server| get(server.port(), "/api/me", &[]));
    assert!(!may_read(&before) && before.header("access-control-allow-origin") == Some("*"));
    assert!(may_read(&after) && after.header("vary") == Some("Origin"), "{after:?}");
}

/// The browser's side of Digest (RFC 7616, section 3.4), for sam at `/`.
fn login(challenge: &str, count: u32) -> String {
    let digest = |text: String| format!("{:x}", md5::compute(text));
    let nonce = challenge.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
    let (one, two) = (digest("sam:Club:open".to_owned()), digest("GET:/".to_owned()));
    let response = digest(format!("{one}:{nonce}:{count:08x}:c:auth:{two}"));
    format!(
        "Authorization: Digest username=\"sam\", realm=\"Club\", nonce=\"{nonce}\", uri=\"/\", \
         algorithm=MD5, qop=auth, nc={count:08x}, cnonce=\"c\", response=\"{response}\""
    )
}

fn nonces_live(example: &str) {
    let passwords = format!("sam:Club:{:x}\n", md5::compute("sam:Club:open"));
    let files = [("index.html", "in"), (".htdigest", passwords.as_str())];
    let [short, long] = ["AuthDigestNonceLifetime 1", example].map(|lifetime| {
        let lines = format!(
            "<Location \"/\">\nAuthType Digest\nAuthName Club\nAuthUserFile \"${{site}}/.htdigest\"\n\
             {lifetime}\nRequire valid-user\n</Location>"
        );
        Apache::serving(&files, &|_| String::new(), &lines).unwrap()
    });
    let challenge =
        |server: &Apache| get(server.port(), "/", &[]).header("www-authenticate").unwrap().to_owned();
    // The longer-lived one is the older.
    let (old, new) = (challenge(&long), challenge(&short));
    let mut count = 0;
    let refused = loop {
        count += 1;
        let answer = get(short.port(), "/", &[&login(&new, count)]);
        if answer.status() != 200 {
            break answer;
        }
        assert!(count < 1_000_000, "a nonce of one second never dies");
    };
    assert!(count > 1, "it was good at first");
    let again = refused.header("www-authenticate").unwrap();
    assert!(refused.status() == 401 && again.contains("stale=true"), "{again}");
    assert_eq!(get(long.port(), "/", &[&login(&old, 1)]).status(), 200);
}

fn refusals_are_not_kept(example: &str) {
    let [before, after] =
        proxy(&format!("@\n{TO_APP}"), example, wants_session).map(|server| get(server.port(), "/", &[]));
    assert_eq!((before.status(), before.header("cache-control")), (401, Some("max-age=3600")));
    assert_eq!((after.status(), after.header("cache-control")), (401, Some("no-store")));
    assert_eq!(after.header("vary").unwrap().replace(' ', ""), "Cookie,Authorization");
}

fn sign_in_is_open(example: &str) {
    let lines = format!("<Location \"/\">\n{WALL}Require valid-user\n</Location>\n@\n{TO_APP}");
    let files = [("sign-in.html", "this way")];
    let apps = Apps { one: app(|_| "200 OK".to_owned()), two: 0 };
    let [before, after] = site(&lines, &files, example, apps);
    assert_eq!(get(before.port(), "/login", &[]).status(), 401, "nobody can sign in");
    assert!(!get(before.port(), "/account", &[]).body.contains("this way"));
    assert_eq!(get(after.port(), "/login", &[]).status(), 200);
    let refused = get(after.port(), "/account", &[]);
    assert!(refused.status() == 401 && refused.header("www-authenticate").is_some(), "{refused:?}");
    assert!(refused.body.contains("this way"), "{refused:?}");
}

fn login_added(example: &str) {
    let servers = proxy(&format!("@\n{TO_APP}"), example, wants_password);
    assert_eq!(servers.map(|server| get(server.port(), "/camera/1.jpg", &[]).status()), [401, 200]);
}

fn visitors_address(example: &str) {
    let lines = "@\n<Location \"/\">\nRequire ip 203.0.113.0/24\n</Location>";
    let files = [("index.html", "in")];
    let [before, after] = site(lines, &files, example, Apps::default()).map(|server| {
        let stranger = get(server.port(), "/", &["X-Forwarded-For: 198.51.100.7"]).status();
        assert_eq!(stranger, 403, "the rule stands");
        get(server.port(), "/", &["X-Forwarded-For: 203.0.113.7"]).status()
    });
    assert_eq!((before, after), (403, 200));
}

fn one_name(example: &str) {
    let files = [("index.html", "in")];
    let [before, after] = ["", example].map(|host| {
        let above = |port: u16| fit(host, port, Apps::default());
        let server = Apache::serving(&files, &above, "ServerAlias *.example.com").unwrap();
        assert_eq!(get(server.port(), "/", &[]).status(), 200);
        ask(server.port(), "www.example.com", "GET", "/?tab=1", &[])
    });
    assert_eq!(before.status(), 200, "signed out, at another name");
    assert_eq!(after.status(), 308);
    assert_eq!(after.header("location"), Some("https://app.example.com/?tab=1"));
}

fn names_with_underscores(example: &str) {
    let program = PROGRAM.replace("HTTP_AUTHORIZATION", "HTTP_API_KEY");
    let [before, after] = site("@", &[("api.cgi", &program)], example, Apps::default())
        .map(|server| get(server.port(), "/api.cgi", &["api_key: 7c1f"]).body);
    assert!(before.contains("<>"), "{before}");
    assert!(after.contains("<7c1f>"), "{after}");
}
