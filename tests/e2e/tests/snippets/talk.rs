//! HTTP by hand, on both sides of a server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What was asked, or what came back.
#[derive(Debug, Clone)]
pub struct Message {
    /// The first line.
    first: String,
    headers: Vec<(String, String)>,
    /// What follows the head.
    pub body: String,
}

impl Message {
    /// The path that was asked for.
    pub fn path(&self) -> &str {
        self.first.split(' ').nth(1).unwrap()
    }

    /// The status that came back.
    pub fn status(&self) -> u16 {
        self.path().parse().unwrap()
    }

    /// A header, which stands there once or not at all.
    pub fn header(&self, name: &str) -> Option<&str> {
        let values: Vec<_> = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).collect();
        assert!(values.len() < 2, "{values:?}");
        values.first().map(|(_, value)| value.as_str())
    }

    fn read(stream: &TcpStream) -> Self {
        let mut lines = BufReader::new(stream);
        let mut line = || {
            let mut text = String::new();
            lines.read_line(&mut text).unwrap();
            text.trim_end().to_owned()
        };
        let first = line();
        let mut headers = Vec::new();
        while let Some((name, value)) = line().split_once(':') {
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Self { first, headers, body: lines.buffer().iter().map(|byte| char::from(*byte)).collect() }
    }
}

/// Asks for a path of a host; further headers as lines.
pub fn ask(port: u16, host: &str, method: &str, path: &str, headers: &[&str]) -> Message {
    let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
    // A server that has read enough may be gone before the end.
    let _ = stream.write_all(head.as_bytes());
    let mut message = Message::read(&stream);
    let _ = stream.read_to_string(&mut message.body);
    message
}

/// The site's own page, with these headers.
pub fn get(port: u16, path: &str, headers: &[&str]) -> Message {
    ask(port, "app.example.com", "GET", path, headers)
}

/// An application that answers each request with a head, for as long as the tests run.
pub fn app(answer: fn(&Message) -> String) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let head = answer(&Message::read(&stream));
            let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    port
}

// Applications that both servers stand in front of.

/// Wants a token, and no password.
pub fn wants_token(asked: &Message) -> String {
    match asked.header("authorization") {
        Some(login) if login.starts_with("Bearer ") => "200 OK".to_owned(),
        Some(_) => "403 Forbidden".to_owned(),
        None => "401 Unauthorized".to_owned(),
    }
}

/// Has its sign-in in a cookie, so it has no quarrel with no header, but with a password.
pub fn wants_no_password(asked: &Message) -> String {
    if asked.header("authorization").is_some() { "403 Forbidden" } else { "200 OK" }.to_owned()
}

/// Sends everybody to https, at the host that it believes it has.
pub fn wants_slash(asked: &Message) -> String {
    let scheme = asked.header("x-forwarded-proto").map_or("unknown", |scheme| scheme);
    let host = asked.header("host").unwrap();
    format!("302 Found\r\nLocation: https://{host}{}/?{scheme}", asked.path())
}

/// Compares `Origin` with the host that it believes it has.
pub fn wants_origin(asked: &Message) -> String {
    let host = asked.header("host").unwrap();
    let is_own = asked.header("origin").unwrap().ends_with(&format!("://{host}"));
    if is_own { "200 OK" } else { "403 Forbidden" }.to_owned()
}

/// Sets a cookie for its own address.
pub fn sets_own_cookie(_: &Message) -> String {
    "200 OK\r\nSet-Cookie: sid=1; Domain=app.internal; Path=/app/".to_owned()
}

/// Sets a cookie that stays at home.
pub fn sets_lax_cookie(_: &Message) -> String {
    "200 OK\r\nSet-Cookie: sid=1; Path=/; SameSite=Lax".to_owned()
}

/// Lets every origin read it, and so none with credentials.
pub fn allows_anybody(_: &Message) -> String {
    "200 OK\r\nAccess-Control-Allow-Origin: *".to_owned()
}

/// A camera that wants sam's password.
pub fn wants_password(asked: &Message) -> String {
    match asked.header("authorization") {
        Some("Basic c2FtOm9wZW4=") => "200 OK",
        _ => "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"",
    }
    .to_owned()
}

/// Lets whoever has a session in, and lets everything be kept for an hour.
pub fn wants_session(asked: &Message) -> String {
    let status = if asked.header("cookie") == Some("sid=1") { "200 OK" } else { "401 Unauthorized" };
    format!("{status}\r\nCache-Control: max-age=3600")
}

/// What a browser asks of an answer that a page may read with credentials (Fetch standard, CORS check).
pub fn may_read(answer: &Message) -> bool {
    answer.header("access-control-allow-origin") == Some("https://app.example.com")
        && answer.header("access-control-allow-credentials") == Some("true")
}

/// What a browser asks of the answer to its question.
pub fn may_send(answer: &Message) -> bool {
    let allowed = answer.header("access-control-allow-headers").unwrap_or_default();
    (200..300).contains(&answer.status())
        && answer.header("access-control-allow-origin") == Some("https://app.example.com")
        && answer.header("access-control-allow-methods").unwrap_or_default().contains("PUT")
        && allowed.split(", ").any(|name| name == "Authorization")
}
