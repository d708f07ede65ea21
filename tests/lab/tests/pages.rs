//! The practice sites over plain HTTP: what each answers before and after its story turns.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use latchkey_lab::{Expect, Lab, SCENARIOS};

/// A browser of twenty lines: it keeps cookies of one host and does what it is told.
struct Visitor<'a> {
    lab: &'a Lab,
    host: &'a str,
    cookies: BTreeMap<String, String>,
}

/// What came back.
struct Got {
    status: u16,
    head: String,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        let is_it = |key: &str| key.eq_ignore_ascii_case(name);
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(key, _)| is_it(key)).map(|(_, value)| value))
    }

    /// A word of the page, between two others.
    fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) = self.body.split_once(before).expect(before);
        rest.split_once(after).expect(after).0
    }

    fn lab(&self) -> &str {
        self.between("data-lab=\"", "\"")
    }
}

impl<'a> Visitor<'a> {
    fn new(lab: &'a Lab, host: &'a str) -> Self {
        Self { lab, host, cookies: BTreeMap::new() }
    }

    fn get(&mut self, path: &str) -> Got {
        self.send("GET", path, &[], "")
    }

    fn send(&mut self, method: &str, path: &str, headers: &[&str], body: &str) -> Got {
        let port = self.lab.port();
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}:{port}\r\nConnection: close\r\nCookie: {}\r\n{more}\
             Content-Length: {}\r\n\r\n{body}",
            self.host,
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for line in head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Got { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn call(&mut self, path: &str, token: &str) -> Got {
        self.send("GET", path, &[&format!("Authorization: Bearer {token}")], "")
    }
}

#[test]
fn a_session_ends_and_its_cookie_stays() {
    let lab = Lab::start().unwrap();
    for (host, page) in [("session-expired.test", "/account"), ("app-session.test", "/api/me")] {
        let mut visitor = Visitor::new(&lab, host);
        visitor.get("/start");
        assert_eq!(visitor.cookies["sid"].split('.').count(), 3, "it tells its own dates");
        assert_eq!(visitor.get(page).status, 200);
        lab.expire(host);
        assert_eq!(visitor.get(page).status, 401);
        visitor.cookies.remove("sid");
        assert_eq!(visitor.get(page).status, 200);
    }
}

#[test]
fn a_revoked_session_is_followed_by_a_new_one() {
    let lab = Lab::start().unwrap();
    let mut visitor = Visitor::new(&lab, "revoked.test");
    let start = visitor.get("/start");
    assert!(start.head.contains("Max-Age=2592000") && start.head.contains("HttpOnly"), "{}", start.head);
    assert!(!visitor.cookies["sid"].contains('.'), "it says nothing of itself");
    assert_eq!(visitor.get("/account").lab(), "in");
    lab.expire("revoked.test");
    let refused = visitor.get("/account");
    assert_eq!((refused.status, refused.lab(), refused.header("www-authenticate")), (401, "out", None));
    assert_eq!(visitor.get("/").header("location"), Some("/login"));
    assert_eq!(visitor.get("/login").header("location"), Some("/account"));
    assert_eq!(visitor.get("/account").status, 200);
}

#[test]
fn a_token_runs_out_and_another_can_be_had() {
    let lab = Lab::start().unwrap();
    let mut visitor = Visitor::new(&lab, "app.token-expired.test");
    let token = visitor.get("/start").between("access_token = '", "'").to_owned();
    assert_eq!(visitor.call("/api/me", &token).status, 200);
    lab.expire("app.token-expired.test");
    let refused = visitor.call("/api/me", &token);
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    let fresh = visitor.send("POST", "/session", &[], "").between("access_token\":\"", "\"").to_owned();
    assert_eq!(visitor.call("/api/me", &fresh).status, 200);
    visitor.cookies.clear();
    assert_eq!(visitor.send("POST", "/session", &[], "").status, 403, "a stranger gets none");
}

#[test]
fn undefined_is_no_token() {
    let lab = Lab::start().unwrap();
    let mut visitor = Visitor::new(&lab, "app.malformed.test");
    assert!(!visitor.send("POST", "/login", &[], "").body.contains("token"), "what the app counts on");
    let refused = visitor.call("/api/me", "undefined");
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"invalid_request\""));
    let good = visitor.send("POST", "/session", &[], "").between("token\":\"", "\"").to_owned();
    assert_eq!(visitor.call("/api/me", &good).status, 200);
}

#[test]
fn the_clock_is_an_hour_behind_until_it_is_mended() {
    let lab = Lab::start().unwrap();
    let mut visitor = Visitor::new(&lab, "app.skew.test");
    let behind = |got: &Got| {
        let date = httpdate::parse_http_date(got.header("date").unwrap()).unwrap();
        std::time::SystemTime::now().duration_since(date).unwrap().as_secs()
    };
    let answer = visitor.send("POST", "/token", &[], "");
    let token = answer.between("access_token\":\"", "\"").to_owned();
    let refused = visitor.call("/api/me", &token);
    assert_eq!(refused.status, 401);
    for answer in [&answer, &refused] {
        assert_eq!(answer.head.matches("date: ").count(), 1, "{}", answer.head);
        assert!((3_600..3_660).contains(&behind(answer)));
    }
    lab.mend("app.skew.test");
    let answer = visitor.call("/api/me", &token);
    assert_eq!(answer.status, 200);
    assert!(behind(&answer) < 60);
}

#[test]
fn only_the_right_password_opens() {
    let lab = Lab::start().unwrap();
    let mut visitor = Visitor::new(&lab, "signin.test");
    assert_eq!(visitor.get("/login").lab(), "done");
    let refused = visitor.send("POST", "/login", &[], "user=sam&password=opne");
    assert_eq!((refused.status, refused.lab(), refused.header("www-authenticate")), (401, "out", None));
    assert_eq!(visitor.get(refused.between("<a href=\"", "\"")).status, 200, "the way to a new password");
    let opened = visitor.send("POST", "/login", &[], "user=sam&password=open");
    assert_eq!((opened.status, opened.header("location")), (303, Some("/account")));
    assert_eq!(visitor.get("/account").lab(), "in");
}

#[test]
fn the_question_before_the_request_is_refused() {
    let lab = Lab::start().unwrap();
    let mut api = Visitor::new(&lab, "api.cors.test");
    let refused = api.send("OPTIONS", "/me", &[], "");
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
    // The two hosts share one state, by the name of the first.
    lab.mend("app.cors.test");
    assert_eq!(api.send("OPTIONS", "/me", &[], "").status, 204);
    let answer = api.call("/me", "7c1f9e2ab4d0");
    let origin = format!("http://app.cors.test:{}", lab.port());
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin.as_str()));
    let hits = lab.hits("app.cors.test");
    assert_eq!(hits.len(), 3);
    assert!(hits.iter().all(|hit| hit.host == "api.cors.test"));
    assert_eq!(hits[2].scheme.as_deref(), Some("Bearer"));
}

#[test]
fn the_neighbour_needs_both_halves() {
    let lab = Lab::start().unwrap();
    let mut visitor = Visitor::new(&lab, "neighbour.test");
    let stored = visitor.get("/start").between("login = '", "'").to_owned();
    assert_eq!(visitor.cookies["login"], stored);
    assert_eq!(visitor.get("/account").between("localStorage.login === '", "'"), stored);
    visitor.cookies.clear();
    assert_eq!(visitor.get("/account").between("localStorage.login === '", "'"), "");
}

/// What the table promises of itself.
#[test]
fn the_table_makes_sense() {
    for scenario in SCENARIOS {
        let id = scenario.id;
        assert!(!scenario.title.is_empty() && !scenario.sets_up.is_empty(), "{id}: said to people");
        assert!(!scenario.lapses || scenario.start.is_some(), "{id}: what lapses was planted");
        if let Expect::LockOut { fix: Some(fix), one_click, .. } = scenario.expect {
            let is_advice = ["fix_clock", "check_status", "for_the_owner", "copy_report"].contains(&fix);
            assert!(!is_advice || !one_click, "{id}: advice brings nobody back by itself");
        }
    }
}
