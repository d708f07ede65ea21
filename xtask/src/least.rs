//! The least that wasm can do (`tests/e2e/least`), which Latchkey is measured beside.

use std::path::PathBuf;

use anyhow::Result;

use crate::optimizer::Optimizer;
use crate::wasm::{self, Mode};
use crate::{paths, toolchain};

/// The modules, and what each can do.
pub const PARTS: [(&str, &str); 4] = [
    ("hold", "a record in and out"),
    ("record", "a refusal made a record"),
    ("diagnose", "and why it was refused"),
    ("show", "a record shown as the popup shows it"),
];

/// Where they are.
pub fn folder() -> PathBuf {
    paths::target().join("least")
}

/// Builds them, as Latchkey is built.
pub fn build() -> Result<()> {
    let toolchain = toolchain::choose()?;
    let optimizer = Optimizer::find();
    let new = paths::beside(&folder())?;
    for (part, _) in PARTS {
        let built = wasm::build_of("latchkey-least", part, Mode::Release, &toolchain, optimizer.as_ref())?;
        paths::copy(&built, &new, &[])?;
    }
    paths::swap(&new, &folder())
}
