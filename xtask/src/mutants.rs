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

/// The tests, in two rounds: those in the library are built at once, and what they let pass is shown to the
/// collected lock-outs and parser cases as well. All of them for every mistake would take three times as long.
const ROUNDS: [&[&str]; 2] = [
    &["--lib"],
    &["--test", "verdicts", "--test", "corpus", "--test", "quiet_exchanges", "--test", "explain"],
];

/// Makes one small mistake after the other and runs the tests; those that no test notices are printed.
pub fn mutants(args: &Args) -> Result<()> {
    let program = setup::compiled("cargo-mutants", &["--version", "27.1.0"])?;
    let mut last = Ok(());
    for (round, tests) in ROUNDS.iter().enumerate() {
        let mut command = Command::new(&program);
        command.arg("mutants").arg("--output").arg(paths::target());
        // What the rules and parsers need, without symbols: most of the time goes into compiling.
        command.args(["--no-default-features", "--features", "background,cli"]);
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_TEST_DEBUG", "0");
        if round > 0 {
            command.arg("--iterate");
        }
        if let Some(shard) = &args.shard {
            command.args(["--shard", shard]);
        }
        let asked = args.file.iter().map(String::as_str);
        for file in asked.chain(FILES.into_iter().filter(|_| args.file.is_empty())) {
            command.args(["--file", file]);
        }
        command.args(tests.iter().map(|word| format!("--cargo-arg={word}")));
        println!("round {}: {}", round + 1, tests.join(" "));
        // Mistakes that nobody notices end it with an error: the next round may notice them.
        last = process::run(&mut command);
    }
    last
}
