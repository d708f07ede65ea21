//! The checks on every seed, and on seeds that were changed at random, always in the same way.

use latchkey_fuzz::seeds;

/// Changed inputs per target.
const CHANGED: usize = 20_000;

/// xorshift64*: enough to shuffle, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % most.max(1)
    }
}

/// A seed with a few bytes put in, taken out, doubled, or taken from another one.
fn change(seeds: &[String], random: &mut Random) -> Vec<u8> {
    const TELLING: &[u8] = b" ,;=\"\\\t\n.:/_-+%\0\x7f\xc3\xa9\xffA0";
    let mut input = seeds[random.below(seeds.len())].clone().into_bytes();
    for _ in 0..=random.below(4) {
        let (from, length) = (random.below(input.len() + 1), random.below(6));
        let to = (from + length).min(input.len());
        match random.below(4) {
            0 => input.insert(from, TELLING[random.below(TELLING.len())]),
            1 => drop(input.drain(from..to)),
            2 => {
                let piece = input[from..to].to_vec();
                input.splice(from..from, piece);
            }
            _ => {
                let other = seeds[random.below(seeds.len())].as_bytes();
                let start = random.below(other.len());
                let piece = other[start..(start + 4 * length).min(other.len())].to_vec();
                input.splice(from..to, piece);
            }
        }
    }
    input
}

fn try_all(target: &str, check: fn(&[u8]), changed: usize) {
    let seeds = seeds::all().into_iter().find(|(name, _)| *name == target).expect("a target").1;
    assert!(seeds.len() > 5, "the collected cases are there");
    seeds.iter().for_each(|seed| check(seed.as_bytes()));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..changed {
        check(&change(&seeds, &mut random));
    }
}

#[test]
fn challenges() {
    try_all("challenge", latchkey_fuzz::challenge, CHANGED);
}

#[test]
fn cookies() {
    try_all("set_cookie", latchkey_fuzz::set_cookie, CHANGED);
}

#[test]
fn tokens() {
    try_all("jwt", latchkey_fuzz::jwt, CHANGED);
}

#[test]
fn recordings() {
    // Each takes a hundred times as long as a line.
    try_all("har", latchkey_fuzz::har, CHANGED / 20);
}
