//! `latchkey`: reads recordings and says who was locked out, why, and what helps; reads single
//! header values and tokens and says what they mean.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anstream::AutoStream;
use anstyle::Style;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use latchkey::http::address::{Address, normalise};
use latchkey::time::{Time, parse_rfc3339};
use latchkey::words::English;
use latchkey::{cli, explain, har};

/// Below this, in bytes, reading is over before a bar could be read.
const WORTH_A_BAR: u64 = 20 * 1024 * 1024;

const STANDARD_INPUT: &str = "standard input";

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
    /// Read challenges: the value of one WWW-Authenticate field per line of standard input.
    ///
    /// Prints one JSON object per line: challenges, and what the grammar does not allow.
    Challenge,
    /// Say whether a browser stores a cookie: the value of one Set-Cookie field per line.
    ///
    /// Prints one JSON object per line: whether it is stored, why not, for which hosts and paths,
    /// until when. The cookie's value is not repeated.
    SetCookie {
        /// The address that answered with it.
        #[arg(long, value_parser = url)]
        url: String,
        /// The time at which it answered, as in 2026-06-16T10:00:00Z; the present one if not given.
        #[arg(long, value_parser = date)]
        now: Option<Time>,
    },
    /// Read JSON Web Tokens, one per line of standard input. Nothing is verified.
    ///
    /// Prints one JSON object per line: header, claims, and what is odd. The signature is not
    /// repeated.
    Jwt,
}

fn url(text: &str) -> Result<String, String> {
    let url = normalise(text);
    let address = Address::parse(&url);
    let is_http = matches!(address.scheme, "http" | "https" | "ws" | "wss");
    if is_http && !address.host.is_empty() {
        Ok(url)
    } else {
        Err("not an address such as https://example.com/".to_owned())
    }
}

fn date(text: &str) -> Result<Time, String> {
    parse_rfc3339(text).ok_or_else(|| "not a date such as 2026-06-16T10:00:00Z".to_owned())
}

fn present() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
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
    match &args.command {
        Command::Explain { file, json } => explain_har(file.as_deref(), *json),
        Command::Challenge => lines(cli::challenges),
        Command::SetCookie { url, now } => {
            let (from, now) = (Address::parse(url), now.unwrap_or_else(present));
            lines(|line| cli::set_cookie(line, &from, now))
        }
        Command::Jwt => lines(cli::token),
    }
}

fn lines<T: serde::Serialize>(answer: impl Fn(&str) -> T) -> Result<(), Error> {
    cli::each_line(io::stdin().lock(), io::stdout().lock(), answer).map_err(|error| match error {
        cli::Error::Read(error) => Error::Read(STANDARD_INPUT.to_owned(), error),
        cli::Error::Write(error) => Error::Write(error),
    })
}

fn explain_har(file: Option<&Path>, json: bool) -> Result<(), Error> {
    let name = file.map_or(STANDARD_INPUT.into(), |file| file.display().to_string());
    let input = open(file).map_err(|error| Error::Read(name.clone(), error))?;
    let mut explainer = explain::Explainer::default();
    let summary =
        har::read(input, &mut |seen| explainer.push(seen)).map_err(|error| Error::Har(name, error))?;
    let incidents = explainer.finish(&summary);
    let words = English::at(explain::time_of(&incidents));
    let mut out = io::stdout().lock();
    let written = if json {
        let report = explain::report(&incidents, &words);
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else if incidents.is_empty() {
        writeln!(out, "No lock-out found.")
    } else {
        let marks = explain::Marks {
            strong: Style::new().bold().render().to_string(),
            faint: Style::new().dimmed().render().to_string(),
            end: anstyle::Reset.render().to_string(),
        };
        // Strips them where it is no terminal, or where NO_COLOR says so.
        write!(AutoStream::auto(out), "{}", explain::text(&incidents, &words, &marks))
    };
    written.map_err(Error::Write)
}

/// A file, or standard input; with a bar on standard error while a large one is read by a person.
fn open(file: Option<&Path>) -> io::Result<Box<dyn Read>> {
    let Some(file) = file.filter(|file| *file != Path::new("-")) else {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            let _ = writeln!(io::stderr(), "latchkey: reading a HAR file from the terminal");
        }
        return Ok(Box::new(stdin.lock()));
    };
    let file = std::fs::File::open(file)?;
    let size = file.metadata()?.len();
    if size < WORTH_A_BAR || !io::stderr().is_terminal() {
        return Ok(Box::new(file));
    }
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}")
        .unwrap_or(ProgressStyle::default_bar());
    let bar = ProgressBar::new(size).with_style(style);
    Ok(Box::new(bar.wrap_read(file)))
}
