//! What the core costs beside `serde_json`, in turns, so that what else the machine does meets both: one line of
//! JSON each, for `cargo xtask bench`. The peak of the program's memory goes beside it: it must not grow with the file.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use latchkey::diagnose::diagnose;
use latchkey::evidence::{Evidence, Past};
use latchkey::exchange::Exchange;
use latchkey::explain::Explainer;
use latchkey::har;
use latchkey::mark::MarkKey;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

const ROUNDS: usize = 15;

/// How often the collected lock-outs are gone through in a round: some hundred milliseconds.
const TIMES: usize = 300;

const SIZE: u64 = 200 * 1024 * 1024;

fn main() {
    // `cargo test` runs benches too, to see that they start.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    diagnosis();
    explaining();
}

/// Measures both in turns, each first in every second round, and prints the row: medians in milliseconds, and the
/// middle half of the rounds' ratios.
fn beside(what: &str, reference: &str, ours: impl Fn(), theirs: impl Fn()) {
    let timed = |work: &dyn Fn()| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1e3
    };
    // What is slow the first time only.
    ours();
    theirs();
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|round| {
            if round % 2 == 0 {
                let first = timed(&ours);
                (first, timed(&theirs))
            } else {
                let first = timed(&theirs);
                (timed(&ours), first)
            }
        })
        .collect();
    let part = |of: fn(&(f64, f64)) -> f64, quarter: usize| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[(values.len() - 1) * quarter / 4]
    };
    let ratio = |(ours, theirs): &(f64, f64)| ours / theirs;
    let row = json!({
        "what": format!("native: {what}"), "reference": reference, "unit": "ms", "goal": "≤ 2.0", "rounds": ROUNDS,
        "ours": part(|round| round.0, 2), "theirs": part(|round| round.1, 2),
        "ratio": part(ratio, 2), "low": part(ratio, 1), "high": part(ratio, 3),
    });
    println!("{row}");
}

fn collected() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn diagnosis() {
    let texts = collected();
    let mut exchanges: Vec<Exchange> = Vec::new();
    for text in &texts {
        let mut each = |seen: har::Seen| {
            if let har::Seen::Wire(observation) = seen {
                exchanges.push(observation.into_exchange(&MarkKey::default()));
            }
        };
        har::read(&text[..], &mut each).unwrap();
    }
    exchanges.retain(Exchange::is_refusal);
    let entries: Vec<String> = texts
        .iter()
        .flat_map(|text| {
            let har: Value = serde_json::from_slice(text).unwrap();
            let entries = har["log"]["entries"].as_array().unwrap().clone();
            entries.into_iter().filter(|entry| entry["response"]["status"].as_u64() >= Some(400))
        })
        .map(|entry| entry.to_string())
        .collect();
    let past = Past::default();
    beside(
        &format!("diagnose every collected refusal, {TIMES} times"),
        "parse their HAR entries",
        || {
            for exchange in (0..TIMES).flat_map(|_| &exchanges) {
                black_box(diagnose(&Evidence::of(black_box(exchange), &past), &[]));
            }
        },
        || {
            for entry in (0..TIMES).flat_map(|_| &entries) {
                black_box(serde_json::from_str::<Value>(black_box(entry)).unwrap());
            }
        },
    );
}

/// Ordinary requests with bodies, and a refused one now and then.
fn generate(file: &Path) {
    let mut out = BufWriter::new(File::create(file).unwrap());
    let body = "lorem ipsum ".repeat(300);
    out.write_all(br#"{"log":{"version":"1.2","creator":{"name":"WebInspector"},"entries":["#).unwrap();
    let (mut size, mut number) = (0, 0_u64);
    while size < SIZE {
        let (status, comma) =
            (if number % 500 == 499 { 401 } else { 200 }, if number == 0 { "" } else { "," });
        let entry = format!(
            r#"{comma}{{"startedDateTime":"2026-06-16T10:00:00Z","time":5,"_resourceType":"fetch","request":{{"method":"GET","url":"https://app.test/api/items/{number}","headers":[{{"name":"Cookie","value":"sid=x"}},{{"name":"Accept","value":"*/*"}}]}},"response":{{"status":{status},"headers":[{{"name":"Content-Type","value":"application/json"}}],"content":{{"size":3600,"text":"{body}"}}}}}}"#
        );
        out.write_all(entry.as_bytes()).unwrap();
        size += entry.len() as u64;
        number += 1;
    }
    out.write_all(b"]}}").unwrap();
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown here");
    line.to_owned()
}

fn explaining() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("200MB.har");
    generate(&file);
    beside(
        "explain a recording of 200 MB",
        "serde_json, thrown away",
        || {
            let mut explainer = Explainer::default();
            let summary = har::read(File::open(&file).unwrap(), &mut |seen| explainer.push(seen)).unwrap();
            black_box(explainer.finish(&summary));
        },
        || {
            let file = BufReader::with_capacity(256 * 1024, File::open(&file).unwrap());
            let mut json = serde_json::Deserializer::from_reader(file);
            black_box(IgnoredAny::deserialize(&mut json).unwrap());
        },
    );
    eprintln!("peak memory: {}", peak());
    let _ = std::fs::remove_file(&file);
}
