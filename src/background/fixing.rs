//! From a click to the check. Each step is on disk before it is taken, and what a step does can
//! be done again, so that a background that is killed goes on where it was.

use super::{Effect, Kept, State, load};
use crate::fix::{FixId, Manner};
use crate::incident::{Attempt, Outcome, Phase, Step, UNDO_LASTS, Undo, Undone};
use crate::time::{SECOND, Time};
use crate::words::Line;

/// How long a check may take before it is said that nothing can be told, in milliseconds.
pub(super) const CHECK_TAKES: u32 = 30_000;

/// Signing in is the person's part, and takes its time.
fn is_persons_part(fix: FixId) -> bool {
    matches!(fix, FixId::SignIn | FixId::ResetPassword | FixId::ChangePassword | FixId::NetworkSignIn)
}

impl State {
    pub(super) fn fix(&mut self, id: &str, fix: FixId, tab: i32, removes: usize, now: Time) -> Vec<Effect> {
        let Some(incident) = self.incidents.iter_mut().find(|incident| incident.id == id) else {
            return vec![Effect::Refuse("refused_gone")];
        };
        if !incident.takes_fixes() {
            // Over meanwhile, or something is under way: what was offered is not offered now.
            let is_over = incident.closed.is_some();
            return vec![Effect::Refuse(if is_over { "refused_over" } else { "refused_busy" })];
        }
        let offer = incident.offers().iter().find(|offer| offer.fix == fix).cloned();
        // Nothing is done but what was shown.
        let is_off = self.settings.fixes_off().any(|off| off == fix);
        let Some(offer) = offer.filter(|offer| offer.removes() == removes && !is_off) else {
            return vec![Effect::Refuse("refused_not_offered")];
        };
        let deed = match fix.manner() {
            Manner::Load => load(id, tab, &offer),
            Manner::Remove => Effect::Snapshot(id.to_owned(), Box::new(offer.clone())),
            Manner::Test => Effect::OpenPrivate { incident: id.to_owned(), tab },
            // The page that shows it does it.
            Manner::Advice => return Vec::new(),
        };
        incident.attempts.push(Attempt {
            offer,
            at: now,
            tab,
            reloaded_at: None,
            outcome: None,
            removed: None,
        });
        incident.phase = match fix.manner() {
            Manner::Load => Phase::Checking { reloaded: false, at_sign_in: is_persons_part(fix) },
            Manner::Remove => Phase::Fixing { step: Step::Snapshot },
            Manner::Test | Manner::Advice => incident.phase,
        };
        let mut effects = vec![Effect::Save(id.to_owned())];
        effects.extend(self.bind(Some(tab), id));
        effects.push(Effect::KeepAwake(true));
        effects.extend(self.badges(id));
        effects.push(deed);
        effects
    }

    pub(super) fn snapshotted(&mut self, id: &str, kept: Result<Kept, Line>, now: Time) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let Some(offer) = incident.attempts.last().map(|attempt| attempt.offer.clone()) else {
            return Vec::new();
        };
        let kept = match kept {
            Ok(kept) => kept,
            Err(why) => return self.fail(id, why),
        };
        let is_empty = kept == Kept::default();
        if is_empty && matches!(offer.fix, FixId::RemoveCookies | FixId::RemoveStoredToken) {
            return self.fail(id, Line::new("trouble_nothing_there"));
        }
        // What forgetting a login takes along is put back at once, and has a copy of its own.
        if offer.fix.has_undo() && !is_empty {
            incident.undo = Some(Undo::new(kept.cookies, kept.items, now.plus(UNDO_LASTS)));
        }
        incident.phase = Phase::Fixing { step: Step::Remove };
        let remove = Effect::Remove { incident: id.to_owned(), offer: Box::new(offer), again: false };
        vec![Effect::Save(id.to_owned()), remove]
    }

    pub(super) fn removed(&mut self, id: &str, done: Result<(u32, u32), Line>) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let Some(attempt) = incident.attempts.last_mut() else { return Vec::new() };
        let (gone, of) = match done {
            Ok(done) => done,
            Err(why) => return self.fail(id, why),
        };
        let counts = matches!(
            attempt.offer.fix,
            FixId::RemoveCookies | FixId::RemoveStoredToken | FixId::ClearSiteCookies
        );
        if counts || of > 0 {
            attempt.removed = Some((gone, of));
        }
        if counts && gone == 0 {
            return self.fail(id, Line::new("trouble_nothing_removed"));
        }
        let reload = load(id, attempt.tab, &attempt.offer);
        incident.phase = Phase::Checking { reloaded: false, at_sign_in: false };
        vec![Effect::Save(id.to_owned()), reload]
    }

    pub(super) fn reloaded(&mut self, id: &str, done: Result<Time, Line>) -> Vec<Effect> {
        let at = match done {
            Ok(at) => at,
            Err(why) => return self.fail(id, why),
        };
        let Some(incident) = self.get(id) else { return Vec::new() };
        let Phase::Checking { reloaded: false, at_sign_in } = incident.phase else { return Vec::new() };
        incident.phase = Phase::Checking { reloaded: true, at_sign_in };
        if let Some(attempt) = incident.attempts.last_mut() {
            attempt.reloaded_at = Some(at);
        }
        vec![Effect::Save(id.to_owned()), Effect::Settle(id.to_owned(), CHECK_TAKES)]
    }

    /// The time for a check is over: nothing was seen that would tell.
    pub(super) fn unclear(&mut self, id: &str, now: Time) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let Some(attempt) = incident.attempts.last_mut() else { return Vec::new() };
        // A person who signs in takes their time; and an earlier fix's time says nothing of this.
        let is_at_sign_in = matches!(incident.phase, Phase::Checking { at_sign_in: true, .. });
        let since = now.since(attempt.reloaded_at.unwrap_or(now));
        if is_at_sign_in || since < i64::from(CHECK_TAKES) - SECOND {
            return Vec::new();
        }
        attempt.outcome = Some(Outcome::Unclear);
        incident.phase = Phase::Open;
        self.come_to_rest(id)
    }

    pub(super) fn opened(&mut self, id: &str, done: Result<(), Line>) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        if let Some(attempt) = incident.attempts.last_mut() {
            attempt.outcome = Some(match done {
                Ok(()) => Outcome::Opened,
                Err(why) => Outcome::Failed { why },
            });
        }
        self.come_to_rest(id)
    }

    pub(super) fn undo(&mut self, id: &str, now: Time) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return vec![Effect::Refuse("refused_gone")] };
        if matches!(incident.phase, Phase::Fixing { .. }) {
            return vec![Effect::Refuse("refused_busy")];
        }
        if !incident.can_undo(now) {
            return vec![Effect::Refuse("refused_undo_over")];
        }
        let Some(undo) = &mut incident.undo else { return Vec::new() };
        // On disk first: killed in the middle, it is gone on with.
        let again = core::mem::replace(&mut undo.asked, true);
        undo.why = None;
        let restore = Effect::Restore { incident: id.to_owned(), again };
        vec![Effect::Save(id.to_owned()), Effect::KeepAwake(true), restore]
    }

    pub(super) fn restored(&mut self, id: &str, done: Result<Undone, Line>) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        let Some(undo) = &mut incident.undo else { return Vec::new() };
        match done {
            Ok(done) => undo.done = Some(done),
            Err(why) => {
                (undo.asked, undo.why) = (false, Some(why));
                return [Some(Effect::Save(id.to_owned())), self.rest()].into_iter().flatten().collect();
            }
        }
        // Said first, then dropped: killed in between, it is put back once more, which changes nothing.
        let mut effects = vec![Effect::Save(id.to_owned()), Effect::DropUndo(id.to_owned())];
        effects.extend(self.rest());
        effects
    }

    /// What ends with the browser is not put back into another.
    pub(super) fn outlasted(&mut self, id: &str, kept: Kept) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        match &mut incident.undo {
            Some(undo) if undo.done.is_none() && kept != Kept::default() => {
                (undo.cookies, undo.items) = (kept.cookies, kept.items);
            }
            Some(undo) if undo.done.is_none() => incident.undo = None,
            _ => return Vec::new(),
        }
        vec![Effect::Save(id.to_owned())]
    }

    /// The fix could not be done: the lock-out stands as before.
    fn fail(&mut self, id: &str, why: Line) -> Vec<Effect> {
        let Some(incident) = self.get(id) else { return Vec::new() };
        if let Some(attempt) = incident.attempts.last_mut() {
            attempt.outcome = Some(Outcome::Failed { why });
        }
        incident.phase = Phase::Open;
        let mut effects = self.come_to_rest(id);
        // The next thing to try takes its place.
        effects.push(Effect::Gather(id.to_owned()));
        effects
    }

    fn come_to_rest(&mut self, id: &str) -> Vec<Effect> {
        let mut effects = vec![Effect::Save(id.to_owned())];
        effects.extend(self.badges(id));
        effects.extend(self.rest());
        effects
    }

    /// What was under way cannot go on: its tab is gone. What was put aside can be put back.
    pub(super) fn interrupt(&mut self, id: &str) -> Vec<Effect> {
        self.fail(id, Line::new("trouble_tab_gone"))
    }

    /// No need to be woken when no fix and no undo is under way.
    pub(super) fn rest(&self) -> Option<Effect> {
        let busy = self.incidents.iter().any(|incident| {
            matches!(incident.phase, Phase::Fixing { .. } | Phase::Checking { .. })
                || incident.undo.as_ref().is_some_and(Undo::is_under_way)
        });
        (!busy).then_some(Effect::KeepAwake(false))
    }
}
