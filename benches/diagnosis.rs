//! One diagnosis, over the collected lock-outs; beside it, what it costs merely to parse them.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use latchkey::diagnose::diagnose;
use latchkey::evidence::{Evidence, Past};
use latchkey::exchange::Exchange;
use latchkey::har;
use latchkey::mark::MarkKey;
use serde::de::IgnoredAny;

fn collected() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn bench(criterion: &mut Criterion) {
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
    let past = Past::default();
    criterion.bench_function("diagnose every collected refusal", |bencher| {
        bencher.iter(|| {
            for exchange in &exchanges {
                black_box(diagnose(&Evidence::of(black_box(exchange), &past), &[]));
            }
        });
    });
    let entries: Vec<String> = texts
        .iter()
        .flat_map(|text| {
            let har: serde_json::Value = serde_json::from_slice(text).unwrap();
            let entries = har["log"]["entries"].as_array().unwrap().clone();
            entries.into_iter().filter(|entry| entry["response"]["status"].as_u64() >= Some(400))
        })
        .map(|entry| entry.to_string())
        .collect();
    criterion.bench_function("parse their HAR entries", |bencher| {
        bencher.iter(|| {
            for entry in &entries {
                black_box(serde_json::from_str::<serde_json::Value>(black_box(entry)).unwrap());
            }
        });
    });
    criterion.bench_function("skip their HAR entries", |bencher| {
        bencher.iter(|| {
            for entry in &entries {
                black_box(serde_json::from_str::<IgnoredAny>(black_box(entry)).unwrap());
            }
        });
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
