//! What a page keeps in the browser by itself: `localStorage` and `sessionStorage` (HTML standard,
//! section 12.2), as far as it matters for a lock-out.

use serde::{Deserialize, Serialize};

use crate::http::authorization::{Credential, Oddity, is_nothing};
use crate::mark::MarkKey;
use crate::redact;

/// Which of a page's two stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Area {
    /// `localStorage`: stays when the browser is closed.
    Local,
    /// `sessionStorage`: lives as long as the tab.
    Session,
}

/// One entry, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredItem {
    /// Where it stands.
    pub area: Area,
    /// Its key as a person is shown it, redacted.
    pub name: String,
    /// Stands for the whole key, which is not kept.
    pub tag: u32,
}

impl StoredItem {
    /// The entry of that key.
    #[must_use]
    pub fn new(area: Area, key: &str, mark: &MarkKey) -> Self {
        Self { area, name: redact::text(&redact::short_name(key)), tag: tag(key, mark) }
    }

    /// Is it the entry of that key?
    #[must_use]
    pub fn is(&self, area: Area, key: &str, mark: &MarkKey) -> bool {
        self.area == area && self.tag == tag(key, mark)
    }
}

fn tag(key: &str, mark: &MarkKey) -> u32 {
    mark.tag(&["stored", key])
}

/// Words in a key that say that a credential stands there.
const TELLS: [&str; 6] = ["token", "auth", "jwt", "bearer", "session", "credential"];

/// Does this entry hold the credential that failed? Its value is the credential, or is JSON that
/// has it somewhere.
#[must_use]
pub fn holds(key: &str, value: &str, credential: &Credential, mark: &MarkKey) -> bool {
    let Some(wanted) = credential.mark else { return false };
    let is_it = |text: &str| {
        let text = text.trim();
        let bare = text.trim_matches('"');
        [text, bare].iter().any(|text| {
            u32::try_from(text.len()).is_ok_and(|size| size == credential.size) && mark.mark(text) == wanted
        })
    };
    if credential.oddities.contains(&Oddity::Nothing) {
        // `undefined` may be stored in many places; only where a credential belongs is it to blame.
        let lower = key.to_ascii_lowercase();
        return TELLS.iter().any(|tell| lower.contains(tell)) && is_nothing(value.trim().trim_matches('"'));
    }
    is_it(value)
        || serde_json::from_str(value).is_ok_and(|value: serde_json::Value| any_text(&value, &is_it, 0))
}

/// Is there a text in this JSON for which it holds?
fn any_text(value: &serde_json::Value, holds: &dyn Fn(&str) -> bool, depth: u8) -> bool {
    use serde_json::Value::{Array, Object, String};
    match value {
        String(text) => holds(text),
        // An application's whole state may be stored; a credential is near its top.
        Array(items) if depth < 6 => items.iter().any(|item| any_text(item, holds, depth + 1)),
        Object(fields) if depth < 6 => fields.values().any(|field| any_text(field, holds, depth + 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::authorization::parse;

    const KEY: MarkKey = MarkKey([5; 16]);

    fn found(key: &str, value: &str, header: &str) -> bool {
        holds(key, value, &parse(header, &KEY), &KEY)
    }

    #[test]
    fn the_entry_that_holds_the_token() {
        assert!(found("x", "abc.def", "Bearer abc.def"));
        assert!(found("x", "\"abc.def\"", "Bearer abc.def"));
        assert!(found("x", r#"{"user":{"access_token":"abc.def"}}"#, "Bearer abc.def"));
        assert!(found("x", "\"abc\"", "Bearer \"abc\""));
        assert!(!found("access_token", "another", "Bearer abc.def"));
        assert!(!found("access_token", r#"{"access_token":"another"}"#, "Bearer abc.def"));
        assert!(!found("password", "me:pw", "Basic bWU6cHc="), "passwords are not compared");
    }

    #[test]
    fn nothing_is_looked_for_where_a_credential_belongs() {
        assert!(found("auth_token", "undefined", "Bearer undefined"));
        assert!(found("token", "\"null\"", "Bearer null"));
        assert!(!found("theme", "undefined", "Bearer undefined"));
        assert!(!found("token", "good", "Bearer undefined"));
    }

    #[test]
    fn a_key_that_holds_a_secret_is_not_kept() {
        let item = StoredItem::new(Area::Local, "oidc.user:aXbQkmPzRt3w9", &KEY);
        assert!(!item.name.contains("aXbQ"), "{}", item.name);
        assert!(item.is(Area::Local, "oidc.user:aXbQkmPzRt3w9", &KEY));
        assert!(!item.is(Area::Session, "oidc.user:aXbQkmPzRt3w9", &KEY));
    }
}
