//! Every language says all that English says: no message is missing or left over, each has the same
//! gaps, and the plural branches that its language needs.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// Each language with the plural categories that CLDR has for its whole numbers; `many` of French, Spanish
/// and Portuguese is for millions, which `other` says as well.
const LANGUAGES: [(&str, &[&str]); 10] = [
    ("ar", &["zero", "one", "two", "few", "many", "other"]),
    ("de", &["one", "other"]),
    ("en", &["one", "other"]),
    ("es", &["one", "other"]),
    ("fr", &["one", "other"]),
    ("hi", &["one", "other"]),
    ("ja", &["other"]),
    ("pt_BR", &["one", "other"]),
    ("ru", &["one", "few", "many", "other"]),
    ("zh_CN", &["other"]),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("extension/_locales")
}

fn messages(language: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join(language).join("messages.json")).expect(language);
    let all: BTreeMap<String, Value> = serde_json::from_str(&text).expect(language);
    all.into_iter().map(|(key, value)| (key, value["message"].as_str().expect(language).to_owned())).collect()
}

/// The gaps of a text, each as often as it stands there.
fn gaps(text: &str) -> Vec<char> {
    let mut all: Vec<char> = text.split('$').skip(1).filter_map(|rest| rest.chars().next()).collect();
    all.sort_unstable();
    all
}

/// The branches of a plural; of any other message its only text, under no category.
fn branches(text: &str) -> Vec<(&str, &str)> {
    let parts: Option<Vec<_>> = text.split('|').map(|part| part.split_once('=')).collect();
    let categories = LANGUAGES[0].1;
    parts
        .filter(|parts| parts.iter().all(|(category, _)| categories.contains(category)))
        .unwrap_or_else(|| vec![("", text)])
}

#[test]
fn the_languages_are_those_that_are_there() {
    let there: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, LANGUAGES.iter().map(|(language, _)| (*language).to_owned()).collect());
}

#[test]
fn every_language_says_all_and_nothing_else() {
    let english = messages("en");
    for (language, _) in LANGUAGES {
        let own = messages(language);
        let keys = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<BTreeSet<_>>();
        let lacking: Vec<_> = keys(&english).difference(&keys(&own)).cloned().collect();
        let left_over: Vec<_> = keys(&own).difference(&keys(&english)).cloned().collect();
        assert!(
            lacking.is_empty() && left_over.is_empty(),
            "{language} lacks {lacking:?}, has {left_over:?}"
        );
    }
}

#[test]
fn gaps_and_branches_are_those_of_the_language() {
    let english = messages("en");
    let mut amiss = Vec::new();
    for (language, categories) in LANGUAGES {
        for (key, text) in messages(language) {
            let Some(model) = english.get(&key) else { continue };
            let (wanted, own) = (branches(model), branches(&text));
            let is_plural = wanted[0].0 == "other" || wanted.len() > 1;
            let named: Vec<&str> = own.iter().map(|(category, _)| *category).collect();
            if is_plural == named[0].is_empty() || (is_plural && named != *categories) {
                amiss.push(format!("{language} {key}: branches {named:?}"));
                continue;
            }
            let of = |branches: &[(&str, &str)]| {
                branches
                    .iter()
                    .find(|(category, _)| *category == "other" || category.is_empty())
                    .map(|(_, text)| gaps(text))
            };
            if of(&wanted) != of(&own) {
                amiss.push(format!("{language} {key}: gaps {:?}", of(&own)));
            }
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

#[test]
fn texts_fit_and_are_clean() {
    let mut amiss = Vec::new();
    for (language, _) in LANGUAGES {
        for (key, text) in messages(language) {
            let longest = match key.as_str() {
                "description" => 132,
                key if key.starts_with("cause_") && !key.ends_with("_prevent") => 90,
                _ => usize::MAX,
            };
            let hidden = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            };
            if text.trim() != text
                || text.is_empty()
                || text.chars().count() > longest
                || text.contains(hidden)
            {
                amiss.push(format!("{language} {key}: {text:?}"));
            }
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

/// Of the longer sentences none is left in English.
#[test]
fn sentences_are_translated() {
    let english = messages("en");
    for (language, _) in LANGUAGES.iter().filter(|(language, _)| *language != "en") {
        let own = messages(language);
        let same: Vec<_> = english
            .iter()
            .filter(|(key, text)| text.split(' ').count() > 4 && own.get(*key) == Some(*text))
            .map(|(key, _)| key)
            .collect();
        assert!(same.is_empty(), "{language}: {same:?}");
    }
}
