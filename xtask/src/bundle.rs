//! The folders that browsers load: `dist/chrome` and `dist/firefox`.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::manifest::{self, Browser};
use crate::optimizer::Optimizer;
use crate::paths;
use crate::toolchain::{self, Toolchain};
use crate::wasm::{self, Mode, PARTS};

/// Builds both folders.
pub fn build(mode: Mode) -> Result<()> {
    let source = paths::root().join("manifest.json");
    let source = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    // First, since a wrong manifest shows at once and a compile takes long.
    let version = env!("CARGO_PKG_VERSION");
    let mut manifests = Vec::new();
    for browser in Browser::ALL {
        let manifest = manifest::patch(&source, browser, version)?;
        manifest::check_use(&manifest, &code()?)?;
        manifests.push((browser, manifest));
    }

    let toolchain = toolchain::choose()?;
    println!("wasm toolchain: {}", toolchain.describe());
    let modules = modules(mode, &toolchain)?;
    for (part, built) in PARTS.iter().zip(&modules) {
        println!("wasm/{}: {}", wasm::module(part), wasm::size(&built.join(wasm::module(part)))?);
    }

    let dist = match mode {
        Mode::Failpoints => paths::dist_with_failpoints(),
        Mode::Dev | Mode::Release => paths::dist(),
    };
    for (browser, manifest) in manifests {
        let folder = dist.join(browser.folder());
        // Filled beside and then swapped in: what was removed from the source does not linger.
        let new = paths::beside(&folder)?;
        // `store` is for the stores' pages, not for the package.
        paths::copy(&paths::root().join("extension"), &new, &["store"])?;
        for module in &modules {
            paths::copy(module, &new.join("wasm"), &[])?;
        }
        fs::write(new.join("manifest.json"), manifest)?;
        paths::swap(&new, &folder)?;
        println!("ready to load: {}", folder.strip_prefix(paths::root()).unwrap_or(&folder).display());
    }
    Ok(())
}

/// Builds the parts side by side: the last step of each keeps one core busy, and takes longest.
fn modules(mode: Mode, toolchain: &Toolchain) -> Result<Vec<PathBuf>> {
    let modes = PARTS.map(|part| mode.of(part));
    let optimizer = if modes.contains(&Mode::Release) { Optimizer::find() } else { None };
    let build = |part, mode| {
        let optimizer = optimizer.as_ref().filter(|_| mode == Mode::Release);
        wasm::build(part, mode, toolchain, optimizer)
    };
    let build = &build;
    thread::scope(|scope| {
        let begun: Vec<_> =
            PARTS.into_iter().zip(modes).map(|(part, mode)| scope.spawn(move || build(part, mode))).collect();
        let joined =
            begun.into_iter().map(|build| build.join().unwrap_or_else(|_| bail!("a build panicked")));
        joined.collect()
    })
}

/// What speaks to the browser: the scripts, and the Rust that names its functions.
fn code() -> Result<String> {
    fn add(folder: &Path, code: &mut String) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
            if path.is_dir() {
                add(&path, code)?;
            } else if path.extension().is_some_and(|kind| kind == "js" || kind == "rs") {
                code.push_str(
                    &fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?,
                );
            }
        }
        Ok(())
    }
    let mut all = String::new();
    for folder in ["extension", "src/browser"] {
        add(&paths::root().join(folder), &mut all)?;
    }
    Ok(all)
}
