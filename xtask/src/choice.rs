//! Which browsers a command is for.

use clap::ValueEnum;

use crate::setup::Need;

/// One browser, or both.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
    /// One after the other.
    Both,
}

impl Choice {
    /// Their names, as the programs of tests/e2e take them.
    pub fn browsers(self) -> &'static [&'static str] {
        match self {
            Choice::Chromium => &["chromium"],
            Choice::Firefox => &["firefox"],
            Choice::Both => &["chromium", "firefox"],
        }
    }

    /// What has to be there for them.
    pub fn need(self) -> Need {
        Need { chromium: self != Choice::Firefox, firefox: self != Choice::Chromium }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shown_browser_is_set_up() {
        for (choice, chromium, firefox) in
            [(Choice::Chromium, true, false), (Choice::Firefox, false, true), (Choice::Both, true, true)]
        {
            let need = choice.need();
            assert_eq!((need.chromium, need.firefox), (chromium, firefox));
            assert_eq!(choice.browsers().contains(&"chromium"), chromium);
            assert_eq!(choice.browsers().contains(&"firefox"), firefox);
        }
    }
}
