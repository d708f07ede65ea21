//! One diagnosis, over the collected lock-outs; beside it, what it costs merely to parse them.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use latchkey::background::{Event, Routine, State, step};
use latchkey::diagnose::diagnose;
use latchkey::evidence::{Evidence, Past};
use latchkey::exchange::{Exchange, Kind, Known, Observation};
use latchkey::har;
use latchkey::history::SiteRecord;
use latchkey::http::cookie::{CookieId, JarCookie, SameSite};
use latchkey::mark::{Mark, MarkKey};
use latchkey::message::{Deletion, Request};
use latchkey::settings::Settings;
use latchkey::sorted::{Map, Set};
use latchkey::time::Time;
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

/// How the time grows with what the browser holds and what was seen before.
fn curves(criterion: &mut Criterion) {
    let refused = || {
        let observation = Observation {
            at: NOW,
            url: "https://app.test/account".into(),
            method: "GET".into(),
            kind: Kind::MainFrame,
            status: 401,
            tab: Some(7),
            request_headers: Some(vec![("cookie".to_owned(), "sid=x".to_owned())]),
            response_headers: Some(Vec::new()),
            ..Observation::default()
        };
        observation.into_exchange(&MarkKey::default())
    };
    let exchange = refused();
    let past = Past::default();
    for count in [10, 100, 1_000, 3_000] {
        let jar: Vec<JarCookie> = (0..count).map(cookie).collect();
        criterion.bench_function(&format!("jar of {count}"), |bencher| {
            bencher.iter(|| {
                let mut jar = jar.clone();
                SiteRecord::new("app.test").see(&mut jar, NOW, &MarkKey::default());
                let evidence =
                    Evidence { jar: Known::Present(&jar[..]), ..Evidence::of(black_box(&exchange), &past) };
                diagnose(&evidence, &[])
            });
        });
    }
    // The history itself is on disk; what a background holds of it is the sites that have one.
    for count in [10, 100, 1_000, 10_000, 100_000] {
        let sites: Set<String> = (0..count).map(|n| format!("site-{n}.test")).collect();
        let empty = Map::new;
        let state = State::new(Vec::new(), empty(), Map::new(), sites);
        let mut state = state.with(Settings::default(), Routine::default());
        criterion.bench_function(&format!("history of {count}"), |bencher| {
            bencher.iter(|| {
                let effects = step(&mut state, Event::Exchange(Box::new(refused())), NOW);
                // What was opened is forgotten, so that each round begins alike.
                let ask = Request::Delete { what: Deletion::Site { site: "app.test".to_owned() } };
                (effects, step(&mut state, Event::Asked(ask), NOW))
            });
        });
    }
}

const NOW: Time = Time(1_780_000_000_000);

fn cookie(number: usize) -> JarCookie {
    JarCookie {
        id: CookieId {
            name: format!("c{number}"),
            domain: "app.test".into(),
            path: "/".into(),
            path_mark: None,
            store: "0".into(),
            partition: None,
        },
        host_only: true,
        secure: true,
        http_only: true,
        same_site: SameSite::Lax,
        expires: None,
        first_seen: None,
        size: 40,
        mark: Some(Mark(u16::try_from(number).unwrap())),
        token_expires: None,
    }
}

criterion_group!(benches, bench, curves);
criterion_main!(benches);
