//! The shape of an `Authorization` header (RFC 9110, section 11.6.2); its value is never kept.

use serde::{Deserialize, Serialize};

use crate::http::jwt::{self, TokenFacts};
use crate::mark::{Mark, MarkKey};
use crate::redact;

/// What is kept of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// The scheme, lower case; empty when there is none.
    pub scheme: String,
    /// Tells whether it is the one seen before.
    pub mark: Mark,
    /// What the token says of itself, when it is a JWT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenFacts>,
}

/// Reads a header value. Total.
#[must_use]
pub fn parse(value: &str, key: &MarkKey) -> Credential {
    let value = value.trim();
    let (scheme, rest) = match value.split_once(' ') {
        Some((scheme, rest)) => (scheme, rest.trim()),
        None => ("", value),
    };
    Credential {
        scheme: redact::name(&scheme.to_ascii_lowercase()),
        mark: key.mark(value),
        token: jwt::parse(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let key = MarkKey::default();
        assert_eq!(parse("Basic bWU6cHc=", &key).scheme, "basic");
        assert_eq!(parse("Bearer e30.e30.x", &key).token, Some(TokenFacts::default()));
        assert_eq!(parse("justatoken", &key).scheme, "");
        assert!(!format!("{:?}", parse("Basic bWU6cHc=", &key)).contains("bWU6"));
    }
}
