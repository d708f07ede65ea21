//! Whether the product works, as a number: every lock-out of the practice site, and every fix.

use anyhow::Result;

use crate::choice::Choice;
use crate::wasm::Mode;
use crate::{bundle, process, setup};

/// What to try.
#[derive(clap::Args)]
pub struct Args {
    /// The browsers to try it in.
    #[arg(long, value_enum, default_value = "both")]
    browser: Choice,
    /// Every fix, in every kind of cookie store, container and partition, instead of every
    /// lock-out.
    #[arg(long)]
    fixes: bool,
    /// Only what has this in its name.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Gets what is missing, builds, and prints the table.
pub fn matrix(args: &Args) -> Result<()> {
    let mut words = Vec::new();
    if let Some(only) = &args.only {
        words.extend(["--only", only]);
    }
    if args.json {
        words.push("--json");
    }
    drive(if args.fixes { "fixes" } else { "matrix" }, args.browser, &words)
}

/// Runs one of the programs of tests/e2e on a release build.
pub fn drive(program: &str, browser: Choice, words: &[&str]) -> Result<()> {
    let tools = setup::setup(browser.need())?;
    bundle::build(Mode::Release)?;
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "-p", "latchkey-e2e", "--bin", program, "--"]);
    for browser in browser.browsers() {
        cargo.args(["--browser", browser]);
    }
    cargo.args(words);
    tools.tell(&mut cargo);
    process::run(&mut cargo)
}
