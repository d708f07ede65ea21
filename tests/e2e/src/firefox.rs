//! What is particular to Firefox.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};

use crate::options::Kind;
use crate::session::{context, eval, install_addon};
use crate::{Options, paths, wait_for};

/// The add-on's id, from the manifest.
const ID: &str = "latchkey@latchkey.example";
/// Firefox draws a random address for each add-on; the tests fix it.
const UUID: &str = "1a7c4ce1-0000-4000-8000-000000000401";

/// Where in a profile the extension's databases are.
pub(crate) fn databases() -> String {
    format!("storage/default/moz-extension+++{UUID}")
}

/// The origin of the extension's pages.
pub(crate) fn origin() -> String {
    format!("moz-extension://{UUID}")
}

/// The capabilities that start it.
pub(crate) fn capabilities(options: &Options, profile: &Path) -> Result<Capabilities> {
    let mut prefs = json!({
        "extensions.webextensions.uuids": json!({ ID: UUID }).to_string(),
        "extensions.originControls.grantByDefault": options.grant_hosts,
        // A temporary add-on is installed anew at each start; what it stored must survive.
        "extensions.webextensions.keepStorageOnUninstall": true,
        "extensions.webextensions.keepUuidOnUninstall": true,
        // Every host there is, on this machine.
        "network.dns.forceResolve": "127.0.0.1",
        "network.socket.forcePort": format!("80={0};443={0}", options.lab_port),
        "network.proxy.type": 0,
        "privacy.firstparty.isolate": options.isolated,
        // No traffic of the browser's own.
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        // Nor work for pages that no test opens.
        "dom.ipc.processPrelaunch.enabled": false,
        "browser.newtab.preload": false,
        "browser.newtabpage.enabled": false,
        "browser.startup.homepage": "about:blank",
        "layout.css.devPixelsPerPx": options.scale.to_string(),
    });
    if options.console {
        prefs["devtools.console.stdout.content"] = json!(true);
    }
    if let Some(rules) = options.proxy_rules() {
        prefs["network.proxy.type"] = json!(2);
        prefs["network.proxy.autoconfig_url"] = json!(rules);
    }
    if let Some(language) = options.language {
        prefs["intl.locale.requested"] = json!(language);
    }
    if options.dark {
        prefs["ui.systemUsesDarkTheme"] = json!(1);
        prefs["layout.css.prefers-color-scheme.content-override"] = json!(0);
    }
    let mut args = vec!["-profile".to_owned(), profile.display().to_string()];
    args.extend(["--width=1000", "--height=800"].map(str::to_owned));
    if options.headless {
        args.push("-headless".to_owned());
    }
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", "firefox")?;
    // A question that nobody expected must not hold up a test: it is answered with "Cancel".
    capabilities.set("unhandledPromptBehavior", "dismiss")?;
    capabilities.set(
        "moz:firefoxOptions",
        json!({ "binary": paths::browser(Kind::Firefox), "args": args, "prefs": prefs }),
    )?;
    Ok(capabilities)
}

/// Has the practice sites' authority trusted, as a person can in the settings. An exception for
/// insecure certificates would do for pages, but their service workers would be refused.
pub(crate) async fn trust(driver: &WebDriver) -> Result<()> {
    let js = "Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB)
                .addCertFromBase64(args, 'C,,');";
    privileged(driver, js, json!(latchkey_lab::https::authority()?)).await.map(drop)
}

/// Writes what an organisation has chosen to where Firefox looks for it, and returns the home folder in
/// which that is.
pub(crate) fn policies(folder: &Path, managed: &Value) -> Result<PathBuf> {
    let home = folder.join("home");
    let manifests = home.join(".mozilla/managed-storage");
    std::fs::create_dir_all(&manifests)?;
    let manifest = json!({ "name": ID, "description": "Latchkey", "type": "storage", "data": managed });
    std::fs::write(manifests.join(format!("{ID}.json")), manifest.to_string())?;
    Ok(home)
}

/// Loads the extension.
pub(crate) async fn install(driver: &WebDriver, options: &Options) -> Result<()> {
    let folder = options.extension(Kind::Firefox).canonicalize()?;
    let folder = folder.to_str().context("the extension's path is no text")?;
    if options.private_allowed {
        // The driver's own way loads the extension twice, and cuts its first life off.
        let js = "const { ExtensionPermissions } = ChromeUtils.importESModule(
                    'resource://gre/modules/ExtensionPermissions.sys.mjs');
                  await ExtensionPermissions.add(
                    args, { permissions: ['internal:privateBrowsingAllowed'], origins: [] });";
        privileged(driver, js, json!(ID)).await?;
    }
    driver.cmd(install_addon(folder)).await?;
    Ok(())
}

/// Is the extension's sidebar open in one of the windows?
pub(crate) async fn shows_beside(driver: &WebDriver) -> Result<bool> {
    let js = "const all = [...Services.wm.getEnumerator('navigator:browser')];
              const ours = ({ SidebarController: bar }) => bar.isOpen && bar.currentID.startsWith('latchkey');
              return all.some(ours);";
    Ok(privileged(driver, js, Value::Null).await? == true)
}

/// Waits until the background has run for the first time: what it listens to is known then.
pub(crate) async fn background_started(driver: &WebDriver) -> Result<()> {
    let js = "return WebExtensionPolicy.getByID(args)?.extension.backgroundState ?? null;";
    wait_for("the background to start", async || {
        let state = privileged(driver, js, json!(ID)).await?;
        Ok((state == "running").then_some(()))
    })
    .await
}

/// Ends the event page as Firefox itself does, and returns when it is observed stopped. Tells whether
/// there was one to end; Firefox ends none that has not yet answered an event.
pub(crate) async fn kill_background(driver: &WebDriver) -> Result<bool> {
    let js = "const { extension } = WebExtensionPolicy.getByID(args);
              if (extension.backgroundState === 'stopped') return false;
              await extension.terminateBackground({ ignoreDevToolsAttached: true });
              return extension.backgroundState === 'stopped';";
    Ok(privileged(driver, js, json!(ID)).await? == true)
}

/// Has all processes give back what nobody uses any more.
pub(crate) async fn tidy(driver: &WebDriver) -> Result<()> {
    let js = "Services.obs.notifyObservers(null, 'child-mmu-request');";
    privileged(driver, js, Value::Null).await.map(drop)
}

/// Loads the extension anew.
pub(crate) async fn reload(driver: &WebDriver) -> Result<()> {
    let js =
        "const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
              const addon = await AddonManager.getAddonByID(args);
              await addon.reload();";
    privileged(driver, js, json!(ID)).await.map(drop)
}

/// Grants or withdraws the extension's access to sites, as the person can in about:addons.
pub(crate) async fn allow_hosts(driver: &WebDriver, allow: bool) -> Result<()> {
    let js = "const { ExtensionPermissions } = ChromeUtils.importESModule(
                'resource://gre/modules/ExtensionPermissions.sys.mjs');
              const { extension } = WebExtensionPolicy.getByID(args.id);
              await ExtensionPermissions[args.allow ? 'add' : 'remove'](
                args.id, { permissions: [], origins: ['<all_urls>'] }, extension);";
    privileged(driver, js, json!({ "id": ID, "allow": allow })).await.map(drop)
}

/// Sets the limit of all that sites and extensions store to what they store now, or takes it away.
/// Firefox reads it when it opens its storage, so the storage is opened anew.
pub(crate) async fn limit(driver: &WebDriver, limited: bool) -> Result<()> {
    let js = "const { qms, prefs } = Services;
              const reset = () => new Promise((done) => { qms.reset().callback = done; });
              prefs.setBoolPref('dom.quotaManager.testing', true);
              let limit = -1;
              if (args) {
                // Files that are closed have no journal beside them, which would be room later on.
                await reset();
                const used = await new Promise((done) => qms.getUsage(({ result }) => done(result), true));
                // What the browser stores itself counts for nothing.
                const counts = used.filter(({ origin }) => /^(http|moz-extension)/.test(origin));
                limit = Math.ceil(counts.reduce((sum, { usage }) => sum + usage, 0) / 1024) || 1;
              }
              prefs.setIntPref('dom.quotaManager.temporaryStorage.fixedLimit', limit);
              await reset();";
    privileged(driver, js, json!(limited)).await.map(drop)
}

/// Asks pages for their dark colours, or their light ones.
pub(crate) async fn dress(driver: &WebDriver, dark: bool) -> Result<()> {
    let js = "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', args);";
    privileged(driver, js, json!(i32::from(!dark))).await.map(drop)
}

/// Opens DevTools for the tab in front, with the extension's panel in front of theirs.
pub(crate) async fn open_devtools(driver: &WebDriver) -> Result<()> {
    let js = "const { require } = ChromeUtils.importESModule(
                'resource://devtools/shared/loader/Loader.sys.mjs');
              const { gDevTools } = require('devtools/client/framework/devtools');
              const { gBrowser } = Services.wm.getMostRecentWindow('navigator:browser');
              const toolbox = await gDevTools.showToolboxForTab(gBrowser.selectedTab, {});
              const own = toolbox.getAdditionalTools().find(({ id }) => id.startsWith('webext-devtools-panel'));
              if (!own) throw new Error('the panel is not there yet');
              await toolbox.selectTool(own.id);";
    wait_for("the panel in DevTools", async || {
        privileged(driver, js, Value::Null).await?;
        Ok(Some(()))
    })
    .await
}

/// Runs a script in the browser itself. The caller holds the session's turn.
async fn privileged(driver: &WebDriver, js: &str, args: Value) -> Result<Value> {
    driver.cmd(context("chrome")).await?;
    let answer = eval(driver, js, args).await;
    driver.cmd(context("content")).await?;
    answer
}
