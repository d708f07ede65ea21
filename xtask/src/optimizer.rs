//! Binaryen's `wasm-opt`, which shrinks what the compiler made.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{apt, process};

/// Smallest size, and the wasm features that both browsers have and rustc uses. A function with one caller is
/// inlined only where it is not much larger than a call: what is seldom needed stays apart, as Chrome compiles a
/// function when it is first called; and what is alike stays alike, which packs better.
const FLAGS: [&str; 7] = [
    "-Oz",
    "--one-caller-inline-max-function-size=60",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
];

/// A `wasm-opt` that can be run.
pub struct Optimizer {
    program: PathBuf,
    version: String,
}

impl Optimizer {
    /// The one on `PATH`, installed if need be. `None`, with a word on it, when it cannot be had.
    pub fn find() -> Option<Optimizer> {
        if let Some(found) = Optimizer::on_path() {
            return Some(found);
        }
        if let Err(error) = apt::install(&["binaryen"], "to shrink the wasm") {
            println!("There is no wasm-opt: the wasm stays larger than it could be. {error:#}");
        }
        Optimizer::on_path()
    }

    fn on_path() -> Option<Optimizer> {
        let program = process::which("wasm-opt")?;
        let version = process::capture(Command::new(&program).arg("--version")).ok()?;
        Some(Optimizer { program, version })
    }

    /// What was done to a module that went through this, for comparison.
    pub fn recipe(&self) -> String {
        format!("{} {}", self.version, FLAGS.join(" "))
    }

    /// Shrinks one module in place.
    pub fn shrink(&self, module: &Path) -> Result<()> {
        process::run(Command::new(&self.program).args(FLAGS).arg(module).arg("-o").arg(module))
    }
}
