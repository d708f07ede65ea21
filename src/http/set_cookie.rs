//! `Set-Cookie` as the server meant it (RFC 6265bis, section 5.6).

use serde::{Deserialize, Serialize};

use crate::http::date;
use crate::redact;
use crate::time::Time;

/// What is kept of one `Set-Cookie` line: everything but the value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetCookie {
    /// The name, empty for a nameless cookie.
    pub name: String,
    /// Name and value together, in bytes.
    pub size: u32,
    /// `Domain` without a leading dot, lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// `Path`, when it starts with a slash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `Expires`, where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Time>,
    /// `Max-Age` in seconds; wins over `Expires`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `SameSite`, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_site: Option<String>,
    /// `Partitioned` (CHIPS).
    pub partitioned: bool,
}

impl SetCookie {
    /// Does this line take the cookie away (an age of zero or a date gone by)?
    #[must_use]
    pub fn deletes(&self, now: Time) -> bool {
        match self.max_age {
            Some(seconds) => seconds <= 0,
            None => self.expires.is_some_and(|expires| expires <= now),
        }
    }
}

/// Reads one line. Total: the algorithm of section 5.6 never fails but for lines that set nothing,
/// which give an empty name and size 0.
#[must_use]
pub fn parse(line: &str) -> SetCookie {
    let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let (name, value) = (name.trim(), value.trim());
    let mut cookie = SetCookie {
        name: redact::name(name),
        size: u32::try_from(name.len() + value.len()).unwrap_or(u32::MAX),
        ..SetCookie::default()
    };
    for attribute in attributes.split(';').map(str::trim) {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let (key, value) = (key.trim(), value.trim());
        // Section 5.6: attribute values over 1,024 bytes are ignored.
        if value.len() > 1024 {
            continue;
        }
        match key.to_ascii_lowercase().as_str() {
            "expires" => cookie.expires = date::parse(value).or(cookie.expires),
            "max-age" => cookie.max_age = read_max_age(value).or(cookie.max_age),
            "domain" if !value.is_empty() => {
                let bare = value.strip_prefix('.').unwrap_or(value);
                cookie.domain = Some(redact::name(&bare.to_ascii_lowercase()));
            }
            "path" => cookie.path = value.starts_with('/').then(|| redact::path(value)),
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "samesite" => cookie.same_site = Some(redact::name(value)),
            "partitioned" => cookie.partitioned = true,
            _ => {}
        }
    }
    cookie
}

/// Section 5.6.2: a digit or `-`, then digits; everything else is ignored.
fn read_max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // More digits than fit are a time far away, in the direction of the sign.
    Some(value.parse().unwrap_or(if value.starts_with('-') { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes() {
        let cookie =
            parse("sid=abc; Path=/; Domain=.Example.com; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(cookie.name, "sid");
        assert_eq!(cookie.size, 6);
        assert_eq!(cookie.domain.as_deref(), Some("example.com"));
        assert_eq!(cookie.path.as_deref(), Some("/"));
        assert!(cookie.secure && cookie.http_only && !cookie.deletes(Time(0)));
    }

    #[test]
    fn deletions() {
        let now = Time::from_seconds(2_000_000_000);
        assert!(parse("sid=; Max-Age=0").deletes(now));
        assert!(parse("sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT").deletes(now));
        assert!(!parse("sid=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5").deletes(now));
        assert!(!parse("sid=x").deletes(now));
        assert_eq!(parse("a=b; Max-Age=99999999999999999999").max_age, Some(i64::MAX));
    }

    #[test]
    fn the_value_is_not_kept() {
        let kept = format!("{:?}", parse("sid=s3cr3t-value; Path=/"));
        assert!(!kept.contains("s3cr3t"), "{kept}");
    }
}
