//! How much memory the extension's process takes.

use std::fs;

use anyhow::{Context, Result};

use crate::{Browser, Kind, firefox};

impl Browser {
    /// Has Firefox give back the memory that nobody uses any more, which it otherwise does when it likes.
    pub async fn tidy(&self) -> Result<()> {
        if self.kind() == Kind::Firefox {
            let turn = self.session.at(self.site().window()).await?;
            firefox::tidy(&turn).await?;
        }
        Ok(())
    }

    /// What the process of the extension holds that is its own alone (`RssAnon` of proc(5)), in bytes. Its
    /// pages live there as well.
    pub fn extension_memory(&self) -> Result<u64> {
        // Chromium tells it by an argument, Firefox by the process's name.
        let (file, sign) = match self.kind() {
            Kind::Chromium => ("cmdline", "--extension-process"),
            Kind::Firefox => ("comm", "WebExtensions"),
        };
        let root = self.process_id().context("no process")?;
        let mut most = None;
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            let words = fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
            if words.split(['\0', ' ', '\n']).any(|word| word == sign)
                && ancestors(id).any(|ancestor| ancestor == root)
            {
                most = most.max(private(id));
            }
        }
        most.context("no process of the extension")
    }
}

fn ancestors(id: u32) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(id), |id| field(*id, "PPid:").and_then(|parent| u32::try_from(parent).ok()))
        .take_while(|id| *id > 1)
}

fn private(id: u32) -> Option<u64> {
    Some(field(id, "RssAnon:")? * 1024)
}

/// A number of proc(5)'s `status`.
fn field(id: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
