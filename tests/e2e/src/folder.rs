//! A folder that vanishes with its browser.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io};

use tempfile::TempDir;

/// Like `TempDir`, but patient: the children of a killed browser go on writing for a moment.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        tempfile::Builder::new().prefix("latchkey-e2e-").tempdir().map(Self)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let begun = Instant::now();
        while self.path().exists() && begun.elapsed() < Duration::from_secs(3) {
            if std::fs::remove_dir_all(self.path()).is_err() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
