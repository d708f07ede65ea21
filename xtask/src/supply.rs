//! What comes in with the dependencies: cargo-deny, by the rules of `deny.toml`.

use std::process::Command;

use anyhow::Result;

use crate::{process, setup};

/// Checks licences, origins and what is not wanted; and known vulnerabilities, where their database can
/// be reached.
pub fn check() -> Result<()> {
    let program = setup::compiled("cargo-deny", &["--version", "0.20.2"])?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_out_of_reach_is_no_finding() {
        assert!(is_unreachable("[ERROR] failed to fetch advisory database https://example.com"));
        assert!(!is_unreachable("error[vulnerability]: something in a crate"));
    }
}
