//! The rules of the house, checked by reading the source tree as text: one test per rule. A failure
//! names the file and the line, and says in one sentence why the rule is there.
// long because: each rule of the house is a test, and they are read together.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/owed.rs"]
mod owed;
#[path = "tidy/tree.rs"]
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use latchkey::cause::{CAUSES, Cause, CauseId};
use latchkey::fix::FixId;
use owed::OWED;
use tree::{
    File, MESSAGES, ends_in_word, files, gap_digits, gaps, is_title, keys_in_code, literals, messages,
    numbered, rust, scripts,
};

#[test]
fn only_the_browser_room_names_javascript() {
    let words =
        ["web_sys", "js_sys", "JsValue", "wasm_bindgen", "serde_wasm_bindgen", "gloo_", "idb::", "JsCast"];
    let mut rule = Rule::new("everything else runs and is tested natively, so only src/browser/ may name it");
    for file in rust("src").filter(|file| !file.path.starts_with("src/browser")) {
        for (line, code) in file.code() {
            rule.breaks_if(words.iter().any(|word| code.contains(word)), &file, line, code);
        }
    }
}

#[test]
fn a_cause_is_complete() {
    let mut rule =
        Rule::new("a cause is a rule, words, a scenario that shows it, a case and tests, or it is not done");
    let messages = messages();
    let scenarios: String = rust("tests/lab/src/scenario").map(|file| file.text).collect();
    let cases = include_str!("corpus/cases.json");
    let mut files: BTreeMap<String, File> =
        rust("src/cause").map(|file| (file.stem().to_owned(), file)).collect();
    files.remove("testing");
    for id in CAUSES.iter().map(|cause| cause.id.id()) {
        let Some(file) = files.remove(id) else {
            rule.broken(format!("src/cause/{id}.rs: missing"));
            continue;
        };
        let of_owner =
            CAUSES.iter().any(|cause| cause.id.id() == id && has_note(cause)).then(|| format!("owner_{id}"));
        for key in [format!("cause_{id}"), format!("cause_{id}_prevent")].into_iter().chain(of_owner) {
            rule.breaks_if(!messages.contains_key(&key), &file, 1, &format!("no message `{key}`"));
        }
        rule.breaks_if(!file.text.contains("#[test]"), &file, 1, "no test");
        let owed = OWED.iter().any(|(cause, reason)| *cause == id && !reason.is_empty());
        let shown = scenarios.contains(&format!("cause: Some(\"{id}\")"));
        rule.breaks_if(!shown && !owed, &file, 1, "no scenario in tests/lab expects it");
        rule.breaks_if(owed && shown, &file, 1, "shown after all: take it off the list");
        let collected = cases.contains(&format!("\"cause\": \"{id}\""));
        rule.breaks_if(!collected, &file, 1, "no case in tests/corpus/cases.json");
    }
    for file in files.values() {
        rule.breaks_if(true, file, 1, "not in the table of src/cause.rs");
    }
}

/// Is there a note for the site's owner?
fn has_note(cause: &Cause) -> bool {
    cause.fixes.contains(&FixId::ForTheOwner)
}

#[test]
fn a_fix_has_words() {
    let mut rule = Rule::new("a person sees what a click does before it is done");
    let messages = messages();
    for id in FixId::ALL.iter().map(|fix| fix.id()) {
        for key in [format!("fix_{id}"), format!("fix_{id}_will")] {
            if !messages.contains_key(&key) {
                rule.broken(format!("{MESSAGES}: no message `{key}`"));
            }
        }
    }
}

#[test]
fn every_message_that_is_used_exists() {
    let mut rule = Rule::new("a key without a message would be shown to people as it is");
    let messages = messages();
    for (place, key, sure) in keys_in_code() {
        if sure && !messages.contains_key(&key) {
            rule.broken(format!("{place}: no message `{key}`"));
        }
    }
}

#[test]
fn every_message_is_used() {
    let mut rule = Rule::new("translators should not work for nothing");
    let mut used: BTreeSet<String> = keys_in_code().into_iter().map(|(_, key, _)| key).collect();
    for id in CAUSES.iter().map(|cause| cause.id).chain([CauseId::Unknown]).map(CauseId::id) {
        used.extend([format!("cause_{id}"), format!("cause_{id}_prevent")]);
    }
    used.extend(
        CAUSES.iter().filter(|cause| has_note(cause)).map(|cause| format!("owner_{}", cause.id.id())),
    );
    for id in FixId::ALL.iter().map(|fix| fix.id()) {
        used.extend([format!("fix_{id}"), format!("fix_{id}_will"), format!("advice_{id}")]);
    }
    for (key, message) in messages() {
        if !used.contains(&key) {
            rule.broken(format!("{MESSAGES}:{}: `{key}` is used nowhere", message.line));
        }
    }
}

#[test]
fn messages_are_well_formed() {
    let mut rule =
        Rule::new("a gap or a plural branch that is amiss shows itself to people, and titles must fit");
    for (key, message) in messages() {
        let text = &message.text;
        let mut complain = |what: &str| rule.broken(format!("{MESSAGES}:{}: `{key}`: {what}", message.line));
        let branches: Vec<(&str, &str)> = text.split('|').filter_map(|part| part.split_once('=')).collect();
        let is_plural = branches.first().is_some_and(|(category, _)| CATEGORIES.contains(category));
        if is_plural {
            let known = branches.len() == text.split('|').count()
                && branches
                    .iter()
                    .all(|(category, branch)| CATEGORIES.contains(category) && !branch.is_empty());
            if !known {
                complain("a branch is not `category=text`");
            }
            match branches.iter().find(|(category, _)| *category == "other") {
                None => complain("no `other` branch, the one that every language has"),
                Some((_, other)) if gaps(other) != gaps(text) => {
                    complain("`other` lacks a gap of another branch")
                }
                Some(_) => {}
            }
        }
        let gaps = gaps(text);
        if gaps.iter().copied().ne(1..=gaps.len()) {
            complain("its gaps are not $1, $2 … without a break");
        }
        if text.matches('$').count() != gap_digits(text).count() || gaps.len() > 4 {
            complain("a `$` that is not one of $1 to $4");
        }
        if gaps.iter().any(|gap| !message.description.contains(&format!("${gap}"))) {
            complain("its description does not tell translators what fills each gap");
        }
        let longest = match key.as_str() {
            "description" => 132,
            key if is_title(key) => 90,
            _ => usize::MAX,
        };
        if text.chars().count() > longest {
            complain(&format!("longer than {longest} characters"));
        }
    }
}

#[test]
fn plain_words_above_the_fold() {
    // `cookie` is a word that people know; statuses are checked as numbers.
    let jargon: Vec<&str> = include_str!("tidy/jargon.txt").lines().collect();
    let mut rule = Rule::new("somebody locked out reads this first and need not know how the web works");
    for (key, message) in messages() {
        // Below the fold: the evidence, the advice, the note for whoever runs the site, and what developers want.
        let is_for_experts = key.starts_with("owner_") || key.starts_with("dev_");
        if is_for_experts
            || (key.starts_with("why_") && !key.starts_with("why_title"))
            || key.ends_with("_prevent")
        {
            continue;
        }
        let text = message.text.to_lowercase();
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let plain = format!(" {} ", words.join(" "));
        let said = jargon
            .iter()
            .find(|word| plain.contains(&format!(" {word} ")) || plain.contains(&format!(" {word}s ")));
        let status =
            words.iter().find(|word| word.parse().is_ok_and(|number: u16| (100..600).contains(&number)));
        if let Some(word) = said.or(status) {
            rule.broken(format!("{MESSAGES}:{}: `{key}` says “{word}”", message.line));
        }
    }
}

#[test]
fn nothing_unfinished_or_left_from_debugging() {
    let macros =
        ["todo!", "unimplemented!", "unreachable!", "dbg!", "print!", "println!", "eprint!", "eprintln!"];
    let lints = ["clippy::unwrap_used", "clippy::expect_used", "clippy::panic"];
    let mut rule =
        Rule::new("no input may end the program, and only the command line has somewhere to print to");
    for file in rust("src").filter(|file| !file.is_test()) {
        for (line, code) in file.code() {
            let starts = |name: &&str| code.match_indices(*name).any(|(at, _)| !ends_in_word(&code[..at]));
            rule.breaks_if(macros.iter().any(starts), &file, line, code);
            let allows = code.contains("allow(") || code.contains("expect(");
            rule.breaks_if(allows && lints.iter().any(|lint| code.contains(lint)), &file, line, code);
        }
    }
}

#[test]
fn files_are_short() {
    const MOST: usize = 400;
    let mut rule =
        Rule::new("a file that is read in one go is understood (or its head says `// long because: …`)");
    // Data has as many lines as it has entries; a comment cannot excuse them there.
    for file in ["src", "tests", "xtask", "extension"]
        .into_iter()
        .flat_map(files)
        .filter(|file| ![".json", ".har", ".txt"].iter().any(|kind| file.path.ends_with(kind)))
    {
        let length = file.text.lines().count();
        let excused = file.text.lines().take(10).any(|line| line.contains("// long because: "));
        rule.breaks_if(
            length > MOST && !excused,
            &file,
            length,
            &format!("{length} lines, more than {MOST}"),
        );
    }
}

#[test]
fn no_text_for_people_in_views() {
    // Text stands in a literal with letters that is two words or starts like a sentence. What stands
    // after `=` is an attribute's value, unless the attribute is one that people read or hear.
    let read = ["title=", "aria-label=", "alt=", "placeholder="];
    let mut rule = Rule::new("what people read stands in _locales, where it can be translated");
    for file in rust("src").filter(|file| file.path.starts_with("src/view") && !file.is_test()) {
        for (line, code) in file.code() {
            for (at, literal) in literals(code) {
                let before = code[..at].trim_end();
                let is_attribute = before.ends_with('=') && !read.iter().any(|name| before.ends_with(name));
                let words = literal.split(' ').filter(|word| word.contains(char::is_alphabetic)).count();
                let is_text = words > 1 || literal.starts_with(char::is_uppercase);
                rule.breaks_if(is_text && !is_attribute, &file, line, code);
            }
        }
    }
}

#[test]
fn a_sites_words_go_through_one_door() {
    let mut rule =
        Rule::new("what a site says is set apart, bounded and made visible in view/theirs.rs alone");
    for file in rust("src").filter(|file| file.path.starts_with("src/view") && !file.is_test()) {
        for (line, code) in file.code().into_iter().filter(|_| file.stem() != "theirs") {
            let is_own_element = code.contains("bdi ") || code.contains("bdi.") || code.contains("bdi{");
            // A sentence may hold a site's words; within an attribute it cannot be set apart.
            let is_bare_sentence = code.contains("{ (words.line(");
            let fields = [".site)", ".url)", ".method)", ".realm)", ".name)"];
            let is_bare_field = fields.iter().any(|field| {
                code.split(field).next().is_some_and(|before| before.contains("{ (") && code.contains(field))
                    && code.contains(&format!("{field} }}"))
                    && !code.contains("theirs")
            });
            rule.breaks_if(is_own_element || is_bare_sentence || is_bare_field, &file, line, code);
        }
    }
}

#[test]
fn every_dependency_says_why() {
    let mut rule =
        Rule::new("a dependency is a cost, so a comment above it, or above its group, says what it buys");
    for file in files("").filter(|file| file.path.ends_with("Cargo.toml")) {
        let (mut in_dependencies, mut explained) = (false, false);
        for (line, text) in numbered(&file.text) {
            match text.trim() {
                "" => explained = false,
                comment if comment.starts_with('#') => explained = true,
                header if header.starts_with('[') => {
                    let name = header.trim_end_matches(']');
                    in_dependencies = name.ends_with("dependencies");
                    let is_own_table = name.contains("dependencies.");
                    rule.breaks_if(is_own_table && !explained, &file, line, header);
                    explained = false;
                }
                entry => {
                    rule.breaks_if(in_dependencies && !explained && entry.contains('='), &file, line, entry)
                }
            }
        }
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    // In two parts, so that this file may hold them.
    let paths = [["/ro", "ot/"].concat(), ["/ho", "me/"].concat()];
    let hosts = [["static.cra", "tes.io"].concat(), ["registry.npm", "js.org"].concat()];
    let mut rule = Rule::new("a path or a mirror of one machine means nothing on another");
    for file in files("") {
        for (line, text) in numbered(&file.text) {
            // What follows a host in a URL is not a path of this machine.
            let is_absolute =
                |at: usize| !ends_in_word(&text[..at]) && !text[..at].ends_with(['.', '/', '-', '~']);
            let names_path = paths.iter().any(|path| text.match_indices(path).any(|(at, _)| is_absolute(at)));
            let names_host = hosts.iter().any(|host| text.contains(host));
            rule.breaks_if(names_path || names_host, &file, line, text);
        }
    }
}

#[test]
fn the_shims_are_harmless() {
    let banned = ["eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"];
    let mut rule =
        Rule::new("stores refuse pages that run or show what was not shipped, and we talk to no server");
    for file in scripts() {
        for (line, code) in file.code() {
            rule.breaks_if(banned.iter().any(|word| code.contains(word)), &file, line, code);
            // A URL goes on after its slashes: code that looks for them is none.
            let goes_on =
                |after: &str| after.starts_with(|c: char| c.is_alphanumeric() || c == '[' || c == '$');
            let slashes = ["http://", "https://", "ws://", "wss://", "\"//"];
            let is_url = slashes.iter().any(|start| code.split(start).skip(1).any(goes_on));
            rule.breaks_if(is_url, &file, line, code);
        }
    }
}

#[test]
fn listeners_are_there_when_the_background_wakes() {
    let mut rule =
        Rule::new("an event that wakes the background is lost if its listener comes after an `await`");
    // A page listens for itself, as long as it is open.
    let is_page = |file: &File| file.text.contains("from \"./page.js\"");
    let listens = |file: &File| file.text.contains("addListener") || file.stem() == "background";
    for file in scripts().filter(|file| listens(file) && !is_page(file)) {
        rule.breaks_if(
            file.stem() != "background",
            &file,
            1,
            "listeners are registered in background.js alone",
        );
        let code = file.code();
        let last = code.iter().rposition(|(_, code)| code.contains(".addListener(")).unwrap_or(0);
        for (line, code) in &code[..last] {
            rule.breaks_if(code.contains("await") || code.contains("import("), &file, *line, code);
        }
        // What it imports runs before it.
        let imported = |module: &File| file.text.contains(&format!("from \"./{}.js\"", module.stem()));
        for module in scripts().filter(imported) {
            for (line, code) in module.code() {
                let is_top_level = !code.starts_with([' ', '}']) && !code.contains("function");
                rule.breaks_if(is_top_level && code.contains("await "), &module, line, code);
            }
        }
    }
}

#[test]
fn the_records_have_one_version() {
    let number = |text: &'static str, before: &str| text.split_once(before).unwrap().1.split(';').next();
    let rust = number(include_str!("../src/browser/store/schema.rs"), "pub const VERSION: u32 = ");
    assert_eq!(rust, number(include_str!("../extension/records.js"), "const VERSION = "));
}

const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A rule: why it is there, and where it is broken. Fails when it is dropped.
struct Rule {
    reason: &'static str,
    broken: Vec<String>,
}

impl Rule {
    fn new(reason: &'static str) -> Self {
        Self { reason, broken: Vec::new() }
    }

    fn broken(&mut self, place: String) {
        self.broken.push(place);
    }

    fn breaks_if(&mut self, broken: bool, file: &File, line: usize, what: &str) {
        if broken {
            self.broken(format!("{}:{line}: {}", file.path, what.trim()));
        }
    }
}

impl Drop for Rule {
    fn drop(&mut self) {
        let is_fine = self.broken.is_empty() || std::thread::panicking();
        assert!(is_fine, "{}:\n  {}\n", self.reason, self.broken.join("\n  "));
    }
}
