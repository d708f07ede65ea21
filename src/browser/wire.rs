//! What the watcher hands over, as an observation.

use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::value::from_js;
use crate::exchange::{Kind, Observation, SeenBy};
use crate::time::Time;

/// One request, as `extension/watch.js` puts it together from several events.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    url: String,
    method: String,
    #[serde(rename = "type")]
    kind: String,
    page: Option<String>,
    tab: i32,
    store: String,
    private: bool,
    began: Option<f64>,
    at: f64,
    status: u16,
    error: Option<String>,
    ip: Option<String>,
    request_headers: Option<Vec<Header>>,
    response_headers: Option<Vec<Header>>,
    hides_login: bool,
    from_cache: bool,
    prompts: u32,
    again: u32,
    login_at: Option<String>,
    hops: Vec<(String, u16)>,
    speculative: bool,
    last_success: Option<f64>,
    /// From DevTools alone: the words of an error.
    body: Option<String>,
    /// From DevTools alone: did a service worker answer?
    by_worker: bool,
    /// The requests of the same tab just before it, oldest first.
    before: Vec<Wire>,
}

/// A header as webRequest shows it: bytes where the value is not UTF-8.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Header {
    name: String,
    value: Option<String>,
    binary_value: Option<Vec<u8>>,
}

impl Header {
    fn pair(self) -> (String, String) {
        let bytes = self.binary_value.unwrap_or_default();
        let value = self.value.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned());
        (self.name, value)
    }
}

/// Reads what the watcher handed over.
pub fn observation(value: JsValue) -> Result<Observation, JsValue> {
    Ok(of(from_js(value)?))
}

fn of(wire: Wire) -> Observation {
    // They were made in the same window.
    let (store, private) = (wire.store, wire.private);
    let before = wire
        .before
        .into_iter()
        .map(|one| of(Wire { store: store.clone(), private, before: Vec::new(), ..one }))
        .collect();
    let pairs =
        |headers: Option<Vec<Header>>| headers.map(|headers| headers.into_iter().map(Header::pair).collect());
    Observation {
        began: wire.began.map(Time::from_millis_f64),
        at: Time::from_millis_f64(wire.at),
        url: wire.url,
        method: wire.method,
        kind: kind(&wire.kind),
        page: wire.page,
        tab: Some(wire.tab).filter(|tab| *tab >= 0),
        store,
        private,
        status: wire.status,
        error: wire.error,
        ip: wire.ip,
        request_headers: pairs(wire.request_headers),
        response_headers: pairs(wire.response_headers),
        hidden: if wire.hides_login { vec!["authorization".to_owned()] } else { Vec::new() },
        from_cache: wire.from_cache,
        seen_by: SeenBy::Watcher,
        prompts: wire.prompts,
        again: wire.again,
        login_at: wire.login_at,
        body: wire.body,
        by_extension: false,
        by_worker: wire.by_worker,
        hops: wire.hops,
        speculative: wire.speculative,
        last_success: wire.last_success.map(Time::from_millis_f64),
        before,
    }
}

/// webRequest's resource types.
fn kind(kind: &str) -> Kind {
    match kind {
        "main_frame" => Kind::MainFrame,
        "sub_frame" => Kind::SubFrame,
        // A worker's own fetch is "other" in Chrome.
        "xmlhttprequest" | "websocket" | "other" => Kind::Fetch,
        "script" | "web_manifest" => Kind::Script,
        _ => Kind::Resource,
    }
}
