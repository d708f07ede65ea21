//! The only door through which text of a site gets into a record.
//!
//! Kept: short plain words, names, hosts, paths made of words. Masked: whatever looks like a
//! token, an identifier or a secret. What a person needs to recognise a page survives; what
//! could let somebody in does not.

/// What stands where something was masked.
pub const MASK: &str = "…";

/// The longest text that is kept, in characters.
pub const LONGEST: usize = 120;

/// The longest name that is kept, in characters; pages show less.
pub const LONGEST_NAME: usize = 256;

/// A name as a page shows it.
#[must_use]
pub fn short_name(raw: &str) -> String {
    shorten(&name(raw), 48)
}

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
        .take(LONGEST_NAME + 1)
        .collect();
    shorten(&visible, LONGEST_NAME)
}

/// A path with the segments masked that look like identifiers or secrets (`/reset/<token>`).
#[must_use]
pub fn path(raw: &str) -> String {
    let mut after_a_tell = false;
    let masked: Vec<&str> = raw
        .split('/')
        .take(32)
        .map(|segment| {
            let lower = segment.to_ascii_lowercase();
            let follows = after_a_tell && !OPERATIONS.contains(&lower.as_str());
            let hide = !segment.is_empty() && (follows || is_secret_like(segment));
            after_a_tell = TELLS.iter().any(|tell| lower.contains(tell));
            if hide { MASK } else { segment }
        })
        .collect();
    shorten(&masked.join("/"), LONGEST)
}

/// What follows one of these in a path is often a secret, whatever it looks like.
const TELLS: [&str; 9] =
    ["reset", "invit", "verif", "confirm", "token", "magic", "activat", "unsubscribe", "share"];

/// What is done with a token, by its address: no secret, and a rule goes by it.
const OPERATIONS: [&str; 5] = ["refresh", "renew", "revoke", "obtain", "introspect"];

/// A host, whole: longer ones than a DNS name may be (RFC 1035, section 2.3.4: 255) are cut.
#[must_use]
pub fn host(raw: &str) -> String {
    raw.chars()
        .filter(|character| !character.is_control() && !is_bidi_control(*character))
        .take(262)
        .collect()
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
    format!("{}://{}{shown}", name(address.scheme), host(&address.site()))
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

/// Does a run of characters look like a secret or an identifier rather than like words?
///
/// An allow-list: words of one case, `CamelCase` of real words, short numbers, versions and names
/// such as `RS256` or `oauth2`. Whatever else is masked, so that a random run survives only when
/// it happens to be all of one case and without digits.
fn is_secret_like(run: &str) -> bool {
    !run.split(['-', '_', '.', '/', '+', ':']).all(is_word) || run.contains(['%', '='])
}

/// A word, a number or a version.
fn is_word(word: &str) -> bool {
    let digits = word.chars().rev().take_while(char::is_ascii_digit).count();
    let letters = &word[..word.len() - digits];
    let is_plain = |text: &str| text.chars().all(char::is_alphabetic) && text.chars().count() <= 20;
    if digits > 0 {
        // 404, v2, oauth2, RS256; not the head of an identifier.
        return digits <= if letters.is_empty() { 4 } else { 3 }
            && is_plain(letters)
            && letters.len() <= 8
            && is_one_case(letters);
    }
    is_plain(word) && (is_one_case(word) || is_camel_case(word))
}

fn is_one_case(text: &str) -> bool {
    let is_acronym = text.chars().count() <= 8 && !text.contains(char::is_lowercase);
    is_acronym || !text.chars().skip(1).any(char::is_uppercase)
}

/// At most three words of three letters and more: `userProfile`, not `aXbQkmPz`.
fn is_camel_case(text: &str) -> bool {
    let mut lengths = vec![0];
    for character in text.chars() {
        if character.is_uppercase() {
            lengths.push(0);
        }
        if let Some(last) = lengths.last_mut() {
            *last += 1;
        }
    }
    let words = lengths.into_iter().filter(|length| *length > 0).collect::<Vec<_>>();
    words.len() <= 3 && words.iter().all(|length| *length >= 3)
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
            "aXbQkmPzRt3w",
            "aXbQkmPz",
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
    fn what_is_cut_off_was_looked_at_first() {
        // Of the secret at the end only the beginning would be seen, which looks like a word.
        let said = text(&format!("{}9f86d081884c7d659a2feaa0c55ad015", "a ".repeat(59)));
        assert!(said.ends_with(MASK) && !said.contains('9'), "{said}");
        let filler = "a ".repeat(59);
        assert_eq!(text(&format!("{filler}hunter2hunter2")), format!("{filler}{MASK}"));
        let long = name(&"n".repeat(300));
        assert!(long.ends_with(MASK) && long.chars().count() <= LONGEST_NAME + 1, "{long}");
        assert_eq!(name(&"n".repeat(LONGEST_NAME)).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn what_follows_a_tell_is_masked_whatever_it_is() {
        assert_eq!(path("/password/reset/opensesame"), format!("/password/reset/{MASK}"));
        assert_eq!(path("/reset/"), "/reset/");
        assert_eq!(path("/api/token/refresh/"), "/api/token/refresh/");
    }

    /// Random tokens of every usual alphabet; the share that survives is what could leak.
    #[test]
    fn random_tokens_hardly_ever_survive() {
        let alphabets = [
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
            "0123456789abcdef",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        ];
        let mut state = 1_u64;
        for alphabet in alphabets {
            let letters: Vec<char> = alphabet.chars().collect();
            let mut survived = 0;
            for _ in 0..2_000 {
                let token: String = (0..12)
                    .map(|_| {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        letters[usize::try_from(state >> 33).unwrap() % letters.len()]
                    })
                    .collect();
                survived += usize::from(path(&format!("/x/{token}")).contains(&token));
            }
            assert!(survived < 20, "{survived} of 2000 of {alphabet}");
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

    #[test]
    fn up_to_three_words_in_one_are_words() {
        for plain in ["userProfile", "UserProfile", "UserProfilePage", "oneTwoSix"] {
            assert_eq!(text(plain), plain);
        }
        for other in ["oneTwoSixTen", "userIdentityId", "UsErProfile"] {
            assert_eq!(text(other), MASK, "{other}");
        }
    }

    #[test]
    fn a_short_name_is_cut_where_a_page_would_be_full() {
        let name = "n".repeat(48);
        assert_eq!(short_name(&name), name);
        assert_eq!(short_name(&format!("{name}n")), format!("{name}{MASK}"));
    }

    #[test]
    fn a_host_keeps_no_invisible_characters() {
        assert_eq!(host("a\u{202e}pp\u{0}.example\n"), "app.example");
    }
}
