//! What readers are sent to: a document that is named is there, and the map shows every room.

use std::collections::{BTreeMap, BTreeSet};

use latchkey::cause::CAUSES;

use crate::Rule;
use crate::tree::{File, files, numbered, rust};

/// Where they are.
const FOLDER: &str = "docs/";

#[test]
fn a_document_that_is_named_exists() {
    let mut rule = Rule::new("a reader who is sent to a document, or to a section of one, must find it");
    let documents: BTreeMap<String, String> = files("docs").map(|file| (file.path, file.text)).collect();
    let speaks = |file: &File| {
        ["rs", "js", "css", "html", "toml", "md"].iter().any(|kind| file.path.ends_with(&format!(".{kind}")))
    };
    for file in files("").filter(speaks) {
        for (line, text) in numbered(&file.text) {
            for (name, section) in named(text) {
                let document = documents.get(name);
                let is_there = document.is_some_and(|document| section.is_none_or(|it| has(document, it)));
                rule.breaks_if(!is_there, &file, line, text);
            }
        }
    }
}

#[test]
fn the_number_of_causes_is_said_as_it_is() {
    let mut rule = Rule::new("people judge by what they were promised");
    for file in files("").filter(|file| file.path.ends_with(".md")) {
        for (line, text) in numbered(&file.text) {
            for (before, _) in text.match_indices(" causes").map(|(at, _)| text.split_at(at)) {
                let word = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
                let is_true = word.parse().map_or(true, |count: usize| count == CAUSES.len());
                rule.breaks_if(!is_true, &file, line, text);
            }
        }
    }
}

/// The documents that a line names, each with the section that it sends to, if it names one: in quotes,
/// after a colon.
fn named(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.match_indices(FOLDER).filter_map(move |(at, _)| {
        // A folder of that name elsewhere, or an address.
        let is_elsewhere = text[..at].ends_with(|c: char| c.is_alphanumeric() || "/-_.".contains(c));
        let end = at + text[at..].find(".md")? + ".md".len();
        let is_name = text[at + FOLDER.len()..end]
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c));
        let section = text[end..].strip_prefix(": \"").and_then(|rest| rest.split('"').next());
        (is_name && !is_elsewhere).then_some((&text[at..end], section))
    })
}

fn has(document: &str, section: &str) -> bool {
    document.lines().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == section)
}

/// The module that a line of code declares.
fn room(code: &str) -> Option<&str> {
    code.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')
}

#[test]
fn the_map_shows_every_room() {
    let mut rule = Rule::new("the map at the head of src/lib.rs is where a newcomer begins");
    let file = rust("src").find(|file| file.path == "src/lib.rs").unwrap();
    // `- [`one`], `other`: what they are for.`
    let shown: BTreeSet<&str> = file
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("//! - ")?.split_once(": "))
        .flat_map(|(rooms, _)| rooms.split('`').skip(1).step_by(2))
        .collect();
    let code = file.code();
    let rooms: BTreeMap<&str, usize> =
        code.iter().filter_map(|(line, code)| Some((room(code)?, *line))).collect();
    for (room, line) in rooms.iter().filter(|(room, _)| !shown.contains(*room)) {
        rule.breaks_if(true, &file, *line, &format!("`{room}` is not on the map"));
    }
    for room in shown.iter().filter(|room| !rooms.contains_key(*room)) {
        rule.breaks_if(true, &file, 1, &format!("`{room}` is on the map, and is no room"));
    }
}
