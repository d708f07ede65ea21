//! The table: where, which words, what they mean, and where that is documented. One file per
//! subject.

use super::{Place, Sign, account, edge, key, scope, session, token};

/// One documented text.
#[derive(Debug)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// The words, lower case; `*` parts words that must all be there.
    pub text: &'static str,
    /// What they mean.
    pub sign: Sign,
    /// Where this is documented.
    pub source: &'static str,
}

/// A row, in a line.
pub(super) const fn row(place: Place, text: &'static str, sign: Sign, source: &'static str) -> Row {
    Row { place, text, sign, source }
}

/// Every text that is known.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [token::ROWS, scope::ROWS, key::ROWS, session::ROWS, account::ROWS, edge::ROWS].into_iter().flatten()
}
