//! One site of the list of all: how often, why last, and whether it is over.

use maud::{Markup, html};

use super::super::incident;
use super::super::theirs::{sentence, theirs_brief};
use crate::history::query::Query;
use crate::history::summary::SiteSummary;
use crate::words::{Arg, Line, Words};

pub(super) fn render(words: &dyn Words, query: &Query, site: &SiteSummary) -> Markup {
    let ongoing = site.ongoing();
    let matching = query.count(site);
    html! {
        li data-site-row=(site.site) data-count=(site.count) data-ongoing=(ongoing) data-last=(site.last_cause().id()) {
            p.name {
                button.link type="button" data-action="site" data-site=(site.site) { (theirs_brief(&site.site)) }
            }
            p.when { time datetime=(site.latest_at.rfc3339()) { (words.arg(&Arg::At(site.latest_at))) } }
            p.cause { (words.say(&incident::title(site.last_cause()))) }
            p.outcome {
                @if ongoing > 0 { (sentence(words, &Line::new("history_site_ongoing").with(Arg::Count(ongoing)))) }
                @else { (words.say("history_site_over")) }
            }
            p.facts {
                (sentence(words, &Line::new("history_found").with(Arg::Count(site.count))))
                @if query.filters() {
                    " · " (sentence(words, &Line::new("history_site_matching").with(Arg::Count(matching))))
                }
            }
        }
    }
}
