//! Somebody else's server program, running on a free port with nothing but a temporary folder.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Starting is a matter of milliseconds; a busy machine may still need a while.
const START: Duration = Duration::from_secs(15);

/// How often it is asked meanwhile.
const INTERVAL: Duration = Duration::from_millis(5);

/// Another program may take the port before the server does: then there is another port.
const TRIES: usize = 3;

/// Where the server's complaints go.
const ERRORS: &str = "errors.log";

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Started {
    port: u16,
    child: Child,
    folder: TempDir,
}

/// Where a server is to run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The only folder that it writes to.
    pub(crate) folder: &'a Path,
    /// The port of 127.0.0.1 that it listens on.
    pub(crate) port: u16,
}

impl Place<'_> {
    /// What the server answers at the host `none`: it tells this server from any other.
    pub(crate) fn mark(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

impl Started {
    /// Starts a server on a free port and returns when it answers with its mark. `prepare` fills the
    /// folder and says what to run.
    pub(crate) fn new(name: &str, prepare: &dyn Fn(Place<'_>) -> io::Result<Command>) -> io::Result<Self> {
        let start = || {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            let folder = tempfile::Builder::new().prefix(&format!("latchkey-{name}-")).tempdir()?;
            let command = prepare(Place { folder: folder.path(), port })?;
            let child = spawn(command, folder.path())?;
            let mut started = Self { port, child, folder };
            started.wait()?;
            Ok(started)
        };
        let mut started = start();
        for _ in 1..TRIES {
            if started.is_ok() {
                break;
            }
            started = start();
        }
        started
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where it runs.
    pub(crate) fn place(&self) -> Place<'_> {
        Place { folder: self.folder.path(), port: self.port }
    }

    /// A file of its folder; empty when it is not there.
    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }

    /// What it complained of.
    pub(crate) fn errors(&self) -> String {
        self.read(ERRORS)
    }

    fn wait(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        while !self.answers() {
            if begun.elapsed() > START || self.child.try_wait()?.is_some() {
                return Err(io::Error::other(format!("it says: {}", self.errors().trim())));
            }
            thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// Whether it is there, and is this one.
    fn answers(&self) -> bool {
        let ask = || -> io::Result<String> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            stream.set_read_timeout(Some(START))?;
            stream.write_all(b"GET / HTTP/1.0\r\nHost: none\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer.ends_with(&self.place().mark()))
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(mut command: Command, folder: &Path) -> io::Result<Child> {
    let errors = fs::OpenOptions::new().create(true).append(true).open(folder.join(ERRORS))?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn()
}
