//! An incident as an entry of a recording. What any reader of recordings understands stands in HAR's own
//! fields, headers with their values masked; what our rules saw stands in `_facts`, and what came of it
//! in `_incident`.

use serde_json::{Value, json};

use super::masked;
use crate::exchange::{Exchange, Kind, Known};
use crate::http::challenge::ChallengeFacts;
use crate::http::set_cookie::SetCookie;
use crate::incident::Incident;
use crate::redact::MASK;

/// The entry of an incident that may leave.
pub(super) fn entry(incident: &Incident) -> Value {
    let exchange = &incident.exchange;
    let mut of_incident = json!(incident);
    // It stands in the entry already.
    if let Some(fields) = of_incident.as_object_mut() {
        fields.remove("exchange");
    }
    let took = exchange.at.since(exchange.began).max(0);
    json!({
        "startedDateTime": exchange.began.rfc3339(),
        "time": took,
        "request": {
            "method": exchange.method, "url": exchange.url, "httpVersion": "",
            "headers": request_headers(exchange), "cookies": [], "queryString": [],
            "headersSize": -1, "bodySize": -1,
        },
        "response": {
            "status": exchange.status, "statusText": "", "httpVersion": "",
            "headers": response_headers(exchange), "cookies": [],
            "content": { "size": 0, "mimeType": if exchange.told.is_html { "text/html" } else { "" } },
            "redirectURL": exchange.told.location.as_deref().unwrap_or_default(),
            "headersSize": -1, "bodySize": -1,
            "_error": exchange.error,
        },
        "cache": {},
        "timings": { "send": 0, "wait": took, "receive": 0 },
        "_resourceType": resource_type(exchange.kind),
        "_hidden": hidden(exchange),
        "_facts": exchange,
        "_incident": of_incident,
    })
}

fn header(name: &str, value: impl Into<Value>) -> Value {
    json!({ "name": name, "value": value.into() })
}

fn request_headers(exchange: &Exchange) -> Vec<Value> {
    let mut headers = Vec::new();
    if let Some(credential) = exchange.authorization.present() {
        headers.push(header("Authorization", format!("{} {MASK}", credential.scheme)));
    }
    if let Some(cookies) = exchange.cookies.present() {
        let pairs: Vec<String> = cookies.iter().map(|cookie| format!("{}={MASK}", cookie.name)).collect();
        headers.push(header("Cookie", pairs.join("; ")));
    }
    if exchange.asked.api_key.is_some() {
        headers.push(header("X-API-Key", masked()));
    }
    let plain = [("Origin", &exchange.asked.origin), ("Referer", &exchange.asked.referer)];
    headers.extend(plain.into_iter().filter_map(|(name, value)| Some(header(name, value.clone()?))));
    headers
}

fn response_headers(exchange: &Exchange) -> Vec<Value> {
    let each = |name: &'static str, all: &[ChallengeFacts]| {
        all.iter().map(|facts| header(name, challenge(facts))).collect::<Vec<_>>()
    };
    let mut headers = each("WWW-Authenticate", exchange.challenges());
    headers.extend(each("Proxy-Authenticate", &exchange.proxy_challenges));
    for cookie in exchange.set_cookies.present().into_iter().flatten() {
        headers.push(header("Set-Cookie", set_cookie(cookie)));
    }
    if let Some(location) = &exchange.told.location {
        headers.push(header("Location", location.as_str()));
    }
    if let Some(seconds) = exchange.told.retry_after {
        headers.push(header("Retry-After", seconds.to_string()));
    }
    headers
}

/// A challenge as it was meant, as far as it is known.
fn challenge(facts: &ChallengeFacts) -> String {
    if facts.token {
        return format!("{} {MASK}", facts.scheme);
    }
    let quoted = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{name}=\"{}\"", value.replace(['"', '\\'], "'")))
    };
    let known = [
        quoted("realm", &facts.realm),
        quoted("error", &facts.error),
        quoted("error_description", &facts.error_description),
        quoted("scope", &facts.scope),
        quoted("algorithm", &facts.algorithm),
        quoted("qop", &facts.qop),
        facts.nonce.then(|| format!("nonce=\"{MASK}\"")),
        facts.stale.then(|| "stale=true".to_owned()),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    format!("{} {}", facts.scheme, known.join(", ")).trim_end().to_owned()
}

fn set_cookie(cookie: &SetCookie) -> String {
    let mut line = format!("{}={MASK}", cookie.name);
    let named = [
        ("Domain", cookie.domain.clone()),
        ("Path", cookie.path.clone()),
        ("Max-Age", cookie.max_age.map(|seconds| seconds.to_string())),
        ("SameSite", cookie.same_site.clone()),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            line.push_str(&format!("; {name}={value}"));
        }
    }
    let flags =
        [("Secure", cookie.secure), ("HttpOnly", cookie.http_only), ("Partitioned", cookie.partitioned)];
    for (name, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
        line.push_str(&format!("; {name}"));
    }
    line
}

fn hidden(exchange: &Exchange) -> Vec<&'static str> {
    let flags = [
        ("cookie", exchange.cookies == Known::Unknown),
        ("authorization", exchange.authorization == Known::Unknown),
        ("set-cookie", exchange.set_cookies == Known::Unknown),
        ("www-authenticate", exchange.challenges == Known::Unknown),
    ];
    flags.into_iter().filter(|(_, is_hidden)| *is_hidden).map(|(name, _)| name).collect()
}

/// As Chrome names it.
fn resource_type(kind: Kind) -> &'static str {
    match kind {
        Kind::MainFrame | Kind::SubFrame => "document",
        Kind::Fetch => "fetch",
        Kind::Script => "script",
        Kind::Preflight => "preflight",
        Kind::Resource => "other",
    }
}
