//! Reads the source tree, as simply as this tree allows. It knows no Rust grammar, but the habits of
//! the house: a comment has a line of its own or stands after ` // `, and a test module stands last
//! in its file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The words of the extension.
pub const MESSAGES: &str = "extension/_locales/en/messages.json";

/// A text file of the tree, by its path from the root.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    pub fn is_test(&self) -> bool {
        self.stem() == "tests" || self.stem() == "testing" || self.path.contains("/tests/")
    }

    /// The lines with their numbers, without comments and up to the test module.
    pub fn code(&self) -> Vec<(usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        numbered(&self.text[..end])
            .map(|(line, text)| (line, text.split(" // ").next().unwrap_or(text)))
            .filter(|(_, text)| !text.trim_start().starts_with("//") && !text.trim_start().starts_with("/*"))
            .collect()
    }
}

pub fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// The text files below a folder, but for what is built.
pub fn files(under: &str) -> impl Iterator<Item = File> + use<> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(under)];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let built =
                ["target", "dist", ".git", "node_modules"].iter().any(|name| entry.file_name() == *name);
            match entry.file_type().unwrap().is_dir() {
                true if built => {}
                true => folders.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found.sort();
    // What is no text (a picture) is left out.
    found.into_iter().filter_map(move |path| {
        let text = std::fs::read_to_string(&path).ok()?;
        Some(File { path: path.strip_prefix(root).unwrap().to_str()?.replace('\\', "/"), text })
    })
}

pub fn rust(under: &str) -> impl Iterator<Item = File> + use<> {
    files(under).filter(|file| file.path.ends_with(".rs"))
}

pub fn scripts() -> impl Iterator<Item = File> {
    files("extension").filter(|file| file.path.ends_with(".js"))
}

/// The string literals of a piece of code, with where their opening quotes stand.
pub fn literals(code: &str) -> Vec<(usize, &str)> {
    let (mut found, mut open, mut escaped) = (Vec::new(), None, false);
    for (at, character) in code.char_indices() {
        match (character, open) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            ('"', None) => open = Some(at),
            ('"', Some(start)) => {
                found.push((start, &code[start + 1..at]));
                open = None;
            }
            _ => {}
        }
    }
    found
}

/// The message keys that the code names: where, which, and whether it can be nothing but a key.
pub fn keys_in_code() -> Vec<(String, String, bool)> {
    let calls = ["Line::new(", ".say(", "Refuse(", "Arg::Message(", "set_language("];
    let families = ["why_", "refused_", "trouble_", "state_", "sure_", "scope_", "history_", "dev_"];
    let is_key = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let mut found = Vec::new();
    for file in rust("src").filter(|file| !file.is_test()) {
        // A call that is broken after its parenthesis goes on in the next line.
        let mut goes_on = false;
        for (line, code) in file.code() {
            for (at, literal) in literals(code).into_iter().filter(|(_, literal)| is_key(literal)) {
                let before = code[..at].trim_start();
                let called = calls.iter().any(|call| before.ends_with(call)) || before.contains(".say(if ");
                let sure = called
                    || (goes_on && before.is_empty())
                    || families.iter().any(|family| literal.starts_with(family));
                found.push((format!("{}:{line}", file.path), literal.to_owned(), sure));
            }
            goes_on = calls.iter().any(|call| code.ends_with(call));
        }
    }
    for file in files("").filter(|file| ["json", "html", "js"].iter().any(|end| file.path.ends_with(end))) {
        for (line, text) in numbered(&file.text) {
            for part in text.split("__MSG_").skip(1) {
                let key = part.split("__").next().unwrap_or_default().to_owned();
                found.push((format!("{}:{line}", file.path), key, true));
            }
        }
    }
    found
}

pub struct Message {
    pub line: usize,
    pub text: String,
    pub description: String,
}

pub fn messages() -> BTreeMap<String, Message> {
    let file = files("extension/_locales").find(|file| file.path == MESSAGES).unwrap();
    let json: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(&file.text).unwrap();
    let line_of = |key: &str| {
        let head = format!("\"{key}\": {{");
        numbered(&file.text).find(|(_, line)| line.contains(&head)).map_or(1, |(line, _)| line)
    };
    let message = |(key, mut entry): (String, BTreeMap<String, String>)| {
        let mut take = |name: &str| entry.remove(name).unwrap_or_default();
        let message =
            Message { line: line_of(&key), text: take("message"), description: take("description") };
        (key, message)
    };
    json.into_iter().map(message).collect()
}

pub fn is_title(key: &str) -> bool {
    key.starts_with("cause_") && !key.ends_with("_prevent")
}

/// The digits that follow a `$`, 1 to 4.
pub fn gap_digits(text: &str) -> impl Iterator<Item = usize> {
    text.split('$').skip(1).filter_map(|after| match after.as_bytes().first()? {
        digit @ b'1'..=b'4' => Some(usize::from(digit - b'0')),
        _ => None,
    })
}

pub fn gaps(text: &str) -> BTreeSet<usize> {
    gap_digits(text).collect()
}

pub fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}
