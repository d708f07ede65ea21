//! Lets wasm-bindgen keep JavaScript's values in an array in JavaScript, not in a wasm table.
//!
//! Debian's Binaryen (108) cannot shrink a module with such a table: it does not know the
//! instruction `table.fill`, and it exports the wrong table
//! (<https://github.com/WebAssembly/binaryen/issues/4711>). wasm-bindgen takes a table when the
//! compiler's note of the target's features says that there are reference types.

/// The compiler's flag that compiles wasm-bindgen's own part for it.
pub const FLAG: &str = "-Ctarget-feature=-reference-types";

/// How the note, a custom section, spells that reference types are used: a sign, a length, a name.
const USED: &[u8] = b"+\x0freference-types";

/// The sign that stands for "must not be used".
const NOT_ALLOWED: u8 = b'-';

/// Takes the reference types out of the compiler's note.
pub fn note(module: &mut [u8]) {
    // The note is at the end, behind any data of the program's own that looks like it.
    let last = module.windows(USED.len()).rposition(|window| window == USED);
    if let Some(sign) = last.and_then(|at| module.get_mut(at)) {
        *sign = NOT_ALLOWED;
    }
}

/// Mends the JavaScript that wasm-bindgen writes: starting afresh after a trap calls a start
/// function, which without a table only a program with one of its own has.
pub fn mend(javascript: &str) -> String {
    javascript.replace("wasm.__wbindgen_start();", "wasm.__wbindgen_start?.();")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_function_may_be_missing() {
        let mended = mend("wasm = instance.exports;\nwasm.__wbindgen_start();\n}");
        assert_eq!(mended, "wasm = instance.exports;\nwasm.__wbindgen_start?.();\n}");
    }

    #[test]
    fn the_last_mention_is_the_note() {
        let mut module = b"data +\x0freference-types, note \x02+\x0freference-types+\x08sign-ext".to_vec();
        note(&mut module);
        assert_eq!(module, b"data +\x0freference-types, note \x02-\x0freference-types+\x08sign-ext");
    }

    #[test]
    fn a_module_without_the_note_stays_as_it_is() {
        let mut module = b"\x01+\x08sign-ext".to_vec();
        note(&mut module);
        assert_eq!(module, b"\x01+\x08sign-ext");
    }
}
