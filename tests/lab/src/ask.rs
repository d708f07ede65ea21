//! A request, as a scenario wants to read it.

use axum::http::header::{AUTHORIZATION, COOKIE, HOST};
use axum::http::request::Parts;

/// What a scenario may look at in a request.
#[derive(Debug, Clone)]
pub struct Ask {
    method: String,
    host: String,
    port: u16,
    is_https: bool,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: String,
}

impl Ask {
    /// The method, in capitals.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The host without its port, in small letters.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port that the browser believes it talks to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it came by TLS.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.values(name).into_iter().next()
    }

    /// The token in `Authorization: Bearer …`; empty when there is none.
    pub fn bearer(&self) -> &str {
        self.header(AUTHORIZATION.as_str())
            .and_then(|value| value.strip_prefix("Bearer "))
            .unwrap_or_default()
    }

    /// The first word of `Authorization`.
    pub fn scheme(&self) -> Option<&str> {
        self.header(AUTHORIZATION.as_str())?.split(' ').next()
    }

    /// A field of the form that was sent, as it was sent: practice passwords need no escapes.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The first cookie of that name: browsers send the most specific one first, and most
    /// servers look no further.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies(name).into_iter().next()
    }

    /// Every cookie of that name, in the order sent.
    pub fn cookies(&self, name: &str) -> Vec<&str> {
        self.values(COOKIE.as_str())
            .into_iter()
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .collect()
    }

    fn values(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .filter_map(|(_, value)| std::str::from_utf8(value).ok())
            .collect()
    }
}

impl Ask {
    pub(crate) fn new(head: &Parts, body: &[u8], is_https: bool) -> Self {
        let headers: Vec<_> = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let authority = head
            .headers
            .get(HOST)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let usual = if is_https { "443" } else { "80" };
        let (host, port) = authority.rsplit_once(':').unwrap_or((&authority, usual));
        Self {
            method: head.method.as_str().to_owned(),
            host: host.to_owned(),
            port: port.parse().unwrap_or(80),
            is_https,
            path: head.uri.path().to_owned(),
            headers,
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}
