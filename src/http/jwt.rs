//! JSON Web Tokens (RFC 7519): what one says of itself. Never trusted, never verified; the
//! signature and private claims are not kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::redact;
use crate::time::Time;

/// What is kept of a token: header names, dates and public claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenFacts {
    /// `alg` of the header (RFC 7515, section 4.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// `iss`: who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// `aud`: whom it is for; empty when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// `scope` (RFC 8693, section 4.2) or `scp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// `iat`: issued at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Time>,
    /// `nbf`: not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Time>,
    /// `exp`: expires at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
}

/// Reads a compact JWS; `None` for what is not one (an opaque token, a JWE, plain text).
#[must_use]
pub fn parse(token: &str) -> Option<TokenFacts> {
    let mut parts = token.trim().split('.');
    let (header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let header: Value = serde_json::from_slice(&decode_base64url(header)?).ok()?;
    let claims: Value = serde_json::from_slice(&decode_base64url(payload)?).ok()?;
    let (header, claims) = (header.as_object()?, claims.as_object()?);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(redact::text);
    let date =
        |name: &str| claims.get(name).and_then(Value::as_f64).map(|s| Time::from_millis_f64(s * 1000.0));
    Some(TokenFacts {
        algorithm: text(header.get("alg")),
        issuer: claims.get("iss").and_then(Value::as_str).map(redact::url),
        audience: match claims.get("aud") {
            Some(Value::String(one)) => vec![redact::url(one)],
            Some(Value::Array(many)) => {
                many.iter().filter_map(Value::as_str).take(16).map(redact::url).collect()
            }
            _ => Vec::new(),
        },
        scope: text(claims.get("scope").or_else(|| claims.get("scp"))),
        issued_at: date("iat"),
        not_before: date("nbf"),
        expires_at: date("exp"),
    })
}

/// Base64url without padding (RFC 7515, section 2); padding is forgiven.
#[must_use]
pub fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            #[allow(clippy::cast_possible_truncation)]
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7519, section 3.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_rfc_example() {
        let facts = parse(EXAMPLE).unwrap();
        assert_eq!(facts.issuer.as_deref(), Some("joe"));
        assert_eq!(facts.expires_at, Some(Time::from_seconds(1_300_819_380)));
        assert_eq!(facts.algorithm.as_deref(), Some("HS256"));
        assert_eq!(facts.issued_at, None);
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", "..", "a.b", "a.b.c", "a.b.c.d", "e30.W10.", "e30.ä.", "null"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("e30.e30."), Some(TokenFacts::default()));
    }
}
