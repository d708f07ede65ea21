//! What the rules say of every collected lock-out, and of the same with something changed: a cookie less,
//! another status, a call instead of a page. A rule may weigh a sign in the wrong direction and still put the
//! right cause first; here every number and every sentence counts.
//!
//! `tests/corpus/verdicts.txt` is what they said last. After a change that is meant,
//! `LATCHKEY_BLESS=1 cargo test --test verdicts` writes it anew, and what changed is read like any other code.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "verdicts/changes.rs"]
mod changes;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use latchkey::diagnose::Verdict;
use latchkey::explain::Explainer;
use latchkey::har;
use latchkey::incident::Incident;
use serde_json::Value;

use changes::CHANGES;

/// In bytes.
const LONG: u64 = 24 * 1024;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

#[test]
fn the_rules_say_what_they_said() {
    let now = verdicts();
    let file = folder().join("verdicts.txt");
    if std::env::var_os("LATCHKEY_BLESS").is_some() {
        fs::write(&file, &now).unwrap();
        return;
    }
    let before = fs::read_to_string(&file).unwrap_or_default();
    let (old, new) = (by_case(&before), by_case(&now));
    let mut changed = String::new();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        if old.get(name) != new.get(name) {
            let text =
                |all: &BTreeMap<&str, &str>| all.get(name).map_or("nothing", |said| said.trim()).to_owned();
            write!(changed, "\n{name}\n  said: {}\n  says: {}", text(&old), text(&new)).unwrap();
        }
    }
    assert!(changed.is_empty(), "is this meant? (LATCHKEY_BLESS=1 writes it down){changed}");
}

/// A line of the text is a case, how it was changed, and what is said of it.
fn by_case(text: &str) -> BTreeMap<&str, &str> {
    text.lines().filter_map(|line| line.split_once(" | ")).collect()
}

fn verdicts() -> String {
    let mut out = String::new();
    // What is ordinary has more around it than what was collected: a refusal at its end is judged by that.
    let refused = recordings("quiet").into_iter().map(|(name, mut recording)| {
        changes::refuse_the_last(&mut recording["log"]);
        (format!("{name}, refused"), recording)
    });
    for (name, recording) in recordings("cases").into_iter().chain(refused) {
        let mut said = Vec::new();
        for (change, apply) in CHANGES {
            let mut changed = recording.clone();
            apply(&mut changed["log"]);
            let says = said_of(&changed);
            // Each thing that is said once: most changes make no difference to most cases.
            if !said.contains(&says) {
                writeln!(out, "{name}, {change} | {says}").unwrap();
                said.push(says);
            }
        }
    }
    out
}

/// The recordings of a folder, in the order of their names.
fn recordings(kind: &str) -> Vec<(String, Value)> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder().join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
    // A long one takes its time forty times over, and is no more varied.
    let is_short = |file: &PathBuf| file.metadata().unwrap().len() < LONG;
    files.retain(|file| file.extension().is_some_and(|kind| kind == "har") && is_short(file));
    files.sort();
    let read = |file: PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        // Some tools write a byte order mark.
        let text = fs::read_to_string(&file).unwrap();
        (name, serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap())
    };
    files.into_iter().map(read).collect()
}

fn said_of(recording: &Value) -> String {
    let mut explainer = Explainer::default();
    let text = recording.to_string();
    let summary = har::read(text.as_bytes(), &mut |seen| explainer.push(seen)).unwrap();
    let incidents: Vec<String> = explainer.finish(&summary).iter().map(incident).collect();
    if incidents.is_empty() { "no lock-out".to_owned() } else { incidents.join(" ‖ ") }
}

fn incident(incident: &Incident) -> String {
    let diagnosis = incident.diagnosis.clone().unwrap_or_default();
    let verdicts: Vec<String> = diagnosis.causes.iter().map(verdict).collect();
    let offers: Vec<String> = diagnosis
        .offers
        .iter()
        .map(|offer| match offer.removes() {
            0 => offer.fix.id().to_owned(),
            count => format!("{} {count}", offer.fix.id()),
        })
        .collect();
    format!("{}×{} {} → {}", incident.exchange.status, incident.count, verdicts.join(", "), offers.join(" "))
}

fn verdict(verdict: &Verdict) -> String {
    let mut text = format!("{} {:.3}", verdict.cause.id(), verdict.confidence);
    for line in &verdict.why {
        write!(text, " {}", line.key.trim_start_matches("why_")).unwrap();
    }
    for cookie in &verdict.suspects {
        write!(text, " [{}]", cookie.name).unwrap();
    }
    for fix in &verdict.ruled_out {
        write!(text, " -{}", fix.id()).unwrap();
    }
    if let Some(place) = &verdict.belongs_at {
        write!(text, " at {place}").unwrap();
    }
    text
}
