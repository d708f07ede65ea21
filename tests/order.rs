//! A verdict does not hang on the order of headers, nor on the case of their names (RFC 9110, sections
//! 5.1 and 5.3): every collected lock-out is read again, shuffled.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use latchkey::diagnose::Diagnosis;
use latchkey::explain::Explainer;
use latchkey::har;
use proptest::prelude::*;
use serde_json::Value;

fn verdicts(recording: &Value) -> Vec<Option<Diagnosis>> {
    let mut explainer = Explainer::default();
    let summary = har::read(recording.to_string().as_bytes(), &mut |seen| explainer.push(seen)).unwrap();
    explainer.finish(&summary).into_iter().map(|incident| incident.diagnosis).collect()
}

fn collected() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    files.iter().map(|file| (file.display().to_string(), read(file))).collect()
}

/// The headers in another order. Fields of one name keep theirs, which may matter (section 5.3).
fn shuffled(headers: &Value, keys: &[u8], upper: bool) -> Value {
    let mut list: Vec<(u8, Value)> = Vec::new();
    for header in headers.as_array().into_iter().flatten() {
        let name = header["name"].as_str().unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        let sum = lower.bytes().fold(0_usize, |sum, byte| sum * 31 % 9_973 + usize::from(byte));
        let mut header = header.clone();
        header["name"] = if upper { name.to_ascii_uppercase() } else { lower }.into();
        list.push((keys[sum % keys.len()], header));
    }
    list.sort_by_key(|(key, _)| *key);
    list.into_iter().map(|(_, header)| header).collect::<Vec<_>>().into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn verdicts_do_not_change_with_the_order_or_case_of_headers(
        keys in prop::collection::vec(any::<u8>(), 64),
        upper in any::<bool>(),
    ) {
        for (name, recording) in collected() {
            let mut other = recording.clone();
            for entry in other["log"]["entries"].as_array_mut().unwrap() {
                for side in ["request", "response"] {
                    entry[side]["headers"] = shuffled(&entry[side]["headers"], &keys, upper);
                }
            }
            prop_assert_eq!(verdicts(&other), verdicts(&recording), "{}", name);
        }
    }
}
