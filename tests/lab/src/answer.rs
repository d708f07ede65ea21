//! A response, short to write and able to be rude: header values are bytes.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

/// What a page tells a test through `<body data-lab="…">`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// `in`: signed in.
    In,
    /// `out`: locked out or signed out.
    Out,
    /// `wait`: the page's script has yet to decide, and will write another word.
    Wait,
    /// `done`: loaded, and there is nothing to sign in to.
    Done,
}

impl Shown {
    /// The word in `data-lab`.
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Wait => "wait",
            Self::Done => "done",
        }
    }
}

/// What a scenario answers.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: String,
    pub(crate) together: bool,
}

impl Answer {
    /// An HTML page. `inner` is trusted markup: scenarios never echo what a request says.
    pub fn page(status: u16, shown: Shown, title: &str, inner: &str) -> Self {
        let style = include_str!("page.css");
        let word = shown.word();
        let body = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <link rel=\"icon\" href=\"data:,\"><style>{style}</style></head>\n\
             <body data-lab=\"{word}\"><main><h1>{title}</h1>\n{inner}\n</main></body></html>\n"
        );
        Self::new(status, "text/html; charset=utf-8", body)
    }

    /// A JSON document.
    pub fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body.to_owned())
    }

    /// A response of any type that the browser must not keep.
    pub fn new(status: u16, kind: &str, body: String) -> Self {
        let answer = Self { status, headers: Vec::new(), body, together: false };
        answer.header(CONTENT_TYPE.as_str(), kind).header(CACHE_CONTROL.as_str(), "no-store")
    }

    /// A `303` to another place: what a form's answer should be.
    pub fn see_other(to: &str) -> Self {
        Self::new(303, "text/plain", String::new()).header(LOCATION.as_str(), to)
    }

    /// What an unknown path gets.
    pub fn missing() -> Self {
        Self::page(404, Shown::Done, "Nothing here", "<p>This address leads nowhere.</p>")
    }

    /// Adds a header; any bytes that HTTP can carry.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }

    /// Lets the browser keep it, as `Cache-Control` says.
    #[must_use]
    pub fn kept(mut self, control: &str) -> Self {
        self.headers.retain(|(name, _)| *name != CACHE_CONTROL.as_str());
        self.header(CACHE_CONTROL.as_str(), control)
    }

    /// Adds a `Set-Cookie`.
    #[must_use]
    pub fn cookie(self, value: impl AsRef<[u8]>) -> Self {
        self.header(SET_COOKIE.as_str(), value)
    }

    /// Has it wait for the next one that waits: neither of two who ask at once is faster.
    #[must_use]
    pub fn together(mut self) -> Self {
        self.together = true;
        self
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            // Only control characters are refused here: no HTTP library would send those.
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
