//! What of the history is shown, and what is done with all of it.

use maud::{Markup, html};

use super::super::incident;
use super::super::theirs::sentence;
use super::{Panel, confirm};
use crate::cause::CauseId;
use crate::history::query::Sort;
use crate::history::summary::Ending;
use crate::message::Deletion;
use crate::sorted::Set;
use crate::words::{Arg, Line, Words};

/// Search, filter and order. The fields hold what the person typed or chose; nothing here says it again, so
/// that they are not put in anew while somebody types.
pub(super) fn render(words: &dyn Words, panel: &Panel) -> Markup {
    // What is chosen can be seen, also where there is none of it any more.
    let causes: Set<CauseId> = panel.kinds.iter().map(|kind| kind.cause).chain(panel.query.cause).collect();
    let endings: Set<Ending> = panel.kinds.iter().map(|kind| kind.ending).chain(panel.query.ending).collect();
    let is_sites = panel.site.is_none();
    html! {
        @if panel.matching > 0 || panel.query.narrows() {
            div.tools role="search" {
                @if is_sites {
                    label for="search" { (words.say("history_search")) }
                    input id="search" type="search" data-field="search" autocomplete="off" spellcheck="false" maxlength="253";
                }
                label for="cause" { (words.say("history_filter_cause")) }
                select id="cause" data-field="cause" {
                    option value="" { (words.say("history_any")) }
                    @for cause in &causes { option value=(cause.id()) { (words.say(&incident::title(*cause))) } }
                }
                label for="ending" { (words.say("history_filter_ending")) }
                select id="ending" data-field="ending" {
                    option value="" { (words.say("history_any")) }
                    @for ending in &endings { option value=(ending.id()) { (words.say(ending_key(*ending))) } }
                }
                @if is_sites {
                    label for="sort" { (words.say("history_sort")) }
                    select id="sort" data-field="sort" {
                        @for sort in Sort::ALL { option value=(sort.id()) { (words.say(sort_key(sort))) } }
                    }
                }
            }
        }
    }
}

fn ending_key(ending: Ending) -> &'static str {
    match ending {
        Ending::Ongoing => "history_ongoing",
        Ending::Fixed => "history_fixed",
        Ending::Itself => "history_solved_itself",
        Ending::Dismissed => "history_dismissed",
        Ending::Lapsed => "history_lapsed",
    }
}

fn sort_key(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "history_sort_newest",
        Sort::Most => "history_sort_most",
        Sort::Name => "history_sort_name",
    }
}

/// Saving and deleting all that the panel speaks of.
pub(super) fn foot(words: &dyn Words, panel: &Panel) -> Markup {
    let what = match &panel.site {
        Some(site) => Deletion::Site { site: site.clone() },
        None => Deletion::All,
    };
    let asks = panel.asks.as_ref().filter(|asks| asks.what == what);
    let (save, delete, deletes) = match panel.site {
        Some(_) => ("export_site", "delete_site", "site"),
        None => ("export_all", "delete_all", "all"),
    };
    html! {
        @if let Some(incidents) = panel.incidents.filter(|incidents| *incidents > 0) {
            h2 { (sentence(words, &Line::new(save).with(Arg::Count(incidents)))) }
            p.will { (words.say("export_will")) }
            p.deeds {
                button.second type="button" data-action="export" data-format="json" { (words.say("export_json")) }
                button.second type="button" data-action="export" data-format="har" { (words.say("export_har")) }
                button.link type="button" data-action="delete" data-deletes=(deletes) aria-expanded=(asks.is_some()) {
                    (words.say(delete))
                }
            }
            @if let Some(asks) = asks { (confirm::render(words, asks)) }
        }
    }
}
