//! `cargo xtask soak`: plays lock-outs while the background is killed at random moments, and counts what
//! was lost, told twice or left half done.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use latchkey_e2e::{Kind, arguments, soak};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let wanted = arguments::read()?;
    // Another order at each run; it is printed, so that one that fails can be played again.
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let seed = wanted.seed.unwrap_or(now);
    println!("seed {seed}");
    let mut is_fine = true;
    for kind in wanted.kinds {
        let enough = match kind {
            Kind::Chromium => 1_000,
            Kind::Firefox => 200,
        };
        let tally = soak::soak(kind, wanted.kills.unwrap_or(enough), seed).await?;
        println!("{}: {tally}", kind.name());
        for what in tally.lost.iter().chain(&tally.twice).chain(&tally.half) {
            println!("    {what}");
        }
        is_fine &= tally.is_fine();
    }
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
