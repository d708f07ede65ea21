//! The wasm modules: one library, compiled once for each of its two browser features.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::optimizer::Optimizer;
use crate::toolchain::Toolchain;
use crate::{heap, paths, process};

/// The features that make a module each, and the modules' names.
pub const PARTS: [&str; 2] = ["background", "pages"];

/// How to compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Quickly, with names and debug checks.
    Dev,
    /// The background alike, and it can be held at a named step, for tests to kill it there; the rest as
    /// in a release.
    Failpoints,
    /// As small as can be.
    Release,
}

impl Mode {
    /// Cargo's profile.
    fn profile(self) -> &'static str {
        match self {
            Mode::Dev | Mode::Failpoints => "dev",
            Mode::Release => "wasm",
        }
    }

    /// Where in a target folder cargo puts what this profile makes.
    fn folder(self) -> &'static str {
        match self {
            Mode::Dev | Mode::Failpoints => "debug",
            Mode::Release => "wasm",
        }
    }

    /// How a part is compiled: what is the same as in a release need not be compiled twice.
    pub fn of(self, part: &str) -> Self {
        match self {
            Mode::Failpoints if part != "background" => Mode::Release,
            _ => self,
        }
    }

    /// What is built into a part.
    fn features(self, part: &str) -> String {
        match self {
            Mode::Failpoints => format!("{part},failpoints"),
            Mode::Dev | Mode::Release => part.to_owned(),
        }
    }
}

/// Builds one part; returns the folder with its wasm and the JavaScript that loads it.
pub fn build(
    part: &str,
    mode: Mode,
    toolchain: &Toolchain,
    optimizer: Option<&Optimizer>,
) -> Result<PathBuf> {
    build_of("latchkey", part, mode, toolchain, optimizer)
}

/// The same of another package, whose parts are features as well.
pub fn build_of(
    package: &str,
    part: &str,
    mode: Mode,
    toolchain: &Toolchain,
    optimizer: Option<&Optimizer>,
) -> Result<PathBuf> {
    // A folder per part: in a shared one, each part's compile would undo the other's.
    let target = paths::target().join(toolchain.folder()).join(mode.features(part).replace(',', "-"));
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", package, "--lib", "--no-default-features", "--features"]);
    cargo.arg(mode.features(part));
    cargo.args(["--profile", mode.profile(), "--target-dir"]).arg(&target);
    toolchain.apply(&mut cargo);
    process::run(&mut cargo)?;

    let file = format!("{}.wasm", package.replace('-', "_"));
    let compiled = target.join(crate::toolchain::TARGET).join(mode.folder()).join(file);
    let input = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let done = target.join(format!("bound-{}", mode.folder()));
    let recipe = recipe(mode, optimizer.map(Optimizer::recipe));
    if !up_to_date(&done, &input, &recipe) {
        let new = paths::beside(&done)?;
        bind(part, &input, mode, &new.join("wasm"))?;
        if let Some(optimizer) = optimizer {
            optimizer.shrink(&new.join("wasm").join(module(part)))?;
        }
        fs::write(new.join("input.wasm"), &input)?;
        fs::write(new.join("recipe"), &recipe)?;
        paths::swap(&new, &done)?;
    }
    Ok(done.join("wasm"))
}

/// What a part may weigh, gzipped, in bytes: a little more than it does. One that outgrows it is looked at first,
/// and its budget only then; what a wake costs is mostly this.
const BUDGET: [(&str, usize); 2] = [("background", 360_000), ("pages", 268_000)];

/// Fails on a part that has outgrown its budget.
pub fn check_budget(folder: &Path) -> Result<()> {
    for (part, most) in BUDGET {
        let size = gzipped(&folder.join(module(part)))?;
        if size > most {
            bail!("{part} weighs {} KB gzipped, more than {} KB", kilobytes(size), kilobytes(most));
        }
    }
    Ok(())
}

/// The file name of a part's module.
pub fn module(part: &str) -> String {
    format!("{part}_bg.wasm")
}

/// The size of a module as it is and gzipped, in a line.
pub fn size(module: &Path) -> Result<String> {
    let bytes = fs::metadata(module).with_context(|| format!("cannot read {}", module.display()))?.len();
    Ok(format!("{} KB, {} KB gzipped", kilobytes(usize::try_from(bytes)?), kilobytes(gzipped(module)?)))
}

/// The size of a file that is gzipped, in bytes.
pub fn gzipped(file: &Path) -> Result<usize> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    Ok(gzip.finish()?.len())
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}

/// Everything but the input that the output depends on.
fn recipe(mode: Mode, optimizer: Option<String>) -> String {
    // The sources stand for the choices made in them.
    let sources = concat!(include_str!("wasm.rs"), include_str!("heap.rs"));
    let optimizer = optimizer.unwrap_or_default();
    format!("{mode:?}\n{optimizer}\n{sources}")
}

fn up_to_date(done: &Path, input: &[u8], recipe: &str) -> bool {
    let same = |file: &str, bytes: &[u8]| fs::read(done.join(file)).is_ok_and(|kept| kept == bytes);
    same("input.wasm", input) && same("recipe", recipe.as_bytes())
}

fn bind(part: &str, input: &[u8], mode: Mode, folder: &Path) -> Result<()> {
    let mut input = input.to_vec();
    heap::note(&mut input);
    Bindgen::new()
        .input_bytes(part, input)
        .web(true)?
        .typescript(false)
        // No fallback to `import.meta.url`: the shims name the module themselves.
        .omit_default_module_path(true)
        // After a trap the shim drops the instance and starts afresh.
        .reset_state_function(true)
        .remove_producers_section(true)
        .remove_name_section(mode == Mode::Release)
        .keep_debug(mode != Mode::Release)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen cannot bind `{part}`"))?;
    let glue = folder.join(format!("{part}.js"));
    let javascript = fs::read_to_string(&glue).with_context(|| format!("cannot read {}", glue.display()))?;
    fs::write(&glue, without_eval(&heap::mend(&javascript)))
        .with_context(|| format!("cannot write {}", glue.display()))
}

/// The last resort of js-sys to find the global object, `new Function("return this")`, without evaluating text:
/// never reached where there is `globalThis`, forbidden by our own policy, and an alarm to whoever reads the code.
fn without_eval(javascript: &str) -> String {
    javascript.replace("new Function(getStringFromWasm0(arg0, arg1))", "() => globalThis")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_changed_input_or_recipe_is_bound_again() {
        let done = std::env::temp_dir().join(format!("latchkey-bound-{}", std::process::id()));
        fs::create_dir_all(&done).unwrap();
        assert!(!up_to_date(&done, b"wasm", "recipe"));
        fs::write(done.join("input.wasm"), "wasm").unwrap();
        assert!(!up_to_date(&done, b"wasm", "recipe"));
        fs::write(done.join("recipe"), "recipe").unwrap();
        assert!(up_to_date(&done, b"wasm", "recipe"));
        assert!(!up_to_date(&done, b"wasn", "recipe"));
        assert!(!up_to_date(&done, b"wasm", "another"));
        fs::remove_dir_all(done).unwrap();
    }

    #[test]
    fn a_part_that_outgrows_its_budget_is_refused() {
        let folder = std::env::temp_dir().join(format!("latchkey-budget-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for part in PARTS {
            fs::write(folder.join(module(part)), "small").unwrap();
        }
        assert!(check_budget(&folder).is_ok());
        // What does not shrink: no two bytes in a row tell of the third.
        let mut state = 1_u64;
        let noise = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        fs::write(folder.join(module("pages")), (0..500_000).map(noise).collect::<Vec<u8>>()).unwrap();
        assert!(check_budget(&folder).unwrap_err().to_string().starts_with("pages weighs"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn no_text_is_evaluated() {
        let glue = "const ret = new Function(getStringFromWasm0(arg0, arg1));";
        assert_eq!(without_eval(glue), "const ret = () => globalThis;");
    }

    #[test]
    fn the_recipe_tells_what_was_done() {
        let plain = recipe(Mode::Release, None);
        assert_ne!(plain, recipe(Mode::Dev, None));
        assert_ne!(plain, recipe(Mode::Release, Some("wasm-opt version 108".to_owned())));
    }
}
