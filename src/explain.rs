//! From a recording to the lock-outs in it: what the extension would have said live.

use serde::Serialize;

use crate::diagnose::{Diagnosis, diagnose};
use crate::evidence::{Evidence, Past};
use crate::exchange::{Exchange, Kind, Known, Scope};
use crate::har::Recording;
use crate::http::address::Address;
use crate::http::cookie::{JarCookie, domain_matches};
use crate::incident::{Incident, Phase};
use crate::mark::MarkKey;
use crate::time::{SECOND, Time};
use crate::words::Words;

/// A refused request that is let through within this was a handshake or a renewal.
const ENDS_WELL_WITHIN: i64 = 10 * SECOND;

/// The lock-outs of a recording, the one the person is most likely stuck on first.
#[must_use]
pub fn explain(recording: Recording) -> Vec<Incident> {
    let key = MarkKey::default();
    let jar = recording.jar;
    let mut exchanges: Vec<Exchange> =
        recording.observations.into_iter().map(|observation| observation.into_exchange(&key)).collect();
    // HAR files group by page; a stable sort keeps the file's order where times are equal.
    exchanges.sort_by_key(|exchange| exchange.at);
    let mut incidents: Vec<Incident> = Vec::new();
    for (index, exchange) in exchanges.iter().enumerate() {
        let (earlier, later) = (&exchanges[..index], &exchanges[index + 1..]);
        if is_lock_out(exchange, earlier, later) {
            if let Some(known) = incidents.iter_mut().find(|incident| incident.folds(exchange)) {
                known.count += 1;
                known.last_seen = exchange.at;
            } else {
                let id = format!("{index}");
                let mut incident = Incident::new(id, exchange.clone(), Phase::Open);
                incident.diagnosis = Some(verdict(exchange, earlier, later, jar.as_deref()));
                incidents.push(incident);
            }
        }
    }
    let scope = |scope: Scope| match scope {
        Scope::Page => 0,
        Scope::App => 1,
        Scope::Other => 2,
    };
    incidents.sort_by_key(|incident| (scope(incident.scope), std::cmp::Reverse(incident.last_seen)));
    incidents
}

fn is_lock_out(exchange: &Exchange, earlier: &[Exchange], later: &[Exchange]) -> bool {
    // What fails for somebody else on the page (a tracker) is nobody's lock-out.
    let is_somebody_elses = exchange.kind == Kind::Resource || exchange.scope() == Scope::Other;
    if !exchange.is_refusal() || exchange.speculative || is_somebody_elses {
        return false;
    }
    let same = |other: &Exchange| other.is_same_request(exchange);
    let ends_well = later
        .iter()
        .take_while(|other| other.at.since(exchange.at) <= ENDS_WELL_WITHIN)
        .any(|other| same(other) && other.is_success());
    // One "am I signed in?" of a page that loaded.
    let is_probe = exchange.scope() == Scope::App
        && exchange.kind != Kind::Preflight
        && !exchange.carries_credential()
        && earlier.iter().any(|other| other.kind == Kind::MainFrame && other.is_success())
        && !earlier.iter().chain(later).any(|other| same(other) && other != exchange && other.is_refusal());
    !ends_well && !is_probe
}

fn verdict(
    exchange: &Exchange,
    earlier: &[Exchange],
    later: &[Exchange],
    jar: Option<&[JarCookie]>,
) -> Diagnosis {
    let success = earlier.iter().rev().find(|other| {
        other.site == exchange.site
            && other.is_let_in()
            && (other.kind == Kind::MainFrame) == (exchange.kind == Kind::MainFrame)
    });
    let then = success.and_then(|other| other.cookies.present()).into_iter().flatten();
    let past = Past {
        last_success: success.map(|other| other.at),
        then: then.map(|cookie| (cookie.name.clone(), cookie.mark)).collect(),
        ..Past::default()
    };
    let address = Address::parse(&exchange.url);
    let jar: Option<Vec<JarCookie>> = jar.map(|jar| {
        let near = |cookie: &&JarCookie| {
            let domain = cookie.id.domain.trim_start_matches('.');
            domain_matches(address.host, domain) || domain_matches(domain, address.host)
        };
        jar.iter().filter(near).cloned().collect()
    });
    let jar = jar.as_deref().map_or(Known::Unknown, Known::Present);
    // A recording has no clock of its own but its requests'.
    diagnose(&Evidence { jar, earlier, later, ..Evidence::of(exchange, &past) }, &[])
}

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

/// The same for people: why, the evidence, what to do.
#[must_use]
pub fn text(incidents: &[Incident], words: &dyn Words) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for incident in incidents {
        let cause = incident.cause().id();
        let _ = writeln!(
            out,
            "{} {} {}",
            incident.exchange.status, incident.exchange.method, incident.exchange.url
        );
        let _ = writeln!(out, "  {}", words.say(&format!("cause_{cause}")));
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
