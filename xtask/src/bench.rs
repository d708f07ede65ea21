//! What Latchkey costs, as a table and as `target/bench/report.json`: in the browsers by tests/e2e, natively by
//! `benches`, and the sizes of what is built.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::choice::Choice;
use crate::manifest::Browser;
use crate::wasm::{self, Mode, PARTS};
use crate::{bundle, least, package, paths, process, setup};

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// The browsers to measure in.
    #[arg(long, value_enum, default_value = "both")]
    browser: Choice,
    /// How often each thing is measured in a browser; otherwise 9 times.
    #[arg(long)]
    rounds: Option<usize>,
    /// Only what has this in its name: traffic (or one of its loads: `all 200`), listening, wake,
    /// popup, panel, memory, native, size.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Another build (a copy of `dist`), which a wake and the popup are measured beside in the same rounds.
    #[arg(long, value_name = "FOLDER")]
    beside: Option<PathBuf>,
}

/// Goals for what is built, in gzipped kilobytes.
const MOST: [(&str, usize); 2] = [("background", 110), ("pages", 110)];

/// The same for a whole package, in kilobytes.
const WHOLE: f64 = 450.0;

/// What is measured with ever more of it. The goal: it grows no faster than n log n.
const CURVES: [(&str, &[u32]); 2] =
    [("jar", &[10, 100, 1_000, 3_000]), ("history", &[10, 100, 1_000, 10_000, 100_000])];

/// Builds, measures, prints and writes.
pub fn bench(args: &Args) -> Result<()> {
    let has = |name: &str| args.only.as_ref().is_none_or(|part| name.contains(part.as_str()));
    let tools = setup::setup(args.browser.need())?;
    bundle::build(Mode::Release)?;
    if ["wake", "popup", "size"].into_iter().any(has) {
        least::build()?;
    }
    let mut rows = Vec::new();
    if args.only.is_none() || !["native", "size"].into_iter().any(has) {
        let mut cargo = process::cargo();
        cargo.args(["run", "--quiet", "-p", "latchkey-e2e", "--bin", "bench", "--"]);
        for browser in args.browser.browsers() {
            cargo.args(["--browser", browser]);
        }
        cargo.args(args.rounds.iter().flat_map(|rounds| ["--rounds".to_owned(), rounds.to_string()]));
        cargo.args(args.only.iter().flat_map(|only| ["--only", only]));
        if let Some(folder) = &args.beside {
            let folder = folder.canonicalize().with_context(|| format!("no build: {}", folder.display()))?;
            cargo.arg("--beside").arg(folder);
        }
        tools.tell(&mut cargo);
        cargo.env("LATCHKEY_LEAST", least::folder());
        for line in process::read(&mut cargo)?.lines() {
            rows.push(serde_json::from_str(line).with_context(|| format!("no row: {line}"))?);
        }
    }
    if has("native") {
        for line in process::read(process::cargo().args(["bench", "--bench", "beside"]))?.lines() {
            rows.push(serde_json::from_str(line).with_context(|| format!("no row: {line}"))?);
        }
        process::run(process::cargo().args(["bench", "--bench", "curves"]))?;
        for (what, counts) in CURVES {
            rows.extend(curve(what, counts)?);
        }
    }
    if has("size") {
        rows.extend(sizes()?);
    }
    let folder = paths::target().join("bench");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("report.json"), serde_json::to_string_pretty(&rows)?)?;
    print(&rows);
    Ok(())
}

/// One of Criterion's medians, in milliseconds.
fn median(name: &str) -> Result<f64> {
    // Criterion makes folders of names.
    let file = paths::target().join("criterion").join(name).join("new/estimates.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let estimates: Value = serde_json::from_str(&text)?;
    let median = estimates["median"]["point_estimate"].as_f64();
    Ok(median.with_context(|| format!("no median of {name}"))? / 1e6)
}

/// The time at each count, beside that of the least of them had it grown by n log n.
fn curve(what: &str, counts: &[u32]) -> Result<Vec<Value>> {
    let work = |count: u32| f64::from(count) * f64::from(count).log2();
    let Some(least) = counts.first() else { return Ok(Vec::new()) };
    let at = |count: &u32| median(&format!("{what} of {count}"));
    let first = at(least)?;
    let row = |count: &u32| -> Result<Value> {
        let (time, most) = (at(count)?, first * work(*count) / work(*least));
        Ok(json!({
            "what": format!("scale: {what} of {count}"), "reference": format!("{what} of {least}, times n log n"),
            "unit": "µs", "goal": "≤ 1.0", "ours": time * 1e3, "theirs": most * 1e3, "ratio": time / most,
        }))
    };
    counts.iter().map(row).collect()
}

/// How large what is built is, gzipped.
fn sizes() -> Result<Vec<Value>> {
    let folder = paths::dist().join("chrome/wasm");
    let size = |part: &str, most: usize| -> Result<Value> {
        let bytes = wasm::gzipped(&folder.join(wasm::module(part)))?;
        #[allow(clippy::cast_precision_loss)]
        Ok(json!({
            "what": format!("size: {part}, gzipped"), "reference": "the goal", "unit": "KB",
            "goal": format!("≤ {most} KB"), "ours": bytes as f64 / 1e3, "theirs": most,
            "ratio": bytes as f64 / 1e3 / most as f64,
        }))
    };
    debug_assert_eq!(PARTS, MOST.map(|(part, _)| part));
    let mut rows: Vec<Value> =
        MOST.into_iter().map(|(part, most)| size(part, most)).collect::<Result<_>>()?;
    for (part, what) in least::PARTS {
        #[allow(clippy::cast_precision_loss)]
        let size = wasm::gzipped(&least::folder().join(wasm::module(part)))? as f64 / 1e3;
        rows.push(json!({
            "what": format!("size: {what}, gzipped"), "unit": "KB", "goal": "(a floor)", "ours": size,
        }));
    }
    package::package()?;
    for browser in Browser::ALL {
        let bytes = fs::metadata(package::extension(browser))?.len();
        #[allow(clippy::cast_precision_loss)]
        let size = bytes as f64 / 1e3;
        rows.push(json!({
            "what": format!("size: the whole zip for {}", browser.folder()), "reference": "the goal",
            "unit": "KB", "goal": format!("≤ {WHOLE} KB"), "ours": size, "theirs": WHOLE, "ratio": size / WHOLE,
        }));
    }
    Ok(rows)
}

fn print(rows: &[Value]) {
    println!("{:<62} {:>9} {:>9}      {:>6}  {:<13} goal", "what", "ours", "theirs", "ratio", "middle half");
    for row in rows {
        let number = |name: &str| row[name].as_f64();
        let shown = |value: Option<f64>, digits: usize| {
            value.map_or(String::new(), |value| format!("{value:.digits$}"))
        };
        let spread = match (number("low"), number("high")) {
            (Some(low), Some(high)) => format!("{low:.2} – {high:.2}"),
            _ => String::new(),
        };
        println!(
            "{:<62} {:>9} {:>9} {:<4} {:>6}  {spread:<13} {}",
            row["what"].as_str().unwrap_or_default(),
            shown(number("ours"), 1),
            shown(number("theirs"), 1),
            row["unit"].as_str().unwrap_or_default(),
            shown(number("ratio"), 2),
            row["goal"].as_str().unwrap_or_default(),
        );
        if let Some(reference) = row["reference"].as_str() {
            println!("    beside {reference}");
        }
    }
    println!("{}", Path::new("target/bench/report.json").display());
}
