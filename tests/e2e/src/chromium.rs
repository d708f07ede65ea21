//! What is particular to Chromium.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};

use crate::driver::client;
use crate::options::Kind;
use crate::session::eval;
use crate::{Options, canary, paths, process, wait_for};

/// The capabilities that start it.
pub(crate) fn capabilities(options: &Options, profile: &Path) -> Result<Capabilities> {
    let mut args = vec![
        format!("--user-data-dir={}", profile.display()),
        format!("--force-device-scale-factor={}", options.scale),
        hosts(options.lab_port),
        format!("--ignore-certificate-errors-spki-list={}", latchkey_lab::https::authority_key()?),
        "--window-size=1000,800".to_owned(),
    ];
    if !options.bare {
        let extension = options.extension(Kind::Chromium).canonicalize()?;
        args.push(format!("--load-extension={}", extension.display()));
    }
    args.push(match options.proxy_rules() {
        Some(rules) => format!("--proxy-pac-url={rules}"),
        None => "--no-proxy-server".to_owned(),
    });
    let fixed = "--disable-gpu --disable-quic --no-first-run \
                 --no-default-browser-check --disable-background-networking \
                 --disable-component-update --disable-sync";
    args.extend(fixed.split_whitespace().map(str::to_owned));
    if options.headless {
        args.push("--headless=new".to_owned());
    }
    args.extend(options.language.map(|language| format!("--lang={language}")));
    if options.console {
        args.push("--enable-logging".to_owned());
        args.push(format!("--log-file={}", profile.join(canary::LOG).display()));
    }
    if options.dark {
        args.push("--force-dark-mode".to_owned());
    }
    if process::is_root() {
        args.push("--no-sandbox".to_owned());
    }
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", "chrome")?;
    // A question that nobody expected must not hold up a test: it is answered with "Cancel".
    capabilities.set("unhandledPromptBehavior", "dismiss")?;
    let prefs = json!({
        // Chromium's new-tab page now and then never finishes loading in chromedriver's eyes, and
        // everything waits for it: begin with an empty page.
        "session.restore_on_startup": 4,
        "session.startup_urls": ["about:blank"],
        // Without it an unpacked extension is switched off when it is loaded again.
        "extensions.ui.developer_mode": true,
    });
    let binary = paths::browser(Kind::Chromium);
    let chrome = json!({ "binary": binary, "args": args, "prefs": prefs });
    capabilities.set("goog:chromeOptions", chrome)?;
    Ok(capabilities)
}

/// Where the practice sites are, also those at the usual ports.
fn hosts(lab: u16) -> String {
    let usual = [80, 443].map(|port| format!("MAP *.test:{port} 127.0.0.1:{lab}, ")).concat();
    format!("--host-resolver-rules={usual}MAP *.test 127.0.0.1")
}

/// What Chromium's own page of extensions is asked for.
const FIND: &str = "
    const found = await chrome.developerPrivate.getExtensionsInfo({ includeDisabled: true });
    return found.find((item) => item.location === 'UNPACKED') ?? null;";

/// Waits until the extension is there, and returns its id. Fails with Chromium's own words if it did not
/// load, or if it loaded with a warning.
pub(crate) async fn extension_id(driver: &WebDriver) -> Result<String> {
    driver.goto("chrome://extensions/").await?;
    let info = wait_for("the extension to be loaded", async || {
        let info = eval(driver, FIND, Value::Null).await?;
        Ok(info["id"].is_string().then_some(info))
    })
    .await?;
    anyhow::ensure!(info["state"] == "ENABLED", "the extension is not enabled: {info:#}");
    for kind in ["manifestErrors", "installWarnings", "runtimeWarnings", "runtimeErrors"] {
        let said = info[kind].as_array().map_or(&[][..], Vec::as_slice);
        anyhow::ensure!(said.is_empty(), "chrome://extensions shows {kind}: {said:#?}");
    }
    info["id"].as_str().map(str::to_owned).context("no id")
}

/// Changes how the extension is treated; only Chromium's page of extensions may.
pub(crate) async fn configure(driver: &WebDriver, id: &str, change: Value) -> Result<()> {
    driver.goto("chrome://extensions/").await?;
    let js = "await chrome.developerPrivate.updateExtensionConfiguration(
                { extensionId: args.id, ...args.change });";
    eval(driver, js, json!({ "id": id, "change": change })).await.map(drop)
}

/// Loads the extension anew.
pub(crate) async fn reload(driver: &WebDriver, id: &str) -> Result<()> {
    driver.goto("chrome://extensions/").await?;
    let js = "await chrome.developerPrivate.reload(args, { failQuietly: true });";
    eval(driver, js, json!(id)).await.map(drop)
}

/// Sets what an organisation has chosen for the extension, for as long as this browser runs. Policies
/// are otherwise read from one folder of the whole machine; Chromium's own page for trying them is in
/// builds of no release channel, as Debian's are.
pub(crate) async fn manage(driver: &WebDriver, id: &str, managed: &Value) -> Result<()> {
    driver.goto("chrome://policy/test").await?;
    let chosen = managed.as_object().context("no object")?.iter();
    let rows: Vec<Value> = chosen
        .map(|(name, value)| {
            json!({ "namespace": id, "name": name, "value": value, "level": 1, "scope": 1, "source": 0 })
        })
        .collect();
    let js = "const { sendWithPromise } = await import('chrome://resources/js/cr.js');
              await sendWithPromise('setLocalTestPolicies', JSON.stringify(args), '');";
    eval(driver, js, json!(rows)).await.map(drop).context("policies cannot be tried in this Chromium")
}

/// How long a worker may take to end before it is told once more.
const AGAIN: Duration = Duration::from_secs(2);

fn debugger(driver: &WebDriver) -> Result<String> {
    let options = driver.capabilities().get("goog:chromeOptions");
    let address = options.and_then(|options| options["debuggerAddress"].as_str());
    address.map(str::to_owned).context("no debugging port")
}

/// Does a panel of the extension stand beside a page? WebDriver knows of tabs alone.
pub(crate) async fn shows_beside(driver: &WebDriver, id: &str) -> Result<bool> {
    let url = format!("http://{}/json/list", debugger(driver)?);
    let targets: Vec<Value> = client()?.get(url).send().await?.json().await?;
    // In a tab it would be told which site's history it is.
    let panel = format!("chrome-extension://{id}/panel.html");
    Ok(targets.iter().any(|target| target["url"] == panel))
}

/// Stops the service worker of the extension and returns when its target is gone. Tells whether there
/// was one to end.
///
/// This goes past chromedriver, by the debugging port's plain HTTP.
pub(crate) async fn kill_background(driver: &WebDriver, id: &str) -> Result<bool> {
    let address = debugger(driver)?;
    let client = client()?;
    let own = format!("chrome-extension://{id}/");
    // One that is woken at once, by what its end set off, is another life: it is not killed as well,
    // which could go on for ever. Where the first try had no effect, there is a second.
    let mut tried: Option<(String, Instant)> = None;
    wait_for("the service worker to end", async || {
        let targets: Vec<Value> =
            client.get(format!("http://{address}/json/list")).send().await?.json().await?;
        let worker = targets.iter().find(|target| {
            target["type"] == "service_worker"
                && target["url"].as_str().is_some_and(|url| url.starts_with(&own))
        });
        let Some(target) = worker.and_then(|target| target["id"].as_str()) else {
            return Ok(Some(tried.is_some()));
        };
        match &tried {
            Some((known, _)) if known != target => return Ok(Some(true)),
            Some((_, at)) if at.elapsed() < AGAIN => return Ok(None),
            _ => {}
        }
        tried = Some((target.to_owned(), Instant::now()));
        client.get(format!("http://{address}/json/close/{target}")).send().await?;
        Ok(None)
    })
    .await
}
