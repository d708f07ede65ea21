//! Whether a test notices when a rule, a parser or the redaction is wrong: cargo-mutants, by the rules of
//! `.cargo/mutants.toml`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{paths, setup};

/// What must not be wrong unnoticed. Not in the file of rules, which would add it to what is asked for.
const FILES: [&str; 3] = ["src/cause/**/*.rs", "src/redact.rs", "src/http/**/*.rs"];

/// The tests, in two rounds: those in the library are built at once, and what they let pass is shown to the
/// collected lock-outs and parser cases. All of them for every mistake would take twice as long.
const ROUNDS: [&[&str]; 2] =
    [&["--lib"], &["--test", "verdicts", "--test", "corpus", "--test", "quiet_exchanges"]];

/// No test takes this long, in seconds, unless the mistake is a loop without an end.
const TOO_LONG: &str = "60";

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

/// Makes one small mistake after the other and runs the tests; prints those that no test notices, and the
/// share of those that one does.
pub fn mutants(args: &Args) -> Result<()> {
    let program = setup::compiled("cargo-mutants", &["--version", "27.1.0"])?;
    let folder = paths::target().join("mutants.out");
    let (mut noticed, mut missed) = (0, Vec::<String>::new());
    for (round, tests) in ROUNDS.iter().enumerate() {
        let mut command = Command::new(&program);
        command.current_dir(paths::root()).arg("mutants").arg("--output").arg(paths::target());
        // What the rules and parsers need, without symbols: most of the time goes into compiling.
        command.args(["--no-default-features", "--features", "background,cli", "--timeout", TOO_LONG]);
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_TEST_DEBUG", "0");
        command.args(tests.iter().map(|word| format!("--cargo-arg={word}")));
        let asked = args.file.iter().map(String::as_str);
        for file in asked.chain(FILES.into_iter().filter(|_| args.file.is_empty())) {
            command.args(["--file", file]);
        }
        if round == 0 {
            command.args(args.shard.iter().flat_map(|shard| ["--shard", shard]));
        } else {
            command.args(missed.iter().flat_map(|name| ["--re".to_owned(), exactly(name)]));
        }
        println!("with {}", tests.join(" "));
        let status = command.status().context("cannot start cargo-mutants")?;
        // What it ends with where some are missed, where some take too long, and where all are noticed.
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants failed ({status})");
        noticed += names(&folder, "caught")?.len() + names(&folder, "timeout")?.len();
        missed = names(&folder, "missed")?;
        if missed.is_empty() {
            break;
        }
    }
    let all = noticed + missed.len();
    missed.iter().for_each(|name| println!("not noticed: {name}"));
    println!("noticed {noticed} of {all}: {:.1} %", 100.0 * noticed as f64 / all.max(1) as f64);
    Ok(())
}

/// The mistakes of one ending.
fn names(folder: &Path, ending: &str) -> Result<Vec<String>> {
    let file = folder.join(format!("{ending}.txt"));
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// A pattern for this name and no other.
fn exactly(name: &str) -> String {
    let escaped: String = name.chars().fold(String::new(), |mut all, letter| {
        if r"\.+*?()|[]{}^$#&-~".contains(letter) {
            all.push('\\');
        }
        all.push(letter);
        all
    });
    format!("^{escaped}$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_s_signs_are_no_patterns() {
        assert_eq!(exactly("a.rs:1: replace * with ()"), r"^a\.rs:1: replace \* with \(\)$");
    }
}
