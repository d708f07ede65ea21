//! A browser with the extension loaded.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{Capabilities, TimeoutConfiguration, WebDriver};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use crate::disk::Disk;
use crate::driver::{Driver, check_programs, client};
use crate::folder::Folder;
use crate::session::Session;
use crate::{Kind, Options, Page, chromium, disk, firefox, process, variant, wait_for};

/// The page that the extension opens when it is installed.
const WELCOME: &str = "welcome.html";

/// More browsers at once than this only slow each other down.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// A running browser. [`Browser::close`] ends it politely, dropping it kills it.
pub struct Browser {
    pub(crate) session: Arc<Session>,
    pub(crate) helper: Mutex<Option<Page>>,
    kind: Kind,
    lab_port: u16,
    site: Page,
    origin: String,
    process: Option<u32>,
    profile: PathBuf,
    keeps_profile: bool,
    // Dropped in this order: the driver, then the folder it writes to, then the slot.
    driver: Driver,
    _folder: Folder,
    _slot: SemaphorePermit<'static>,
}

async fn connect(
    kind: Kind,
    options: &Options,
    folder: &Path,
    profile: &Path,
) -> Result<(Driver, WebDriver)> {
    let managed = options.managed.as_ref().filter(|_| kind == Kind::Firefox);
    let home = managed.map(|managed| firefox::policies(folder, managed)).transpose()?;
    let driver = Driver::start(kind, folder, home.as_deref()).await?;
    let capabilities = capabilities(kind, options, profile.to_owned())?;
    let web = WebDriver::builder(driver.url(), capabilities)
        .client(client()?)
        .connect()
        .await
        .with_context(|| driver.words())?;
    Ok((driver, web))
}

impl Browser {
    /// Lets so many more run at once: for those that are compared side by side.
    pub fn allow(more: usize) {
        SLOTS.add_permits(more);
    }

    /// Starts a browser with a driver of its own, and loads the extension.
    pub async fn launch(kind: Kind, options: &Options) -> Result<Self> {
        check_programs(kind)?;
        let slot = SLOTS.acquire().await?;
        let folder = Folder::new()?;
        let profile = match &options.profile {
            Some(profile) => profile.clone(),
            None => folder.path().join("profile"),
        };
        let is_first = !profile.exists();
        std::fs::create_dir_all(&profile)?;
        disk::prepare(kind, options, &profile)?;
        let options = &variant::prepare(kind, options, folder.path())?;
        // A browser that does not start at all says nothing of the extension; now and then one does
        // not on a busy machine. It gets a second chance, and says so.
        let (driver, web) = match connect(kind, options, folder.path(), &profile).await {
            Ok(started) => started,
            Err(error) => {
                eprintln!("{} did not start, trying again: {error:#}", kind.name());
                connect(kind, options, folder.path(), &profile).await?
            }
        };
        // thirtyfour starts with its own 60 s; the drivers should give up before the client does.
        let patience = Some(Duration::from_secs(30));
        web.update_timeouts(TimeoutConfiguration::new(patience, patience, None)).await?;
        let process = process_of(kind, &web);
        let site = web.window().await?;
        let session = Arc::new(Session::new(web));
        let mut browser = Self {
            site: Page::new(session.clone(), site),
            session,
            helper: Mutex::new(None),
            kind,
            lab_port: options.lab_port,
            origin: String::new(),
            process,
            profile,
            keeps_profile: options.profile.is_some(),
            driver,
            _folder: folder,
            _slot: slot,
        };
        let has_welcome = is_first && options.extension(kind).join(WELCOME).is_file();
        if options.bare {
            browser.site.goto("about:blank").await?;
        } else {
            browser.load(options, has_welcome).await.context("the extension does not load")?;
        }
        Ok(browser)
    }

    async fn load(&mut self, options: &Options, has_welcome: bool) -> Result<()> {
        let session = self.session.clone();
        let driver = &session.driver;
        match self.kind {
            Kind::Chromium => {
                let id = chromium::extension_id(driver).await?;
                self.origin = format!("chrome-extension://{id}");
                if has_welcome {
                    self.close_welcome().await?;
                }
                if options.private_allowed {
                    self.configure(json!({ "incognitoAccess": true })).await?;
                }
                if !options.grant_hosts {
                    self.revoke_hosts().await?;
                }
                // Killed before it was active once, a worker would be forgotten with what it
                // listens to.
                self.extension_eval("await navigator.serviceWorker.ready;").await?;
                if options.disk == Disk::Limited {
                    self.limit(true).await?;
                }
                if let Some(managed) = &options.managed {
                    self.manage(managed).await?;
                }
            }
            Kind::Firefox => {
                firefox::trust(driver).await?;
                firefox::install(driver, options).await?;
                firefox::background_started(driver).await?;
                self.origin = firefox::origin();
                if has_welcome {
                    self.close_welcome().await?;
                }
            }
        }
        self.site.goto("about:blank").await
    }

    /// The extension opens a page when it is installed; it would be in the way of every test.
    ///
    /// Chromium's driver does not count it among its windows, so it is closed by the extension's own means.
    /// Firefox's driver may take it for the window that it opens itself, so none is opened before.
    async fn close_welcome(&self) -> Result<()> {
        let url = self.extension_url(WELCOME);
        let js = "const [tab] = await chrome.tabs.query({ url: args });
                  if (tab) await chrome.tabs.remove(tab.id);
                  return Boolean(tab);";
        wait_for("the page after the installation", async || {
            if self.kind == Kind::Chromium {
                return Ok((self.extension_eval_with(js, json!(url)).await? == true).then_some(()));
            }
            for page in self.pages().await? {
                if page.url().await? == url {
                    return page.close().await.map(Some);
                }
            }
            Ok(None)
        })
        .await
    }

    /// Which browser it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The address of a file of the extension, query included.
    pub fn extension_url(&self, file: &str) -> String {
        format!("{}/{file}", self.origin)
    }

    /// The browser's process id.
    pub fn process_id(&self) -> Option<u32> {
        self.process
    }

    /// Where it keeps what it keeps.
    pub(crate) fn profile(&self) -> &Path {
        &self.profile
    }

    /// All that the driver has said, and the browser with it.
    pub(crate) fn driver_log(&self) -> String {
        self.driver.log()
    }

    /// The last part of the extension's origin.
    pub(crate) fn id(&self) -> &str {
        self.origin.rsplit('/').next().unwrap_or_default()
    }

    /// The address of a path on the practice site.
    pub fn lab_url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.lab_port)
    }

    /// The tab that plays the person's.
    pub fn site(&self) -> &Page {
        &self.site
    }

    /// Goes to an address in the site's tab.
    pub async fn visit(&self, url: &str) -> Result<()> {
        self.site.goto(url).await
    }

    /// Opens an address in a window of its own.
    pub async fn open(&self, url: &str) -> Result<Page> {
        let page = self.new_window().await?;
        page.goto(url).await?;
        Ok(page)
    }

    /// Opens an empty tab beside the site's.
    pub async fn new_tab(&self) -> Result<Page> {
        let window = self.session.open(self.site.window(), false).await?;
        Ok(Page::new(self.session.clone(), window))
    }

    /// Opens an empty window.
    pub async fn new_window(&self) -> Result<Page> {
        let window = self.session.open(self.site.window(), true).await?;
        Ok(Page::new(self.session.clone(), window))
    }

    /// Firefox only: opens DevTools for the site's tab, with the extension's panel in front. Chromium
    /// shows its DevTools to no driver.
    pub async fn open_devtools(&self) -> Result<()> {
        firefox::open_devtools(&*self.session.at(self.site.window()).await?).await
    }

    /// Every tab there is, in no order: for finding what the extension opened.
    pub async fn pages(&self) -> Result<Vec<Page>> {
        let windows = self.session.windows().await?;
        Ok(windows.into_iter().map(|window| Page::new(self.session.clone(), window)).collect())
    }

    /// Ends the browser. One whose profile is kept is waited for, so that the profile is complete.
    pub async fn close(mut self) -> Result<()> {
        if !self.keeps_profile {
            // Killed when dropped: an end in order takes Firefox more than half a second.
            return Ok(());
        }
        let quit = self.session.driver.clone().quit().await;
        if quit.is_ok() {
            self.process = None;
        }
        Ok(quit?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser first: without its driver nobody would end it.
        if let Some(process) = self.process {
            process::kill(process);
        }
        // Keeps the client from asking a browser that is no more.
        let _ = self.session.driver.clone().leak();
    }
}

fn capabilities(kind: Kind, options: &Options, profile: PathBuf) -> Result<Capabilities> {
    match kind {
        Kind::Chromium => chromium::capabilities(options, &profile),
        Kind::Firefox => firefox::capabilities(options, &profile),
    }
}

/// The browser's process id, as its driver tells it.
fn process_of(kind: Kind, web: &WebDriver) -> Option<u32> {
    let name = match kind {
        Kind::Chromium => "goog:processID",
        Kind::Firefox => "moz:processID",
    };
    web.capabilities().get(name).and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok())
}
