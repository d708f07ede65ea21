//! How a cookie's value is sealed, told by its shape: with a key of the server's, so that a server
//! with another key cannot read it.

use serde::{Deserialize, Serialize};

use crate::time::{DAY, HOUR};

/// What sealed a value. Each writes values that begin, or are cut up, in a way of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Seal {
    /// ASP.NET Core Data Protection: the magic header 09 F0 C9 F0 in base64url.
    DataProtection,
    /// Fernet (its specification: version 0x80, then a time): aiohttp, Python's `cryptography`.
    Fernet,
    /// Laravel's `Encrypter`: base64 of `{"iv":`.
    Laravel,
    /// Rails' `MessageEncryptor` or `MessageVerifier`: parts with two hyphens between.
    Rails,
    /// itsdangerous and Django's signer: a payload, a time and a signature (Flask, Django).
    TimeSigned,
    /// Tornado's `set_signed_cookie`, version 2.
    Tornado,
    /// gorilla/securecookie: base64 of `time|value|mac`.
    SecureCookie,
    /// iron-session and hapi's iron: `Fe26.2`.
    Iron,
    /// A JWE that the site itself encrypts and reads (RFC 7516, `dir`): Auth.js, nextjs-auth0.
    Encrypted,
}

impl Seal {
    /// Reads the shape of a value. Total.
    #[must_use]
    pub fn of(value: &str) -> Option<Self> {
        let value = value.trim_matches('"');
        let starts = |with: &str| value.starts_with(with);
        if starts("CfDJ8") {
            Some(Self::DataProtection)
        } else if starts("gAAAAA") {
            Some(Self::Fernet)
        } else if starts("eyJpdiI6") {
            Some(Self::Laravel)
        } else if starts("Fe26.2*") || starts("Fe26.2%2A") {
            Some(Self::Iron)
        } else if starts("2|1:0|") {
            Some(Self::Tornado)
        } else if starts("eyJhbGciOiJkaXIi") {
            Some(Self::Encrypted)
        } else if is_rails(value) {
            Some(Self::Rails)
        } else if is_time_signed(value) {
            Some(Self::TimeSigned)
        } else if is_secure_cookie(value) {
            Some(Self::SecureCookie)
        } else {
            None
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DataProtection => "ASP.NET Core Data Protection",
            Self::Fernet => "Fernet",
            Self::Laravel => "Laravel",
            Self::Rails => "Rails",
            Self::TimeSigned => "Django, Flask",
            Self::Tornado => "Tornado",
            Self::SecureCookie => "gorilla/securecookie",
            Self::Iron => "iron-session",
            Self::Encrypted => "JWE",
        }
    }

    /// How long a session lives by that software's own default, in milliseconds; `None` where it
    /// has no time of its own. Sources: ASP.NET Core `ExpireTimeSpan` (14 days), Laravel
    /// `session.lifetime` (120 minutes), Django `SESSION_COOKIE_AGE` (2 weeks), Tornado
    /// `max_age_days` (31), securecookie `MaxAge` (30 days), iron-session `ttl` (14 days), Auth.js
    /// `maxAge` (30 days); Fernet's `ttl` and Rails' `expire_after` are not set by default.
    #[must_use]
    pub fn life(self) -> Option<i64> {
        match self {
            Self::DataProtection | Self::TimeSigned | Self::Iron => Some(14 * DAY),
            Self::Laravel => Some(2 * HOUR),
            Self::Tornado => Some(31 * DAY),
            Self::SecureCookie | Self::Encrypted => Some(30 * DAY),
            Self::Fernet | Self::Rails => None,
        }
    }
}

/// `data--signature` or `data--iv--tag`, the hyphens as they are or percent-encoded around base64.
fn is_rails(value: &str) -> bool {
    let parts: Vec<&str> = value.split("--").collect();
    let is_base64 = |part: &&str| {
        part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=%_-".contains(&byte))
    };
    matches!(parts.len(), 2 | 3) && parts.iter().all(is_base64)
}

/// `payload:time:signature` or `payload.time.signature`; the payload is base64url of JSON or, with
/// a full stop before it, of the same compressed. A JWT's middle part is longer than a time.
fn is_time_signed(value: &str) -> bool {
    let body = value.strip_prefix('.').unwrap_or(value);
    let parts: Vec<&str> = body.split(['.', ':']).collect();
    let is_code = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    matches!(parts.as_slice(), [payload, time, signature]
        if payload.starts_with('e')
            && is_code(payload)
            && (5..=7).contains(&time.len())
            && is_code(time)
            && (27..=43).contains(&signature.len())
            && is_code(signature))
}

/// Base64 of a time in seconds and `|`: `MTY…` to `MTk…` for the years 2020 to 2033; the bar, 7C,
/// is cut up in the fourteenth and fifteenth character.
fn is_secure_cookie(value: &str) -> bool {
    let bar = |at: usize, of: &[u8]| value.as_bytes().get(at).is_some_and(|byte| of.contains(byte));
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || b"_-=+/|%".contains(&byte);
    ["MTY", "MTc", "MTg", "MTk"].iter().any(|start| value.starts_with(start))
        && bar(13, b"HXn3")
        && bar(14, b"wxyz")
        && value.len() >= 40
        && value.bytes().all(is_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (value, seal) in [
            ("CfDJ8Abc", Some(Seal::DataProtection)),
            ("\"gAAAAABinv\"", Some(Seal::Fernet)),
            ("eyJpdiI6IkFiYyJ9", Some(Seal::Laravel)),
            ("Fe26.2*1*abc", Some(Seal::Iron)),
            ("2|1:0|10:1644000000|4:user|8:YWxpY2U=|abc", Some(Seal::Tornado)),
            ("dGhpcyBpcyBhIHNlc3Npb24=--0123456789abcdef0123456789abcdef01234567", Some(Seal::Rails)),
            ("eyJ1aWQiOjF9.ZxYz12.abcdefghijklmnopqrstuvwxyz0", Some(Seal::TimeSigned)),
            (".eJyrVopPLC3JiC8.ZxYz12.abcdefghijklmnopqrstuvwxyz0", Some(Seal::TimeSigned)),
            ("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln", None),
            ("0123456789abcdef", None),
            ("s%3Aabc.def", None),
            ("a--b", None),
            // Each part of it must be what it is: a payload, a time, a signature.
            ("xyJ1aWQiOjF9.ZxYz12.abcdefghijklmnopqrstuvwxyz0", None),
            ("eyJ1aWQ*OjF9.ZxYz12.abcdefghijklmnopqrstuvwxyz0", None),
            ("eyJ1aWQiOjF9.ZxYz.abcdefghijklmnopqrstuvwxyz0", None),
            ("eyJ1aWQiOjF9.ZxY*12.abcdefghijklmnopqrstuvwxyz0", None),
            ("eyJ1aWQiOjF9.ZxYz12.abcdefghijklmnopqrstuvwxyz", None),
            ("eyJ1aWQiOjF9.ZxYz12.abcdefghijklmnopq*stuvwxyz0", None),
        ] {
            assert_eq!(Seal::of(value), seal, "{value}");
        }
        // Base64 of "1790000000|AbCdEf|…".
        let gorilla = format!("MTc5MDAwMDAwMHxBYkNkRWZ8{}", "a".repeat(40));
        assert_eq!(Seal::of(&gorilla), Some(Seal::SecureCookie));
        for other in [
            format!("MTc0{}", "a".repeat(60)),
            gorilla.replacen("MTc", "MTa", 1),
            gorilla.replacen("MHx", "MAx", 1),
            gorilla.replacen("MHx", "MHa", 1),
            gorilla[..39].to_owned(),
            gorilla.replacen("aaaa", "a.aa", 1),
        ] {
            assert_eq!(Seal::of(&other), None, "{other}");
        }
        assert_eq!(Seal::of(&gorilla[..40]), Some(Seal::SecureCookie));
    }

    /// Those that a person may have heard of, and how long their sessions live in days.
    #[test]
    fn names_and_times() {
        let day = |days: i64| Some(days * 86_400_000);
        for (seal, name, life) in [
            (Seal::DataProtection, "ASP.NET Core Data Protection", day(14)),
            (Seal::TimeSigned, "Django, Flask", day(14)),
            (Seal::Iron, "iron-session", day(14)),
            (Seal::Tornado, "Tornado", day(31)),
            (Seal::SecureCookie, "gorilla/securecookie", day(30)),
            (Seal::Encrypted, "JWE", day(30)),
            (Seal::Laravel, "Laravel", Some(7_200_000)),
            (Seal::Rails, "Rails", None),
            (Seal::Fernet, "Fernet", None),
        ] {
            assert_eq!((seal.name(), seal.life()), (name, life));
        }
    }
}
