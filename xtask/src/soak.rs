//! Whether anything is lost when the background is killed, again and again.

use anyhow::Result;

use crate::choice::Choice;
use crate::matrix;

/// How long, and where.
#[derive(clap::Args)]
pub struct Args {
    /// The browsers to try it in.
    #[arg(long, value_enum, default_value = "both")]
    browser: Choice,
    /// How often the background is killed; otherwise 1,000 times in Chromium and 200 in Firefox.
    #[arg(long)]
    kills: Option<usize>,
    /// Play again what another run has played: it prints its seed.
    #[arg(long)]
    seed: Option<u64>,
}

/// Gets what is missing, builds, and prints what was lost, told twice or left half done.
pub fn soak(args: &Args) -> Result<()> {
    let given = [
        ("--kills", args.kills.map(|kills| kills.to_string())),
        ("--seed", args.seed.map(|seed| seed.to_string())),
    ];
    let words: Vec<&str> =
        given.iter().filter_map(|(name, value)| Some([*name, value.as_deref()?])).flatten().collect();
    matrix::drive("soak", args.browser, &words)
}
