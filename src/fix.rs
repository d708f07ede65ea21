//! A fix as data: what one click does, what it risks, whether it can be undone.

use serde::{Deserialize, Serialize};

use crate::http::cookie::CookieId;

/// The fixes, in the order from the least to the most destructive (DESIGN: "Fixes").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixId {
    /// Loads the page again.
    Retry,
    /// Loads it again past the HTTP cache.
    ReloadFresh,
    /// The same page in a private window: a test that changes nothing.
    OpenPrivateWindow,
    /// Goes to the site's sign-in page.
    SignIn,
    /// Removes just the suspect cookies.
    RemoveCookies,
}

impl FixId {
    /// All of them, from the least destructive on.
    pub const ALL: [Self; 5] =
        [Self::Retry, Self::ReloadFresh, Self::SignIn, Self::OpenPrivateWindow, Self::RemoveCookies];

    /// The id that stands in pages, records, JSON and message keys.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::ReloadFresh => "reload_fresh",
            Self::OpenPrivateWindow => "open_private_window",
            Self::SignIn => "sign_in",
            Self::RemoveCookies => "remove_cookies",
        }
    }

    /// The fix of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fix| fix.id() == id)
    }

    /// Does it take something away from the browser?
    #[must_use]
    pub fn is_destructive(self) -> bool {
        matches!(self, Self::RemoveCookies)
    }

    /// Can it be undone?
    #[must_use]
    pub fn has_undo(self) -> bool {
        matches!(self, Self::RemoveCookies)
    }
}

/// A fix that is offered for an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Which fix.
    pub fix: FixId,
    /// The cookies it would remove, for the preview and for the deed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<CookieId>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Offer {
    /// An offer that removes nothing.
    #[must_use]
    pub fn plain(fix: FixId) -> Self {
        Self { fix, cookies: Vec::new(), url: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_everywhere() {
        for fix in FixId::ALL {
            assert_eq!(FixId::from_id(fix.id()), Some(fix));
            assert_eq!(serde_json::to_value(fix).unwrap(), fix.id());
        }
    }
}
