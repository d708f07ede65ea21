//! Somebody else's server program, running on a free port with nothing but a temporary folder.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Program, answer, free_port};

/// Another program may take the port before the server does: then there is another port.
const TRIES: usize = 3;

/// Where the server's complaints go.
const ERRORS: &str = "errors.log";

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Started {
    port: u16,
    /// Ended before its folder goes.
    _program: Program,
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
            let port = free_port()?;
            let folder = tempfile::Builder::new().prefix(&format!("latchkey-{name}-")).tempdir()?;
            let place = Place { folder: folder.path(), port };
            let (mut command, mark) = (prepare(place)?, place.mark());
            // Whoever else took the port meanwhile does not know the mark.
            let is_it = || answer(port, "/", "none").is_ok_and(|answer| answer.ends_with(mark.as_bytes()));
            let program = Program::start_until(&mut command, &folder.path().join(ERRORS), &is_it)?;
            Ok(Self { port, _program: program, folder })
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
}
