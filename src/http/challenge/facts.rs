//! What is kept of a challenge: which kind, what it asks for and where to get it; no nonce, no
//! token, no query.

use serde::{Deserialize, Serialize};

use super::Challenge;
use crate::http::address::Address;
use crate::redact;

/// What is kept of a challenge: no nonce, no token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChallengeFacts {
    /// The scheme, lower case.
    pub scheme: String,
    /// `realm`, redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
    /// `error` (RFC 6750, section 3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// `error_description`, redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// `scope` asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// `stale=true` (RFC 7616, section 3.3).
    #[serde(skip_serializing_if = "is_false")]
    pub stale: bool,
    /// Is there a `nonce` (RFC 7616, section 3.3)?
    #[serde(skip_serializing_if = "is_false")]
    pub nonce: bool,
    /// Is there a token68: a leg of a Negotiate or NTLM handshake (RFC 4559, section 4.1)?
    #[serde(skip_serializing_if = "is_false")]
    pub token: bool,
    /// `algorithm` (RFC 7616, section 3.3), or `algs` of DPoP (RFC 9449, section 7.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// `qop` (RFC 7616, section 3.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qop: Option<String>,
    /// `charset` (RFC 7617, section 2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// Does it ask for `claims` (Microsoft Entra, Continuous Access Evaluation)?
    #[serde(skip_serializing_if = "is_false")]
    pub claims: bool,
    /// Does it ask for a sign-in no older than `max_age` (RFC 9470, section 3)?
    #[serde(skip_serializing_if = "is_false")]
    pub max_age: bool,
    /// Does it ask for a stronger sign-in by `acr_values` (RFC 9470, section 3)?
    #[serde(skip_serializing_if = "is_false")]
    pub acr_values: bool,
    /// The host that signs people in: `authorization_uri` (Microsoft Entra, Azure Key Vault's
    /// `authorization`) or `as_uri` (UMA 2.0, section 3.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_host: Option<String>,
    /// The host of `resource_metadata` (RFC 9728, section 5.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_host: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl ChallengeFacts {
    /// Does a browser answer this scheme by itself or by asking the person for a login?
    #[must_use]
    pub fn is_answered_by_browser(&self) -> bool {
        matches!(self.scheme.as_str(), "basic" | "digest" | "ntlm" | "negotiate")
    }
}

impl Challenge {
    /// What may be kept of it.
    #[must_use]
    pub fn facts(&self) -> ChallengeFacts {
        let text = |name: &str| self.param(name).map(redact::text);
        let has = |name: &str| self.param(name).is_some_and(|value| !value.is_empty());
        let host = |name: &str| {
            let site = Address::parse(self.param(name)?).site();
            (!site.is_empty()).then(|| redact::host(&site))
        };
        ChallengeFacts {
            scheme: redact::text(&self.scheme.to_ascii_lowercase()),
            realm: text("realm"),
            error: text("error"),
            error_description: text("error_description"),
            scope: text("scope"),
            stale: self.param("stale").is_some_and(|value| value.eq_ignore_ascii_case("true")),
            nonce: has("nonce"),
            token: self.token68.is_some(),
            algorithm: text("algorithm").or_else(|| text("algs")),
            qop: text("qop"),
            charset: text("charset"),
            claims: has("claims"),
            max_age: has("max_age"),
            acr_values: has("acr_values"),
            authorization_host: ["authorization_uri", "authorization", "as_uri"].into_iter().find_map(host),
            metadata_host: host("resource_metadata"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn facts(header: &str) -> ChallengeFacts {
        parse(header).0.first().map(Challenge::facts).unwrap_or_default()
    }

    #[test]
    fn what_rules_need() {
        let digest =
            facts(r#"DIGEST REALM="x", Nonce="s3cr3t", QOP="auth, auth-int", algorithm=SHA-256, stale=TRUE"#);
        assert_eq!((digest.scheme.as_str(), digest.realm.as_deref()), ("digest", Some("x")));
        assert!(digest.nonce && digest.stale && !digest.token);
        assert_eq!(
            (digest.qop.as_deref(), digest.algorithm.as_deref()),
            (Some("auth, auth-int"), Some("SHA-256"))
        );
        let bearer = facts(
            r#"Bearer error="insufficient_user_authentication", acr_values="urn:x", max_age="5", resource_metadata="https://rs.example:8443/.well-known/x?s3cr3t""#,
        );
        assert!(bearer.acr_values && bearer.max_age && !bearer.claims);
        assert_eq!(bearer.metadata_host.as_deref(), Some("rs.example:8443"));
        let entra = facts(
            r#"Bearer realm="", authorization_uri="https://login.example/common/oauth2?s3cr3t", error="insufficient_claims", claims="s3cr3t""#,
        );
        assert!(entra.claims && entra.error.as_deref() == Some("insufficient_claims"));
        assert_eq!(entra.authorization_host.as_deref(), Some("login.example"));
        assert!(facts("Negotiate s3cr3t==").token);
        assert_eq!(facts(r#"Basic realm="x", charset="UTF-8""#).charset.as_deref(), Some("UTF-8"));
        assert_eq!(facts(r#"Bearer as_uri="nowhere""#).authorization_host, None);
        for kept in [digest, bearer, entra, facts("Negotiate s3cr3t==")] {
            assert!(!format!("{kept:?}").contains("s3cr3t"), "{kept:?}");
        }
    }

    #[test]
    fn stored_facts_of_earlier_versions_are_read() {
        let old = r#"{"scheme":"digest","realm":"x","stale":true}"#;
        let facts: ChallengeFacts = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_string(&facts).unwrap(), old);
    }
}
