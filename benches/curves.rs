//! How the time of a diagnosis grows with what the browser holds and what was seen before.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use latchkey::background::{Event, Routine, State, step};
use latchkey::diagnose::diagnose;
use latchkey::evidence::{Evidence, Past};
use latchkey::exchange::{Kind, Known, Observation};
use latchkey::history::SiteRecord;
use latchkey::http::cookie::{CookieId, JarCookie, SameSite};
use latchkey::mark::{Mark, MarkKey};
use latchkey::message::{Deletion, Request};
use latchkey::settings::Settings;
use latchkey::sorted::{Map, Set};
use latchkey::time::Time;

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

criterion_group!(benches, curves);
criterion_main!(benches);
