//! What a recording is changed by, one thing at a time. What a change has nothing to do on is left as it is.

use latchkey::time::parse_rfc3339;
use serde_json::{Value, json};

/// A name, and what it does to a recording's `log`.
pub type Change = (&'static str, fn(&mut Value));

/// Every change.
pub const CHANGES: &[Change] = &[
    ("as it is", |_| {}),
    ("without cookies sent", |log| each(log, |entry| drop_header(entry, "request", &["cookie"]))),
    ("without authorization", |log| each(log, |entry| drop_header(entry, "request", &["authorization"]))),
    ("without a challenge", |log| {
        each(log, |entry| drop_header(entry, "response", &["www-authenticate", "proxy-authenticate"]));
    }),
    ("without cookies set", |log| each(log, |entry| drop_header(entry, "response", &["set-cookie"]))),
    ("without the server's name and clock", |log| {
        each(log, |entry| drop_header(entry, "response", &["server", "date", "x-powered-by", "via"]));
    }),
    ("without where it came from", |log| {
        each(log, |entry| {
            drop_header(entry, "request", &["origin", "referer"]);
            entry["_initiator"].take();
        });
    }),
    ("without the jar", |log| drop(log.as_object_mut().unwrap().remove("_cookieJar"))),
    ("with an empty jar", |log| log["_cookieJar"] = json!([])),
    ("without what it went through", |log| drop(log.as_object_mut().unwrap().remove("_past"))),
    ("without its words", |log| each(log, |entry| drop(entry["response"]["content"]["text"].take()))),
    ("the refusals alone", |log| keep(log, |entry| status(entry) == 0 || status(entry) >= 400)),
    ("the last alone", |log| {
        let entries = log["entries"].as_array_mut().unwrap();
        entries.drain(..entries.len().saturating_sub(1));
    }),
    ("without what went well before", |log| {
        let first = log["entries"].as_array().unwrap().iter().position(|entry| status(entry) >= 400);
        log["entries"].as_array_mut().unwrap().drain(..first.unwrap_or(0));
    }),
    ("401 for 403, and 403 for 401", |log| {
        each(log, |entry| {
            let other = match status(entry) {
                401 => 403,
                403 | 419 | 440 | 498 => 401,
                status => status,
            };
            entry["response"]["status"] = json!(other);
        });
    }),
    ("440 for all", |log| answered(log, 440)),
    ("419 for all", |log| answered(log, 419)),
    ("400 for all", |log| answered(log, 400)),
    ("407 for all", |log| answered(log, 407)),
    ("calls for pages, and pages for calls", |log| {
        each(log, |entry| {
            drop_header(entry, "request", &["sec-fetch-dest", "sec-fetch-mode"]);
            let other = if entry["_resourceType"] == "document" { "fetch" } else { "document" };
            entry["_resourceType"] = json!(other);
        });
    }),
    ("by POST", |log| each(log, |entry| entry["request"]["method"] = json!("POST"))),
    ("by GET", |log| each(log, |entry| entry["request"]["method"] = json!("GET"))),
    ("without encryption", |log| {
        each(log, |entry| {
            let url = entry["request"]["url"].as_str().unwrap_or_default();
            entry["request"]["url"] = json!(url.replacen("https://", "http://", 1));
        });
    }),
    ("at /login", |log| at_path(log, "/login")),
    ("at /api/items", |log| at_path(log, "/api/items")),
    ("cookies set for five minutes", |log| set_cookies(log, |_| "; Max-Age=300".to_owned())),
    ("cookies set that are over", |log| set_cookies(log, |_| "; Max-Age=0".to_owned())),
    ("cookies set with nothing said", |log| set_cookies(log, |_| String::new())),
    ("cookies set to be strict", |log| set_cookies(log, |_| "; SameSite=Strict; Secure".to_owned())),
    ("cookies set for a path", |log| set_cookies(log, |said| format!("{said}; Path=/elsewhere"))),
    ("the last a minute later", |log| last_later(log, 60_000)),
    ("the last an hour later", |log| last_later(log, 3_600_000)),
    ("the last ten days later", |log| last_later(log, 864_000_000)),
    ("all a year later", |log| {
        each(log, |entry| later(entry, 31_536_000_000));
    }),
    ("the last three times", |log| {
        let entries = log["entries"].as_array_mut().unwrap();
        let Some(last) = entries.last().cloned() else { return };
        for times in 1..3 {
            let mut again = last.clone();
            later(&mut again, times * 1_000);
            entries.push(again);
        }
    }),
    ("from a cache", |log| each(log, |entry| entry["_fromCache"] = json!("disk"))),
    ("from a worker", |log| each(log, |entry| entry["_fetchedViaServiceWorker"] = json!(true))),
    ("sanitised", |log| {
        log["creator"]["name"] = json!("WebInspector");
        each(log, |entry| {
            drop_header(entry, "request", &["cookie", "authorization"]);
            drop_header(entry, "response", &["set-cookie"]);
        });
    }),
];

/// The last request is answered with 401.
pub fn refuse_the_last(log: &mut Value) {
    if let Some(entry) = log["entries"].as_array_mut().unwrap().last_mut() {
        entry["response"]["status"] = json!(401);
    }
}

fn each(log: &mut Value, change: impl Fn(&mut Value)) {
    log["entries"].as_array_mut().unwrap().iter_mut().for_each(change);
}

fn keep(log: &mut Value, wanted: impl Fn(&Value) -> bool) {
    log["entries"].as_array_mut().unwrap().retain(wanted);
}

fn status(entry: &Value) -> u64 {
    entry["response"]["status"].as_u64().unwrap_or_default()
}

fn answered(log: &mut Value, with: u16) {
    each(log, |entry| {
        if status(entry) >= 400 {
            entry["response"]["status"] = json!(with);
        }
    });
}

fn drop_header(entry: &mut Value, side: &str, names: &[&str]) {
    if let Some(headers) = entry[side]["headers"].as_array_mut() {
        let is_wanted = |header: &Value| {
            let name = header["name"].as_str().unwrap_or_default();
            !names.iter().any(|dropped| name.eq_ignore_ascii_case(dropped))
        };
        headers.retain(is_wanted);
    }
}

/// The last request asks for another path.
fn at_path(log: &mut Value, path: &str) {
    let Some(entry) = log["entries"].as_array_mut().unwrap().last_mut() else { return };
    let url = entry["request"]["url"].as_str().unwrap_or_default();
    let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
    entry["request"]["url"] = json!(format!("{origin}{path}"));
}

/// The attributes of every cookie that is set.
fn set_cookies(log: &mut Value, attributes: impl Fn(&str) -> String) {
    each(log, |entry| {
        for header in entry["response"]["headers"].as_array_mut().into_iter().flatten() {
            if header["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("set-cookie")) {
                let line = header["value"].as_str().unwrap_or_default();
                let end = line.find(';').unwrap_or(line.len());
                let (pair, said) = line.split_at(end);
                header["value"] = json!(format!("{pair}{}", attributes(said)));
            }
        }
    });
}

fn last_later(log: &mut Value, millis: i64) {
    if let Some(entry) = log["entries"].as_array_mut().unwrap().last_mut() {
        later(entry, millis);
    }
}

fn later(entry: &mut Value, millis: i64) {
    let Some(at) = entry["startedDateTime"].as_str().and_then(parse_rfc3339) else { return };
    entry["startedDateTime"] = json!(at.plus(millis).rfc3339());
}
