//! Whether a test notices when a rule, a parser or the redaction is wrong: cargo-mutants, by the rules of
//! `.cargo/mutants.toml`.

use std::process::Command;

use anyhow::Result;

use crate::{paths, process, setup};

/// What must not be wrong unnoticed. Not in the file of rules, which would add it to what is asked for.
const FILES: [&str; 3] = ["src/cause/**/*.rs", "src/redact.rs", "src/http/**/*.rs"];

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
    let asked = args.file.iter().map(String::as_str);
    for file in asked.chain(FILES.into_iter().filter(|_| args.file.is_empty())) {
        command.args(["--file", file]);
    }
    process::run(&mut command)
}
