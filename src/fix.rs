//! A fix as data: what one click does, what it risks, whether it can be undone.

use serde::{Deserialize, Serialize};

use crate::http::cookie::CookieId;
use crate::stored::StoredItem;

/// What a click on a fix sets going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// A page is loaded: the same one, or another.
    Load,
    /// Something is taken out of the browser, then the page is loaded.
    Remove,
    /// Something is opened whose result only the person can see.
    Test,
    /// The popup shows, or copies, what the person can do with it.
    Advice,
}

/// Declares the fixes once, from the least to the most destructive: their order is the ladder's
/// (docs/architecture.md: "What always holds").
macro_rules! fixes {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $manner:ident, undo: $undo:literal;)*) => {
        /// The fixes, in the order from the least to the most destructive.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FixId {
            $($(#[$doc])* $variant,)*
        }

        impl FixId {
            /// All of them, from the least destructive on.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id that stands in pages, records, JSON and message keys.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What a click sets going.
            #[must_use]
            pub fn manner(self) -> Manner {
                match self { $(Self::$variant => Manner::$manner,)* }
            }

            /// Can it be undone?
            #[must_use]
            pub fn has_undo(self) -> bool {
                match self { $(Self::$variant => $undo,)* }
            }
        }
    };
}

fixes! {
    /// Loads the page again.
    Retry = "retry", Load, undo: false;
    /// Loads it again past the HTTP cache.
    ReloadFresh = "reload_fresh", Load, undo: false;
    /// Goes to the site's sign-in page.
    SignIn = "sign_in", Load, undo: false;
    /// Goes to the address that the sign-in belongs to.
    OpenCorrectedUrl = "open_corrected_url", Load, undo: false;
    /// The same page in a private window: a test that changes nothing.
    OpenPrivateWindow = "open_private_window", Test, undo: false;
    /// Goes to where the site sets a new password, for who forgot it.
    ResetPassword = "reset_password", Load, undo: false;
    /// Goes to where the site changes a password (the `change-password` well-known URL).
    ChangePassword = "change_password", Load, undo: false;
    /// Opens the page of the proxy or the portal that wants a sign-in.
    NetworkSignIn = "network_sign_in", Load, undo: false;
    /// The measured difference of the clocks, and how to set this machine's.
    FixClock = "fix_clock", Advice, undo: false;
    /// Where a key or token is issued, and what to update with it.
    RenewToken = "renew_token", Advice, undo: false;
    /// A report for the site's administrator: what is missing.
    AskForAccess = "ask_for_access", Advice, undo: false;
    /// How to find out whether another extension is in the way.
    CheckExtensions = "check_extensions", Advice, undo: false;
    /// Another browser, device or network.
    TryElsewhere = "try_elsewhere", Advice, undo: false;
    /// How to make the system forget old addresses of hosts.
    FlushDns = "flush_dns", Advice, undo: false;
    /// Is it down for everybody?
    CheckStatus = "check_status", Advice, undo: false;
    /// A redacted report for support.
    CopyReport = "copy_report", Advice, undo: false;
    /// What the site's owner has to mend, with an example.
    ForTheOwner = "for_the_owner", Advice, undo: false;
    /// Makes the browser forget its cached login, cookies kept.
    ForgetHttpLogin = "forget_http_login", Remove, undo: false;
    /// Removes the one stored entry that holds the failing credential.
    RemoveStoredToken = "remove_stored_token", Remove, undo: true;
    /// Removes just the suspect cookies.
    RemoveCookies = "remove_cookies", Remove, undo: true;
    /// Removes all cookies of the site.
    ClearSiteCookies = "clear_site_cookies", Remove, undo: true;
    /// Unregisters the site's service workers, and drops their caches.
    ClearServiceWorker = "clear_service_worker", Remove, undo: false;
    /// Removes all that the site has stored; its cookies can be put back.
    ClearSiteData = "clear_site_data", Remove, undo: true;
}

impl FixId {
    /// The fix of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fix| fix.id() == id)
    }

    /// Does it take something away from the browser?
    #[must_use]
    pub fn is_destructive(self) -> bool {
        self.manner() == Manner::Remove
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
    /// The stored entries it would remove.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<StoredItem>,
    /// The domain under which it works, where the browser cannot do it for the site alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaches: Option<String>,
    /// How often it brought this site back, of how often it was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<(u32, u32)>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where it goes when the site has nothing there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

impl Offer {
    /// An offer that removes nothing.
    #[must_use]
    pub fn plain(fix: FixId) -> Self {
        Self {
            fix,
            cookies: Vec::new(),
            items: Vec::new(),
            reaches: None,
            record: None,
            url: None,
            otherwise: None,
        }
    }

    /// How many things it would remove, as the person was told.
    #[must_use]
    pub fn removes(&self) -> usize {
        self.cookies.len() + self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_everywhere() {
        for fix in FixId::ALL {
            assert_eq!(FixId::from_id(fix.id()), Some(*fix));
            assert_eq!(serde_json::to_value(fix).unwrap(), fix.id());
        }
    }

    #[test]
    fn what_removes_nothing_has_nothing_to_undo() {
        for fix in FixId::ALL {
            assert!(!fix.has_undo() || fix.is_destructive(), "{}", fix.id());
        }
    }
}
