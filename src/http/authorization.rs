//! The shape of an `Authorization` header (RFC 9110, section 11.6.2); its value is never kept.
//!
//! Left out: the parameters of Digest and of schemes that sign requests; which letters a token may have
//! (`token68`). Where there are several fields only the first is read, by `src/exchange/observe.rs`.

use serde::{Deserialize, Serialize};

use crate::http::jwt::{self, TokenFacts};
use crate::mark::{Mark, MarkKey};

/// What is kept of a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// The scheme, lower case; `other` for one that is not known, empty when there is none.
    pub scheme: String,
    /// What is wrong with its shape.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
    /// What follows the scheme, in bytes.
    #[serde(default)]
    pub size: u32,
    /// Tells whether it is the one seen before. None of what people choose themselves: passwords.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The type of an NTLM message, 1 to 3 ([MS-NLMP], section 2.2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ntlm_message: Option<u8>,
    /// What the token says of itself, when it is a JWT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenFacts>,
}

/// What programs do to a credential by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Oddity {
    /// No scheme before the credential (section 11.4 wants one).
    NoScheme,
    /// A scheme and nothing behind it.
    Empty,
    /// A word that stands for "nothing there": `undefined`, `null`, `[object Object]`.
    Nothing,
    /// A place that was never filled in: `<token>`, `{{token}}`, `YOUR_TOKEN`.
    Placeholder,
    /// Quotes around it.
    Quoted,
    /// The scheme twice: `Bearer Bearer …`.
    DoubledScheme,
    /// A colon after the scheme: `Bearer: …`.
    ColonAfterScheme,
    /// `Basic` whose rest is not base64 (RFC 7617, section 2).
    NotBase64,
    /// `Basic` without the colon that parts user and password (RFC 7617, section 2).
    NoColon,
    /// A space within a token, which the syntax does not allow (RFC 6750, section 2.1).
    Spaced,
}

/// The schemes that are named: the IANA registry of HTTP authentication schemes, and those that
/// are met without being registered. An unknown first word may be the secret itself.
const SCHEMES: [&str; 26] = [
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
    "key",
    "googlelogin",
    "sharedkey",
    "snowflake",
];

/// Schemes whose credential is one word without spaces (`token68`, or as good as).
const ONE_WORD: [&str; 8] = ["bearer", "token", "jwt", "basic", "apikey", "api-key", "key", "dpop"];

/// Reads a header value. Total.
#[must_use]
pub fn parse(value: &str, key: &MarkKey) -> Credential {
    let value = value.trim();
    let mut oddities = Vec::new();
    let (first, mut rest) = match value.split_once([' ', '\t']) {
        Some((first, rest)) => (first, rest.trim()),
        None => (value, ""),
    };
    let bare = first.trim_end_matches(':').to_ascii_lowercase();
    let scheme = if SCHEMES.contains(&bare.as_str()) {
        if first.ends_with(':') {
            oddities.push(Oddity::ColonAfterScheme);
        }
        bare
    } else if rest.is_empty() {
        // One word alone is no scheme but a credential without one.
        rest = value;
        oddities.push(Oddity::NoScheme);
        String::new()
    } else {
        "other".to_owned()
    };
    while let Some(twice) = without_scheme(rest, &scheme) {
        oddities.push(Oddity::DoubledScheme);
        rest = twice;
        if oddities.len() > 8 {
            break;
        }
    }
    oddities.extend(shape(rest, &scheme));
    oddities.dedup();
    let bare = rest.trim_matches(['"', '\'']);
    Credential {
        size: u32::try_from(rest.len()).unwrap_or(u32::MAX),
        mark: (!is_chosen_by_people(&scheme)).then(|| key.mark(rest)),
        ntlm_message: matches!(scheme.as_str(), "ntlm" | "negotiate").then(|| ntlm(rest)).flatten(),
        token: jwt::parse(bare),
        oddities,
        scheme,
    }
}

/// What stands behind the same scheme, said once more.
fn without_scheme<'a>(rest: &'a str, scheme: &str) -> Option<&'a str> {
    let (again, rest) = rest.split_once(' ')?;
    (!scheme.is_empty() && again.trim_end_matches(':').eq_ignore_ascii_case(scheme)).then(|| rest.trim())
}

/// Is the secret something a person made up, so that a mark of it would help to guess it?
fn is_chosen_by_people(scheme: &str) -> bool {
    matches!(scheme, "basic" | "digest" | "scram-sha-1" | "scram-sha-256" | "ntlm" | "negotiate")
}

fn shape(rest: &str, scheme: &str) -> Vec<Oddity> {
    let mut found = Vec::new();
    let bare = rest.trim_matches(['"', '\'', '`']);
    let ends_alike = |quote| rest.len() > 1 && rest.starts_with(quote) && rest.ends_with(quote);
    if ['"', '\'', '`'].into_iter().any(ends_alike) {
        found.push(Oddity::Quoted);
    }
    if is_nothing(bare) {
        found.push(Oddity::Nothing);
    } else if rest.is_empty() {
        found.push(Oddity::Empty);
    } else if is_placeholder(bare) {
        found.push(Oddity::Placeholder);
    } else if scheme == "basic" {
        match decode_base64(bare) {
            None => found.push(Oddity::NotBase64),
            Some(pair) if !pair.contains(&b':') => found.push(Oddity::NoColon),
            // A user name that is "undefined" was never typed.
            Some(pair) if is_nothing(String::from_utf8_lossy(&pair).split(':').next().unwrap_or("")) => {
                found.push(Oddity::Nothing);
            }
            Some(_) => {}
        }
    } else if ONE_WORD.contains(&scheme) && bare.contains([' ', '\t']) && !bare.contains('=') {
        found.push(Oddity::Spaced);
    }
    found
}

/// What JavaScript, Python and Java write where there is nothing (ECMA-262, section 7.1.17, and
/// kin).
#[must_use]
pub fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 7] =
        ["undefined", "null", "nan", "none", "nil", "[object object]", "[object promise]"];
    let lower = text.to_ascii_lowercase();
    WORDS.contains(&lower.as_str()) || lower.starts_with("function ")
}

/// Text that a template or a manual left to be filled in.
fn is_placeholder(text: &str) -> bool {
    let enclosed = [("<", ">"), ("{", "}"), ("${", "}"), ("[", "]"), ("%", "%")]
        .iter()
        .any(|(open, close)| text.len() > 2 && text.starts_with(open) && text.ends_with(close));
    let lower = text.to_ascii_lowercase();
    let shouted = !lower.contains('.') && text == text.to_ascii_uppercase();
    enclosed
        || lower.starts_with("your_")
        || lower.starts_with("your-")
        || lower.starts_with('$')
        || (shouted && (lower.ends_with("_token") || lower.ends_with("_key")))
        || matches!(lower.as_str(), "token" | "access_token" | "accesstoken" | "api_key" | "apikey" | "xxx")
}

/// Standard or URL-safe base64 (RFC 4648), padding forgiven.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    jwt::decode_base64url(text)
}

/// The type of an NTLM message: after the signature, little-endian ([MS-NLMP], section 2.2.1).
fn ntlm(text: &str) -> Option<u8> {
    let bytes = decode_base64(text)?;
    (bytes.starts_with(b"NTLMSSP\0")).then(|| bytes.get(8).copied()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Credential {
        parse(value, &MarkKey::default())
    }

    fn odd(value: &str) -> String {
        format!("{:?}", read(value).oddities)
    }

    #[test]
    fn shapes() {
        assert_eq!(read("Basic bWU6cHc=").scheme, "basic");
        assert_eq!(read("Bearer e30.e30.x").token, Some(TokenFacts::default()));
        assert_eq!(read("justatoken").scheme, "");
        assert_eq!(read("NTLM TlRMTVNTUAABAAAAB4IIogAAAAA=").ntlm_message, Some(1));
        assert_eq!(read("Negotiate YIIabc").ntlm_message, None);
        for sound in ["Basic bWU6cHc=", "Bearer abc.def", "Token token=\"a b\", x=y", "Digest username=\"u\""]
        {
            assert_eq!(odd(sound), "[]", "{sound}");
        }
    }

    #[test]
    fn mistakes() {
        for (value, expect) in [
            ("Bearer undefined", "[Nothing]"),
            ("Bearer null", "[Nothing]"),
            ("Bearer [object Object]", "[Nothing]"),
            ("Bearer", "[Empty]"),
            ("Bearer ", "[Empty]"),
            ("Bearer <token>", "[Placeholder]"),
            ("Bearer {{access_token}}", "[Placeholder]"),
            ("Bearer YOUR_TOKEN", "[Placeholder]"),
            ("Bearer \"abc\"", "[Quoted]"),
            ("Bearer Bearer abc", "[DoubledScheme]"),
            ("Bearer: abc", "[ColonAfterScheme]"),
            ("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "[NoScheme]"),
            ("Basic me:pw", "[NotBase64]"),
            ("Basic bWU=", "[NoColon]"),
            ("Basic dW5kZWZpbmVkOnVuZGVmaW5lZA==", "[Nothing]"),
            ("Bearer abc def", "[Spaced]"),
        ] {
            assert_eq!(odd(value), expect, "{value}");
        }
    }

    #[test]
    fn a_malformed_header_leaks_nothing() {
        for value in ["Basic bWU6cHc=", "s3cr3tkey foo", "oauth_token=\"s3cr3tkey\", x", "s3cr3tkey"] {
            let kept = format!("{:?}", read(value));
            assert!(!kept.contains("bWU6") && !kept.contains("s3cr3t"), "{kept}");
        }
    }

    #[test]
    fn only_what_no_person_chose_is_marked() {
        assert!(read("Basic bWU6cHc=").mark.is_none());
        assert_eq!(read("Bearer a").mark, read("bearer  a").mark);
        assert_ne!(read("Bearer a").mark, read("Bearer b").mark);
    }

    #[test]
    fn a_place_that_was_never_filled_in() {
        for placeholder in [
            "<a>",
            "{a}",
            "${a}",
            "[a]",
            "%a%",
            "your_secret",
            "your-secret",
            "$secret",
            "MY_TOKEN",
            "MY_KEY",
            "token",
            "api_key",
            "xxx",
        ] {
            assert_eq!(odd(&format!("Bearer {placeholder}")), "[Placeholder]", "{placeholder}");
        }
        // Brackets around nothing or on one side alone, names in small letters, parts of a name.
        for other in ["<>", "%%", "<abc", "abc>", "my_token", "my_key", "A.B_KEY", "SECRET", "tokens"] {
            assert_eq!(odd(&format!("Bearer {other}")), "[]", "{other}");
        }
    }

    #[test]
    fn one_quote_alone_quotes_nothing() {
        assert_eq!(odd("Bearer \""), "[]");
        assert_eq!(odd("Bearer \"\""), "[Quoted]");
        assert_eq!(odd("Bearer \"abc"), "[]");
    }

    #[test]
    fn a_scheme_that_is_said_over_and_over_is_taken_off_nine_times() {
        let repeated = |times| format!("Bearer {}abc", "Bearer ".repeat(times));
        assert_eq!(read(&repeated(9)).size, 3);
        assert_eq!(odd(&repeated(9)), "[DoubledScheme]");
        assert_eq!(read(&repeated(10)).size, 10);
    }
}
