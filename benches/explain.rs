//! A recording of 200 MB, explained; beside it, the same read and thrown away. Prints the peak of
//! the program's memory too: it must not grow with the file.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use latchkey::explain::Explainer;
use latchkey::har;
use serde::Deserialize;
use serde::de::IgnoredAny;

const SIZE: u64 = 200 * 1024 * 1024;

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

fn bench(criterion: &mut Criterion) {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("200MB.har");
    generate(&file);
    let size = file.metadata().unwrap().len();
    let open = || BufReader::with_capacity(256 * 1024, File::open(&file).unwrap());
    let mut group = criterion.benchmark_group("200 MB");
    group.throughput(Throughput::Bytes(size)).sample_size(10).measurement_time(Duration::from_secs(20));
    group.bench_function("explain", |bencher| {
        bencher.iter(|| {
            let mut explainer = Explainer::default();
            let summary = har::read(File::open(&file).unwrap(), &mut |seen| explainer.push(seen)).unwrap();
            explainer.finish(&summary)
        });
    });
    println!("peak memory: {}", peak());
    group.bench_function("serde_json, thrown away", |bencher| {
        bencher.iter(|| {
            let mut json = serde_json::Deserializer::from_reader(open());
            IgnoredAny::deserialize(&mut json).unwrap()
        });
    });
    group.finish();
    let _ = std::fs::remove_file(&file);
}

criterion_group!(benches, bench);
criterion_main!(benches);
