//! The only door through which text of a site gets into a record.
//!
//! Kept: short plain words, names, hosts, paths made of words. Masked: whatever looks like a
//! token, an identifier or a secret. What a person needs to recognise a page survives; what
//! could let somebody in does not.

/// What stands where something was masked.
pub const MASK: &str = "…";

/// The longest text that is kept, in characters.
pub const LONGEST: usize = 120;

/// Free text of a site (a realm, an error description): token-like runs are masked, control and
/// bidirectional formatting characters dropped, the length bounded.
#[must_use]
pub fn text(raw: &str) -> String {
    let mut kept = String::new();
    let mut run = String::new();
    // Far more than is kept, so that a mask near the end is still found, but bounded.
    for character in raw.chars().take(LONGEST * 4).chain(core::iter::once(' ')) {
        if character.is_alphanumeric() || matches!(character, '-' | '_' | '+' | '/' | '=' | '.' | '%') {
            run.push(character);
            continue;
        }
        kept.push_str(if is_secret_like(&run) { MASK } else { &run });
        run.clear();
        if !character.is_control() && !is_bidi_control(character) {
            kept.push(character);
        }
    }
    shorten(kept.trim(), LONGEST)
}

/// A name (cookie, header, parameter): bounded and without invisible characters.
#[must_use]
pub fn name(raw: &str) -> String {
    let visible: String = raw
        .chars()
        .filter(|character| !character.is_control() && !is_bidi_control(*character))
        .take(LONGEST)
        .collect();
    shorten(&visible, 64)
}

/// A path with the segments masked that look like identifiers or secrets (`/reset/<token>`).
#[must_use]
pub fn path(raw: &str) -> String {
    let masked: Vec<&str> =
        raw.split('/').take(32).map(|segment| if is_secret_like(segment) { MASK } else { segment }).collect();
    shorten(&masked.join("/"), LONGEST)
}

/// A URL without userinfo, query and fragment, its path masked by [`path`]. Text that is no URL
/// is treated as [`text`].
#[must_use]
pub fn url(raw: &str) -> String {
    let address = crate::http::address::Address::parse(raw);
    if address.scheme.is_empty() {
        return text(raw);
    }
    let shown = if address.path == "/" && !raw.ends_with('/') { String::new() } else { path(address.path) };
    format!("{}://{}{shown}", name(address.scheme), name(&address.site()))
}

fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}{MASK}", &text[..at]),
        None => text.to_owned(),
    }
}

/// Characters that change the direction of the text around them (Unicode, UAX #9), and the
/// invisible ones that are used to pose as something else.
fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// Does a run of characters look like a secret or an identifier rather than a word?
///
/// Long runs, runs that mix letters and digits, percent-encoded or padded ones. Plain words,
/// versions (`v2`) and short numbers are not.
fn is_secret_like(run: &str) -> bool {
    let length = run.chars().count();
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let letters = run.chars().filter(|character| character.is_alphabetic()).count();
    let switches = run
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    let words =
        run.split(['-', '_', '.', '/']).all(|word| word.chars().all(char::is_alphabetic) && word.len() <= 20);
    if words && switches <= 2 {
        return false;
    }
    length >= 24
        || (length >= 8 && digits >= 2 && letters >= 2)
        || digits >= 6
        || switches > 3
        || (length >= 12 && run.contains(['%', '+', '=']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_secrets_go() {
        for plain in [
            "Restricted area",
            "The access token expired",
            "/api/v2/users/me",
            "Jenkins",
            "invalid_token",
            "client-certificate",
        ] {
            assert_eq!(text(plain), plain);
        }
        for secret in [
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "9f86d081884c7d659a2feaa0c55ad015",
            "hunter2hunter2",
            "4111111111111111",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        ] {
            assert_eq!(text(secret), MASK, "{secret}");
            assert_eq!(path(&format!("/reset/{secret}/x")), format!("/reset/{MASK}/x"));
            assert!(!text(&format!("token {secret} is bad")).contains(secret));
        }
    }

    #[test]
    fn urls_lose_userinfo_query_and_fragment() {
        assert_eq!(
            url("https://me:pw@example.com:8443/reset/9f86d081884c7d65?token=abc#frag"),
            format!("https://example.com:8443/reset/{MASK}")
        );
        assert_eq!(url("https://issuer.example"), "https://issuer.example");
    }

    #[test]
    fn text_is_bounded_and_cannot_turn_its_direction() {
        assert!(text(&"long words ".repeat(100_000)).chars().count() <= LONGEST + 1);
        assert_eq!(text("a\u{202e}b\u{0}c"), "abc");
        assert_eq!(name("si\u{202e}d\n"), "sid");
    }
}
