//! What the stores take: a zip for each browser, and the source that Firefox's reviewers build it from. Byte for
//! byte the same wherever and whenever they are made: names in order, no times, no paths of the machine.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::manifest::Browser;
use crate::wasm::Mode;
use crate::{bundle, paths, process};

/// The version of the Firefox store's own linter.
const LINTER: &str = "web-ext@10.7.0";

/// Builds and packs; says where the files are.
pub fn package() -> Result<()> {
    bundle::build(Mode::Release)?;
    for browser in Browser::ALL {
        let folder = paths::dist().join(browser.folder());
        pack(&folder, collect(&folder, &[])?, &named(browser.folder()))?;
    }
    pack(&paths::root(), sources()?, &named(SOURCE))?;
    for file in all() {
        let size = fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
        println!(
            "{}: {:.1} KB",
            file.strip_prefix(paths::root()).unwrap_or(&file).display(),
            size as f64 / 1e3
        );
    }
    Ok(())
}

/// Makes the packages once more, of the source archive's files and in another folder, and compares.
pub fn reproduce() -> Result<()> {
    let copy = paths::target().join("reproduced");
    if copy.exists() {
        fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))?;
    }
    for name in sources()? {
        let target = copy.join(&name);
        let folder = target.parent().unwrap_or(&copy);
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::copy(paths::root().join(&name), &target).with_context(|| format!("cannot copy {name}"))?;
    }
    // This very program, told that it lives there.
    let mut again = Command::new(std::env::current_exe().context("cannot find this program")?);
    again
        .args(["package", "--no-lint"])
        .env("CARGO_MANIFEST_DIR", copy.join("xtask"))
        .env("CARGO_TARGET_DIR", copy.join("target"));
    process::run(&mut again).context("no packages can be made of the source archive's files")?;
    for file in all() {
        let other = copy.join(file.strip_prefix(paths::root()).unwrap_or(&file));
        let read = |file: &Path| fs::read(file).with_context(|| format!("cannot read {}", file.display()));
        if read(&file)? != read(&other)? {
            bail!("{} and {} differ: compare what is in them", file.display(), other.display());
        }
    }
    println!("made again in {}: the same, byte for byte", copy.display());
    fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))
}

const SOURCE: &str = "source";

/// All packages.
fn all() -> Vec<PathBuf> {
    let extensions = Browser::ALL.map(Browser::folder);
    extensions.into_iter().chain([SOURCE]).map(named).collect()
}

/// `dist/latchkey-BROWSER-VERSION.zip`.
pub fn extension(browser: Browser) -> PathBuf {
    named(browser.folder())
}

fn named(what: &str) -> PathBuf {
    paths::dist().join(format!("latchkey-{what}-{}.zip", env!("CARGO_PKG_VERSION")))
}

/// All that it takes to build the extension: what is under version control, or what was unpacked from the
/// source archive.
fn sources() -> Result<Vec<String>> {
    let root = paths::root();
    if !root.join(".git").exists() {
        return collect(&root, &["target", "dist"]);
    }
    let listed = process::capture(Command::new("git").current_dir(&root).args(["ls-files", "-z"]))?;
    Ok(listed.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// The names of all files below a folder, parted by `/`, but for the entries at its top named in `except`.
fn collect(folder: &Path, except: &[&str]) -> Result<Vec<String>> {
    fn add(folder: &Path, below: &Path, except: &[&str], names: &mut Vec<String>) -> Result<()> {
        let here = folder.join(below);
        for entry in fs::read_dir(&here).with_context(|| format!("cannot read {}", here.display()))? {
            let name = entry.with_context(|| format!("cannot read {}", here.display()))?.file_name();
            let path = below.join(&name);
            if except.iter().any(|left_out| name == *left_out) {
                continue;
            }
            if folder.join(&path).is_dir() {
                add(folder, &path, &[], names)?;
            } else {
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                names.push(parts.join("/"));
            }
        }
        Ok(())
    }
    let mut names = Vec::new();
    add(folder, Path::new(""), except, &mut names)?;
    Ok(names)
}

fn pack(folder: &Path, mut names: Vec<String>, target: &Path) -> Result<()> {
    // A folder's own order is another on each machine.
    names.sort();
    let file = File::create(target).with_context(|| format!("cannot write {}", target.display()))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    // The earliest time that a zip can hold, and rights that do not depend on whose files they are.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for name in names {
        let path = folder.join(&name);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    zip.finish()?.flush().with_context(|| format!("cannot write {}", target.display()))
}

/// The Firefox store's own linter: no error, no warning, no notice.
pub fn lint() -> Result<()> {
    let Some(npx) = process::which("npx") else {
        println!("not linted: that takes Node.js with npm (Debian: apt-get install npm)");
        return Ok(());
    };
    let package = extension(Browser::Firefox);
    let mut command = Command::new(npx);
    command.args(["--yes", LINTER, "lint", "--output", "json", "--source-dir"]).arg(&package);
    let output = command.output().context("cannot start npx")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let report: serde_json::Value = serde_json::from_str(said.trim()).with_context(|| {
        format!("{LINTER} said no JSON: {said}{}", String::from_utf8_lossy(&output.stderr))
    })?;
    let count = |kind: &str| report["summary"][kind].as_u64();
    println!(
        "{LINTER} lint: {} errors, {} warnings, {} notices",
        count("errors").unwrap_or(1),
        count("warnings").unwrap_or(1),
        count("notices").unwrap_or(1),
    );
    if ["errors", "warnings", "notices"].into_iter().any(|kind| count(kind) != Some(0)) {
        bail!("{}", serde_json::to_string_pretty(&report)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_same_files_make_the_same_zip_whatever_their_order_and_time() {
        let folder = std::env::temp_dir().join(format!("latchkey-package-{}", std::process::id()));
        let make = |name: &str, order: [&str; 3]| {
            let from = folder.join(name);
            fs::create_dir_all(from.join("wasm")).unwrap();
            for file in order {
                fs::write(from.join(file), format!("what {file} holds")).unwrap();
            }
            fs::write(from.join("left out"), name).unwrap();
            let names = collect(&from, &["left out"]).unwrap();
            let zip = folder.join(format!("{name}.zip"));
            pack(&from, names, &zip).unwrap();
            fs::read(zip).unwrap()
        };
        let one = make("one", ["a.js", "wasm/b.wasm", "manifest.json"]);
        let other = make("other", ["manifest.json", "wasm/b.wasm", "a.js"]);
        assert_eq!(one, other);
        assert!(one.windows(11).any(|text| text == b"wasm/b.wasm"), "folders are part of names");
        fs::remove_dir_all(folder).unwrap();
    }
}
