//! `cargo xtask accuracy`: the diagnosis on collected lock-outs (`tests/corpus`), as a table.
//!
//! Top-1: the first verdict is the case's cause, or one that what is seen supports as well.
//! Top-3: the cause itself is among the first three. Fails below what is promised.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use latchkey::explain::Explainer;
use latchkey::har;
use latchkey::incident::Incident;
use serde::Deserialize;

/// What is promised: top-1, top-3.
const PROMISED: (f64, f64) = (0.93, 0.98);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    id: String,
    cause: String,
    exchanges: String,
    #[serde(default)]
    also_plausible: Vec<String>,
    #[serde(default = "yes")]
    scored: bool,
}

fn yes() -> bool {
    true
}

/// How a case went.
struct Scored<'a> {
    case: &'a Case,
    first: String,
    confidence: f64,
    top1: bool,
    exact: bool,
    top3: bool,
}

fn main() -> ExitCode {
    // Another folder of the same form can be scored: one that rules were not written beside.
    let folder = std::env::var_os("LATCHKEY_CORPUS").map_or_else(default_folder, PathBuf::from);
    let text = std::fs::read_to_string(folder.join("cases.json")).expect("cases.json");
    let cases: Vec<Case> = serde_json::from_str(&text).expect("a list of cases");
    let scored: Vec<Scored<'_>> =
        cases.iter().filter(|case| case.scored).map(|case| score(case, &folder.join("cases"))).collect();
    let (top1, top3) = table(&scored);
    confusions(&scored);
    reliability(&scored);
    let (loud, ordinary) = quiet(&folder.join("quiet"));
    println!("quiet: {ordinary} recordings of ordinary browsing, {} not quiet", loud.len());
    for line in &loud {
        println!("  {line}");
    }
    let is_fine = top1 >= PROMISED.0 && top3 >= PROMISED.1 && loud.is_empty();
    if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn default_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn incidents(file: &Path) -> Vec<Incident> {
    let mut explainer = Explainer::default();
    let file = std::fs::File::open(file).expect("a recording");
    let summary = har::read(file, &mut |seen| explainer.push(seen)).expect("a HAR file");
    explainer.finish(&summary)
}

fn score<'a>(case: &'a Case, folder: &Path) -> Scored<'a> {
    let incidents = incidents(&folder.join(format!("{}.har", case.id)));
    let verdicts: Vec<(&str, f64)> = incidents
        .first()
        .into_iter()
        .flat_map(Incident::verdicts)
        .map(|verdict| (verdict.cause.id(), verdict.confidence))
        .collect();
    // No lock-out at all is a verdict of its own.
    let (first, confidence) = verdicts.first().copied().unwrap_or(("expected_challenge", 1.0));
    let exact = first == case.cause;
    // An honest "not sure" names no cause; what stands behind it still counts for top-3.
    let named = verdicts.iter().map(|(id, _)| *id).filter(|id| *id != "unknown").take(3);
    let top3 = exact || named.into_iter().any(|id| id == case.cause);
    let top1 = exact || case.also_plausible.iter().any(|also| also == first);
    Scored { case, first: first.to_owned(), confidence, top1, exact, top3 }
}

fn share(scored: &[&Scored<'_>], fits: impl Fn(&Scored<'_>) -> bool) -> f64 {
    scored.iter().filter(|one| fits(one)).count() as f64 / scored.len().max(1) as f64
}

fn table(scored: &[Scored<'_>]) -> (f64, f64) {
    let mut causes: BTreeMap<&str, Vec<&Scored<'_>>> = BTreeMap::new();
    for one in scored {
        causes.entry(&one.case.cause).or_default().push(one);
    }
    let row = |name: &str, cases: &[&Scored<'_>]| {
        let (top1, exact, top3) =
            (share(cases, |one| one.top1), share(cases, |one| one.exact), share(cases, |one| one.top3));
        println!("  {name:<30} {:>5}  {top1:>5.2}  {exact:>5.2}  {top3:>5.2}", cases.len());
        (top1, top3)
    };
    println!("  {:<30} {:>5}  {:>5}  {:>5}  {:>5}", "cause", "cases", "top-1", "exact", "top-3");
    for (cause, cases) in &causes {
        row(cause, cases);
    }
    for kind in ["told", "inferred"] {
        let cases: Vec<&Scored<'_>> = scored.iter().filter(|one| one.case.exchanges == kind).collect();
        row(kind, &cases);
    }
    row("all", &scored.iter().collect::<Vec<_>>())
}

fn confusions(scored: &[Scored<'_>]) {
    println!("\nconfused:");
    for one in scored.iter().filter(|one| !one.top1 || !one.top3) {
        let mark = if one.top1 { "behind" } else { "for" };
        println!("  {:<26} {} {mark} {} ({:.2})", one.case.id, one.case.cause, one.first, one.confidence);
    }
}

/// Of the verdicts given with a confidence, how many were right?
fn reliability(scored: &[Scored<'_>]) {
    println!("\nsaid        given  right");
    for tenth in 0..10 {
        let (low, high) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
        let given: Vec<&Scored<'_>> = scored
            .iter()
            .filter(|one| one.first != "expected_challenge")
            .filter(|one| one.confidence >= low && (one.confidence < high || tenth == 9))
            .collect();
        if !given.is_empty() {
            println!("{low:.1} – {high:.1}   {:>5}   {:.2}", given.len(), share(&given, |one| one.top1));
        }
    }
    println!();
}

/// Ordinary browsing in which something was called a lock-out, and how many recordings there are.
fn quiet(folder: &Path) -> (Vec<String>, usize) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.retain(|file| file.extension().is_some_and(|end| end == "har"));
    files.sort();
    let mut loud = Vec::new();
    for file in &files {
        for incident in incidents(file) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            loud.push(format!(
                "{name}: {} {} {}",
                incident.exchange.status,
                incident.exchange.url,
                incident.cause().id()
            ));
        }
    }
    (loud, files.len())
}
