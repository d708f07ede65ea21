//! Everything that the extension keeps, says or hands out, to be searched for secrets.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use crate::{Browser, Kind};

impl Browser {
    /// All that is in the extension's databases and storage areas, as one text: what is binary, letter by
    /// letter.
    pub async fn kept(&self) -> Result<String> {
        let kept = self.extension_eval(KEPT).await?;
        Ok(kept.as_str().unwrap_or_default().to_owned())
    }

    /// What was said on consoles since the start, where [`crate::Options::console`] asked for it. Chromium
    /// says of each line where it is from; of pages on the web nothing is wanted.
    pub fn console(&self) -> Result<String> {
        match self.kind() {
            Kind::Firefox => Ok(self.driver_log()),
            Kind::Chromium => {
                let log = std::fs::read(self.profile().join(LOG))?;
                let log = String::from_utf8_lossy(&log).into_owned();
                let is_ours = |line: &&str| line.contains(":CONSOLE") && !line.contains("source: http");
                Ok(log.lines().filter(is_ours).collect::<Vec<_>>().join("\n"))
            }
        }
    }
}

/// Chromium's log, in the profile.
pub(crate) const LOG: &str = "chromium.log";

const KEPT: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const letters = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    const plain = (_, value) => {
        if (value instanceof ArrayBuffer) return letters(new Uint8Array(value));
        if (ArrayBuffer.isView(value)) return letters(new Uint8Array(value.buffer));
        if (value instanceof Map || value instanceof Set) return [...value];
        return value;
    };
    const all = {};
    for (const { name } of await indexedDB.databases()) {
        const database = await wait(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const records = database.transaction(store).objectStore(store);
            all[`${name} ${store}`] = [await wait(records.getAllKeys()), await wait(records.getAll())];
        }
        database.close();
    }
    for (const area of ['local', 'session', 'sync']) all[area] = await chrome.storage[area].get(null);
    return JSON.stringify(all, plain);";

/// The places where a secret is found, in any of the ways that it may be written.
pub fn found<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for secret in secrets {
        for (way, written) in ways(secret) {
            if let Some(at) = text.find(&written) {
                let before: String = text[..at].chars().rev().take(60).collect();
                let before: String = before.chars().rev().collect();
                found.push(format!("{secret} ({way}): {before}…"));
            }
        }
    }
    found
}

/// A secret as it is, and as it would be written by those who do not mean to.
fn ways(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let mut ways = vec![
        ("as it is", secret.to_owned()),
        ("hex", hex.to_uppercase()),
        ("hex", hex),
        ("percent", percent),
    ];
    if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        ways.push(("form", form(secret)));
    }
    // Base64 of something around it: three ways, by where it begins; the digits at both ends hang on
    // what stands beside them.
    for before in 0..3 {
        let text = latchkey_lab::token::base64(&[&vec![b' '; before], bytes].concat());
        let whole = text.trim_end_matches('=');
        let from = if before == 0 { 0 } else { before + 1 };
        let inner = &whole[from..whole.len() - usize::from(!(before + bytes.len()).is_multiple_of(3))];
        ways.push(("base64", inner.to_owned()));
        if inner.contains(['+', '/']) {
            ways.push(("base64url", inner.replace('+', "-").replace('/', "_")));
        }
    }
    ways
}

/// As forms write it (application/x-www-form-urlencoded).
fn form(secret: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"*-._".contains(&byte);
    secret
        .bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Everything that the extension has on disk in a profile, byte by byte. What a database has packed is
/// not seen here, but by [`Browser::kept`].
pub fn on_disk(kind: Kind, profile: &Path) -> Result<Vec<(String, String)>> {
    let roots: &[&str] = match kind {
        Kind::Chromium => {
            &["Default/IndexedDB", "Default/Local Extension Settings", "Default/Sync Extension Settings"]
        }
        Kind::Firefox => &["storage/default", "browser-extension-data", "storage-sync-v2.sqlite"],
    };
    let mut files = Vec::new();
    let mut left: Vec<_> = roots.iter().map(|root| profile.join(root)).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path)?.filter_map(|entry| Some(entry.ok()?.path())));
            continue;
        }
        let name = path.to_string_lossy().into_owned();
        // What the sites themselves have stored is theirs.
        let is_ours = roots.iter().skip(1).any(|root| name.contains(root)) && !name.contains("+++http")
            || name.contains("-extension");
        if is_ours && path.is_file() {
            let bytes = std::fs::read(&path)?;
            files.push((name, bytes.iter().map(|byte| char::from(*byte)).collect()));
        }
    }
    Ok(files)
}

/// The values of cookies that are long enough to be told from words.
pub fn values(jar: &[Value]) -> impl Iterator<Item = &str> {
    jar.iter().filter_map(|cookie| cookie["value"].as_str()).filter(|value| value.len() >= 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let secret = "s3cr3t+V4lu3/=";
        let base64 = |text: &str| latchkey_lab::token::base64(text.as_bytes());
        for text in [
            secret.to_owned(),
            base64(secret),
            base64(&format!("sam:{secret}")),
            base64(&format!("sam: {secret} and more")),
            base64(&format!("user {secret}")).replace('+', "-").replace('/', "_"),
            "73336372".to_owned() + "3374" + "2b56346c75332f3d",
            "token=s3cr3t%2BV4lu3%2F%3D&x".to_owned(),
        ] {
            assert!(!found(&format!("a {text} b"), [secret]).is_empty(), "{text}");
        }
        assert!(found("s3cr3t and V4lu3", [secret]).is_empty());
    }
}
