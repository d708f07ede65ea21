//! Where the browsers, their drivers and the built extension are.

use std::env;
use std::path::PathBuf;

use crate::Kind;

/// The folder with `chrome/` and `firefox/`.
pub(crate) fn dist() -> PathBuf {
    or_default("LATCHKEY_DIST", || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist")))
}

/// The same, of the build in which the background can be held at a named step.
pub(crate) fn dist_with_failpoints() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/failpoints");
    or_default("LATCHKEY_DIST_WITH_FAILPOINTS", || PathBuf::from(default))
}

/// The modules of `tests/e2e/least`, as `cargo xtask bench` builds them.
pub fn least() -> PathBuf {
    or_default("LATCHKEY_LEAST", || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/least")))
}

/// The browser's program.
pub(crate) fn browser(kind: Kind) -> PathBuf {
    match kind {
        // Not Debian's /usr/bin/chromium: that wrapper also loads every packaged extension.
        Kind::Chromium => or_default("LATCHKEY_CHROMIUM", || PathBuf::from("/usr/lib/chromium/chromium")),
        Kind::Firefox => or_default("LATCHKEY_FIREFOX", || PathBuf::from("/usr/bin/firefox-esr")),
    }
}

/// The browser's WebDriver.
pub(crate) fn driver(kind: Kind) -> PathBuf {
    match kind {
        Kind::Chromium => or_default("LATCHKEY_CHROMEDRIVER", || PathBuf::from("/usr/bin/chromedriver")),
        Kind::Firefox => or_default("LATCHKEY_GECKODRIVER", || {
            let home = env::home_dir().unwrap_or_default();
            home.join(".cache/latchkey/tools/bin/geckodriver")
        }),
    }
}

/// The checker of accessibility, as `cargo xtask setup` gets it from npm.
pub(crate) fn axe() -> PathBuf {
    or_default("LATCHKEY_AXE", || {
        let home = env::home_dir().unwrap_or_default();
        home.join(".cache/latchkey/tools/axe/node_modules/axe-core/axe.min.js")
    })
}

fn or_default(name: &str, default: impl FnOnce() -> PathBuf) -> PathBuf {
    env::var_os(name).map_or_else(default, PathBuf::from)
}
