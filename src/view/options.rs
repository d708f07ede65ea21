//! The options: what is watched, what is kept and how long, and what is stored now.

use maud::{Markup, html};

use super::incident;
use super::popup::support;
use crate::exchange::STATUSES;
use crate::fix::{FixId, Offer};
use crate::settings::{DAYS, Field, MOST, Settings};
use crate::sorted::Set;
use crate::view::theirs::{sentence, theirs_brief};
use crate::words::{Arg, Line, Words};

/// What the page knows.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What was chosen, and by whom.
    pub settings: Settings,
    /// May notifications be shown? The browser has a say in it.
    pub may_notify: bool,
    /// What is stored.
    pub used: Used,
    /// Has the person asked to erase everything, and is to say so once more?
    pub erasing: bool,
}

/// What is stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// In kilobytes, where the browser tells.
    pub kilobytes: Option<u32>,
    /// Lock-outs.
    pub incidents: u32,
    /// Sites that something is remembered of.
    pub sites: u32,
    /// Copies of what fixes removed.
    pub copies: u32,
}

/// For how many days one may choose to keep lock-outs.
const DAYS_CHOICES: [u32; 5] = [7, 30, DAYS, 180, 365];

/// How many lock-outs one may choose to keep.
const MOST_CHOICES: [u32; 4] = [100, 1_000, MOST, 50_000];

/// The page's markup.
#[must_use]
pub fn render(words: &dyn Words, options: &Options) -> Markup {
    let settings = &options.settings;
    html! {
        header data-region="head" { h1 { (words.say("options_title")) } }
        (organisation(words, settings))
        section data-region="ignored" aria-labelledby="ignored-title" {
            h2 id="ignored-title" { (words.say("opt_ignored_title")) }
            p.note { (words.say("opt_ignored_more")) }
            (sites(words, "ignored", settings.ignored(), settings.is_fixed(Field::Ignored)))
        }
        section data-region="statuses" aria-labelledby="statuses-title" {
            h2 id="statuses-title" { (words.say("opt_statuses_title")) }
            @if !settings.is_fixed(Field::Statuses) { p.note { (words.say("opt_statuses_more")) } }
            (fixed(words, settings, Field::Statuses))
            @for status in STATUSES {
                (tick(
                    &format!("status-{status}"), "status", &status.to_string(), settings.watches(status),
                    settings.is_fixed(Field::Statuses),
                    &html! { strong { (status) } " " (words.say(status_key(status))) },
                ))
            }
        }
        section data-region="notifications" aria-labelledby="notifications-title" {
            h2 id="notifications-title" { (words.say("opt_notify_title")) }
            (fixed(words, settings, Field::Notifications))
            (tick(
                "notifications", "notifications", "", settings.notifications(),
                settings.is_fixed(Field::Notifications), &html! { (words.say("opt_notify")) },
            ))
            p.note { (words.say("opt_notify_more")) }
            @let wants = settings.notifications() || settings.expiry().next().is_some();
            @if wants && !options.may_notify {
                p.note data-withheld="notifications" { (words.say("opt_notify_withheld")) }
                button.second type="button" data-action="allow-notifications" { (words.say("opt_allow")) }
            }
        }
        section data-region="expiry" aria-labelledby="expiry-title" {
            h2 id="expiry-title" { (words.say("opt_expiry_title")) }
            p.note { (words.say("opt_expiry_more")) }
            (sites(words, "expiry", settings.expiry(), settings.is_fixed(Field::Expiry)))
        }
        section data-region="history" aria-labelledby="history-title" {
            h2 id="history-title" { (words.say("opt_history_title")) }
            (choice(words, settings, Field::Days))
            (choice(words, settings, Field::Most))
        }
        (stored(words, options))
    }
}

/// Says that the organisation has chosen, where it has.
fn fixed(words: &dyn Words, settings: &Settings, field: Field) -> Markup {
    html! {
        @if settings.is_fixed(field) {
            p.note.fixed data-fixed=(field.id()) { (words.say("fixed")) }
        }
    }
}

/// What only an organisation can choose.
fn organisation(words: &dyn Words, settings: &Settings) -> Markup {
    html! {
        section data-region="organisation" {
            @if settings.is_managed() {
                h2 { (words.say("opt_managed_title")) }
                p.note { (words.say("opt_managed_more")) }
                @if let Some(contact) = settings.support() { (support(words, contact)) }
                @if settings.fixes_off().next().is_some() {
                    p { (words.say("opt_fixes_off")) }
                    ul.used {
                        @for fix in settings.fixes_off() {
                            li data-fix-off=(fix.id()) { (sentence(words, &name(fix))) }
                        }
                    }
                }
            }
        }
    }
}

fn tick(id: &str, setting: &str, value: &str, on: bool, is_fixed: bool, label: &Markup) -> Markup {
    html! {
        p.tick {
            input id=(id) type="checkbox" data-setting=(setting) data-value=(value) checked[on] disabled[is_fixed];
            label for=(id) { (label) }
        }
    }
}

/// A list of sites, to which one can be added.
fn sites<'a>(words: &dyn Words, list: &str, sites: impl Iterator<Item = &'a str>, is_fixed: bool) -> Markup {
    let mut sites = sites.peekable();
    let id = format!("add-{list}");
    html! {
        @if is_fixed { p.note.fixed data-fixed=(list) { (words.say("fixed")) } }
        @if sites.peek().is_none() { p.note { (words.say("opt_none")) } }
        @if sites.peek().is_some() {
            ul.sites data-list=(list) {
                @for site in sites {
                    li data-site=(site) {
                        (theirs_brief(site))
                        @if !is_fixed {
                            button.link id=(format!("{list}-{site}")) type="button" data-action="remove" data-list=(list) data-site=(site)
                                aria-label=(words.line(&Line::new("opt_remove_site").text(site))) { (words.say("opt_remove")) }
                        }
                    }
                }
            }
        }
        @if !is_fixed {
            form.add data-form=(list) {
                label for=(id) { (words.say("opt_add_site")) }
                input id=(id) type="text" name="site" placeholder=(words.say("opt_add_example")) autocomplete="off" autocapitalize="none" spellcheck="false";
                button.second type="submit" { (words.say("opt_add")) }
            }
        }
    }
}

fn choice(words: &dyn Words, settings: &Settings, field: Field) -> Markup {
    let (id, label, each, choices, now) = match field {
        Field::Days => ("days", "opt_days", "opt_days_choice", &DAYS_CHOICES[..], settings.days()),
        _ => ("most", "opt_most", "opt_most_choice", &MOST_CHOICES[..], settings.most()),
    };
    // What an organisation, or an older version, chose need not be one of them.
    let choices: Set<u32> = choices.iter().copied().chain([now]).collect();
    html! {
        (fixed(words, settings, field))
        p.choice {
            label for=(id) { (words.say(label)) }
            select id=(id) data-setting=(id) disabled[settings.is_fixed(field)] {
                @for choice in choices {
                    option value=(choice) selected[choice == now] {
                        (words.line(&Line::new(each).with(Arg::Count(choice))))
                    }
                }
            }
        }
    }
}

fn stored(words: &dyn Words, options: &Options) -> Markup {
    let used = options.used;
    let line = |key: &'static str, count: u32| words.line(&Line::new(key).with(Arg::Count(count)));
    html! {
        section data-region="stored" aria-labelledby="stored-title" {
            h2 id="stored-title" { (words.say("opt_stored_title")) }
            ul.used {
                li data-used-incidents=(used.incidents) { (line("opt_used_incidents", used.incidents)) }
                li { (line("opt_used_sites", used.sites)) }
                li data-used-copies=(used.copies) { (line("opt_used_copies", used.copies)) }
                // Where nothing is kept, the number is what the browser itself has not yet tidied up.
                @if let Some(kilobytes) = used.kilobytes.filter(|_| used.incidents + used.sites + used.copies > 0) { li { (line("opt_used_bytes", kilobytes)) } }
            }
            @if options.erasing {
                div.confirm role="alertdialog" aria-labelledby="erase-asks" {
                    p id="erase-asks" { (words.say("opt_erase_asks")) }
                    p.deeds {
                        button.danger id="erase-yes" type="button" data-action="erase-yes" { (words.say("opt_erase_yes")) }
                        button.second id="erase-no" type="button" data-action="erase-no" { (words.say("opt_erase_no")) }
                    }
                }
            } @else {
                button.second id="erase" type="button" data-action="erase" { (words.say("opt_erase")) }
            }
        }
    }
}

/// A fix by its button's name; how many it would remove is not known here.
fn name(fix: FixId) -> Line {
    match fix {
        FixId::RemoveCookies => Line::new("opt_fix_remove_cookies"),
        fix => incident::label(&Offer::plain(fix)),
    }
}

/// What a status means, as a message key.
fn status_key(status: u16) -> &'static str {
    match status {
        401 => "status_not_signed_in",
        403 => "status_not_allowed",
        407 => "status_network",
        419 => "status_too_old",
        440 => "status_timed_out",
        498 => "status_not_valid",
        _ => "status_portal",
    }
}
