//! A request, as a scenario wants to read it.

use axum::extract::Request;
use axum::http::header::{COOKIE, HOST};

/// What a scenario may look at in a request.
#[derive(Debug, Clone)]
pub struct Ask {
    method: String,
    host: String,
    port: u16,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
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

    /// The path without the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.values(name).into_iter().next()
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

impl From<&Request> for Ask {
    fn from(request: &Request) -> Self {
        let headers: Vec<_> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let authority = request
            .headers()
            .get(HOST)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let (host, port) = authority.rsplit_once(':').unwrap_or((&authority, "80"));
        Self {
            method: request.method().as_str().to_owned(),
            host: host.to_owned(),
            port: port.parse().unwrap_or(80),
            path: request.uri().path().to_owned(),
            headers,
        }
    }
}
