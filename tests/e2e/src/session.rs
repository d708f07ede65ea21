//! One WebDriver session, shared by all pages of a browser.

use std::ops::Deref;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId, WebDriver, WindowHandle};
use tokio::sync::{Mutex, MutexGuard};

/// WebDriver has one current window; pages take turns at it.
pub(crate) struct Session {
    pub(crate) driver: WebDriver,
    turn: Mutex<()>,
}

/// The session, turned to one window for as long as this is held.
pub(crate) struct Turn<'a> {
    driver: &'a WebDriver,
    _held: MutexGuard<'a, ()>,
}

impl Deref for Turn<'_> {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        self.driver
    }
}

impl Session {
    pub(crate) fn new(driver: WebDriver) -> Self {
        Self { driver, turn: Mutex::new(()) }
    }

    /// Waits for a turn and takes it at `window`.
    pub(crate) async fn at(&self, window: &WindowHandle) -> Result<Turn<'_>> {
        let held = self.turn.lock().await;
        self.driver.switch_to_window(window.clone()).await.context("the page is gone")?;
        Ok(Turn { driver: &self.driver, _held: held })
    }

    /// Opens a window of its own, or a tab beside `window`.
    pub(crate) async fn open(&self, window: &WindowHandle, own: bool) -> Result<WindowHandle> {
        let turn = self.at(window).await?;
        Ok(if own { turn.new_window().await? } else { turn.new_tab().await? })
    }

    /// The handles of all windows and tabs.
    pub(crate) async fn windows(&self) -> Result<Vec<WindowHandle>> {
        Ok(self.driver.windows().await?)
    }

    /// Runs the body of an async function in `window`; `args` is there by that name.
    pub(crate) async fn eval(&self, window: &WindowHandle, js: &str, args: Value) -> Result<Value> {
        let turn = self.at(window).await?;
        eval(&turn, js, args).await
    }
}

/// Runs the body of an async function where the driver is turned to.
pub(crate) async fn eval(driver: &WebDriver, js: &str, args: Value) -> Result<Value> {
    let script = format!(
        "const args = arguments[0]; const done = arguments[arguments.length - 1];
         (async () => {{ {js}\n }})().then(
           (value) => done({{ value: value === undefined ? null : value }}),
           (error) => done({{ error: `${{error}}\\n${{error && error.stack}}` }}));"
    );
    let mut answer = driver.execute_async(script, vec![args]).await?.json().clone();
    if let Some(error) = answer["error"].as_str() {
        return Err(anyhow!("{error}")).with_context(|| format!("in the page: {js}"));
    }
    Ok(answer["value"].take())
}

/// A command that only one of the drivers knows.
#[derive(Debug)]
pub(crate) struct Special {
    path: &'static str,
    body: Value,
}

impl FormatRequestData for Special {
    fn format_request(&self, id: &SessionId) -> RequestData {
        RequestData::new(reqwest::Method::POST, format!("/session/{id}/{}", self.path))
            .add_body(self.body.clone())
    }
}

/// geckodriver: installs the unpacked add-on for this session.
pub(crate) fn install_addon(path: &str) -> Special {
    let body = json!({ "path": path, "temporary": true });
    Special { path: "moz/addon/install", body }
}

/// chromedriver: a command of the DevTools protocol.
pub(crate) fn cdp(name: &str, params: Value) -> Special {
    Special { path: "goog/cdp/execute", body: json!({ "cmd": name, "params": params }) }
}

/// geckodriver: scripts run in `chrome`, the browser itself, or in `content`, its pages.
pub(crate) fn context(name: &str) -> Special {
    Special { path: "moz/context", body: json!({ "context": name }) }
}
