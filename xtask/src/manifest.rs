//! One source manifest, patched for each browser.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

/// A browser family that the extension is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chrome, Chromium and their kin.
    Chrome,
    /// Firefox.
    Firefox,
}

use Browser::{Chrome, Firefox};

impl Browser {
    /// Every browser there is a build for.
    pub const ALL: [Browser; 2] = [Chrome, Firefox];

    /// Its folder in `dist`.
    pub fn folder(self) -> &'static str {
        match self {
            Chrome => "chrome",
            Firefox => "firefox",
        }
    }

    /// Keys that mean nothing to this browser: its store's linter warns of each.
    fn foreign_keys(self) -> &'static [&'static [&'static str]] {
        match self {
            Chrome => &[&["background", "scripts"], &["sidebar_action"], &["browser_specific_settings"]],
            // Firefox takes policies without a schema.
            Firefox => &[
                &["background", "service_worker"],
                &["side_panel"],
                &["storage"],
                &["minimum_chrome_version"],
            ],
        }
    }
}

/// The permissions that Latchkey may ask for, who knows them, and what in the code needs them. One that is not
/// here fails the build, as a new permission is a decision, and a misspelt one is silently ignored by browsers.
/// So does one that no code needs any more.
const PERMISSIONS: &[(&str, &[Browser], &str)] = &[
    ("alarms", &Browser::ALL, "\"alarms\""),
    ("browsingData", &Browser::ALL, "\"browsingData\""),
    ("cookies", &Browser::ALL, "\"cookies\""),
    ("notifications", &Browser::ALL, "\"notifications\""),
    ("scripting", &Browser::ALL, "\"scripting\""),
    ("storage", &Browser::ALL, "\"storage\""),
    // Of a tab its address is read.
    ("tabs", &Browser::ALL, "\"tabs\""),
    // IndexedDB: a history is not to be thrown away when the disk is short.
    ("unlimitedStorage", &Browser::ALL, "idb::"),
    ("webRequest", &Browser::ALL, "api.webRequest"),
    ("sidePanel", &[Chrome], "\"sidePanel\""),
    // What follows serves recipes that only Firefox needs.
    ("declarativeNetRequestWithHostAccess", &[Firefox], "\"declarativeNetRequest\""),
    ("webRequestAuthProvider", &[Firefox], "\"blocking\""),
];

/// Fails on a permission of a patched manifest that nothing in the code needs.
pub fn check_use(manifest: &str, code: &str) -> Result<()> {
    let manifest: Value = serde_json::from_str(manifest).context("the manifest is not JSON")?;
    for list in ["permissions", "optional_permissions"] {
        for permission in manifest[list].as_array().into_iter().flatten() {
            let sign = PERMISSIONS.iter().find(|(name, ..)| permission == *name).map(|(_, _, sign)| *sign);
            if !sign.is_some_and(|sign| code.contains(sign)) {
                bail!(
                    "manifest.json: no code needs the permission {permission}. Ask for what is used alone."
                );
            }
        }
    }
    Ok(())
}

/// The manifest for one browser, made from the text of the source manifest.
pub fn patch(source: &str, browser: Browser, version: &str) -> Result<String> {
    let mut manifest: Map<String, Value> =
        serde_json::from_str(source).context("manifest.json is not a JSON object")?;
    manifest.insert("version".to_owned(), version.into());
    for path in browser.foreign_keys() {
        remove(&mut manifest, path);
    }
    for list in ["permissions", "optional_permissions"] {
        if let Some(Value::Array(permissions)) = manifest.get_mut(list) {
            keep_known_to(browser, permissions)?;
        }
    }
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn remove(object: &mut Map<String, Value>, path: &[&str]) {
    match path {
        [] => {}
        // Plain `remove` would move the last key into the gap.
        [key] => drop(object.shift_remove(*key)),
        [key, rest @ ..] => {
            if let Some(Value::Object(inner)) = object.get_mut(*key) {
                remove(inner, rest);
            }
        }
    }
}

fn keep_known_to(browser: Browser, permissions: &mut Vec<Value>) -> Result<()> {
    let mut kept = Vec::new();
    for permission in permissions.drain(..) {
        let Some((_, browsers, _)) = PERMISSIONS.iter().find(|(name, ..)| permission == *name) else {
            bail!(
                "manifest.json: unknown permission {permission}. Add it to the table in xtask/src/manifest.rs."
            );
        };
        if browsers.contains(&browser) {
            kept.push(permission);
        }
    }
    *permissions = kept;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SOURCE: &str = include_str!("../../manifest.json");

    fn real(browser: Browser) -> Value {
        serde_json::from_str(&patch(SOURCE, browser, "9.8.7").unwrap()).unwrap()
    }

    fn keys(object: &Value) -> Vec<&str> {
        object.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn each_browser_gets_its_own_background_and_panel() {
        let (chrome, firefox) = (real(Chrome), real(Firefox));
        assert_eq!(keys(&chrome["background"]), ["service_worker", "type"]);
        assert_eq!(keys(&firefox["background"]), ["scripts", "type"]);
        assert!(chrome["side_panel"].is_object() && firefox["side_panel"].is_null());
        assert!(chrome["sidebar_action"].is_null() && firefox["sidebar_action"].is_object());
        assert!(chrome["minimum_chrome_version"].is_string() && firefox["minimum_chrome_version"].is_null());
        assert!(chrome["storage"].is_object() && firefox["storage"].is_null());
        assert!(chrome["browser_specific_settings"].is_null());
        assert!(firefox["browser_specific_settings"]["gecko"]["id"].is_string());
    }

    #[test]
    fn each_browser_gets_the_permissions_it_knows() {
        for (browser, wants_side_panel) in [(Chrome, true), (Firefox, false)] {
            let manifest = real(browser);
            let permissions = manifest["permissions"].as_array().unwrap();
            assert_eq!(permissions.iter().any(|name| name == "sidePanel"), wants_side_panel);
            assert!(permissions.iter().any(|name| name == "cookies"));
        }
        let source = r#"{"permissions":["webRequestAuthProvider"],"optional_permissions":["tabs","webRequestAuthProvider"]}"#;
        let chrome: Value = serde_json::from_str(&patch(source, Chrome, "1").unwrap()).unwrap();
        assert_eq!(chrome["permissions"], serde_json::json!([]));
        assert_eq!(chrome["optional_permissions"], serde_json::json!(["tabs"]));
    }

    #[test]
    fn a_permission_that_no_code_needs_fails_the_build() {
        let source = r#"{"permissions":["alarms"],"optional_permissions":["notifications"]}"#;
        let manifest = patch(source, Chrome, "1").unwrap();
        let both = r#"js_namespace = ["chrome", "alarms"] ["chrome", "notifications"]"#;
        assert!(check_use(&manifest, both).is_ok());
        let error = check_use(&manifest, r#"["chrome", "alarms"]"#).unwrap_err().to_string();
        assert!(error.contains("notifications"), "{error}");
    }

    #[test]
    fn an_unknown_permission_fails_the_build() {
        for list in ["permissions", "optional_permissions"] {
            let source = format!(r#"{{"{list}":["cookies","cokies"]}}"#);
            let error = patch(&source, Chrome, "1").unwrap_err().to_string();
            assert!(error.contains(r#"unknown permission "cokies""#), "{error}");
        }
    }

    #[test]
    fn the_order_of_keys_is_kept() {
        let source: Value = serde_json::from_str(SOURCE).unwrap();
        for browser in Browser::ALL {
            let manifest = real(browser);
            let kept = keys(&manifest);
            let wanted: Vec<_> = keys(&source).into_iter().filter(|key| kept.contains(key)).collect();
            assert_eq!(kept, wanted);
        }
    }

    #[test]
    fn the_version_is_the_workspace_s() {
        assert_eq!(real(Chrome)["version"], "9.8.7");
    }
}
