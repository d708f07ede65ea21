//! The folders that browsers load: `dist/chrome` and `dist/firefox`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::manifest::{self, Browser};
use crate::optimizer::Optimizer;
use crate::wasm::{self, Mode, PARTS};
use crate::{paths, toolchain};

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
    let optimizer = match mode {
        Mode::Dev | Mode::Failpoints => None,
        Mode::Release => Optimizer::find(),
    };
    let mut modules = Vec::new();
    for part in PARTS {
        let built = wasm::build(part, mode, &toolchain, optimizer.as_ref())?;
        println!("wasm/{}: {}", wasm::module(part), wasm::size(&built.join(wasm::module(part)))?);
        modules.push(built);
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
