//! JSON Web Tokens (RFC 7519): what one says of itself. Never trusted, never verified; the
//! signature and private claims are not kept.
//!
//! Decisions: padding and plain base64 are read and told as oddities, and so are dates in text or
//! in milliseconds, which are taken as they were meant; of an encrypted token (JWE, RFC 7516) the
//! header is read; base64 is decoded here, since no crate for it is needed otherwise.

mod kind;
mod reading;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use kind::TokenKind;
pub use reading::{LONGEST, Oddity, Reading, decode_base64url};

use crate::redact;
use crate::time::Time;

/// What is kept of a token: header names, dates and public claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenFacts {
    /// `alg` of the header (RFC 7515, section 4.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// `typ` of the header (RFC 7515, section 4.1.9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    /// Does the header name a key (`kid`; RFC 7515, section 4.1.4)?
    #[serde(skip_serializing_if = "is_false")]
    pub key_id: bool,
    /// Encrypted (JWE): the claims cannot be read.
    #[serde(skip_serializing_if = "is_false")]
    pub encrypted: bool,
    /// What it is for.
    #[serde(skip_serializing_if = "is_unknown")]
    pub kind: TokenKind,
    /// `iss`: who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// `aud`: whom it is for; empty when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// `scope` (RFC 8693, section 4.2) or `scp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Does it name the app it was issued to (`azp`, `client_id`; RFC 8693, section 4.3)?
    #[serde(skip_serializing_if = "is_false")]
    pub client: bool,
    /// `token_use`, which Amazon Cognito sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_use: Option<String>,
    /// `ver`, which Microsoft Entra and Okta set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `iat`: issued at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Time>,
    /// `nbf`: not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Time>,
    /// `exp`: expires at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// What is odd about it, but for what the fields above show by being empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_unknown(kind: &TokenKind) -> bool {
    *kind == TokenKind::Unknown
}

/// Reads a compact JWS, or the header of a compact JWE; `None` for what is neither (an opaque
/// token, plain text).
#[must_use]
pub fn parse(token: &str) -> Option<TokenFacts> {
    let reading = Reading::of(token);
    if !reading.is_token() {
        return None;
    }
    let no_claims = Map::new();
    let (header, claims) = (reading.header()?, reading.claims().unwrap_or(&no_claims));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(redact::text);
    let date = |name: &str| reading.date(name).map(Time::from_millis_f64);
    let is_hidden = |oddity: &Oddity| !matches!(oddity, Oddity::NoAlgorithm | Oddity::NoExpiry);
    Some(TokenFacts {
        algorithm: text(header.get("alg")),
        typ: text(header.get("typ")),
        key_id: header.contains_key("kid"),
        encrypted: reading.encrypted,
        kind: reading.kind(),
        issuer: claims.get("iss").and_then(Value::as_str).map(redact::url),
        audience: match claims.get("aud") {
            Some(Value::String(one)) => vec![redact::url(one)],
            Some(Value::Array(many)) => {
                many.iter().filter_map(Value::as_str).take(16).map(redact::url).collect()
            }
            _ => Vec::new(),
        },
        scope: scope(claims),
        client: ["azp", "client_id"].iter().any(|name| claims.contains_key(*name)),
        token_use: text(claims.get("token_use")),
        version: match claims.get("ver") {
            Some(Value::String(text)) => Some(redact::text(text)),
            // The whole part: writing a fraction would bring its tables along.
            other => other.and_then(Value::as_f64).map(|number| Time::from_millis_f64(number).0.to_string()),
        },
        issued_at: date("iat"),
        not_before: date("nbf"),
        expires_at: date("exp"),
        oddities: reading.oddities.iter().copied().filter(is_hidden).collect(),
    })
}

/// `scope` is text with spaces; `scp` is that (Microsoft Entra) or a list (Okta).
fn scope(claims: &Map<String, Value>) -> Option<String> {
    match claims.get("scope").or_else(|| claims.get("scp"))? {
        Value::String(text) => Some(redact::text(text)),
        Value::Array(many) => {
            let words: Vec<&str> = many.iter().filter_map(Value::as_str).take(32).collect();
            Some(redact::text(&words.join(" ")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
