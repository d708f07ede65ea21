//! Whether a test notices when a rule, a parser or the redaction is wrong: cargo-mutants, by the rules of
//! `.cargo/mutants.toml`.

use std::process::Command;

use anyhow::Result;

use crate::{paths, process, setup};

/// How much, and of what.
#[derive(clap::Args)]
pub struct Args {
    /// One part of many, as `0/20`: all of it takes hours.
    #[arg(long, value_name = "PART/OF")]
    shard: Option<String>,
    /// Only what is in these files, which may be patterns: `src/cause/*.rs`.
    #[arg(long, value_name = "FILE")]
    file: Vec<String>,
}

/// Makes one small mistake after the other and runs the tests; those that no test notices are printed.
pub fn mutants(args: &Args) -> Result<()> {
    let program = setup::compiled("cargo-mutants", &["--version", "27.1.0"])?;
    let mut command = Command::new(program);
    command.arg("mutants").arg("--output").arg(paths::target());
    if let Some(shard) = &args.shard {
        command.args(["--shard", shard]);
    }
    for file in &args.file {
        command.args(["--file", file]);
    }
    process::run(&mut command)
}
