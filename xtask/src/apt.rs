//! Debian's and Ubuntu's package manager.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, Once, PoisonError};

use anyhow::{Context, Result, bail};

use crate::process;

/// The browsers are installed beside other steps, which may want something as well: one at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Whether this system has apt at all.
pub fn present() -> bool {
    process::which("apt-get").is_some()
}

/// Installs packages, printing a line for each; `why` ends the line.
///
/// Without the right to install it stops with one message that says what to install.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let by_hand = || format!("Install {} {why}", packages.join(" "));
    if !present() {
        bail!("{}: there is no apt-get here to do it.", by_hand());
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    update(&by_hand)?;
    for package in packages {
        println!("installing {package} {why}");
    }
    // `--no-remove`: never pay for a package with one that is already there.
    let options = ["install", "--yes", "--no-remove", "--no-install-recommends"];
    let mut command = apt_get().with_context(by_hand)?;
    process::run(command.args(options).args(packages)).with_context(by_hand)
}

/// Unpacks a package into an empty folder, with its own parts and the libraries that are not there,
/// without installing it: no rights are needed, and no service of it is started.
pub fn unpack(package: &str, folder: &Path, why: &str) -> Result<()> {
    let by_hand = || format!("Install {package} {why}");
    if !present() {
        bail!("{}: there is no apt-get here to get it.", by_hand());
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    println!("unpacking {package} {why}");
    let download = || {
        let mut simulate = Command::new("apt-get");
        simulate.args(["--simulate", "--no-install-recommends", "install", package]);
        let mut command = Command::new("apt-get");
        // As root it would hand the download to a user who may not write here, and complain.
        command.args(["-qq", "-o", "APT::Sandbox::User=root", "download"]).current_dir(folder);
        process::run(command.args(needed(&process::capture(&mut simulate)?, package)))
    };
    if download().is_err() {
        update(&by_hand)?;
        download().with_context(by_hand)?;
    }
    for file in fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()? {
        if file.path().extension().is_some_and(|end| end == "deb") {
            process::run(Command::new("dpkg-deb").arg("-x").arg(file.path()).arg(folder))
                .with_context(by_hand)?;
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

/// Of what an installation would bring (`Inst name (version …)`), the package's own parts and libraries.
/// What would only be renewed (`Inst name [old] (…)`) is there; Perl is for helpers that nobody here needs.
fn needed(simulated: &str, package: &str) -> Vec<String> {
    let lines = simulated.lines().filter_map(|line| line.strip_prefix("Inst ")?.split_once(' '));
    let is_needed =
        |name: &str| name.starts_with(package) || (name.starts_with("lib") && !name.contains("perl"));
    lines
        .filter(|(name, rest)| rest.starts_with('(') && is_needed(name))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Refreshes the lists of packages, once: stale ones name files that the mirror has dropped.
fn update(by_hand: &dyn Fn() -> String) -> Result<()> {
    static UPDATED: Once = Once::new();
    let mut command = apt_get().with_context(by_hand)?;
    UPDATED.call_once(|| {
        if let Err(error) = process::run(command.arg("update")) {
            // Not fatal: one broken source of many need not be the one that is wanted.
            eprintln!("{error:#}");
        }
    });
    Ok(())
}

/// `apt-get` as root, which never asks and which waits for another apt to finish.
fn apt_get() -> Result<Command> {
    let mut command = if process::capture(Command::new("id").arg("-u"))? == "0" {
        Command::new("env")
    } else if process::which("sudo").is_some() {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    } else {
        bail!("only root may install packages, and there is no sudo.");
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_would_be_installed_only_the_libraries_that_are_lacking() {
        let simulated = "NOTE: This is only a simulation!\n\
                         Inst libperl5.36 [5.36.0-7] (5.36.0-8 Debian:12 [amd64])\n\
                         Inst libecap3 (1.0.1 Debian:12 [amd64])\nInst logrotate (3.21 Debian:12 [amd64])\n\
                         Inst libdbi-perl (1.643 Debian:12 [amd64])\nInst squid (5.7 Debian:12 [amd64])\n\
                         Conf squid (5.7 Debian:12 [amd64])\n";
        assert_eq!(needed(simulated, "squid"), ["libecap3", "squid"]);
    }
}
