//! No way in: what the manifest opens, and what the extension's own scripts may run.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn manifest() -> Value {
    serde_json::from_slice(&std::fs::read(root().join("manifest.json")).unwrap()).unwrap()
}

fn scripts() -> Vec<(PathBuf, String)> {
    let files = std::fs::read_dir(root().join("extension")).unwrap().map(|file| file.unwrap().path());
    let own = files.filter(|file| file.extension().is_some_and(|kind| kind == "js" || kind == "html"));
    own.map(|file| (file.clone(), std::fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn neither_pages_nor_other_extensions_are_let_in() {
    let manifest = manifest();
    for door in ["externally_connectable", "content_scripts", "web_accessible_resources", "sandbox"] {
        assert!(manifest.get(door).is_none(), "{door}");
    }
    for (file, text) in scripts() {
        for listener in ["onMessageExternal", "onConnectExternal", "onUserScriptMessage"] {
            assert!(!text.contains(listener), "{}: {listener}", file.display());
        }
    }
}

#[test]
fn nothing_runs_but_what_is_in_the_package() {
    let policies = &manifest()["content_security_policy"];
    assert_eq!(policies.as_object().unwrap().keys().collect::<Vec<_>>(), ["extension_pages"]);
    let policy = policies["extension_pages"].as_str().unwrap();
    let mut defaults = None;
    for directive in policy.split(';') {
        let (name, sources) = directive.trim().split_once(' ').unwrap();
        for source in sources.split(' ') {
            let is_own = ["'none'", "'self'"].contains(&source)
                || (name == "script-src" && source == "'wasm-unsafe-eval'");
            assert!(is_own, "{name} {source}");
        }
        if name == "default-src" {
            defaults = Some(sources);
        }
    }
    assert_eq!(defaults, Some("'none'"), "what is not named is refused");
}

#[test]
fn scripts_make_no_code_of_text_and_load_none_from_elsewhere() {
    let ways = [
        "eval(",
        "Function(",
        "setTimeout(\"",
        "setTimeout('",
        "document.write",
        "innerHTML",
        "http://",
        "https://",
    ];
    for (file, text) in scripts() {
        for way in ways {
            assert!(!text.contains(way), "{}: {way}", file.display());
        }
        if file.extension().is_some_and(|kind| kind == "html") {
            let scripts: Vec<&str> = text.split("<script").skip(1).collect();
            for script in scripts {
                assert!(script.starts_with(" type=\"module\" src=\""), "{}: {script}", file.display());
            }
            assert!(!text.contains(" on"), "{}: a handler in the page", file.display());
        }
    }
}
