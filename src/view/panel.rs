//! The history panel: what a site has been through, or all sites; always a page of it, never all.

mod chart;
mod confirm;
mod entry;
mod sites;
mod tools;

use maud::{Markup, html};

pub use chart::Day;
pub use confirm::Asks;
pub(super) use entry::{outcome, scope};

use super::report::{self, Preview};
use super::theirs::{sentence, theirs};
use crate::history::query::Query;
use crate::history::summary::{Kind, SiteSummary};
use crate::incident::Incident;
use crate::words::{Arg, Line, Words};

/// Rows of one page.
pub const PAGE: usize = 50;

/// So many pages stand in the document at once, however long the history is.
pub const MOST_PAGES: usize = 4;

/// The rows that are shown.
#[derive(Clone, Debug)]
pub enum Rows {
    /// A site's incidents, newest first.
    Incidents(Vec<Incident>),
    /// Sites, in the query's order.
    Sites(Vec<SiteSummary>),
}

impl Default for Rows {
    fn default() -> Self {
        Self::Sites(Vec::new())
    }
}

impl Rows {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Incidents(rows) => rows.len(),
            Self::Sites(rows) => rows.len(),
        }
    }

    /// None?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What the panel knows.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// The site whose history is shown; `None`: all sites.
    pub site: Option<String>,
    /// The rows of the pages that are shown.
    pub rows: Rows,
    /// So many rows stand before them.
    pub first: usize,
    /// How many rows there are that the query wants.
    pub matching: u32,
    /// How many incidents there are, whatever the query wants; `None` while they are counted.
    pub incidents: Option<u32>,
    /// Search, filter and order.
    pub query: Query,
    /// The kinds that there are to be filtered by.
    pub kinds: Vec<Kind>,
    /// Incidents day by day, oldest first; `None` while they are counted.
    pub days: Option<Vec<Day>>,
    /// What is about to be deleted, if the person agrees.
    pub asks: Option<Asks>,
    /// The report that is being looked at.
    pub preview: Option<Preview>,
    /// What came of the last click.
    pub said: Option<Line>,
}

/// The panel's markup.
#[must_use]
pub fn render(words: &dyn Words, panel: &Panel) -> Markup {
    let shown = panel.rows.len();
    let has_older = panel.first + shown < panel.matching as usize;
    html! {
        header data-region="head" {
            h1 tabindex="-1" { (words.say("history_title")) }
            @match &panel.site {
                Some(site) => {
                    span.site { (theirs(words, site)) }
                    button.link type="button" data-action="all-sites" { (words.say("history_all_sites")) }
                },
                None => span.site { (words.say("history_all_sites")) },
            }
        }
        section data-region="said" role="status" aria-live="polite" {
            @if let Some(said) = &panel.said { p.progress.note data-said { (sentence(words, said)) } }
        }
        section data-region="chart" {
            @match &panel.days {
                Some(days) => (chart::render(words, days)),
                // The rows need not wait for it, nor move when it comes.
                None => div.pending {},
            }
        }
        section data-region="tools" { (tools::render(words, panel)) }
        section data-region="matching" role="status" aria-live="polite" { (matching(words, panel)) }
        section data-region="newer" {
            @if panel.first > 0 {
                button.second type="button" data-action="newer" { (words.say("history_newer")) }
            }
        }
        @for at in 0..shown.div_ceil(PAGE) { (page(words, panel, at)) }
        section data-region="older" {
            @if has_older { button.second type="button" data-action="more" { (words.say("history_more")) } }
        }
        footer data-region="foot" { (tools::foot(words, panel)) }
    }
}

/// What is found, or why there is nothing.
fn matching(words: &dyn Words, panel: &Panel) -> Markup {
    let key = match (&panel.rows, panel.matching) {
        (_, 0) if panel.query.narrows() => "history_nothing_found",
        (Rows::Incidents(_), 0) => "history_empty",
        (Rows::Sites(_), 0) => "history_empty_all",
        (Rows::Incidents(_), _) => "history_found",
        (Rows::Sites(_), _) => "history_found_sites",
    };
    let mut line = Line::new(key);
    if panel.matching > 0 {
        line = line.with(Arg::Count(panel.matching));
    }
    html! { p.will data-matching=(panel.matching) { (sentence(words, &line)) } }
}

/// One page of rows: a region of its own, so that what is shown already is not touched when others come.
fn page(words: &dyn Words, panel: &Panel, at: usize) -> Markup {
    let before = panel.first + at * PAGE;
    let count = panel.rows.len().saturating_sub(at * PAGE).min(PAGE);
    let number = |number: usize| Arg::Said(words.number(u32::try_from(number).unwrap_or(u32::MAX)));
    let range = Line::new("history_range")
        .with(number(before + 1))
        .with(number(before + count))
        .said(words.number(panel.matching));
    html! {
        section data-region=(format!("page-{}", before / PAGE)) tabindex="-1" aria-label=(words.line(&range)) {
            @if panel.matching as usize > PAGE { h2.range aria-hidden="true" { (sentence(words, &range)) } }
            @match &panel.rows {
                Rows::Incidents(rows) => ol.timeline start=(before + 1) {
                    @for incident in rows.iter().skip(at * PAGE).take(PAGE) { (entry::render(words, panel, incident)) }
                },
                Rows::Sites(rows) => ol.sites start=(before + 1) {
                    @for site in rows.iter().skip(at * PAGE).take(PAGE) { (sites::render(words, &panel.query, site)) }
                },
            }
        }
    }
}

/// The report under the entry that it is of.
fn preview(words: &dyn Words, panel: &Panel, incident: &Incident) -> Markup {
    let preview = panel.preview.as_ref().filter(|preview| preview.incident == incident.id);
    html! { @if let Some(preview) = preview { div.advice { (report::render(words, preview)) } } }
}
