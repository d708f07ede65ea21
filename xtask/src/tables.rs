//! Undoes a mistake of Binaryen before 109, which Debian still has: it lets every exported table
//! point to the module's first one (<https://github.com/WebAssembly/binaryen/issues/4711>).
//! wasm-bindgen keeps JavaScript's values in the second, and traps at once without it.
//!
//! Only as much of the binary format is read as that takes.

use anyhow::{Context, Result, bail};

const TABLE_SECTION: u8 = 4;
const EXPORT_SECTION: u8 = 7;
/// The kind of an export that is a table.
const TABLE: u8 = 1;
/// Magic number and version.
const HEADER: usize = 8;

/// Lets the exported tables of `after` have the element types that they have in `before`.
pub fn repair(before: &[u8], after: &mut [u8]) -> Result<()> {
    let (originals, tables) = (read(before)?, read(after)?);
    for export in &tables.exports {
        let Some(original) = originals.exports.iter().find(|one| one.name == export.name) else {
            bail!("wasm-opt made up the table `{}`", export.name);
        };
        let element = originals.elements.get(original.table);
        if tables.elements.get(export.table) == element {
            continue;
        }
        let table = tables.elements.iter().position(|one| Some(one) == element);
        let table = table.with_context(|| format!("wasm-opt lost the table `{}`", export.name))?;
        // Both numbers are one byte: a module has two tables.
        match after.get_mut(export.at) {
            Some(byte) if *byte < 0x80 && table < 0x80 => *byte = table as u8,
            _ => bail!("the table `{}` has too great a number", export.name),
        }
    }
    Ok(())
}

/// The tables of a module.
struct Tables {
    /// Their element types.
    elements: Vec<u8>,
    exports: Vec<Export>,
}

/// An exported table.
struct Export {
    name: String,
    table: usize,
    /// Where in the module that number stands.
    at: usize,
}

fn read(module: &[u8]) -> Result<Tables> {
    let mut tables = Tables { elements: Vec::new(), exports: Vec::new() };
    let mut reader = Reader { module, at: HEADER };
    while reader.at < module.len() {
        let section = reader.byte()?;
        let end = reader.number()? + reader.at;
        match section {
            TABLE_SECTION => {
                for _ in 0..reader.number()? {
                    tables.elements.push(reader.byte()?);
                    let has_maximum = reader.byte()? & 1 == 1;
                    for _ in 0..1 + usize::from(has_maximum) {
                        reader.number()?;
                    }
                }
            }
            EXPORT_SECTION => {
                for _ in 0..reader.number()? {
                    let name = reader.name()?;
                    let kind = reader.byte()?;
                    let at = reader.at;
                    let table = reader.number()?;
                    if kind == TABLE {
                        tables.exports.push(Export { name, table, at });
                    }
                }
            }
            _ => {}
        }
        reader.at = end;
    }
    Ok(tables)
}

struct Reader<'a> {
    module: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8> {
        let byte = self.module.get(self.at).context("the wasm ends too early")?;
        self.at += 1;
        Ok(*byte)
    }

    /// An unsigned LEB128 number of at most 32 bits.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("the wasm has a number without an end")
    }

    fn name(&mut self) -> Result<String> {
        let length = self.number()?;
        let bytes = self.module.get(self.at..self.at + length);
        let name = bytes.context("the wasm ends too early")?;
        self.at += length;
        Ok(String::from_utf8_lossy(name).into_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const FUNCREF: u8 = 0x70;
    const EXTERNREF: u8 = 0x6f;

    /// A module with two tables and three exports: a memory, a table of functions, and the
    /// values' table, which is the table of that number.
    fn module(first: u8, second: u8, functions: u8, values: u8) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        // A section to skip, which has a length of two bytes.
        module.extend([0, 0x81, 0x01]);
        module.extend([7; 129]);
        module.extend([TABLE_SECTION, 9, 2, first, 1, 121, 121, second, 0, 0x84, 0x08]);
        module.extend([EXPORT_SECTION, 13, 3]);
        for (name, kind, index) in [(b'm', 2, 0), (b'f', TABLE, functions), (b'v', TABLE, values)] {
            module.extend([1, name, kind, index]);
        }
        module
    }

    #[test]
    fn a_misled_export_is_led_back() {
        let before = module(FUNCREF, EXTERNREF, 0, 1);
        let mut after = module(FUNCREF, EXTERNREF, 0, 0);
        repair(&before, &mut after).unwrap();
        assert_eq!(after, before);
    }

    #[test]
    fn tables_may_change_places() {
        let mut after = module(EXTERNREF, FUNCREF, 1, 0);
        let right = after.clone();
        repair(&module(FUNCREF, EXTERNREF, 0, 1), &mut after).unwrap();
        assert_eq!(after, right);
    }

    #[test]
    fn an_export_of_the_right_type_is_left_alone() {
        let before = module(FUNCREF, FUNCREF, 0, 1);
        let mut after = before.clone();
        repair(&before, &mut after).unwrap();
        assert_eq!(after, before);
    }

    #[test]
    fn a_lost_table_is_an_error() {
        let mut after = module(FUNCREF, FUNCREF, 0, 0);
        let error = repair(&module(FUNCREF, EXTERNREF, 0, 1), &mut after).unwrap_err();
        assert_eq!(error.to_string(), "wasm-opt lost the table `v`");
    }

    #[test]
    fn a_broken_module_is_an_error() {
        let whole = module(FUNCREF, EXTERNREF, 0, 1);
        assert!(repair(&whole, &mut whole.clone()[..whole.len() - 2]).is_err());
    }
}
