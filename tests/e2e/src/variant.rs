//! The extension as a test wants it loaded: the built one, or a copy that differs.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::folder::copy;
use crate::{Disk, Kind, Options};

/// Makes the copy where one is wanted, and returns the options to start the browser with.
pub(crate) fn prepare(kind: Kind, options: &Options, folder: &Path) -> Result<Options> {
    let mut options = options.clone();
    let is_exempt = kind == Kind::Chromium && options.disk == Disk::Limited;
    let is_built = options.granted.is_empty() && options.language.is_none() && options.first.is_none();
    if is_built && !is_exempt {
        return Ok(options);
    }
    let own = folder.join("extension");
    copy(&options.extension(kind), &own)?;
    let file = own.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    let permissions = manifest["permissions"].as_array_mut().context("no permissions")?;
    permissions.retain(|permission| !(is_exempt && permission == "unlimitedStorage"));
    permissions.extend(options.granted.iter().map(|name| json!(name)));
    std::fs::write(&file, serde_json::to_vec(&manifest)?)?;
    if let Some(language) = options.language.filter(|language| *language != "en") {
        // A browser shows the language that it has been installed in, and English in place of all
        // others: those stand there then.
        let messages = |language: &str| own.join("_locales").join(language).join("messages.json");
        std::fs::copy(messages(language), messages("en")).with_context(|| format!("no {language}"))?;
    }
    if let Some(first) = options.first {
        // What all others take the browser from.
        let file = own.join("browser.js");
        let text = std::fs::read_to_string(&file)?;
        std::fs::write(&file, format!("{first}\n{text}"))?;
    }
    options.dist = own;
    Ok(options)
}
