//! What comes in with the dependencies: cargo-deny, by the rules of `deny.toml`.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{paths, process};

/// Checks licences, origins and what is not wanted; and known vulnerabilities, where their database can
/// be reached.
pub fn check() -> Result<()> {
    let program = cargo_deny()?;
    process::run(Command::new(&program).args(["check", "licenses", "bans", "sources"]))?;
    match process::capture(Command::new(&program).args(["check", "advisories"])) {
        Ok(_) => println!("advisories: none"),
        Err(error) if is_unreachable(&format!("{error:#}")) => {
            println!("advisories: not checked, their database cannot be reached from here");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Did it fail for want of the database, and not for what stands in it?
fn is_unreachable(words: &str) -> bool {
    words.contains("failed to fetch advisory database")
}

/// The installed one, or one that is compiled, once, into the cache.
fn cargo_deny() -> Result<PathBuf> {
    if let Some(found) = process::which("cargo-deny") {
        return Ok(found);
    }
    let root = paths::cache()?.join("tools");
    let program = root.join("bin").join(format!("cargo-deny{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!("installing cargo-deny with cargo: this takes about 2 minutes, once");
        let mut install = process::cargo();
        install
            .args(["install", "cargo-deny", "--locked", "--debug", "--version", "0.20.2", "--root"])
            .arg(&root);
        process::run(&mut install).context("There is no cargo-deny. Install it, so that it is on PATH.")?;
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_out_of_reach_is_no_finding() {
        assert!(is_unreachable("[ERROR] failed to fetch advisory database https://example.com"));
        assert!(!is_unreachable("error[vulnerability]: something in a crate"));
    }
}
