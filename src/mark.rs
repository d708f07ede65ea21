//! Marks: "the same value as last time", without keeping the value.
//!
//! A mark is a keyed hash cut to 16 bits. The key is random and made once per installation. The
//! cut is on purpose: whoever holds both key and mark cannot confirm a guess, because one guess in
//! 65,536 fits; for "is it the one I saw before?" that is certain enough. Still, a mark shortens a
//! list of guesses, so none is made of what people choose themselves: passwords.

use core::hash::Hasher;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

/// The per-installation key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarkKey(pub [u8; 16]);

/// What is kept of a secret: enough to see that it is, or is not, the one seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(pub u16);

impl MarkKey {
    /// The mark of a value.
    #[must_use]
    pub fn mark(&self, value: &str) -> Mark {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(value.as_bytes());
        #[allow(clippy::cast_possible_truncation)]
        Mark(hasher.finish() as u16)
    }

    /// A tag that stands for a name or an address which is not to be kept: longer than a mark,
    /// because many of one site are told apart by it.
    #[must_use]
    pub fn tag(&self, parts: &[&str]) -> u32 {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        for part in parts {
            hasher.write(part.as_bytes());
            hasher.write(&[0]);
        }
        #[allow(clippy::cast_possible_truncation)]
        {
            (hasher.finish() >> 32) as u32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_marks_and_keys_matter() {
        let (one, two) = (MarkKey([1; 16]), MarkKey([2; 16]));
        assert_eq!(one.mark("secret"), one.mark("secret"));
        assert_ne!(one.mark("secret"), one.mark("secreu"));
        assert_ne!(one.mark("secret"), two.mark("secret"));
    }
}
