//! What a test may ask of a browser.

use std::path::PathBuf;

use anyhow::Result;
use latchkey_lab::Lab;
use serde_json::{Value, json};

use crate::disk::Disk;
use crate::paths;

/// The browsers that are driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chromium, and what is built from it.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// Its name in file names and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// How a browser is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the extension lies unpacked: a folder with `chrome/` and `firefox/`, or one that
    /// both browsers can load.
    pub dist: PathBuf,
    /// The port of the practice site; see [`crate::Browser::lab_url`].
    pub lab_port: u16,
    /// The port of the proxy by which the browser reaches [`latchkey_lab::proxied`]; every other host is
    /// reached without one.
    pub proxy: Option<u16>,
    /// Whether the browser runs without the extension: the measure of what it costs.
    pub bare: bool,
    /// Without windows on a screen.
    pub headless: bool,
    /// Asks pages for their dark colours.
    pub dark: bool,
    /// The language that the extension speaks, by the name of its folder in `_locales`; otherwise the
    /// browser's, or English.
    pub language: Option<&'static str>,
    /// Whether what is said on consoles is kept: see [`crate::Browser::console`].
    pub console: bool,
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// Whether the extension may look at sites from the start.
    pub grant_hosts: bool,
    /// Whether the extension may run in private windows.
    pub private_allowed: bool,
    /// Whether Firefox keeps what sites store apart for each site that a window shows.
    pub isolated: bool,
    /// Optional permissions that the person has given: nobody can press a browser's own button here.
    pub granted: Vec<&'static str>,
    /// What the person's organisation has chosen.
    pub managed: Option<Value>,
    /// What the disk is like.
    pub disk: Disk,
    /// JavaScript that the extension runs before its own: a browser that behaves otherwise.
    pub first: Option<&'static str>,
    /// A profile to use and keep; otherwise an empty one that is thrown away.
    pub profile: Option<PathBuf>,
}

impl Options {
    /// The ordinary case: headless, light, everything granted but private windows.
    pub fn new(lab_port: u16) -> Self {
        Self {
            dist: paths::dist(),
            lab_port,
            proxy: None,
            bare: false,
            headless: true,
            dark: false,
            language: None,
            console: false,
            scale: 1.0,
            grant_hosts: true,
            private_allowed: false,
            isolated: false,
            granted: Vec::new(),
            managed: None,
            disk: Disk::Ample,
            first: None,
            profile: None,
        }
    }

    /// The same with the build in which the background can be held at a named step.
    pub fn with_failpoints(lab_port: u16) -> Self {
        Self { dist: paths::dist_with_failpoints(), ..Self::new(lab_port) }
    }

    /// The same for a lab, of which also the proxy is used.
    pub fn of(lab: &Lab) -> Result<Self> {
        Ok(Self { proxy: Some(lab.proxy()?), ..Self::new(lab.port()) })
    }

    /// Tells a browser which hosts the proxy is for (proxy auto-configuration), as an address.
    pub(crate) fn proxy_rules(&self) -> Option<String> {
        let hosts = json!(latchkey_lab::proxied());
        let rules = format!(
            "function FindProxyForURL(url, host) {{ return {hosts}.includes(host) ? 'PROXY 127.0.0.1:{}' : 'DIRECT'; }}",
            self.proxy?
        );
        let escaped: String = rules.bytes().map(|byte| format!("%{byte:02X}")).collect();
        Some(format!("data:application/x-ns-proxy-autoconfig,{escaped}"))
    }

    /// The folder that this kind of browser loads.
    pub(crate) fn extension(&self, kind: Kind) -> PathBuf {
        let own = self.dist.join(match kind {
            Kind::Chromium => "chrome",
            Kind::Firefox => "firefox",
        });
        if own.is_dir() { own } else { self.dist.clone() }
    }
}
