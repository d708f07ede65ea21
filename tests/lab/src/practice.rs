//! Servers that people run (Django, Express, an OpenID provider), each with a small practice app, a
//! process for each scenario.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Scenario;
use crate::program::{Program, answer, free_port, tool};
use crate::state::random;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// Django, with Django REST framework.
    Django,
    /// Express, with express-session, cookie-session and jsonwebtoken.
    Express,
    /// The OpenID provider `oidc-provider`, with an app of its own.
    Oidc,
    /// The same for the apps of others.
    Provider,
}

/// What happens to it when time passes ([`crate::Lab::expire`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is started anew, as at each deployment: what it held in memory is gone.
    Restart,
    /// It is started anew with another secret.
    NewSecret,
    /// An hour passes for it, all at once.
    AnHourLater,
}

impl App {
    /// The folder of its source, beside the lab's.
    fn folder(self) -> &'static str {
        match self {
            Self::Django => "django",
            Self::Express => "express",
            Self::Oidc | Self::Provider => "oidc",
        }
    }

    /// What it runs with: a Python with its packages, or the folder of Node's.
    fn packages(self) -> Option<PathBuf> {
        match self {
            Self::Django => tool("LATCHKEY_DJANGO", &[], "django/bin/python"),
            Self::Express => tool("LATCHKEY_EXPRESS", &[], "express/node_modules"),
            Self::Oidc | Self::Provider => tool("LATCHKEY_OIDC", &[], "oidc/node_modules"),
        }
    }

    /// Why it cannot be had, if it cannot.
    pub(crate) fn lacking(self) -> Option<String> {
        let name = self.folder();
        self.packages().is_none().then(|| format!("there is no {name} server: `cargo xtask setup` gets it"))
    }
}

/// A running server of one scenario.
#[derive(Debug)]
pub(crate) struct Practice {
    app: App,
    host: &'static str,
    port: u16,
    lab: u16,
    /// Where those are that an OpenID provider signs people in for.
    apps: String,
    secret: String,
    folder: TempDir,
    /// Only while it is started anew there is none.
    program: Option<Program>,
}

impl Practice {
    /// Starts the server of a scenario on a free port, and returns when it answers.
    pub(crate) fn start(app: App, scenario: &Scenario, lab: u16) -> io::Result<Self> {
        Self::at(app, scenario.host, lab, String::new())
    }

    /// The same for a server that is no scenario's.
    pub(crate) fn at(app: App, host: &'static str, lab: u16, apps: String) -> io::Result<Self> {
        let packages = app
            .packages()
            .ok_or_else(|| io::Error::new(ErrorKind::NotFound, app.lacking().unwrap_or_default()))?;
        let folder = tempfile::Builder::new().prefix("latchkey-server-").tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers").join(app.folder());
        for entry in fs::read_dir(source)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), folder.path().join(entry.file_name()))?;
            }
        }
        if app != App::Django {
            // Node looks for packages beside the program.
            link(&packages, &folder.path().join("node_modules"))?;
        }
        let (port, secret) = (free_port()?, random());
        let mut practice = Self { app, host, port, lab, apps, secret, folder, program: None };
        practice.run()?;
        Ok(practice)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What it shares with the apps of others.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Time passes.
    pub(crate) fn turn(&mut self, turn: Turn) -> io::Result<()> {
        match turn {
            Turn::AnHourLater => return answer(self.port, "/__lab/turn", "localhost").map(drop),
            Turn::NewSecret => self.secret = random(),
            Turn::Restart => {}
        }
        // First the old one ends, for its port.
        self.program = None;
        self.run()
    }

    fn run(&mut self) -> io::Result<()> {
        let folder = self.folder.path();
        let mut command = match self.app {
            App::Django => {
                let mut python = Command::new(self.app.packages().unwrap_or_default());
                python.arg("app.py");
                python
            }
            App::Express | App::Oidc => {
                let mut node = Command::new("node");
                node.arg("app.mjs");
                node
            }
            App::Provider => {
                let mut node = Command::new("node");
                node.arg("provider.mjs");
                node
            }
        };
        command
            .current_dir(folder)
            .env("LAB_HOST", self.host)
            .env("LAB_PORT", self.lab.to_string())
            .env("APPS", &self.apps)
            .env("PORT", self.port.to_string())
            .env("SECRET", &self.secret);
        let program = Program::start(&mut command, self.port, &folder.join("said"));
        let name = self.app.folder();
        self.program = Some(program.map_err(|error| {
            io::Error::other(format!("the {name} server of {} does not start: {error}", self.host))
        })?);
        Ok(())
    }
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::new(ErrorKind::Unsupported, "these servers run on Unix"))
}
