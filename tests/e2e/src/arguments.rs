//! What the programs that print tables are asked for.

use std::num::ParseIntError;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail};

use crate::Kind;

/// The arguments of `matrix`, `fixes`, `soak` and `bench`.
#[derive(Debug, Default)]
pub struct Wanted {
    /// `--browser`, once or more; both without it.
    pub kinds: Vec<Kind>,
    /// `--only`: a part of the name.
    pub only: Option<String>,
    /// `--json`.
    pub json: bool,
    /// `--kills`: how often.
    pub kills: Option<usize>,
    /// `--rounds`: how often each thing is measured.
    pub rounds: Option<usize>,
    /// `--seed`: to play again what another run has played.
    pub seed: Option<u64>,
    /// `--beside`: the folder of another build, to be measured beside.
    pub beside: Option<PathBuf>,
}

impl Wanted {
    /// Is the one of this name wanted?
    pub fn has(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|part| name.contains(part.as_str()))
    }
}

/// Reads this program's arguments.
pub fn read() -> Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => wanted.json = true,
            "--only" => wanted.only = arguments.next(),
            "--kills" => wanted.kills = number(arguments.next())?,
            "--rounds" => wanted.rounds = number(arguments.next())?,
            "--beside" => wanted.beside = arguments.next().map(PathBuf::from),
            "--seed" => wanted.seed = number(arguments.next())?,
            "--browser" => match arguments.next().as_deref() {
                Some("chromium") => wanted.kinds.push(Kind::Chromium),
                Some("firefox") => wanted.kinds.push(Kind::Firefox),
                other => bail!("no such browser: {other:?}"),
            },
            other => bail!("no such argument: {other}"),
        }
    }
    if wanted.kinds.is_empty() {
        wanted.kinds.extend(Kind::ALL);
    }
    Ok(wanted)
}

fn number<T: FromStr<Err = ParseIntError>>(text: Option<String>) -> Result<Option<T>> {
    text.map(|text| text.parse().with_context(|| format!("no number: {text}"))).transpose()
}
