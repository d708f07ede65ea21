//! Tokens that say of themselves when they run out: JSON Web Tokens (RFC 7519), signed by nobody.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::state::random;

/// Seconds, for dates of tokens.
pub const MINUTE: i64 = 60;
/// The same.
pub const HOUR: i64 = 60 * MINUTE;

/// Seconds since 1970, now.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A token issued and running out so many seconds from now; its signature differs at every call.
pub fn jwt(issued: i64, expires: i64) -> String {
    jwt_that_says(issued, expires, "")
}

/// The same with more claims, as JSON members.
pub fn jwt_that_says(issued: i64, expires: i64, more: &str) -> String {
    let (issued, expires) = (now() + issued, now() + expires);
    let comma = if more.is_empty() { "" } else { "," };
    let claims = format!(r#"{{"sub":"sam","iat":{issued},"nbf":{issued},"exp":{expires}{comma}{more}}}"#);
    let parts = [r#"{"alg":"HS256","typ":"JWT"}"#, &claims, &random()];
    parts.map(|part| base64url(part.as_bytes())).join(".")
}

/// Base64 as certificates are written (RFC 4648, section 4).
pub fn base64(bytes: &[u8]) -> String {
    let mut text = base64url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Base64 in the URL's alphabet, without padding (RFC 4648, section 5).
pub fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digits = [bits >> 18, bits >> 12, bits >> 6, bits].map(|bits| (bits & 63) as usize);
        text.extend(digits.into_iter().take(chunk.len() + 1).map(|digit| char::from(ALPHABET[digit])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 4648, section 10, without their padding, and the two special digits.
    #[test]
    fn base64url_as_in_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn a_token_has_three_parts_and_is_never_the_same() {
        let token = jwt(-10 * HOUR, -2 * HOUR);
        assert_eq!(token.split('.').count(), 3);
        assert_ne!(token, jwt(-10 * HOUR, -2 * HOUR));
        assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "fit for a cookie");
    }
}
