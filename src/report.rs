//! A lock-out for support, as Markdown: what is on record and nothing more, so it is redacted by
//! construction.

use std::fmt::Write as _;

use crate::incident::Incident;
use crate::words::{Arg, Words};

/// The report of one lock-out.
#[must_use]
pub fn markdown(words: &dyn Words, incident: &Incident) -> String {
    let exchange = &incident.exchange;
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let mut say = |line: String| {
        let _ = writeln!(text, "{}", plain(&line));
    };
    say(format!("## {}", words.say(&format!("cause_{}", incident.cause().id()))));
    say(String::new());
    say(format!("`{} {}` → {}", exchange.method, code(&exchange.url), exchange.status));
    say(format!(
        "{} · {}",
        incident.first_seen.rfc3339(),
        words.line(&crate::words::Line::new("seen_times").with(Arg::Count(incident.count)))
    ));
    say(String::new());
    for verdict in incident.verdicts() {
        say(format!("- **{}** ({:.0} %)", verdict.cause.id(), verdict.confidence * 100.0));
        for line in &verdict.why {
            say(format!("  - {}", words.line(line)));
        }
    }
    for attempt in &incident.attempts {
        say(format!("- {} → {}", attempt.offer.fix.id(), outcome(attempt.outcome.as_ref())));
    }
    text
}

/// What came of an attempt, in a word that programs and people read.
fn outcome(outcome: Option<&crate::incident::Outcome>) -> String {
    use crate::incident::Outcome;
    match outcome {
        None => "…".to_owned(),
        Some(Outcome::Recovered) => "recovered".to_owned(),
        Some(Outcome::StillLocked { status }) => format!("still-locked {status}"),
        Some(Outcome::Unclear) => "unclear".to_owned(),
        Some(Outcome::Opened) => "opened".to_owned(),
        Some(Outcome::Failed { why }) => format!("failed {}", why.key),
    }
}

/// Text within backticks.
fn code(text: &str) -> String {
    text.replace('`', "'")
}

/// Plain text has no use for direction isolates.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}
