//! From requests to incidents.

use super::{Effect, State};
use crate::diagnose::{denied, diagnose};
use crate::evidence::{Evidence, Past};
use crate::exchange::{Exchange, Kind, Known, Scope};
use crate::fix::FixId;
use crate::history::Amendment;
use crate::http::cookie::JarCookie;
use crate::incident::{Attempt, Closed, Incident, Outcome, Phase};
use crate::ladder::CHANGE_PASSWORD;
use crate::stored::StoredItem;
use crate::time::{MINUTE, SECOND, Time};

/// How long an app's refused request may take to turn out well (a silent renewal), in
/// milliseconds, before it is shown.
const RENEWAL_TAKES: u32 = 1_500;

/// A shown app failure that heals within this, untouched, was a slow renewal and no lock-out.
const HEALS_AT_ONCE: i64 = 10 * SECOND;

/// Repeats are written at most this often once there are many.
const WRITE_EVERY: i64 = SECOND;

/// What was not written then is written so much later, in milliseconds.
const WRITE_LATER: u32 = 1_500;

/// A site's successes are noted at most this often.
const NOTE_EVERY: i64 = MINUTE;

impl State {
    pub(super) fn watch(&mut self, exchange: Exchange, now: Time) -> Vec<Effect> {
        // A private request without a tab could never be forgotten with its window.
        if exchange.speculative || (exchange.private && exchange.tab.is_none()) {
            return Vec::new();
        }
        let is_watched = self.settings.watches(exchange.status);
        self.prune();
        let mut effects = self.leave(&exchange);
        if let Some(elsewhere) = self.nothing_there(&exchange) {
            effects.push(elsewhere);
            return effects;
        }
        if exchange.is_success() {
            effects.extend(self.succeeded(&exchange));
        } else if exchange.is_refusal() && is_watched {
            effects.extend(self.refused(exchange, now));
        } else {
            effects.extend(self.failed_otherwise(&exchange));
        }
        effects
    }

    /// A site need not have an address for changing passwords: then its sign-in page does.
    fn nothing_there(&self, exchange: &Exchange) -> Option<Effect> {
        let is_refused =
            exchange.kind == Kind::MainFrame && exchange.error.is_none() && exchange.status >= 400;
        let tab = exchange.tab.filter(|_| is_refused && exchange.url.ends_with(CHANGE_PASSWORD))?;
        let incident = self.incidents.iter().find(|incident| {
            let is_asked =
                |attempt: &Attempt| attempt.tab == tab && attempt.offer.fix == FixId::ChangePassword;
            matches!(incident.phase, Phase::Checking { .. }) && incident.attempts.last().is_some_and(is_asked)
        })?;
        let url = incident.attempts.last()?.offer.otherwise.clone()?;
        Some(Effect::GoTo { incident: incident.id.clone(), tab, url })
    }

    pub(super) fn succeeded(&mut self, exchange: &Exchange) -> Vec<Effect> {
        let mut effects = Vec::new();
        let open = self.incidents.iter().filter(|incident| incident.closed.is_none());
        let open: Vec<String> = open.map(|incident| incident.id.clone()).collect();
        for id in open {
            let Some(incident) = self.get(&id) else { continue };
            match what_it_means(incident, exchange) {
                Meaning::LetIn => effects.extend(self.let_in(&id, exchange)),
                Meaning::AtSignIn => {
                    if let Phase::Checking { reloaded, at_sign_in: false } = incident.phase {
                        incident.phase = Phase::Checking { reloaded, at_sign_in: true };
                        effects.push(Effect::Save(id));
                    }
                }
                Meaning::Nothing => {}
            }
        }
        let is_followed = self.recorded.contains(&exchange.site) && !exchange.private;
        // A masked address leads nowhere.
        if is_followed && exchange.is_sign_in_page() && !exchange.url.contains(crate::redact::MASK) {
            let change = Amendment::SignIn { url: exchange.url.clone() };
            effects.push(Effect::Amend { site: exchange.site.clone(), change });
        }
        if is_followed && exchange.is_let_in() {
            let noted = self.noted.get(&exchange.site).copied().unwrap_or_default();
            if exchange.at.since(noted) >= NOTE_EVERY {
                self.noted.insert(exchange.site.clone(), exchange.at);
                let change = Amendment::success(exchange);
                effects.push(Effect::Amend { site: exchange.site.clone(), change });
            }
        }
        effects
    }

    /// What was refused is let through.
    fn let_in(&mut self, id: &str, exchange: &Exchange) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let at = exchange.at.max(incident.first_seen);
        let is_untouched_app = incident.scope == Scope::App && incident.attempts.is_empty();
        let by = match incident.phase {
            // A handshake or a silent renewal that ended well.
            Phase::Seen => return self.forget(id),
            Phase::Open | Phase::StillLocked
                if is_untouched_app && at.since(incident.first_seen) < HEALS_AT_ONCE =>
            {
                return self.forget(id);
            }
            // Nothing is done yet, so it is not the fix that helped; its next step tells.
            Phase::Fixing { .. } | Phase::Recovered | Phase::Dismissed | Phase::Lapsed => {
                return Vec::new();
            }
            Phase::Checking { .. } => incident.attempts.last().map(|attempt| attempt.offer.fix),
            Phase::Open | Phase::StillLocked => None,
        };
        if let (Some(_), Some(attempt)) = (by, incident.attempts.last_mut()) {
            attempt.outcome = Some(Outcome::Recovered);
        }
        incident.phase = Phase::Recovered;
        incident.closed = Some(Closed { at, by });
        let (site, private) = (incident.exchange.site.clone(), incident.private);
        let mut effects = vec![Effect::Save(id.to_owned()), Effect::SaveWatch];
        // A sign-in may have led over other sites; where it ends, its good end is shown.
        let is_end_of_fix = by.is_some() && exchange.kind == Kind::MainFrame;
        effects.extend(self.bind(exchange.tab.filter(|_| is_end_of_fix), id));
        if let (Some(fix), false) = (by, private) {
            effects.push(Effect::Amend { site, change: Amendment::Fix { fix, worked: true } });
        }
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        effects
    }

    fn refused(&mut self, exchange: Exchange, now: Time) -> Vec<Effect> {
        let page = exchange.page.as_deref().unwrap_or_default();
        if self.settings.is_ignored(&exchange.site) || self.settings.is_ignored(page) {
            return Vec::new();
        }
        let scope = exchange.scope();
        if exchange.kind == Kind::Resource && scope == Scope::Other {
            return Vec::new();
        }
        // "Am I signed in?", asked once by a page that loaded.
        if scope == Scope::App
            // Of a preflight it is the question that fails, and it never carries one.
            && exchange.kind != Kind::Preflight
            && !exchange.carries_credential()
            // Nor is it a question where somebody signs in.
            && !exchange.is_sign_in_attempt()
            // Nor did one that lost its token on the way here ask as a stranger.
            && Evidence::of(&exchange, &Past::default()).signed_source().is_none()
            && !self.is_repeated_probe(exchange.tab.unwrap_or(-1), &exchange.url)
        {
            return Vec::new();
        }
        let known = self.incidents.iter().position(|incident| incident.folds(&exchange));
        // After a fix the very request may be refused in another way: that is its verdict too.
        let checked = || {
            self.incidents.iter().position(|incident| {
                (incident.is_same_request(&exchange) || incident.is_corrected_by(&exchange))
                    && is_after_the_reload(incident, &exchange)
            })
        };
        match known.or_else(checked) {
            Some(index) => self.repeated(index, exchange, now),
            None => self.opened_anew(exchange, scope),
        }
    }

    fn opened_anew(&mut self, exchange: Exchange, scope: Scope) -> Vec<Effect> {
        let id = self.new_id(exchange.at);
        let tab = exchange.tab;
        let may_be_answered = scope == Scope::Page && tab.is_some() && exchange.is_challenged_by_browser();
        let phase = if may_be_answered || scope == Scope::App { Phase::Seen } else { Phase::Open };
        let incident = Incident::new(id.clone(), exchange, phase);
        let (site, private) = (incident.exchange.site.clone(), incident.private);
        self.incidents.push(incident);
        // On disk before anything is done about it.
        let mut effects = vec![Effect::Save(id.clone())];
        if let Some(tab) = tab {
            // The good end of an earlier one is out of date here. A private one has no other place.
            effects
                .extend(self.unbind(tab, |incident| incident.phase != Phase::Recovered || incident.private));
        }
        effects.extend(self.bind(tab, &id));
        if !private {
            self.recorded.insert(site);
        }
        effects.push(Effect::SaveWatch);
        if phase == Phase::Open {
            effects.extend(self.badges(&id));
        } else if scope == Scope::App {
            effects.push(Effect::Settle(id.clone(), RENEWAL_TAKES));
        }
        effects.push(Effect::Gather(id));
        effects
    }

    /// One more sign of a lock-out that is known.
    fn repeated(&mut self, index: usize, exchange: Exchange, now: Time) -> Vec<Effect> {
        let incident = &mut self.incidents[index];
        let id = incident.id.clone();
        let (tab, status) = (exchange.tab, exchange.status);
        incident.count = incident.count.saturating_add(exchange.again).saturating_add(1);
        incident.last_seen = incident.last_seen.max(exchange.at);
        let is_verdict = is_after_the_reload(incident, &exchange);
        // Another credential may fail for another reason.
        let is_news = incident.is_locked() && incident.exchange.authorization != exchange.authorization;
        // What is being checked stays what it is, whatever else of the site fails meanwhile.
        if incident.is_locked() || incident.phase == Phase::Seen || incident.is_same_request(&exchange) {
            incident.exchange = exchange;
        }
        let many = incident.count > 8;
        let mut effects: Vec<Effect> = self.bind(tab, &id).into_iter().collect();
        if is_verdict {
            effects.extend(self.still_locked(&id, status));
            return effects;
        }
        let last = self.saved.get(&id).copied().unwrap_or_default();
        if !many || now.since(last) >= WRITE_EVERY {
            self.saved.insert(id.clone(), now);
            self.unsaved.remove(&id);
            effects.push(Effect::Save(id.clone()));
        } else if self.unsaved.insert(id.clone()) {
            // The last of them is written as well.
            effects.push(Effect::Settle(id.clone(), WRITE_LATER));
        }
        effects.extend(self.badges(&id));
        if is_news {
            effects.push(Effect::Gather(id));
        }
        effects
    }

    /// Neither let in nor refused (a 404, a 500, no network): what a fix was to bring back is
    /// not back.
    pub(super) fn failed_otherwise(&mut self, exchange: &Exchange) -> Vec<Effect> {
        // The reload itself breaks off what was under way, and a person may load once more.
        if exchange.error.as_deref().is_some_and(|error| error.contains("ABORTED")) {
            return Vec::new();
        }
        let checked = self.incidents.iter().find(|incident| {
            (incident.is_same_request(exchange) || incident.is_corrected_by(exchange))
                && is_after_the_reload(incident, exchange)
        });
        let Some(id) = checked.map(|incident| incident.id.clone()) else { return Vec::new() };
        self.still_locked(&id, exchange.status)
    }

    fn still_locked(&mut self, id: &str, status: u16) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        incident.phase = Phase::StillLocked;
        let failed = incident.attempts.last_mut().map(|attempt| {
            attempt.outcome = Some(Outcome::StillLocked { status });
            attempt.offer.fix
        });
        let (site, private) = (incident.exchange.site.clone(), incident.private);
        let mut effects = vec![Effect::Save(id.to_owned())];
        if let (Some(fix), false) = (failed, private) {
            effects.push(Effect::Amend { site, change: Amendment::Fix { fix, worked: false } });
        }
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        effects.push(Effect::Gather(id.to_owned()));
        effects
    }

    pub(super) fn gathered(
        &mut self,
        id: &str,
        jar: &Known<Vec<JarCookie>>,
        stored: &Known<Vec<StoredItem>>,
        past: &Past,
        now: Time,
    ) -> Vec<Effect> {
        let Some(incident) = self.incidents.iter_mut().find(|incident| incident.id == id) else {
            return Vec::new();
        };
        let (jar, stored) = (jar.as_slice(), stored.as_slice());
        // A private window's denials are on no record but its own.
        let mut past = past.clone();
        past.wrong.extend(&incident.denied);
        let past = &past;
        let works_privately = incident.works_privately;
        let evidence =
            Evidence { jar, stored, works_privately, now, ..Evidence::of(&incident.exchange, past) };
        let is_untouched = incident.attempts.is_empty() && incident.denied.is_empty();
        let mut diagnosis = diagnose(&evidence, &incident.failed_fixes());
        self.settings.keep_allowed(&mut diagnosis.offers);
        incident.diagnosis = Some(diagnosis);
        // What was said of an earlier lock-out can be taken back here as well.
        incident.denied = denied(&evidence);
        if is_untouched && past.quiet.contains(&incident.cause()) && incident.closed.is_none() {
            return self.forget(id);
        }
        [Effect::Save(id.to_owned())].into_iter().chain(self.notify(id)).collect()
    }

    /// A provisional incident has had its time to turn out well; a check, to tell.
    pub(super) fn settled(&mut self, id: &str, now: Time) -> Vec<Effect> {
        match self.incident(id).map(|incident| incident.phase) {
            Some(Phase::Seen) => self.shows(id),
            Some(Phase::Checking { .. }) => self.unclear(id, now),
            Some(_) if self.unsaved.remove(id) => vec![Effect::Save(id.to_owned())],
            _ => Vec::new(),
        }
    }

    /// A provisional incident is one.
    pub(super) fn shows(&mut self, id: &str) -> Vec<Effect> {
        let Some(incident) = self.get(id).filter(|incident| incident.phase == Phase::Seen) else {
            return Vec::new();
        };
        incident.phase = Phase::Open;
        let mut effects = vec![Effect::Save(id.to_owned())];
        effects.extend(self.badges(id));
        // By now the page has stored what it was to store.
        effects.push(Effect::Gather(id.to_owned()));
        effects
    }
}

/// What a success says of an incident.
enum Meaning {
    Nothing,
    LetIn,
    AtSignIn,
}

fn what_it_means(incident: &Incident, exchange: &Exchange) -> Meaning {
    // A copy from the cache says nothing of what the site would answer.
    if exchange.from_cache {
        return Meaning::Nothing;
    }
    let is_checking = matches!(incident.phase, Phase::Checking { .. });
    // What was sent before the fix was asked for is not its doing.
    let too_early = incident.attempts.last().is_some_and(|attempt| exchange.began < attempt.at);
    if is_checking && too_early {
        return Meaning::Nothing;
    }
    if incident.is_same_request(exchange) {
        // The form is there again; nobody has signed in by that.
        let is_form = incident.exchange.is_sign_in_attempt() && exchange.is_sign_in_page();
        return if is_form { Meaning::AtSignIn } else { Meaning::LetIn };
    }
    let is_page = exchange.kind == Kind::MainFrame;
    if is_checking && incident.led_to(exchange) {
        let asks = exchange.is_sign_in() || exchange.site != incident.exchange.site;
        return if asks { Meaning::AtSignIn } else { Meaning::LetIn };
    }
    if is_checking && incident.is_corrected_by(exchange) {
        let asks = exchange.is_sign_in() || !exchange.is_success();
        return if asks { Meaning::AtSignIn } else { Meaning::LetIn };
    }
    // Another page of the site, after a sign-in: with a session that the refused request had not.
    let signed_in = is_page
        && incident.is_near(exchange)
        && !exchange.is_sign_in()
        && exchange.has_newer_session(&incident.exchange);
    if signed_in { Meaning::LetIn } else { Meaning::Nothing }
}

/// Does this failure tell whether the fix helped?
fn is_after_the_reload(incident: &Incident, exchange: &Exchange) -> bool {
    let Phase::Checking { .. } = incident.phase else { return false };
    let Some(attempt) = incident.attempts.last() else { return false };
    // The reload's own page may be answered before the browser says that it began.
    let since = attempt.reloaded_at.unwrap_or(attempt.at);
    exchange.began >= since && (attempt.reloaded_at.is_some() || exchange.kind == Kind::MainFrame)
}
