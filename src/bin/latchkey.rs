//! `latchkey`: reads recordings and says who was locked out, why, and what helps.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use latchkey::words::English;
use latchkey::{explain, har};

/// Says why a site refuses you.
#[derive(Parser)]
#[command(version, about)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Name the lock-outs of a HAR file: ranked causes, evidence, fixes.
    Explain {
        /// The file; `-` or nothing reads standard input.
        file: Option<PathBuf>,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has read enough (`| head`).
        Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "latchkey: {error}");
            ExitCode::from(2)
        }
    }
}

enum Error {
    Read(String, io::Error),
    Har(String, har::Error),
    Write(io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(name, error) => write!(f, "cannot read {name}: {error}"),
            Self::Har(name, error) => write!(f, "{name}: {error}"),
            Self::Write(error) => write!(f, "cannot write: {error}"),
        }
    }
}

fn run(args: &Args) -> Result<(), Error> {
    let Command::Explain { file, json } = &args.command;
    let name = file.as_deref().map_or("standard input".into(), |file| file.display().to_string());
    let input = read(file.as_deref()).map_err(|error| Error::Read(name.clone(), error))?;
    let recording = har::read(&input).map_err(|error| Error::Har(name, error))?;
    let incidents = explain::explain(recording);
    let words = English::at(explain::time_of(&incidents));
    let mut out = io::stdout().lock();
    let written = if *json {
        let report = explain::report(&incidents, &words);
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else if incidents.is_empty() {
        writeln!(out, "No lock-out found.")
    } else {
        write!(out, "{}", explain::text(&incidents, &words))
    };
    written.map_err(Error::Write)
}

fn read(file: Option<&Path>) -> io::Result<Vec<u8>> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => std::fs::read(file),
        None => {
            let mut stdin = io::stdin().lock();
            if stdin.is_terminal() {
                let _ = writeln!(io::stderr(), "latchkey: reading a HAR file from the terminal");
            }
            let mut input = Vec::new();
            stdin.read_to_end(&mut input)?;
            Ok(input)
        }
    }
}
