//! `latchkey explain` as a program: bad input, large input, standard input.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs it on standard input that is written piece by piece.
fn explain(arguments: &[&str], pieces: impl Iterator<Item = String>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .arg("explain")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    for piece in pieces {
        // It may have read enough to know that it is no HAR file.
        if input.write_all(piece.as_bytes()).is_err() {
            break;
        }
    }
    drop(input);
    child.wait_with_output().expect("the program ends")
}

fn once(text: &str) -> Output {
    explain(&[], std::iter::once(text.to_owned()))
}

const REFUSED: &str = r#"{"startedDateTime":"2026-06-16T10:00:00Z","time":5,"_resourceType":"document",
    "request":{"method":"GET","url":"https://app.test/account","headers":[{"name":"Cookie","value":"sid=s3cr3t"}]},
    "response":{"status":440,"headers":[]}}"#;

fn har(entries: &str) -> String {
    format!(r#"{{"log":{{"creator":{{"name":"Firefox"}},"entries":[{entries}]}}}}"#)
}

/// One line on standard error, nothing on standard output, exit status 2.
fn refused(text: &str) -> String {
    let output = once(text);
    let words = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(output.stdout.is_empty() && words.lines().count() == 1, "{words}");
    words
}

#[test]
fn bad_input_is_said_in_a_line() {
    assert!(refused("").contains("not valid JSON"));
    assert!(refused(&har(REFUSED)[..200]).contains("not valid JSON"), "cut off");
    assert!(refused("[1,2]").contains("no log.entries"));
    assert!(refused(r#"{"log":{"version":"1.2"}}"#).contains("no log.entries"));
    assert!(refused(&"[".repeat(200_000)).contains("no log.entries"));
    assert!(refused(&format!("{{\"a\":{}", "[".repeat(200_000))).contains("not valid JSON"));
    assert!(refused(&har(&format!("{REFUSED}]}}}} trailing"))).contains("not valid JSON"));
    let output =
        Command::new(env!("CARGO_BIN_EXE_latchkey")).args(["explain", "/nowhere.har"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_is_read_is_explained_and_keeps_no_secret() {
    let output = once(&har(REFUSED));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("440 GET https://app.test/account"), "{text}");
    assert!(!text.contains("s3cr3t"), "{text}");
    let json = explain(&["--json", "-"], std::iter::once(har(REFUSED)));
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["incidents"][0]["causes"][0]["id"], "session_expired");
    let nothing = once(&har(""));
    assert!(nothing.status.success() && nothing.stdout == b"No lock-out found.\n");
}

#[test]
fn odd_entries_do_not_hide_the_others() {
    let odd =
        r#"null, 7, [], {}, {"request":null,"response":[]}, {"time":"x","request":{"url":4,"headers":{}}}"#;
    let output = once(&har(&format!("{odd},{REFUSED}")));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("440 GET"));
}

/// Any number of refused requests is one lock-out (a million take 2 s in a release build).
#[test]
fn many_entries_are_counted() {
    let start = har("@");
    let (before, after) = start.split_once('@').unwrap();
    let entries = (0..100).map(|block| {
        let comma = if block == 0 { "" } else { "," };
        format!("{comma}{}", vec![REFUSED; 1_000].join(","))
    });
    let pieces = std::iter::once(before.to_owned()).chain(entries).chain(std::iter::once(after.to_owned()));
    let output = explain(&["--json"], pieces);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(report["incidents"][0]["count"], 100_000);
}

#[test]
fn a_header_of_a_hundred_megabytes_ends_in_an_answer() {
    let challenge = r#","headers":[{"name":"WWW-Authenticate","value":"Basic realm=\"@\""}]}}"#;
    let entry = REFUSED.replace(r#","headers":[]}}"#, challenge).replace("440", "401");
    let whole = har(&entry);
    let (before, after) = whole.split_once('@').unwrap();
    let long = std::iter::repeat_n("x".repeat(1_000_000), 100);
    let pieces = std::iter::once(before.to_owned()).chain(long).chain(std::iter::once(after.to_owned()));
    let output = explain(&[], pieces);
    assert!(output.status.success());
    assert!(output.stdout.len() < 10_000, "only as much as can be read is kept");
}

/// What the extension saves of a lock-out is explained as the extension explained it: every lock-out of
/// the corpus, saved and read again. Where its verdict is left out, what is left is judged anew; the
/// requests around it are not kept, so some of it is lost then, and it is counted how much.
#[test]
fn what_is_saved_is_explained_the_same() {
    use latchkey::explain::{Explainer, report};
    use latchkey::export::{Export, redacted};
    use latchkey::har;
    use latchkey::incident::Incident;
    use latchkey::sorted::Map;
    use latchkey::time::Time;
    use latchkey::words::English;

    fn incidents(text: &str) -> Vec<Incident> {
        let mut explainer = Explainer::default();
        let summary = har::read(text.as_bytes(), &mut |seen| explainer.push(seen)).unwrap();
        explainer.finish(&summary)
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/cases");
    let words = English::at(Time(0));
    let (mut compared, mut same) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let live = incidents(&std::fs::read_to_string(file.unwrap().path()).unwrap());
        let saved = Export::Har.whole(&live, &Map::new(), Time(0));
        let again = incidents(&saved);
        let told = |all: &[Incident]| serde_json::to_value(report(all, &words)).unwrap();
        assert_eq!(told(&again), told(&live));
        assert_eq!(again, live.iter().map(redacted).collect::<Vec<_>>());
        let mut bare: serde_json::Value = serde_json::from_str(&saved).unwrap();
        for entry in bare["log"]["entries"].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("_incident");
        }
        let anew = incidents(&bare.to_string());
        for one in &live {
            compared += 1;
            same += usize::from(
                anew.iter()
                    .any(|other| other.exchange.url == one.exchange.url && other.cause() == one.cause()),
            );
        }
    }
    assert!(compared > 80 && same * 100 >= compared * SAME, "{same} of {compared}");
}

/// Of a hundred lock-outs, so many are told by the request alone.
const SAME: usize = 75;

/// A recording that the extension saved holds no header, only what redaction keeps; the verdict is
/// the same.
#[test]
fn what_redaction_keeps_is_enough_for_the_same_verdict() {
    use latchkey::har::{self, Seen};
    use latchkey::mark::MarkKey;

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/cases");
    let verdict = |text: &str| {
        let mut explainer = latchkey::explain::Explainer::default();
        let summary = har::read(text.as_bytes(), &mut |seen| explainer.push(seen)).unwrap();
        explainer.finish(&summary).into_iter().map(|incident| incident.diagnosis).collect::<Vec<_>>()
    };
    let mut compared = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut entries = Vec::new();
        let mut each = |seen: Seen| {
            let Seen::Wire(observation) = seen else { return };
            let facts = observation.into_exchange(&MarkKey::default());
            entries.push(serde_json::json!({ "_facts": facts }));
        };
        har::read(text.as_bytes(), &mut each).unwrap();
        let mut saved: serde_json::Value = serde_json::from_str(&text).unwrap();
        saved["log"]["entries"] = entries.into();
        assert_eq!(verdict(&saved.to_string()), verdict(&text));
        compared += 1;
    }
    assert!(compared > 80);
}

#[test]
fn what_was_known_before_counts() {
    let entry = REFUSED.replace("440", "401");
    let past = r#""_past":{"app.test":{"lastSuccess":1781596800000}},"#;
    let with = har(&entry).replacen(r#""entries""#, &format!(r#"{past}"entries""#), 1);
    let said = |text: &str| String::from_utf8(once(text).stdout).unwrap();
    assert!(said(&with).contains("The site last let you in"), "{}", said(&with));
    assert!(!said(&har(&entry)).contains("The site last let you in"));
}
