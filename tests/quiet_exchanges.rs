//! Ordinary exchanges, none of which is a lock-out: the history must stay empty.
//!
//! Each recording is a few lines, `[+ms] kind method address status [flags] [> sent] [< told]`, with
//! headers parted by ` | `. A line that begins with `jar` is a cookie that the browser holds, one that
//! begins with `sanitised` says that credentials were left out, as Chrome does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "quiet_exchanges/around.rs"]
mod around;
#[path = "quiet_exchanges/handshakes.rs"]
mod handshakes;
#[path = "quiet_exchanges/pages.rs"]
mod pages;
#[path = "quiet_exchanges/sign_in.rs"]
mod sign_in;

use latchkey::explain::Explainer;
use latchkey::har;
use latchkey::incident::Incident;
use serde_json::{Value, json};

/// What it is, and its lines.
type Recording = (&'static str, &'static str);

/// As many as are promised.
const PROMISED: usize = 230;

#[test]
fn ordinary_exchanges_open_no_incident() {
    let (mut loud, mut count) = (Vec::new(), 0);
    for (name, lines) in all() {
        let (file, exchanges) = recording(lines);
        count += exchanges;
        let incidents = incidents(&file);
        loud.extend(incidents.iter().map(|incident| {
            let exchange = &incident.exchange;
            format!("{name}: {} {} {}", exchange.status, exchange.url, incident.cause().id())
        }));
    }
    println!("{count} ordinary exchanges, {} not quiet", loud.len());
    assert!(count >= PROMISED, "{count} exchanges, fewer than {PROMISED}");
    assert!(loud.is_empty(), "called a lock-out:\n  {}", loud.join("\n  "));
}

/// The same recordings with a lock-out at their end: that one is heard, and no other.
#[test]
fn a_lock_out_among_them_is_heard() {
    for (name, lines) in all() {
        let lock_out = "+20000 page GET https://locked.example/ 401 > accept: text/html";
        let (file, _) = recording(&format!("{lines}\n{lock_out}"));
        let heard = incidents(&file);
        let sites: Vec<&str> = heard.iter().map(|incident| incident.exchange.site.as_str()).collect();
        assert_eq!(sites, ["locked.example"], "{name}");
    }
}

fn all() -> impl Iterator<Item = &'static Recording> {
    [pages::ALL, handshakes::ALL, sign_in::ALL, around::ALL].into_iter().flatten()
}

fn incidents(file: &Value) -> Vec<Incident> {
    let mut explainer = Explainer::default();
    let summary = har::read(file.to_string().as_bytes(), &mut |seen| explainer.push(seen)).unwrap();
    explainer.finish(&summary)
}

/// The HAR file that lines stand for, and how many exchanges are in it.
fn recording(lines: &str) -> (Value, usize) {
    let (mut entries, mut jar, mut at, mut page) = (Vec::new(), Vec::new(), 0, String::new());
    let mut creator = "test";
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line == "sanitised" {
            creator = "WebInspector";
        } else if let Some(cookie) = line.strip_prefix("jar ") {
            let (name, domain) = cookie.split_once(' ').expect("a name and a domain");
            jar.push(
                json!({ "name": name, "domain": domain, "path": "/", "secure": true, "httpOnly": true }),
            );
        } else {
            entries.push(entry(line, &mut at, &mut page));
        }
    }
    let count = entries.len();
    let mut log = json!({ "version": "1.2", "creator": { "name": creator }, "entries": entries });
    if !jar.is_empty() {
        log["_cookieJar"] = json!(jar);
    }
    (json!({ "log": log }), count)
}

/// One line. `at` is the time in milliseconds, `page` the page that was opened last.
fn entry(line: &str, at: &mut u32, page: &mut String) -> Value {
    let (line, told) = line.split_once(" < ").unwrap_or((line, ""));
    let (head, sent) = line.split_once(" > ").unwrap_or((line, ""));
    let mut words = head.split_whitespace().peekable();
    let step = words.next_if(|word| word.starts_with('+')).map_or(120, |word| word[1..].parse().unwrap());
    *at += step;
    let mut next = || words.next().unwrap_or_else(|| panic!("too few words: {line}")).to_owned();
    let (kind, method, url, status) = (next(), next(), next(), next());
    let status: u16 = status.parse().unwrap_or_else(|_| panic!("no status: {line}"));
    let (mut request, response) = (headers(sent), headers(told));
    let resource = match kind.as_str() {
        "page" => "document",
        "frame" => {
            request.push(json!({ "name": "Sec-Fetch-Dest", "value": "iframe" }));
            "document"
        }
        "css" => "stylesheet",
        "img" => "image",
        "ws" => "websocket",
        other => other,
    };
    let (second, millis) = (*at / 1000, *at % 1000);
    let time = format!("2026-06-16T10:{:02}:{:02}.{millis:03}Z", second / 60, second % 60);
    let mut entry = json!({
        "startedDateTime": time, "time": 20, "_resourceType": resource,
        "request": { "method": method, "url": url, "headers": request },
        "response": { "status": status, "headers": response, "content": {} },
    });
    if kind == "page" {
        *page = url;
    } else if !page.is_empty() {
        entry["_initiator"] = json!({ "type": "script", "url": page });
    }
    for flag in words {
        match flag.split_once('=') {
            None if flag == "cached" => entry["_fromCache"] = json!("disk"),
            None if flag == "worker" => entry["_fetchedViaServiceWorker"] = json!(true),
            Some(("error", name)) => entry["response"]["_error"] = json!(name),
            Some(("hidden", name)) => entry["_hidden"] = json!([name]),
            _ => panic!("what is `{flag}`?"),
        }
    }
    entry
}

fn headers(text: &str) -> Vec<Value> {
    let fields = text.split(" | ").filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let (name, value) = field.split_once(": ").unwrap_or_else(|| panic!("no header: {field}"));
            json!({ "name": name, "value": value })
        })
        .collect()
}
