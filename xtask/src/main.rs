//! `cargo xtask`: builds, tests and demonstrates Latchkey.
//!
//! One file per subject, each told by its head:
//!
//! - what is built: [`toolchain`], [`wasm`], [`heap`], [`optimizer`], [`manifest`], [`bundle`], [`package`],
//!   [`least`];
//! - what it takes: [`setup`], [`apt`], [`practice`], [`supply`];
//! - what is done with it: [`mod@test`], [`demo`], [`matrix`], [`soak`], [`mod@bench`], [`mutants`];
//! - what they share: [`paths`], [`process`], [`choice`].

mod apt;
mod bench;
mod bundle;
mod choice;
mod demo;
mod heap;
mod least;
mod manifest;
mod matrix;
mod mutants;
mod optimizer;
mod package;
mod paths;
mod practice;
mod process;
mod setup;
mod soak;
mod supply;
mod test;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, tests and demonstrates Latchkey.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Cmd,
}

#[derive(Subcommand)]
enum Cmd {
    /// Make dist/chrome and dist/firefox, ready to load unpacked.
    ///
    /// LATCHKEY_WASM=system builds with Debian's rustc-web even where the wasm target is installed.
    Build {
        /// Compile quickly, keep names and debug checks, do not optimise for size.
        #[arg(long)]
        dev: bool,
    },
    /// Install what tests and demo need: both browsers, their drivers, nginx and Apache.
    ///
    /// LATCHKEY_CHROMIUM, LATCHKEY_CHROMEDRIVER, LATCHKEY_FIREFOX, LATCHKEY_GECKODRIVER,
    /// LATCHKEY_NGINX, LATCHKEY_APACHE, LATCHKEY_OPENIDC (Apache's mod_auth_openidc.so), LATCHKEY_SQUID,
    /// LATCHKEY_DJANGO (a Python), LATCHKEY_EXPRESS and LATCHKEY_OIDC (folders of Node's packages) name ones
    /// of your own. Of the servers only the programs are unpacked, into the cache: no service is installed
    /// or started.
    Setup,
    /// Show the extension at work on the practice site, in a real browser.
    Demo(demo::Args),
    /// Take a picture of every page in every state, light and dark, in several languages, at 100 % and
    /// 200 %.
    Shots {
        /// Only those whose name has all these words: `firefox dark popup`.
        words: Vec<String>,
    },
    /// Say how often the first cause is the right one, on the collected lock-outs, and whether
    /// ordinary browsing stays quiet.
    Accuracy,
    /// Try every lock-out of the practice site, or every fix, and print how it went.
    Matrix(matrix::Args),
    /// Play lock-outs while the extension's background is killed at random moments, and count what was
    /// lost, told twice or left half done.
    Soak(soak::Args),
    /// Measure what the extension costs, beside browsers without it and extensions that do nothing.
    Bench(bench::Args),
    /// Break the rules, the parsers and the redaction in small ways, and print what no test notices.
    Mutants(mutants::Args),
    /// Make the packages for both stores, and the source archive that Firefox's store asks for.
    Package {
        /// Leave out the Firefox store's linter, which is fetched from npm.
        #[arg(long)]
        no_lint: bool,
    },
    /// Run every check, stopping at the first that fails.
    Test {
        /// Run this step alone, with what it needs.
        #[arg(long, value_name = "STEP")]
        only: Option<test::Step>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line with its causes; a backtrace of this program would bury it.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Cmd) -> anyhow::Result<()> {
    match command {
        Cmd::Build { dev: true } => bundle::build(wasm::Mode::Dev),
        Cmd::Build { dev: false } => bundle::build(wasm::Mode::Release),
        Cmd::Setup => setup::setup(setup::Need::BOTH).map(|tools| tools.print()),
        Cmd::Demo(args) => demo::demo(&args),
        Cmd::Shots { words } => demo::shots(&words),
        Cmd::Accuracy => test::accuracy(),
        Cmd::Matrix(args) => matrix::matrix(&args),
        Cmd::Soak(args) => soak::soak(&args),
        Cmd::Bench(args) => bench::bench(&args),
        Cmd::Mutants(args) => mutants::mutants(&args),
        Cmd::Package { no_lint } => {
            package::package()?;
            if no_lint { Ok(()) } else { package::lint() }
        }
        Cmd::Test { only } => test::test(only),
    }
}
