//! Lock-outs as text: for programs, and for people at a terminal.

use serde::Serialize;

use crate::incident::Incident;
use crate::time::Time;
use crate::words::Words;

/// The JSON of `latchkey explain --json`.
#[derive(Serialize)]
pub struct Report {
    incidents: Vec<ReportIncident>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportIncident {
    site: String,
    status: u16,
    method: String,
    url: String,
    first_seen: String,
    count: u32,
    causes: Vec<ReportCause>,
    fixes: Vec<ReportFix>,
}

#[derive(Serialize)]
struct ReportCause {
    id: &'static str,
    confidence: f64,
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct ReportFix {
    id: &'static str,
    undo: bool,
}

/// Puts incidents into the form that programs read.
#[must_use]
pub fn report(incidents: &[Incident], words: &dyn Words) -> Report {
    let incident = |incident: &Incident| ReportIncident {
        site: incident.exchange.site.clone(),
        status: incident.exchange.status,
        method: incident.exchange.method.clone(),
        url: incident.exchange.url.clone(),
        first_seen: incident.first_seen.rfc3339(),
        count: incident.count,
        causes: incident
            .verdicts()
            .iter()
            .map(|verdict| ReportCause {
                id: verdict.cause.id(),
                confidence: verdict.confidence,
                evidence: verdict.why.iter().map(|line| plain(&words.line(line))).collect(),
            })
            .collect(),
        fixes: incident
            .offers()
            .iter()
            .map(|offer| ReportFix { id: offer.fix.id(), undo: offer.fix.has_undo() })
            .collect(),
    };
    Report { incidents: incidents.iter().map(incident).collect() }
}

/// How parts of the text stand out in a terminal: escape sequences, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Before what stands out most.
    pub strong: String,
    /// Before what stands back.
    pub faint: String,
    /// After both.
    pub end: String,
}

/// The same for people: why, the evidence, what to do.
#[must_use]
pub fn text(incidents: &[Incident], words: &dyn Words, marks: &Marks) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for incident in incidents {
        let cause = incident.cause().id();
        let _ = writeln!(
            out,
            "{}{} {} {}{}",
            marks.faint, incident.exchange.status, incident.exchange.method, incident.exchange.url, marks.end
        );
        let _ = writeln!(out, "  {}{}{}", marks.strong, words.say(&format!("cause_{cause}")), marks.end);
        for line in incident.verdicts().iter().take(1).flat_map(|verdict| &verdict.why) {
            let _ = writeln!(out, "  - {}", plain(&words.line(line)));
        }
        let fixes: Vec<&str> = incident.offers().iter().map(|offer| offer.fix.id()).collect();
        let _ = writeln!(out, "  → {}\n", fixes.join(", "));
    }
    out
}

/// Terminals and programs have no use for direction isolates.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// The time of the newest incident, for "ago"; recordings are read long after they were made.
#[must_use]
pub fn time_of(incidents: &[Incident]) -> Time {
    incidents.iter().map(|incident| incident.last_seen).max().unwrap_or_default()
}
