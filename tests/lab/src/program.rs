//! A program that serves on a port of this machine, for as long as it is wanted.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Django takes a second; a busy machine may take many.
const START: Duration = Duration::from_secs(60);

/// How often it is asked meanwhile.
const INTERVAL: Duration = Duration::from_millis(10);

/// A running one. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Program(Child);

impl Program {
    /// Starts it, and returns when it answers HTTP on the port. What it says goes to the file `said`.
    pub(crate) fn start(command: &mut Command, port: u16, said: &Path) -> io::Result<Self> {
        Self::start_until(command, said, &|| answers(port))
    }

    /// The same with a sign of its own that it is ready.
    pub(crate) fn start_until(
        command: &mut Command,
        said: &Path,
        is_ready: &dyn Fn() -> bool,
    ) -> io::Result<Self> {
        let out = fs::File::create(said)?;
        // It reads nothing; those of ours end when it is closed, which also a killed lab does.
        command.stdin(Stdio::piped()).stdout(out.try_clone()?).stderr(out);
        let mut program = Self(command.spawn()?);
        let begun = Instant::now();
        loop {
            let is_over = program.0.try_wait()?.is_some();
            if !is_over && is_ready() {
                return Ok(program);
            }
            if is_over || begun.elapsed() > START {
                return Err(io::Error::other(format!("it says: {}", last_words(said))));
            }
            thread::sleep(INTERVAL);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that is free now; see [`Program::start`] for one that is taken meanwhile: it ends, and says so.
pub(crate) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn answers(port: u16) -> bool {
    answer(port, "/__lab/ready", "localhost").is_ok_and(|answer| answer.starts_with(b"HTTP/"))
}

/// All that a server of this machine says when it is asked for `path` at `host`.
pub(crate) fn answer(port: u16, path: &str, host: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(START))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn last_words(said: &Path) -> String {
    let all = fs::read_to_string(said).unwrap_or_default();
    let lines: Vec<&str> = all.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// What `cargo xtask setup` has put into the project's cache, or what a variable names instead.
pub(crate) fn tool(variable: &str, known: &[&str], cached: &str) -> Option<PathBuf> {
    if let Some(own) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(own.into());
    }
    let base = match std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from) {
        Some(base) if base.is_absolute() => base,
        _ => std::env::home_dir()?.join(".cache"),
    };
    let cached = base.join("latchkey/tools").join(cached);
    known.iter().map(PathBuf::from).chain([cached]).find(|path| path.exists())
}

/// The folders of an unpacked package that hold libraries: one for each kind of machine.
pub(crate) fn libraries(root: &Path) -> String {
    let folders =
        ["usr/lib", "lib"].into_iter().flat_map(|one| fs::read_dir(root.join(one)).into_iter().flatten());
    let paths = folders.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    paths.map(|path| path.display().to_string()).collect::<Vec<_>>().join(":")
}

/// Lets whoever a server turns into write to a folder.
#[cfg(unix)]
pub(crate) fn open_to_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777))
}

#[cfg(not(unix))]
pub(crate) fn open_to_all(_: &Path) -> io::Result<()> {
    Ok(())
}
