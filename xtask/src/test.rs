//! Every check there is, in order, up to the first that fails.

use std::mem;
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::setup::{Need, Tools};
use crate::toolchain::{self, Toolchain};
use crate::wasm::{self, Mode, PARTS};
use crate::{bundle, package, paths, process, setup, supply};

/// One step, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// The code is formatted.
    Fmt,
    /// Lints for the native build.
    Clippy,
    /// Licences, origins and known faults of the dependencies.
    Deny,
    /// Unit tests, the rules of the house, doc tests.
    Unit,
    /// What is public is documented, and what the documents link to is there.
    Doc,
    /// The checks of the fuzz targets, on known inputs and on changed ones.
    Fuzz,
    /// Lints for both wasm modules.
    WasmClippy,
    /// The extension builds.
    Build,
    /// The packages are made, made again elsewhere and the same, and pass the Firefox store's linter.
    Package,
    /// Browsers and drivers are there.
    Setup,
    /// Both browsers, through the practice site.
    E2e,
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// The fuzz targets are a workspace of their own: cargo-fuzz builds them with other flags.
const FUZZ: &str = "fuzz/Cargo.toml";

/// The browsers, the drivers and the servers.
enum Setup {
    None,
    Begun(JoinHandle<Result<Tools>>),
    Done(Tools),
}

impl Setup {
    /// Waits for what was begun, or does it now.
    fn finish(&mut self) -> Result<&Tools> {
        let tools = match mem::replace(self, Setup::None) {
            Setup::None => setup::setup(Need::BOTH)?,
            Setup::Begun(begun) => begun.join().unwrap_or_else(|_| bail!("the setup panicked"))?,
            Setup::Done(tools) => tools,
        };
        *self = Setup::Done(tools);
        match self {
            Setup::Done(tools) => Ok(tools),
            Setup::None | Setup::Begun(_) => bail!("the browsers are not set up"),
        }
    }
}

/// How a step ended that did not fail.
enum Outcome {
    Passed,
    /// Not possible on this machine, and why.
    Skipped(String),
}

/// The steps to run, given the one that was asked for.
fn plan(only: Option<Step>) -> Vec<Step> {
    match only {
        None => Step::value_variants().to_vec(),
        Some(Step::E2e) => vec![Step::Build, Step::Setup, Step::E2e],
        Some(step) => vec![step],
    }
}

/// Runs the steps and prints how long each took.
pub fn test(only: Option<Step>) -> Result<()> {
    let plan = plan(only);
    // Mostly downloads: it goes on beside the other steps, which mostly compile.
    let mut setup = if plan.len() > 1 && plan.contains(&Step::Setup) {
        println!("the browsers are set up beside the first steps");
        Setup::Begun(thread::spawn(|| setup::setup(Need::BOTH)))
    } else {
        Setup::None
    };
    let mut table = Vec::new();
    let mut result = Ok(());
    for step in plan {
        println!("── {}", step.name());
        let start = Instant::now();
        let outcome = run(step, &mut setup);
        let ending = match &outcome {
            Ok(Outcome::Passed) => String::new(),
            Ok(Outcome::Skipped(why)) => format!("  skipped: {why}"),
            Err(_) => "  FAILED".to_owned(),
        };
        table.push(row(step, start.elapsed(), &ending));
        if let Err(error) = outcome {
            result = Err(error.context(format!("step `{}` failed", step.name())));
            break;
        }
    }
    if let Setup::Begun(begun) = setup {
        // A step failed before: what is being installed is not left half done.
        let _ = begun.join();
    }
    println!("── time");
    table.iter().for_each(|row| println!("{row}"));
    result
}

fn row(step: Step, took: Duration, ending: &str) -> String {
    format!("{:<12}{:>7.1} s{ending}", step.name(), took.as_secs_f64())
}

fn run(step: Step, setup: &mut Setup) -> Result<Outcome> {
    match step {
        Step::Fmt => {
            if let Some(lack) = lacking("fmt", "rustfmt") {
                return Ok(Outcome::Skipped(lack));
            }
            process::run(process::cargo().args(["fmt", "--all", "--check"]))?;
            process::run(process::cargo().args(["fmt", "--manifest-path", FUZZ, "--check"]))?;
        }
        Step::Clippy => {
            if let Some(lack) = lacking("clippy", "clippy") {
                return Ok(Outcome::Skipped(lack));
            }
            let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            process::run(process::cargo().args(args))?;
        }
        Step::Deny => supply::check()?,
        Step::Unit => {
            process::run(process::cargo().args(["test", "--workspace", "--exclude", "latchkey-e2e"]))?;
        }
        Step::Doc => return doc(),
        Step::Fuzz => {
            // Without libFuzzer, which takes a C++ compiler.
            let args =
                ["test", "--manifest-path", FUZZ, "--no-default-features", "--target-dir", "target/fuzz"];
            process::run(process::cargo().args(args))?;
        }
        Step::WasmClippy => return wasm_clippy(),
        Step::Build => {
            bundle::build(Mode::Release)?;
            wasm::check_budget(&paths::dist().join("chrome/wasm"))?;
            bundle::build(Mode::Failpoints)?;
        }
        Step::Package => {
            package::package()?;
            package::reproduce()?;
            package::lint()?;
        }
        Step::Setup => setup.finish()?.print(),
        Step::E2e => {
            let mut cargo = process::cargo();
            // One failure must not hide the others: a run takes long.
            cargo.args(["test", "-p", "latchkey-e2e", "--no-fail-fast"]);
            setup.finish()?.tell(&mut cargo);
            process::run(&mut cargo)?;
        }
    }
    Ok(Outcome::Passed)
}

/// Scores the diagnosis on the collected lock-outs.
pub fn accuracy() -> Result<()> {
    process::run(process::cargo().args(["test", "--quiet", "--features", "cli", "--test", "accuracy"]))
}

fn wasm_clippy() -> Result<Outcome> {
    if let Some(lack) = lacking("clippy", "clippy") {
        return Ok(Outcome::Skipped(lack));
    }
    // Clippy comes with rustup's compiler and reads no other's standard library.
    let toolchain = toolchain::choose()?;
    if toolchain != Toolchain::Plain {
        return Ok(Outcome::Skipped(format!("it needs the installed {} target", toolchain::TARGET)));
    }
    for part in PARTS {
        let mut cargo = process::cargo();
        cargo.args(["clippy", "--package", "latchkey", "--lib", "--no-default-features", "--features", part]);
        toolchain.apply(&mut cargo);
        process::run(cargo.args(["--", "-D", "warnings"]))?;
    }
    Ok(Outcome::Passed)
}

fn doc() -> Result<Outcome> {
    let document = |args: &[&str], toolchain: Option<&Toolchain>| {
        let mut cargo = process::cargo();
        cargo.args(["doc", "--no-deps", "--document-private-items"]).args(args);
        cargo.env("RUSTDOCFLAGS", "-D warnings");
        toolchain.into_iter().for_each(|toolchain| toolchain.apply(&mut cargo));
        process::run(&mut cargo)
    };
    document(&["--workspace"], None)?;
    // What only the browsers' builds have. Rustdoc comes with its compiler, as Clippy does.
    let toolchain = toolchain::choose()?;
    if toolchain != Toolchain::Plain {
        return Ok(Outcome::Passed);
    }
    for part in PARTS {
        let args = ["--package", "latchkey", "--lib", "--no-default-features", "--features", part];
        document(&args, Some(&toolchain))?;
    }
    Ok(Outcome::Passed)
}

/// Why a cargo command that comes as a component cannot be run, after an attempt to install it.
fn lacking(command: &str, component: &str) -> Option<String> {
    let works = || process::capture(process::cargo().args([command, "--version"])).is_ok();
    if works() {
        return None;
    }
    if process::which("rustup").is_some() {
        println!("installing {component} with rustup");
        if let Err(error) = process::run(Command::new("rustup").args(["component", "add", component])) {
            eprintln!("{error:#}");
        }
    }
    (!works()).then(|| format!("{component} is not installed and cannot be had"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_tests_come_last_and_bring_what_they_need() {
        let all = plan(None);
        assert_eq!(all.first(), Some(&Step::Fmt));
        assert_eq!(all.last(), Some(&Step::E2e));
        assert_eq!(plan(Some(Step::E2e)), [Step::Build, Step::Setup, Step::E2e]);
        assert_eq!(plan(Some(Step::Unit)), [Step::Unit]);
    }

    #[test]
    fn a_row_names_the_step_as_the_command_line_does() {
        let row = row(Step::WasmClippy, Duration::from_millis(61_250), "  FAILED");
        assert_eq!(row, "wasm-clippy    61.2 s  FAILED");
    }
}
