//! Finds a way to compile for wasm on this machine.
//!
//! 1. The target's standard library is installed: a plain build.
//! 2. `rustup target add` gets it: a plain build.
//! 3. Debian and Ubuntu: `rustc-web` with the source of its standard library, which cargo builds.
//! 4. Otherwise one message says what to install.
//!
//! The choice is [`next`], from facts to a move; [`choose`] finds the facts and makes the moves.
//! `LATCHKEY_WASM=system` goes straight to 3.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, heap, process};

/// The target triple of every wasm build.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Chooses the way when set.
const OVERRIDE: &str = "LATCHKEY_WASM";

/// The compiler that [`SYSTEM_PACKAGES`] install.
const SYSTEM_RUSTC: &str = "/usr/bin/rustc";

/// A compiler and the source of its standard library, of one version.
const SYSTEM_PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// A way to compile for wasm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The cargo and rustc at hand, with the target's standard library.
    Plain,
    /// The system's rustc, which has the standard library as source only.
    System {
        /// The compiler.
        rustc: PathBuf,
        /// A wasm linker, which that compiler comes without.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Makes a cargo command, whose first argument is there already, build for wasm this way.
    pub fn apply(&self, cargo: &mut Command) {
        // Where a crate's source lies is written into its panics, and says who built the package.
        let no_paths = cargo_home().map(|home| format!("--remap-path-prefix={}=cargo", home.display()));
        let flags: Vec<String> = [heap::FLAG.to_owned()].into_iter().chain(no_paths).collect();
        cargo.args(["--target", TARGET, "--config"]).arg(format!("target.{TARGET}.rustflags={flags:?}"));
        if let Toolchain::System { rustc, linker } = self {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                // `-Z` on a stable cargo.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                // rustup's and cargo's; it would lead this rustc to another one's LLVM.
                .env_remove("LD_LIBRARY_PATH");
        }
    }

    /// The target folder of its own, in cargo's: one compiler's work is stale to the other.
    pub fn folder(&self) -> &'static str {
        match self {
            Toolchain::Plain => "wasm",
            Toolchain::System { .. } => "wasm-system",
        }
    }

    /// What to tell the person.
    pub fn describe(&self) -> String {
        match self {
            Toolchain::Plain => format!("the installed {TARGET} target"),
            Toolchain::System { rustc, .. } => {
                format!("{} with the standard library built from source", rustc.display())
            }
        }
    }
}

/// Step 2, as far as it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rustup {
    Absent,
    Untried,
    Failed,
}

/// What is known of the machine.
#[derive(Clone, Debug)]
struct Facts {
    /// The person wants the system's compiler.
    system_only: bool,
    /// The target's standard library is installed.
    target: bool,
    rustup: Rustup,
    /// The system's way, or the packages that it lacks.
    system: Result<Toolchain, Vec<String>>,
    /// Packages can be installed.
    apt: bool,
    /// Packages that were installed already, in vain if they are still lacking.
    installed: Vec<String>,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
enum Move {
    Take(Toolchain),
    AddTarget,
    Install(Vec<String>),
    Stop,
}

fn next(facts: &Facts) -> Move {
    if !facts.system_only {
        if facts.target {
            return Move::Take(Toolchain::Plain);
        }
        if facts.rustup == Rustup::Untried {
            return Move::AddTarget;
        }
    }
    match &facts.system {
        Ok(system) => Move::Take(system.clone()),
        Err(lacking) if facts.apt && !lacking.iter().any(|one| facts.installed.contains(one)) => {
            Move::Install(lacking.clone())
        }
        Err(_) => Move::Stop,
    }
}

/// Where cargo keeps the source of crates.
fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Finds a way to compile for wasm, installing what it takes.
pub fn choose() -> Result<Toolchain> {
    let mut facts = Facts {
        system_only: system_only(env::var(OVERRIDE).ok().as_deref())?,
        target: target_installed(),
        rustup: if process::which("rustup").is_some() { Rustup::Untried } else { Rustup::Absent },
        system: probe_system(),
        apt: apt::present(),
        installed: Vec::new(),
    };
    loop {
        match next(&facts) {
            Move::Take(toolchain) => return Ok(toolchain),
            Move::AddTarget => {
                facts.rustup = Rustup::Failed;
                match process::run(Command::new("rustup").args(["target", "add", TARGET])) {
                    Ok(()) => facts.target = target_installed(),
                    Err(error) => eprintln!("{error:#}. Trying the system's compiler."),
                }
            }
            Move::Install(packages) => {
                let names: Vec<&str> = packages.iter().map(String::as_str).collect();
                apt::install(&names, "to compile for wasm").context(advice())?;
                facts.installed.extend(packages);
                facts.system = probe_system();
            }
            Move::Stop => bail!("{}", advice()),
        }
    }
}

fn advice() -> String {
    format!(
        "No way to compile for wasm. Install Rust with rustup and run `rustup target add {TARGET}`; \
         on Debian and Ubuntu `apt-get install {}` does as well.",
        SYSTEM_PACKAGES.join(" ")
    )
}

fn system_only(setting: Option<&str>) -> Result<bool> {
    match setting {
        None | Some("") => Ok(false),
        Some("system") => Ok(true),
        Some(other) => bail!("{OVERRIDE}={other} is not known. Unset it, or set it to `system`."),
    }
}

fn target_installed() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--print", "target-libdir", "--target", TARGET]);
    process::capture(&mut command).is_ok_and(|folder| Path::new(&folder).is_dir())
}

/// The system's compiler, as far as it matters here.
struct Compiler {
    /// What `rustc -vV` prints.
    verbose_version: String,
    /// The source of its own standard library is installed.
    has_source: bool,
}

fn probe_system() -> Result<Toolchain, Vec<String>> {
    let compiler = process::capture(Command::new(SYSTEM_RUSTC).arg("-vV")).ok();
    let compiler = compiler.map(|verbose_version| {
        let sysroot = process::capture(Command::new(SYSTEM_RUSTC).args(["--print", "sysroot"]));
        let source = "lib/rustlib/src/rust/library/Cargo.lock";
        let has_source = sysroot.is_ok_and(|sysroot| Path::new(&sysroot).join(source).is_file());
        Compiler { verbose_version, has_source }
    });
    system(compiler.as_ref(), shipped_linker(), process::which)
}

/// The wasm linker of the Rust toolchain at hand, which may be newer than the system's.
fn shipped_linker() -> Option<PathBuf> {
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"])).ok()?;
    let version = process::capture(Command::new("rustc").arg("-vV")).ok()?;
    let libraries = Path::new(&sysroot).join("lib/rustlib");
    let linker = libraries.join(field(&version, "host")?).join("bin/rust-lld");
    linker.is_file().then_some(linker)
}

/// The system's way, or the packages that it lacks.
fn system(
    compiler: Option<&Compiler>,
    shipped_linker: Option<PathBuf>,
    which: impl Fn(&str) -> Option<PathBuf>,
) -> Result<Toolchain, Vec<String>> {
    let fit = compiler.filter(|compiler| {
        let version = field(&compiler.verbose_version, "release").and_then(major_minor);
        compiler.has_source && version >= major_minor(env!("CARGO_PKG_RUST_VERSION"))
    });
    let Some(compiler) = fit else {
        return Err(SYSTEM_PACKAGES.map(str::to_owned).to_vec());
    };
    // The linker of the same LLVM is the one that is sure to read the compiler's objects.
    let llvm = field(&compiler.verbose_version, "LLVM version").and_then(major_minor);
    let version = llvm.map_or_else(String::new, |(major, _)| format!("-{major}"));
    let linker = shipped_linker.or_else(|| which(&format!("wasm-ld{version}")));
    match linker {
        Some(linker) => Ok(Toolchain::System { rustc: SYSTEM_RUSTC.into(), linker }),
        None => Err(vec![format!("lld{version}")]),
    }
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A machine with rustup, without the target and the system's compiler.
    fn machine() -> Facts {
        Facts {
            system_only: false,
            target: false,
            rustup: Rustup::Untried,
            system: Err(vec!["rustc-web".to_owned()]),
            apt: true,
            installed: Vec::new(),
        }
    }

    fn web() -> Toolchain {
        Toolchain::System { rustc: "rustc".into(), linker: "lld".into() }
    }

    #[test]
    fn an_installed_target_is_taken() {
        let facts = Facts { target: true, system: Ok(web()), ..machine() };
        assert_eq!(next(&facts), Move::Take(Toolchain::Plain));
    }

    #[test]
    fn rustup_comes_before_the_system() {
        let facts = Facts { system: Ok(web()), ..machine() };
        assert_eq!(next(&facts), Move::AddTarget);
        for rustup in [Rustup::Absent, Rustup::Failed] {
            assert_eq!(next(&Facts { rustup, ..facts.clone() }), Move::Take(web()));
        }
    }

    #[test]
    fn what_the_system_lacks_is_installed_once() {
        let facts = Facts { rustup: Rustup::Failed, ..machine() };
        let lacking = vec!["rustc-web".to_owned()];
        assert_eq!(next(&facts), Move::Install(lacking.clone()));
        assert_eq!(next(&Facts { installed: lacking, ..facts.clone() }), Move::Stop);
        // One package may bring to light that another is lacking.
        let lld = vec!["lld-22".to_owned()];
        let facts = Facts { system: Err(lld.clone()), installed: vec!["rustc-web".to_owned()], ..facts };
        assert_eq!(next(&facts), Move::Install(lld));
    }

    #[test]
    fn without_rustup_and_apt_it_stops() {
        let facts = Facts { rustup: Rustup::Absent, apt: false, ..machine() };
        assert_eq!(next(&facts), Move::Stop);
    }

    #[test]
    fn the_override_goes_straight_to_the_system() {
        let facts = Facts { system_only: true, target: true, system: Ok(web()), ..machine() };
        assert_eq!(next(&facts), Move::Take(web()));
        assert!(system_only(Some("system")).unwrap());
        assert!(!system_only(Some("")).unwrap());
        assert!(system_only(Some("sytem")).is_err());
    }

    const VERSION: &str =
        "rustc 1.96.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8";

    fn compiler(release: &str, has_source: bool) -> Compiler {
        Compiler { verbose_version: VERSION.replace("release: 1.96.0", release), has_source }
    }

    #[test]
    fn the_system_s_compiler_must_be_new_and_have_its_source() {
        let probe = |compiler: &Compiler| system(Some(compiler), Some("lld".into()), |_| None);
        assert!(probe(&compiler("release: 1.96.0", true)).is_ok());
        assert!(probe(&compiler("release: 1.100.0", true)).is_ok());
        for (release, has_source) in [("release: 1.63.0", true), ("release: 1.96.0", false), ("", true)] {
            assert_eq!(probe(&compiler(release, has_source)).unwrap_err(), SYSTEM_PACKAGES);
        }
        assert_eq!(system(None, Some("lld".into()), |_| None).unwrap_err(), SYSTEM_PACKAGES);
    }

    #[test]
    fn the_linker_is_of_the_compiler_s_llvm() {
        let compiler = compiler("release: 1.96.0", true);
        let linker = |shipped: Option<&str>, there: &'static str| {
            let which = move |name: &str| (name == there).then(|| there.into());
            match system(Some(&compiler), shipped.map(PathBuf::from), which) {
                Ok(Toolchain::System { linker, .. }) => Ok(linker),
                Ok(Toolchain::Plain) => Err(Vec::new()),
                Err(lacking) => Err(lacking),
            }
        };
        assert_eq!(linker(Some("rust-lld"), "wasm-ld-22").unwrap(), Path::new("rust-lld"));
        assert_eq!(linker(None, "wasm-ld-22").unwrap(), Path::new("wasm-ld-22"));
        assert_eq!(linker(None, "wasm-ld-14").unwrap_err(), ["lld-22"]);
    }
}
