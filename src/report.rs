//! A lock-out for support: what is on record, through [`crate::export`], and nothing more.

use std::fmt::Write as _;

use crate::export::{self, Export};
use crate::history::SiteRecord;
use crate::incident::Incident;
use crate::redact;
use crate::sorted::Map;
use crate::words::{Arg, Line, OURS, THEIRS, Words};

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people: a ticket, a mail.
    #[default]
    Markdown,
    /// For programs: the incident as it is on record.
    Json,
    /// For tools that read recordings, `latchkey explain` among them.
    Har,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Json, Self::Har];

    /// The id in pages.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Har => "har",
        }
    }

    /// The format of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// How the names of such files end.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Har => "har",
        }
    }

    /// The media type; HAR is JSON.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown",
            Self::Json | Self::Har => "application/json",
        }
    }
}

/// What stands in the Markdown where something was removed. The other forms keep [`redact::MASK`], which
/// is what is on record.
pub const REMOVED: &str = "‹removed›";

/// The report of one lock-out. `past` is what is on record of its site.
#[must_use]
pub fn text(words: &dyn Words, incident: &Incident, past: Option<&SiteRecord>, format: Format) -> String {
    let export = match format {
        Format::Markdown => return markdown(words, incident),
        Format::Json => Export::Json,
        Format::Har => Export::Har,
    };
    let past: Map<String, SiteRecord> =
        past.into_iter().map(|record| (record.site.clone(), record.clone())).collect();
    let whole = export.whole(std::slice::from_ref(incident), &past, words.now());
    // Read again to be laid out for eyes.
    let value: serde_json::Value = serde_json::from_str(&whole).unwrap_or_default();
    serde_json::to_string_pretty(&value).unwrap_or(whole)
}

/// The name that a saved report is offered under: the site, the day, the form.
#[must_use]
pub fn file_name(site: &str, words: &dyn Words, format: Format) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' };
    let site: String = site.chars().take(60).map(plain).collect();
    let day: String = words.now().rfc3339().chars().take(10).collect();
    let site = site.trim_matches(['.', '-']);
    let middle = if site.is_empty() { String::new() } else { format!("{site}-") };
    format!("latchkey-{middle}{day}.{}", format.ending())
}

/// The report as Markdown.
#[must_use]
pub fn markdown(words: &dyn Words, incident: &Incident) -> String {
    let incident = &export::redacted(incident);
    let exchange = &incident.exchange;
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let mut say = |line: String| {
        let _ = writeln!(text, "{}", quoted(&line));
    };
    say(format!("## {}", words.say(&format!("cause_{}", incident.cause().id()))));
    say(String::new());
    say(format!("`{} {}` → {}", code(&exchange.method), code(&exchange.url), exchange.status));
    say(format!(
        "{} · {}",
        incident.first_seen.rfc3339(),
        words.line(&Line::new("seen_times").with(Arg::Count(incident.count)))
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
    if let Some(closed) = incident.closed {
        let by = closed.by.map_or("itself", |fix| fix.id());
        say(format!("- {} ← {by}", closed.at.rfc3339()));
    }
    text
}

/// What came of an attempt, in a word that programs and people read.
fn outcome(outcome: Option<&crate::incident::Outcome>) -> String {
    use crate::incident::Outcome;
    match outcome {
        None => "under-way".to_owned(),
        Some(Outcome::Recovered) => "recovered".to_owned(),
        Some(Outcome::StillLocked { status }) => format!("still-locked {status}"),
        Some(Outcome::Unclear) => "unclear".to_owned(),
        Some(Outcome::Opened) => "opened".to_owned(),
        Some(Outcome::Failed { why }) => format!("failed {}", why.key),
    }
}

/// Text within backticks.
fn code(text: &str) -> String {
    crate::words::visible(text).replace('`', "'")
}

/// A line in which a site's words stand as code, so that they are no markup, and in which it is seen what
/// was removed.
fn quoted(line: &str) -> String {
    let mut quoted = String::with_capacity(line.len());
    let mut is_theirs = false;
    for character in line.chars() {
        match character {
            THEIRS | OURS => {
                is_theirs = character == THEIRS;
                quoted.push('`');
            }
            '`' if is_theirs => quoted.push('\''),
            _ => quoted.push(character),
        }
    }
    quoted.replace(redact::MASK, REMOVED)
}
