//! The extension at work on the practice site.

use std::env;

use crate::choice::Choice;
use crate::setup::Need;
use crate::wasm::Mode;
use crate::{bundle, process, setup};
use anyhow::Result;

/// What to show.
#[derive(clap::Args)]
pub struct Args {
    /// The browser to show it in.
    #[arg(long, value_enum, default_value = "chromium")]
    browser: Choice,
    /// Show the browser's window. This is so anyway where there is a screen.
    #[arg(long)]
    headed: bool,
}

/// Gets what is missing, builds, and runs the demo once for each browser.
pub fn demo(args: &Args) -> Result<()> {
    let tools = setup::setup(args.browser.need())?;
    bundle::build(Mode::Release)?;
    let headed = args.headed || has_screen(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    for browser in args.browser.browsers() {
        let mut cargo = process::cargo();
        cargo.args(["run", "-p", "latchkey-e2e", "--bin", "demo", "--", "--browser", browser]);
        if headed {
            cargo.arg("--headed");
        }
        tools.tell(&mut cargo);
        process::run(&mut cargo)?;
    }
    Ok(())
}

/// Takes a picture of every page in every state, in both browsers.
pub fn shots(words: &[String]) -> Result<()> {
    let tools = setup::setup(Need::BOTH)?;
    bundle::build(Mode::Release)?;
    let mut cargo = process::cargo();
    cargo.args(["run", "-p", "latchkey-e2e", "--bin", "shots", "--"]).args(words);
    tools.tell(&mut cargo);
    process::run(&mut cargo)
}

/// Other systems than those with X11 and Wayland always have a screen.
fn has_screen(is_set: impl Fn(&str) -> bool) -> bool {
    cfg!(any(windows, target_os = "macos")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(any(windows, target_os = "macos")))]
    fn a_screen_is_x11_or_wayland() {
        assert!(has_screen(|name| name == "DISPLAY"));
        assert!(has_screen(|name| name == "WAYLAND_DISPLAY"));
        assert!(!has_screen(|_| false));
    }
}
