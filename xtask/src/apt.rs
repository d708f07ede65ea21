//! Debian's and Ubuntu's package manager.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use anyhow::{Context, Result, bail};

use crate::process;

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
    update(&by_hand)?;
    for package in packages {
        println!("installing {package} {why}");
    }
    // `--no-remove`: never pay for a package with one that is already there.
    let options = ["install", "--yes", "--no-remove", "--no-install-recommends"];
    let mut command = apt_get().with_context(by_hand)?;
    process::run(command.args(options).args(packages)).with_context(by_hand)
}

/// Unpacks a package into an empty folder, and with it what it depends on as far as that `belongs`,
/// without installing it: no rights are needed, and no service of it is started. What else it depends
/// on must be there.
pub fn unpack(package: &str, belongs: &dyn Fn(&str) -> bool, folder: &Path, why: &str) -> Result<()> {
    let depends = unpack_one(package, folder, why)?;
    for name in depends.iter().filter(|name| belongs(name)) {
        unpack_one(name, folder, why)?;
    }
    Ok(())
}

/// Unpacks one and returns the names of what it depends on.
fn unpack_one(package: &str, folder: &Path, why: &str) -> Result<Vec<String>> {
    let by_hand = || format!("Install {package} {why}");
    if !present() {
        bail!("{}: there is no apt-get here to get it.", by_hand());
    }
    println!("unpacking {package} {why}");
    let download = || {
        let mut command = Command::new("apt-get");
        // As root it would hand the download to a user who may not write here, and complain.
        command.args(["-qq", "-o", "APT::Sandbox::User=root", "download", package]).current_dir(folder);
        process::run(&mut command)
    };
    if download().is_err() {
        update(&by_hand)?;
        download().with_context(by_hand)?;
    }
    let mut depends = String::new();
    for file in fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()? {
        let path = file.path();
        if path.extension().is_none_or(|end| end != "deb") {
            continue;
        }
        process::run(Command::new("dpkg-deb").arg("-x").arg(&path).arg(folder)).with_context(by_hand)?;
        depends += &process::capture(Command::new("dpkg-deb").arg("-f").arg(&path).arg("Depends"))?;
        fs::remove_file(path)?;
    }
    Ok(names(&depends))
}

/// The names in a `Depends` field; of alternatives the first.
fn names(depends: &str) -> Vec<String> {
    let name =
        |entry: &str| entry.split([' ', ':', '(', '|']).find(|word| !word.is_empty()).map(str::to_owned);
    depends.split(',').filter_map(name).collect()
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
    fn what_a_package_depends_on() {
        let field = "perl:any, libapr1 (>= 1.7.0), libaprutil1-ldap | other, libc6 (>= 2.36)";
        assert_eq!(names(field), ["perl", "libapr1", "libaprutil1-ldap", "libc6"]);
        assert!(names("").is_empty());
    }
}
