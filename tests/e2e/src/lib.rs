//! Drives a real browser with the extension loaded.
//!
//! - [`Browser::launch`] starts Chromium or Firefox with its own driver and an empty profile.
//! - [`Page`] is one tab: evaluate, click, wait for a state, take a picture.
//! - [`play`] walks through a scenario of the practice site; [`trial`] through any of them, to count.
//! - [`gallery`] is the table of all pages in all states; [`axe`] checks one for accessibility.
//! - [`wait_for`] waits for a state with a deadline; nothing here sleeps for a fixed time.
//!
//! Each page is addressed by its window handle, so that a popup and the site that it speaks of
//! can be looked at in turn without one disturbing the other.

pub mod arguments;
mod asked;
pub mod axe;
pub mod bench;
mod browser;
pub mod canary;
mod chromium;
mod disk;
mod driver;
mod extension;
mod firefox;
mod folder;
pub mod gallery;
mod history;
mod jar;
mod memory;
pub mod mends;
mod options;
mod page;
pub mod paths;
mod permissions;
pub mod play;
mod process;
mod records;
mod session;
pub mod soak;
pub mod trial;
mod variant;
mod wait;

pub use browser::Browser;
pub use disk::Disk;
pub use jar::Dice;
pub use options::{Kind, Options};
pub use page::Page;
pub use records::Census;
pub use wait::{DEADLINE, wait_for, wait_for_within};

/// A test for each browser from async functions that take a [`Kind`].
#[macro_export]
macro_rules! in_both {
    ($($name:ident)*) => {
        mod chromium {
            $(#[tokio::test] async fn $name() -> anyhow::Result<()> {
                super::$name(latchkey_e2e::Kind::Chromium).await
            })*
        }
        mod firefox {
            $(#[tokio::test] async fn $name() -> anyhow::Result<()> {
                super::$name(latchkey_e2e::Kind::Firefox).await
            })*
        }
    };
}
