//! What a token is for. Sending one kind where another is wanted is a common way to be locked
//! out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a token is for, as far as it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// It opens an API (RFC 9068, section 2.1).
    Access,
    /// It tells an app who signed in, and no API should take it (OpenID Connect Core, section 2).
    Id,
    /// It gets new tokens, and no API should take it.
    Refresh,
    /// It ends a session (OpenID Connect Back-Channel Logout, section 2.4).
    Logout,
    /// It does not show.
    #[default]
    Unknown,
}

/// What says of itself what it is comes first, what only tends to be so comes last.
pub(super) fn kind(header: &Map<String, Value>, claims: &Map<String, Value>) -> TokenKind {
    let lower = |fields: &Map<String, Value>, name| {
        fields.get(name).and_then(Value::as_str).map(str::to_ascii_lowercase).unwrap_or_default()
    };
    let typ = lower(header, "typ");
    // RFC 7515, section 4.1.9: `application/` may be left out.
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "at+jwt" => return TokenKind::Access,
        "logout+jwt" => return TokenKind::Logout,
        "refresh" | "refresh+jwt" | "rt+jwt" => return TokenKind::Refresh,
        _ => {}
    }
    // Cognito `token_use`, Keycloak `typ`, Django's Simple JWT `token_type`, Flask-JWT-Extended `type`.
    for name in ["token_use", "typ", "token_type", "type"] {
        match lower(claims, name).as_str() {
            "access" | "bearer" => return TokenKind::Access,
            "id" => return TokenKind::Id,
            "refresh" | "offline" => return TokenKind::Refresh,
            "logout" => return TokenKind::Logout,
            _ => {}
        }
    }
    let has = |name: &str| claims.contains_key(name);
    let logs_out =
        |events: &Value| events.get("http://schemas.openid.net/event/backchannel-logout").is_some();
    if claims.get("events").is_some_and(logs_out) {
        TokenKind::Logout
    } else if has("nonce") || has("at_hash") || has("c_hash") {
        TokenKind::Id
    } else if has("scope") || has("scp") {
        TokenKind::Access
    } else {
        TokenKind::Unknown
    }
}
