//! One lock-out: why, what to do, how it went.

use maud::{Markup, html};

use super::preview;
use super::theirs::{sentence, theirs};
use crate::cause::CauseId;
use crate::diagnose::Verdict;
use crate::fix::{FixId, Offer};
use crate::http::cookie::CookieId;
use crate::incident::{Attempt, Incident, Outcome, Phase, Step};
use crate::redact;
use crate::stored::StoredItem;
use crate::words::{Arg, Line, Words};

/// The message key of a cause's sentence.
pub(super) fn title(cause: CauseId) -> String {
    format!("cause_{}", cause.id())
}

/// What stands above the fold: one sentence, and how the last click went.
/// `is_main`: is it the one that the page is about?
pub(super) fn headline(words: &dyn Words, incident: &Incident, is_main: bool) -> Markup {
    let is_over = is_main && incident.phase == Phase::Recovered;
    // What was put back may lock the person out again: then that is the news.
    let is_taken_back = is_over && incident.undo.as_ref().is_some_and(|undo| undo.done.is_some());
    let progress = progress(words, incident).filter(|_| !is_taken_back);
    html! {
        div role="status" aria-live="polite" {
            @if let Some((key, kind)) = progress {
                // The good news is what the page is about then.
                @if is_over { h1.progress.{(kind)} { (sentence(words, &key)) } }
                @else { p.progress.{(kind)} { (sentence(words, &key)) } }
            }
            // What to mind while typing helps only now.
            @if matches!(incident.phase, Phase::Checking { at_sign_in: true, .. }) && incident.cause() == CauseId::BadCredentials {
                p.note { (words.say(&format!("{}_prevent", title(CauseId::BadCredentials)))) }
            }
            @if incident.phase == Phase::StillLocked { p.next { (words.say("state_next")) } }
            @if let (Some(removed), false) = (removed(incident), is_taken_back) {
                p.note { (sentence(words, &removed)) }
            }
            (undone(words, incident, is_taken_back))
        }
        (private_test(words, incident))
        @if incident.phase != Phase::Recovered {
            @let title = words.say(&title(incident.cause()));
            @if is_main { h1.title data-cause=(incident.cause().id()) { (title) } }
            @else { h3.title data-cause=(incident.cause().id()) { (title) } }
        }
    }
}

/// What the last click led to, and how to dress it.
fn progress(words: &dyn Words, incident: &Incident) -> Option<(Line, &'static str)> {
    let outcome = incident.attempts.last().and_then(|attempt| attempt.outcome.as_ref());
    Some(match (incident.phase, outcome) {
        (Phase::Fixing { step: Step::Snapshot | Step::Remove }, _) => (Line::new("state_removing"), "busy"),
        (Phase::Checking { at_sign_in: true, .. }, _) => (Line::new("state_at_sign_in"), "good"),
        (Phase::Checking { reloaded: true, .. }, _) if incident.scope == crate::exchange::Scope::App => {
            (Line::new("state_checking_app"), "busy")
        }
        (Phase::Checking { .. }, _) => (Line::new("state_checking"), "busy"),
        (Phase::Recovered, _) if incident.closed.is_some_and(|closed| closed.by.is_none()) => {
            (Line::new("state_recovered_itself"), "good")
        }
        (Phase::Recovered, _) => (Line::new("state_recovered"), "good"),
        (_, Some(Outcome::StillLocked { status: 0 })) => (Line::new("state_still_locked_no_answer"), "bad"),
        (_, Some(Outcome::StillLocked { status })) => {
            (Line::new("state_still_locked").said(status.to_string()), "bad")
        }
        (_, Some(Outcome::Failed { why })) => (Line::new("state_failed").said(words.line(why)), "bad"),
        (_, Some(Outcome::Unclear)) => (Line::new("state_unclear"), "note"),
        (_, Some(Outcome::Opened)) if incident.works_privately.is_none() => {
            (Line::new("state_opened"), "note")
        }
        _ => return None,
    })
}

/// Asks how it went in the private window that the person was sent to; what they said can be taken
/// back.
fn private_test(words: &dyn Words, incident: &Incident) -> Markup {
    let button = |works: &str, key: &str| {
        html! {
            button.second type="button" data-action="private" data-works=(works) data-incident=(incident.id) {
                (words.say(key))
            }
        }
    };
    let is_latest =
        incident.attempts.last().is_some_and(|attempt| attempt.offer.fix == FixId::OpenPrivateWindow);
    html! {
        @match incident.works_privately {
            _ if !incident.is_locked() => {},
            None if is_latest => {
                div.asks role="group" aria-labelledby="asks-private" {
                    p id="asks-private" { (words.say("private_asks")) }
                    (button("yes", "private_yes")) (button("no", "private_no"))
                }
            },
            None => {},
            Some(works) => {
                p.note data-said-private=(works) {
                    (words.say(if works { "private_said_yes" } else { "private_said_no" })) " "
                    button.link type="button" data-action="private" data-works="" data-incident=(incident.id) {
                        (words.say("private_take_back"))
                    }
                }
            },
        }
    }
}

fn removed(incident: &Incident) -> Option<Line> {
    let (gone, of) = incident.attempts.last()?.removed?;
    Some(Line::new("state_removed").with(Arg::Count(gone)).with(Arg::Count(of)))
}

/// How an undo went. `is_title`: is it what the page is about?
pub(super) fn undone(words: &dyn Words, incident: &Incident, is_title: bool) -> Markup {
    let Some(undo) = &incident.undo else { return html! {} };
    if let Some(why) = &undo.why {
        return html! { p.note { (sentence(words, why)) } };
    }
    let Some(done) = undo.done else { return html! {} };
    let line = Line::new("undone").with(Arg::Count(done.restored)).with(Arg::Count(undo.things()));
    html! {
        @if is_title { h1.progress data-undone=(done.restored) { (sentence(words, &line)) } }
        @else { p.note data-undone=(done.restored) { (sentence(words, &line)) } }
        @if done.newer > 0 { p.note { (sentence(words, &Line::new("undone_newer").with(Arg::Count(done.newer)))) } }
        @if done.refused > 0 { p.note { (sentence(words, &Line::new("undone_refused").with(Arg::Count(done.refused)))) } }
    }
}

/// The big button with what it will do, and the undo.
pub(super) fn primary(words: &dyn Words, incident: &Incident, can_undo: bool) -> Markup {
    let offer = incident.offers().first().filter(|_| incident.is_locked());
    html! {
        @if let Some(offer) = offer { (button(words, incident, offer, true)) }
        @if can_undo && !matches!(incident.phase, Phase::Fixing { .. }) {
            (undo_button(words, incident))
        }
    }
}

/// The button that puts back what was removed.
pub(super) fn undo_button(words: &dyn Words, incident: &Incident) -> Markup {
    let Some(undo) = &incident.undo else { return html! {} };
    let key = match (undo.cookies, undo.items) {
        (_, 0) => "undo",
        (0, _) => "undo_items",
        _ => "undo_all",
    };
    let line = Line::new(key).with(Arg::Count(undo.things()));
    html! {
        button.quiet type="button" data-action="undo" data-incident=(incident.id) { (sentence(words, &line)) }
    }
}

/// The other fixes: harmless ones first, those that remove something apart from them.
pub(super) fn others(words: &dyn Words, incident: &Incident) -> Markup {
    // While the person could sign in, nothing is pressed on them.
    let above = usize::from(incident.is_locked());
    let rest = incident.offers().get(above..).unwrap_or_default();
    let (destructive, harmless): (Vec<&Offer>, Vec<&Offer>) =
        rest.iter().partition(|offer| offer.fix.is_destructive());
    html! {
        @if incident.takes_fixes() && !rest.is_empty() {
            details data-fold="others" {
                summary { span { (words.say("other_fixes")) } }
                @for offer in harmless { (button(words, incident, offer, false)) }
                @if !destructive.is_empty() {
                    p.apart { (words.say("other_fixes_destructive")) }
                    @for offer in destructive { (button(words, incident, offer, false)) }
                }
            }
        }
    }
}

fn button(words: &dyn Words, incident: &Incident, offer: &Offer, primary: bool) -> Markup {
    let will = format!("will-{}-{}", incident.id, offer.fix.id());
    html! {
        div.fix {
            button type="button" data-fix=(offer.fix.id()) data-incident=(incident.id)
                data-removes=(offer.removes()) data-primary[primary]
                class=(if primary { "primary" } else { "second" }) aria-describedby=(will) {
                (sentence(words, &label(offer)))
            }
            p.will id=(will) {
                (sentence(words, &what_it_will_do(words, offer)))
                @if let Some((worked, of)) = offer.record.filter(|_| primary) {
                    " " (sentence(words, &Line::new("fix_worked_before").with(Arg::Count(worked)).with(Arg::Count(of))))
                }
            }
            (preview::render(words, offer))
        }
    }
}

/// A fix's name on its button and in the history.
pub(super) fn label(offer: &Offer) -> Line {
    let mut line = Line { key: format!("fix_{}", offer.fix.id()).into(), args: Vec::new() };
    if offer.fix == FixId::RemoveCookies {
        // A record may have lost which ones; that it was one at least is sure.
        line = line.with(Arg::Count(length(&offer.cookies).max(1)));
    }
    line
}

fn what_it_will_do(words: &dyn Words, offer: &Offer) -> Line {
    let line = Line { key: format!("fix_{}_will", offer.fix.id()).into(), args: Vec::new() };
    match offer.fix {
        FixId::RemoveStoredToken => {
            let name = |item: &StoredItem| words.arg(&Arg::Text(item.name.clone()));
            let names: Vec<String> = offer.items.iter().map(name).collect();
            line.with(Arg::Count(length(&offer.items))).said(names.join(words.comma()))
        }
        FixId::RemoveCookies | FixId::ClearSiteCookies | FixId::ClearSiteData => {
            let mut line = line.with(Arg::Count(length(&offer.cookies))).said(names(words, &offer.cookies));
            // A domain's cookie is everybody's under it (RFC 6265bis, section 5.8.3).
            if let Some(shared) = offer.cookies.iter().find(|cookie| cookie.domain.starts_with('.')) {
                line.key = match offer.fix {
                    FixId::ClearSiteData => "fix_clear_site_data_will_shared",
                    FixId::ClearSiteCookies => "fix_clear_site_cookies_will_shared",
                    _ => "fix_remove_cookies_will_shared",
                }
                .into();
                line = line.text(&redact::host(shared.domain.trim_start_matches('.')));
            } else if offer.cookies.is_empty() {
                line = Line::new("fix_clear_site_data_will_plain");
            }
            line
        }
        FixId::ForgetHttpLogin => match &offer.reaches {
            Some(domain) => Line::new("fix_forget_http_login_will_shared").text(&redact::host(domain)),
            None => line,
        },
        _ => line,
    }
}

pub(super) fn length<T>(things: &[T]) -> u32 {
    u32::try_from(things.len()).unwrap_or(u32::MAX)
}
/// The names, with their hosts where one name stands twice or stands for more than one host.
fn names(words: &dyn Words, cookies: &[CookieId]) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> = cookies
        .iter()
        .take(MOST)
        .map(|cookie| {
            let name = redact::short_name(&cookie.name);
            let twice = cookies.iter().filter(|other| other.name == cookie.name).count() > 1;
            if twice || cookie.domain.starts_with('.') {
                let host = cookie.domain.trim_start_matches('.');
                let place =
                    format!("{}{}", redact::host(host), redact::short_name(&redact::path(&cookie.path)));
                words.line(&Line::new("cookie_of").text(&name).text(&place))
            } else {
                words.arg(&Arg::Text(name))
            }
        })
        .collect();
    if cookies.len() > MOST {
        shown.push(redact::MASK.to_owned());
    }
    shown.join(words.comma())
}

/// The evidence, folded away, with how sure we are.
pub(super) fn why(words: &dyn Words, incident: &Incident) -> Markup {
    let Some(best) = incident.verdicts().first() else { return html! {} };
    let rest = incident.verdicts().get(1..).unwrap_or_default();
    let is_unknown = best.cause == CauseId::Unknown;
    html! {
        details data-fold="why" {
            summary {
                span { (words.say(if is_unknown { "why_title_unknown" } else { "why_title" })) }
                @if !is_unknown { span.sure { (words.say(sureness(best))) } }
            }
            // The sentence that this explains has given way to the good news above.
            @if incident.phase == Phase::Recovered {
                p data-cause=(best.cause.id()) { (words.say(&title(best.cause))) }
            }
            ul { @for line in &best.why { li { (sentence(words, line)) } } }
            @if !rest.is_empty() {
                p.apart { (words.say("maybe_title")) }
                @for verdict in rest {
                    p.maybe data-cause=(verdict.cause.id()) {
                        (words.say(&title(verdict.cause))) " "
                        span.sure { (words.say(sureness(verdict))) }
                    }
                }
            }
            @if let Some(meaning) = meaning(incident.exchange.status).filter(|_| !is_unknown) {
                p { (words.say(meaning)) }
            }
            p.apart { (words.say("prevent_title")) }
            p { (words.say(&format!("{}_prevent", title(best.cause)))) }
            @if incident.takes_fixes() { (said(words, incident, best)) }
            p.facts {
                span dir="ltr" { (theirs(words, &incident.exchange.method)) " " (theirs(words, &incident.exchange.url)) }
                " ·\u{a0}" (incident.exchange.status)
            }
        }
    }
}

/// What people mix up: who you are is not known (401), or known and not enough (403), or there is
/// nothing, or nothing for you (404).
fn meaning(status: u16) -> Option<&'static str> {
    match status {
        401 => Some("why_means_401"),
        403 => Some("why_means_403"),
        407 => Some("why_means_407"),
        _ => None,
    }
}

/// What a person may say of it, and is believed.
fn said(words: &dyn Words, incident: &Incident, best: &Verdict) -> Markup {
    html! {
        p.said {
            @if best.cause != CauseId::Unknown {
                button.link type="button" data-action="wrong" data-incident=(incident.id) data-cause-id=(best.cause.id()) {
                    (words.say("say_wrong"))
                }
            }
            @for denied in &incident.denied {
                button.link type="button" data-action="right" data-incident=(incident.id) data-cause-id=(denied.id()) {
                    (sentence(words, &Line::new("say_right").said(words.say(&title(*denied)))))
                }
            }
            button.link type="button" data-action="quiet" data-incident=(incident.id) { (words.say("say_quiet")) }
        }
    }
}

pub(super) fn sureness(verdict: &Verdict) -> &'static str {
    match verdict.confidence {
        0.9.. => "sure_3",
        0.7.. => "sure_2",
        _ => "sure_1",
    }
}

/// The fixes that were tried, for the history.
pub(super) fn tried(words: &dyn Words, attempts: &[Attempt]) -> String {
    let names: Vec<String> = attempts.iter().map(|attempt| words.line(&label(&attempt.offer))).collect();
    names.join(words.comma())
}
