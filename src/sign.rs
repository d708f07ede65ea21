//! What servers say in their own words: one table of documented texts and what each means.
//!
//! A server's text is turned into a [`Sign`] where it is observed, and dropped; so nothing of it is
//! kept, and rules do not each search for words of their own.

mod account;
mod edge;
mod key;
mod scope;
mod session;
mod table;
mod token;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::sorted::Set;

pub use table::{Row, rows};

/// What a server said, whatever its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sign {
    /// The token's time is over.
    TokenExpired,
    /// The token's time has not come.
    TokenNotYet,
    /// The token was withdrawn before its time.
    TokenRevoked,
    /// The token is for somebody else.
    WrongAudience,
    /// The token was made by somebody else.
    WrongIssuer,
    /// The token's signature does not fit.
    BadSignature,
    /// The key that the token was signed with is not known.
    UnknownKey,
    /// What was sent cannot be read as a credential.
    Malformed,
    /// No credential was found in the request.
    NoCredential,
    /// The credential is good, and not for this.
    NeedsScope,
    /// A stronger or fresher sign-in is wanted.
    NeedsStepUp,
    /// The renewal was refused (`invalid_grant`).
    InvalidGrant,
    /// The key of an API is missing.
    ApiKeyMissing,
    /// The key of an API is not known.
    ApiKeyWrong,
    /// Name and password were read and are not right.
    WrongPassword,
    /// The account is locked, throttled or asks for a captcha.
    Locked,
    /// Somebody else is signed in.
    OtherAccount,
    /// The session's time is over.
    SessionTimedOut,
    /// The session was ended by somebody.
    SignedOut,
    /// The guard against forged forms did not fit.
    BadGuard,
    /// An edge wants a proof of being no robot.
    BotChallenge,
    /// An edge refused the request or its address.
    EdgeBlocked,
    /// The nonce of Digest is old or unknown.
    StaleNonce,
    /// The way to check sign-ins is itself broken.
    BackendBroken,
    /// The head of the request is too big.
    HeadTooLarge,
    /// The session cookie was read and cannot be opened or verified.
    SessionUnreadable,
    /// A cookie that the server has just set did not come back.
    CookieNotBack,
    /// The sign-in of Windows could not be completed (Kerberos, NTLM).
    KerberosFailed,
    /// The network on the way answered, not the site.
    ByNetwork,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a response header of this name.
    Header(&'static str),
    /// In `error_description` of a challenge (RFC 6750, section 3), or in another parameter that
    /// holds a sentence.
    Description,
    /// In the address that a redirect leads to.
    Location,
    /// In the body; recordings have it, the live extension never reads it.
    Body,
}

/// Reads the signs of a text that stands in a place; `text` in any case.
pub fn read(place: Place, text: &str, found: &mut Vec<Sign>) {
    let text = text.to_ascii_lowercase();
    for row in rows().filter(|row| row.is_at(place)) {
        if row.text.split('*').all(|part| text.contains(part)) && !found.contains(&row.sign) {
            found.push(row.sign);
        }
    }
}

/// Reads the signs of a response header; `name` in lower case.
pub fn read_header(name: &str, value: &str, found: &mut Vec<Sign>) {
    if let Some(known) = HEADERS.get(name) {
        read(Place::Header(known), value, found);
    }
}

/// The names of headers that a row is about, in order: nearly every header is none of them.
static HEADERS: LazyLock<Set<&'static str>> = LazyLock::new(|| {
    let name = |row: &Row| match row.place {
        Place::Header(name) => Some(name),
        _ => None,
    };
    rows().filter_map(name).collect()
});

impl Row {
    fn is_at(&self, place: Place) -> bool {
        // What a description says, a body may say as well.
        self.place == place || (self.place == Place::Description && place == Place::Body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(place: Place, text: &str) -> Vec<Sign> {
        let mut found = Vec::new();
        read(place, text, &mut found);
        found
    }

    #[test]
    fn words_of_servers() {
        let description = |text| signs(Place::Description, text);
        assert_eq!(description("The access token expired"), [Sign::TokenExpired]);
        assert_eq!(description("JWT expired"), [Sign::TokenExpired]);
        assert_eq!(description("The token is not valid before '2026'"), [Sign::TokenNotYet]);
        assert_eq!(description("The token is valid"), []);
        assert_eq!(
            signs(Place::Header("x-seraph-loginreason"), "AUTHENTICATED_FAILED"),
            [Sign::WrongPassword]
        );
        assert_eq!(signs(Place::Header("x-other"), "AUTHENTICATED_FAILED"), []);
    }

    #[test]
    fn the_table_is_sound() {
        for row in super::rows() {
            assert_eq!(row.text, row.text.to_ascii_lowercase(), "needles are lower case");
            // A header may say it by being there.
            let is_presence = row.text.is_empty() && matches!(row.place, Place::Header(_));
            assert!(!row.source.is_empty() && (row.text.len() > 3 || is_presence), "{}", row.text);
            if let Place::Header(name) = row.place {
                assert_eq!(name, name.to_ascii_lowercase());
            }
        }
    }
}
