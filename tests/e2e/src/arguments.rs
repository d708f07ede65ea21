//! What the programs that print tables are asked for.

use anyhow::{Result, bail};

use crate::Kind;

/// The arguments of `matrix` and `fixes`.
#[derive(Debug, Default)]
pub struct Wanted {
    /// `--browser`, once or more; both without it.
    pub kinds: Vec<Kind>,
    /// `--only`: a part of the name.
    pub only: Option<String>,
    /// `--json`.
    pub json: bool,
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
