//! The shape of an `Authorization` header (RFC 9110, section 11.6.2); its value is never kept.

use serde::{Deserialize, Serialize};

use crate::http::jwt::{self, TokenFacts};

/// What is kept of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// The scheme, lower case; `other` for one that is not known, empty when there is none.
    pub scheme: String,
    /// What the token says of itself, when it is a JWT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenFacts>,
}

/// The schemes that are named: the IANA registry of HTTP authentication schemes, and those that
/// are met without being registered. An unknown first word may be the secret itself.
const SCHEMES: [&str; 22] = [
    "basic",
    "bearer",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
    "ntlm",
    "kerberos",
    "aws4-hmac-sha256",
    "token",
    "apikey",
    "api-key",
    "jwt",
    "hawk",
];

/// Reads a header value. Total.
#[must_use]
pub fn parse(value: &str) -> Credential {
    let value = value.trim();
    let (scheme, rest) = match value.split_once(' ') {
        Some((scheme, rest)) => (scheme, rest.trim()),
        None => ("", value),
    };
    let lower = scheme.to_ascii_lowercase();
    let scheme = match lower.as_str() {
        "" => "",
        known if SCHEMES.contains(&known) => known,
        _ => "other",
    };
    Credential { scheme: scheme.to_owned(), token: jwt::parse(rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(parse("Basic bWU6cHc=").scheme, "basic");
        assert_eq!(parse("Bearer e30.e30.x").token, Some(TokenFacts::default()));
        assert_eq!(parse("justatoken").scheme, "");
    }

    #[test]
    fn a_malformed_header_leaks_nothing() {
        for value in ["Basic bWU6cHc=", "s3cr3tkey foo", "oauth_token=\"s3cr3tkey\", x", "s3cr3tkey"] {
            let kept = format!("{:?}", parse(value));
            assert!(!kept.contains("bWU6") && !kept.contains("s3cr3t"), "{kept}");
        }
    }
}
