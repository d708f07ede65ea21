//! What the wire said. Every parser here is total: any text in, a value out, oddities kept.
//!
//! RFC 6265bis is no RFC yet. Wherever it is cited, also outside this room, sections and steps are those of
//! draft-ietf-httpbis-rfc6265bis-22.

pub mod address;
pub mod authorization;
pub mod challenge;
pub mod cookie;
pub mod date;
pub mod jwt;
pub mod seal;
pub mod set_cookie;
pub mod storage;

/// `WSP` of RFC 5234: the only characters that RFC 6265bis trims. `str::trim` takes more.
fn is_wsp(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// The longest head of a text that has at most that many bytes.
fn head(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}
