//! A driver process of one's own: chromedriver or geckodriver on a free port.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{Kind, paths, wait_for_within};

/// Starting a driver is quick; a busy machine may still need a while.
const START: Duration = Duration::from_secs(30);

/// Killed when dropped.
pub(crate) struct Driver {
    child: Child,
    url: String,
    log: PathBuf,
}

impl Driver {
    /// Starts the driver, with a home of its own where one is given, and returns when it says that it is
    /// ready.
    pub(crate) async fn start(kind: Kind, folder: &Path, home: Option<&Path>) -> Result<Self> {
        let program = paths::driver(kind);
        let log = folder.join("driver.log");
        let out = File::create(&log)?;
        let mut command = Command::new(&program);
        // The driver picks the port: choosing one for it would race with other tests.
        command.args(match kind {
            Kind::Chromium => &["--port=0"][..],
            // Without system access extension pages cannot be visited.
            Kind::Firefox => &["--port=0", "--allow-system-access"],
        });
        command.envs(home.map(|home| ("HOME", home)));
        let child = command
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut driver = Self { child, url: String::new(), log };
        driver.url = wait_for_within(START, "the driver's port", async || {
            let port = port_in(&fs::read_to_string(&driver.log)?);
            Ok(port.map(|port| format!("http://127.0.0.1:{port}")))
        })
        .await
        .with_context(|| driver.words())?;
        let client = client()?;
        wait_for_within(START, "the driver to be ready", async || {
            let status: Value = client.get(format!("{}/status", driver.url)).send().await?.json().await?;
            Ok((status["value"]["ready"] == true).then_some(()))
        })
        .await
        .with_context(|| driver.words())?;
        Ok(driver)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All that was said.
    pub(crate) fn log(&self) -> String {
        fs::read(&self.log).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    /// What the driver and the browser have said last: the first thing to read when one fails.
    pub(crate) fn words(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let tail = &lines[lines.len().saturating_sub(20)..];
        format!("the driver's last words:\n{}", tail.join("\n"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP client that talks to this machine only, whatever proxy the environment names.
pub(crate) fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?)
}

/// chromedriver says "started successfully on port N.", geckodriver "Listening on 127.0.0.1:N".
fn port_in(log: &str) -> Option<u16> {
    let line = log
        .lines()
        .find(|line| line.contains("started successfully on port") || line.contains("Listening on"))?;
    let digits = line.trim_end_matches('.').rsplit([' ', ':']).next()?;
    digits.parse().ok().filter(|port| *port != 0)
}

/// Fails early, and says how to mend it.
pub(crate) fn check_programs(kind: Kind) -> Result<()> {
    for (program, name) in [
        (paths::browser(kind), ["LATCHKEY_CHROMIUM", "LATCHKEY_FIREFOX"]),
        (paths::driver(kind), ["LATCHKEY_CHROMEDRIVER", "LATCHKEY_GECKODRIVER"]),
    ] {
        if !program.exists() {
            bail!("{} is missing; set {}", program.display(), name[kind as usize]);
        }
    }
    Ok(())
}
