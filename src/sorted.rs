//! A set and a map that are sorted vectors: for the few entries that one browser has open, and in order already
//! where there are more. `std`'s B-trees are compiled anew for every type, and were an eighth of the wasm that a
//! wake waits for. Finding takes O(log n); putting in O(n), unless it comes last.

mod map;
mod set;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

pub use map::Map;
pub use set::Set;

/// Puts a few in order, and leaves what is alike as it was. What `std` does for millions weighs four kilobytes for
/// each type; this takes O(n²).
pub fn few<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        for at in (1..=end).rev() {
            if compare(&items[at - 1], &items[at]).is_le() {
                break;
            }
            items.swap(at - 1, at);
        }
    }
}
