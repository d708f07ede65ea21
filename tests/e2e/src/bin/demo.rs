//! `cargo xtask demo`: the extension at work on the practice site.
//!
//! Headless it plays every lock-out and prints what happened; on a screen it opens the practice
//! site for a person to try.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use latchkey_e2e::play::{Played, play};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Expect, Lab, SCENARIOS, Scenario};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let kind = match arguments.iter().position(|argument| argument == "--browser") {
        Some(at) => match arguments.get(at + 1).map(String::as_str) {
            Some("firefox") => Kind::Firefox,
            Some("chromium") => Kind::Chromium,
            other => bail!("no such browser: {other:?}"),
        },
        None => Kind::Chromium,
    };
    let lab = Lab::start()?;
    if arguments.iter().any(|argument| argument == "--headed") {
        show(kind, &lab).await
    } else {
        drive(kind, &lab).await
    }
}

/// Opens the practice site and leaves it to the person.
async fn show(kind: Kind, lab: &Lab) -> Result<()> {
    let browser = Browser::launch(kind, &Options { headless: false, ..Options::new(lab.port()) }).await?;
    browser.visit(&lab.url("lab.test", "/")).await?;
    println!("The practice site is open, with Latchkey in the toolbar. Press Ctrl-C here to end it.");
    tokio::signal::ctrl_c().await?;
    browser.close().await
}

/// Plays every lock-out and prints a line each.
async fn drive(kind: Kind, lab: &Lab) -> Result<()> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/demo").join(kind.name());
    let _ = std::fs::remove_dir_all(&pictures);
    std::fs::create_dir_all(&pictures).with_context(|| format!("cannot make {}", pictures.display()))?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    println!("{}:", kind.name());
    println!("{}", line(["page", "status", "cause", "fix", "back in?", "history", "undo", "kept"]));
    let mut failed = Vec::new();
    for scenario in SCENARIOS.iter().filter(|scenario| is_shown(scenario)) {
        match play(&browser, lab, scenario, Some(&pictures)).await {
            Ok(played) => {
                println!("{}", row(scenario, &played));
                let amiss = played.amiss(scenario, kind);
                if !amiss.is_empty() {
                    failed.push(format!("{} ({})", scenario.id, amiss.join(", ")));
                }
            }
            Err(error) => {
                println!("{}", line([scenario.host, "", &format!("{error:#}"), "", "", "", "", ""]));
                failed.push(scenario.id.to_owned());
            }
        }
    }
    browser.close().await?;
    println!(
        "Pictures: {}",
        std::fs::canonicalize(&pictures).unwrap_or_else(|_| PathBuf::from(&pictures)).display()
    );
    if failed.is_empty() { Ok(()) } else { bail!("not as expected: {}", failed.join(", ")) }
}

/// One for each cause; the others, the hostile and the quiet pages, and what takes a private window, are for the
/// tests and the matrix.
fn is_shown(scenario: &Scenario) -> bool {
    scenario.stands_for_its_cause()
        && !scenario.in_private
        && matches!(scenario.expect_in("chromium"), Expect::LockOut { .. })
}

fn row(scenario: &Scenario, played: &Played) -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let undone = played.undone.map_or("nothing to undo", |same| if same { "exact" } else { "NOT EXACT" });
    line([
        scenario.host,
        &played.status.to_string(),
        &played.cause,
        &played.fix,
        yes(played.back_in),
        &played.in_history,
        undone,
        yes(played.kept),
    ])
}

fn line([page, status, cause, fix, back_in, history, undo, kept]: [&str; 8]) -> String {
    let end = format!("{back_in:<8} {history:<19} {undo:<15} {kept}");
    format!("  {page:<22} {status:<6} {cause:<21} {fix:<19} {end}").trim_end().to_owned()
}
