//! Gets the browsers, their drivers and the servers that tests and demo need.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{apt, paths, practice, process};

/// Which browsers are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// Chromium and chromedriver.
    pub chromium: bool,
    /// Firefox and geckodriver.
    pub firefox: bool,
}

impl Need {
    /// Both browsers.
    pub const BOTH: Need = Need { chromium: true, firefox: true };
}

/// Where the wanted programs are.
#[derive(Debug)]
pub struct Tools(Vec<(&'static str, PathBuf)>);

impl Tools {
    /// Tells a child process where everything is.
    pub fn tell(&self, command: &mut Command) {
        command.envs(self.0.iter().map(|(variable, path)| (variable, path)));
        command.env("LATCHKEY_DIST", paths::dist());
        command.env("LATCHKEY_DIST_WITH_FAILPOINTS", paths::dist_with_failpoints());
    }

    /// Shows the person what was found, in the form of settings.
    pub fn print(&self) {
        for (variable, path) in &self.0 {
            println!("{variable}={}", path.display());
        }
    }
}

/// A program that the system's packages provide.
struct Program {
    /// Names the path, for our child processes, and from the person who has one of their own.
    variable: &'static str,
    package: &'static str,
    /// What the package installs; names are looked up on `PATH`.
    installed_as: &'static [&'static str],
    /// What does as well where there is no such package.
    otherwise: &'static [&'static str],
}

const CHROMIUM: Program = Program {
    variable: "LATCHKEY_CHROMIUM",
    package: "chromium",
    // Debian's `chromium` is a wrapper that loads every packaged extension it finds.
    installed_as: &["/usr/lib/chromium/chromium", "chromium", "chromium-browser"],
    otherwise: &[
        "google-chrome",
        "google-chrome-stable",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
};

const CHROMEDRIVER: Program = Program {
    variable: "LATCHKEY_CHROMEDRIVER",
    package: "chromium-driver",
    installed_as: &["chromedriver"],
    otherwise: &[],
};

const FIREFOX: Program = Program {
    variable: "LATCHKEY_FIREFOX",
    package: "firefox-esr",
    installed_as: &["firefox-esr", "firefox"],
    otherwise: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
};

const GECKODRIVER: &str = "LATCHKEY_GECKODRIVER";

const NGINX: &str = "LATCHKEY_NGINX";

const APACHE: &str = "LATCHKEY_APACHE";

/// Makes sure that the needed programs are there, installing those that are not.
pub fn setup(need: Need) -> Result<Tools> {
    let mut wanted = Vec::new();
    if need.chromium {
        wanted.extend([CHROMIUM, CHROMEDRIVER]);
    }
    if need.firefox {
        wanted.push(FIREFOX);
    }
    let missing: Vec<_> = wanted.iter().filter(|program| program.find().is_none()).collect();
    let packages: Vec<_> = missing.iter().map(|program| program.package).collect();
    if !packages.is_empty()
        && let Err(error) = apt::install(&packages, "to drive a browser")
        && missing.iter().any(|program| program.find_other().is_none())
    {
        return Err(error);
    }
    let mut tools = Vec::new();
    for program in &wanted {
        let path = program.find().or_else(|| program.find_other()).with_context(|| {
            format!("There is no {}. Install it, or set {} to its path.", program.package, program.variable)
        })?;
        tools.push((program.variable, path));
    }
    if need.firefox {
        tools.push((GECKODRIVER, geckodriver()?));
    }
    tools.push((NGINX, nginx()?));
    tools.push((APACHE, apache()?));
    tools.extend(practice::servers());
    tools.extend(practice::axe());
    Ok(Tools(tools))
}

impl Program {
    fn find(&self) -> Option<PathBuf> {
        own(self.variable).or_else(|| first(self.installed_as))
    }

    fn find_other(&self) -> Option<PathBuf> {
        first(self.otherwise)
    }
}

/// The person's own choice. Not checked: a wrong path is told by the one who starts it.
pub fn own(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

pub fn first(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        if name.starts_with('/') {
            Some(PathBuf::from(name)).filter(|path| path.is_file())
        } else {
            process::which(name)
        }
    })
}

fn geckodriver() -> Result<PathBuf> {
    own(GECKODRIVER).map_or_else(|| compiled("geckodriver", &[]), Ok)
}

/// A program that Debian has no package of: the installed one, or one that is compiled, once, into the
/// cache.
pub fn compiled(name: &str, more: &[&str]) -> Result<PathBuf> {
    if let Some(found) = process::which(name) {
        return Ok(found);
    }
    let root = paths::cache()?.join("tools");
    let program = root.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!("installing {name} with cargo: this takes about 2 minutes, once");
        let mut install = process::cargo();
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        // Quick to compile matters more than quick to run.
        install.args(["install", name, "--locked", "--debug"]).args(more).arg("--root").arg(&root);
        process::run(&mut install)
            .with_context(|| format!("There is no {name}. Install it, so that it is on PATH."))?;
    }
    Ok(program)
}

/// Some practice sites live on a real server. Installed, Debian's package would serve on port 80 from
/// then on; its program alone is unpacked into the cache.
fn nginx() -> Result<PathBuf> {
    if let Some(found) = own(NGINX).or_else(|| first(&["/usr/sbin/nginx", "nginx"])) {
        return Ok(found);
    }
    let folder = paths::cache()?.join("tools").join("nginx");
    let program = folder.join("usr/sbin/nginx");
    if !program.is_file() {
        let new = paths::beside(&folder)?;
        apt::unpack("nginx", &new, "to have a real server for the practice site")?;
        paths::swap(&new, &folder)?;
    }
    process::capture(Command::new(&program).arg("-v"))
        .with_context(|| format!("There is no nginx that runs. Install it, or set {NGINX} to its path."))?;
    Ok(program)
}

/// The same, with the libraries that only Apache uses. Whoever starts it says where those are.
fn apache() -> Result<PathBuf> {
    if let Some(found) = own(APACHE).or_else(|| first(&["/usr/sbin/apache2", "apache2"])) {
        return Ok(found);
    }
    let folder = paths::cache()?.join("tools").join("apache");
    let program = folder.join("usr/sbin/apache2");
    if !program.is_file() {
        let new = paths::beside(&folder)?;
        apt::unpack("apache2-bin", &new, "to have another real server")?;
        paths::swap(&new, &folder)?;
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_that_is_there_is_taken() {
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert_eq!(first(&["/no/such/file", "no-such-name", here]), Some(here.into()));
        assert_eq!(first(&["/no/such/file"]), None);
        // A folder of the name is no program.
        assert_eq!(first(&[env!("CARGO_MANIFEST_DIR")]), None);
    }

    #[test]
    fn a_child_learns_every_path() {
        let mut command = Command::new("cargo");
        Tools(vec![("LATCHKEY_FIREFOX", "/opt/firefox".into())]).tell(&mut command);
        let told: Vec<_> = command.get_envs().map(|(name, value)| (name, value.unwrap())).collect();
        let (dist, failpoints) = (paths::dist(), paths::dist_with_failpoints());
        assert_eq!(
            told,
            [
                ("LATCHKEY_DIST".as_ref(), dist.as_os_str()),
                ("LATCHKEY_DIST_WITH_FAILPOINTS".as_ref(), failpoints.as_os_str()),
                ("LATCHKEY_FIREFOX".as_ref(), "/opt/firefox".as_ref())
            ]
        );
        assert!(dist.is_absolute());
    }
}
