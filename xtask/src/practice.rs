//! The servers behind some practice sites: a proxy, and what people build sites with. What cannot be had
//! on a machine is said in one line, and its scenarios are skipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::setup::{first, own};
use crate::{apt, paths, process};

/// Where the practice servers' sources are, with what they need.
fn source(name: &str) -> PathBuf {
    paths::root().join("tests/lab/servers").join(name)
}

/// Those that are there, or could be got.
pub fn servers() -> Vec<(&'static str, PathBuf)> {
    let mut there = Vec::new();
    let all = ["LATCHKEY_SQUID", "LATCHKEY_DJANGO", "LATCHKEY_EXPRESS", "LATCHKEY_OIDC", "LATCHKEY_OPENIDC"];
    for variable in all {
        let get = || match variable {
            "LATCHKEY_SQUID" => squid(),
            "LATCHKEY_DJANGO" => django(),
            "LATCHKEY_EXPRESS" => server("express"),
            "LATCHKEY_OPENIDC" => openidc(),
            _ => server("oidc"),
        };
        match own(variable).map_or_else(get, Ok) {
            Ok(path) => there.push((variable, path)),
            Err(error) => {
                let name = variable.trim_start_matches("LATCHKEY_").to_lowercase();
                println!("skipped: the practice sites on {name}: {}", said_in_a_line(&error));
            }
        }
    }
    there
}

fn said_in_a_line(error: &anyhow::Error) -> String {
    format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Only unpacked: installed, it would serve on port 3128 from then on.
fn squid() -> Result<PathBuf> {
    if let Some(found) = first(&["/usr/sbin/squid"]) {
        return Ok(found);
    }
    let folder = paths::cache()?.join("tools/squid");
    let program = folder.join("usr/sbin/squid");
    if !program.is_file() {
        let new = paths::beside(&folder)?;
        apt::unpack("squid", &new, "to have a proxy for the practice site")?;
        paths::swap(&new, &folder)?;
    }
    Ok(program)
}

/// Apache's module that signs people in by an OpenID provider, with the libraries that only it uses.
fn openidc() -> Result<PathBuf> {
    const MODULE: &str = "usr/lib/apache2/modules/mod_auth_openidc.so";
    if let Some(found) = first(&["/usr/lib/apache2/modules/mod_auth_openidc.so"]) {
        return Ok(found);
    }
    let folder = paths::cache()?.join("tools/openidc");
    let module = folder.join(MODULE);
    if !module.is_file() {
        let new = paths::beside(&folder)?;
        apt::unpack("libapache2-mod-auth-openidc", &new, "to have Apache sign people in elsewhere")?;
        paths::swap(&new, &folder)?;
    }
    Ok(module)
}

/// A Python of its own with the packages in `requirements.txt`.
fn django() -> Result<PathBuf> {
    let folder = paths::cache()?.join("tools/django");
    let python = folder.join("bin/python");
    let wanted = source("django").join("requirements.txt");
    if is_as_wanted(&folder, &wanted)? && process::capture(Command::new(&python).arg("--version")).is_ok() {
        return Ok(python);
    }
    let system = process::which("python3").context("there is no python3")?;
    println!("installing Django to have another real server for the practice site");
    // In its final place: a Python environment cannot be moved.
    let make = || process::capture(Command::new(&system).args(["-m", "venv", "--clear"]).arg(&folder));
    if make().is_err() {
        // Debian has that part of Python in a package of its own.
        apt::install(&["python3-venv"], "to have Django for the practice site")?;
        make()?;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r"]);
    process::capture(install.arg(&wanted))?;
    note(&folder, &wanted)?;
    Ok(python)
}

/// A server for the Node that is there.
fn server(name: &str) -> Result<PathBuf> {
    node(name, &source(name), "to have another real server for the practice site")
}

/// The checker of accessibility that tests put into pages (MPL-2.0; none of it is shipped).
pub fn axe() -> Option<(&'static str, PathBuf)> {
    const VARIABLE: &str = "LATCHKEY_AXE";
    let get = || {
        let packages = node("axe", &paths::root().join("tests/e2e/axe"), "to check pages for accessibility")?;
        Ok(packages.join("axe-core/axe.min.js"))
    };
    match own(VARIABLE).map_or_else(get, Ok) {
        Ok(path) => Some((VARIABLE, path)),
        Err(error) => {
            println!("skipped: the check of pages for accessibility: {}", said_in_a_line(&error));
            None
        }
    }
}

/// The packages in `package-lock.json`.
fn node(name: &str, source: &Path, why: &str) -> Result<PathBuf> {
    let folder = paths::cache()?.join("tools").join(name);
    let packages = folder.join("node_modules");
    let wanted = source.join("package-lock.json");
    ensure!(process::which("node").is_some(), "there is no node");
    if packages.is_dir() && is_as_wanted(&folder, &wanted)? {
        return Ok(packages);
    }
    let npm = process::which("npm").context("there is no npm")?;
    println!("installing {name} {why}");
    let new = paths::beside(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), new.join(file))?;
    }
    let mut install = Command::new(npm);
    // No program of a package's own is run to install it.
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::capture(install.current_dir(&new))?;
    note(&new, &wanted)?;
    paths::swap(&new, &folder)?;
    Ok(packages)
}

/// What a folder was made from is kept in it.
const MADE_FROM: &str = "made-from";

fn is_as_wanted(folder: &Path, wanted: &Path) -> Result<bool> {
    let wanted = fs::read(wanted).with_context(|| format!("cannot read {}", wanted.display()))?;
    Ok(fs::read(folder.join(MADE_FROM)).is_ok_and(|made| made == wanted))
}

fn note(folder: &Path, wanted: &Path) -> Result<()> {
    fs::copy(wanted, folder.join(MADE_FROM)).map(drop).context("cannot note what was installed")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_is_renewed_when_its_list_changes() {
        let folder = std::env::temp_dir().join(format!("latchkey-made-from-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let wanted = folder.join("requirements.txt");
        fs::write(&wanted, "one").unwrap();
        assert!(!is_as_wanted(&folder, &wanted).unwrap());
        note(&folder, &wanted).unwrap();
        assert!(is_as_wanted(&folder, &wanted).unwrap());
        fs::write(&wanted, "two").unwrap();
        assert!(!is_as_wanted(&folder, &wanted).unwrap());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_reason_is_one_line() {
        let error = anyhow::anyhow!("npm said:\n  no\n").context("there is no way");
        assert_eq!(said_in_a_line(&error), "there is no way: npm said: no");
    }
}
