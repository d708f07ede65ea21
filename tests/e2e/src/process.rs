//! Ending processes by their id.

use rustix::process::{Pid, Signal, kill_process};

/// Kills a browser that its driver cannot be asked to end any more.
pub(crate) fn kill(id: u32) {
    if let Some(id) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // It may have ended by itself, which is as good.
        let _ = kill_process(id, Signal::KILL);
    }
}

/// Whether this user is root, for whom Chromium's sandbox does not work.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
