//! Child processes: without a shell, on our own terminal, with the command line in every error.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;

/// The cargo that runs us, started in the root of the repository.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(paths::root());
    cargo
}

/// Runs a command on our own terminal; fails unless it ends with 0.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a command silently and returns what it printed; its complaint is part of the error.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}): {}", shown(command), output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command and returns what it printed; what it says besides is shown.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program of this name on `PATH`.
pub fn which(name: &str) -> Option<PathBuf> {
    find(&env::var_os("PATH")?, name)
}

fn find(path: &OsStr, name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path).map(|folder| folder.join(&file)).find(|program| runnable(program))
}

/// A dangling link is no program: `is_file` follows links.
fn runnable(program: &Path) -> bool {
    program.is_file()
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn errors_carry_the_command_line() {
        let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
        let error = capture(Command::new(rustc).args(["--print", "no such thing"])).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("rustc --print 'no such thing'` failed"), "{error}");
        assert!(error.contains("unknown print request"), "{error}");

        let error = run(&mut Command::new("/no/such/program")).unwrap_err().to_string();
        assert_eq!(error, "cannot start `/no/such/program`");
    }

    #[test]
    fn the_first_folder_on_the_path_wins() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let path = env::join_paths(["/no/such/folder".as_ref(), src.as_path()]).unwrap();
        let suffix = env::consts::EXE_SUFFIX;
        let found = find(&path, "main.rs").filter(|_| suffix.is_empty());
        assert_eq!(found, suffix.is_empty().then(|| src.join("main.rs")));
        assert_eq!(find(&path, "no-such-file"), None);
    }
}
