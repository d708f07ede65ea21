//! Orders the fixes: the least destructive that can work first, what worked here before moved
//! up, what just failed moved down.

use crate::cause::{CAUSES, CauseId};
use crate::diagnose::Verdict;
use crate::evidence::Tally;
use crate::fix::{FixId, Offer};

/// What may help whatever the cause, and what an honest "not sure" has to offer.
const ALWAYS: [FixId; 3] = [FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow];

/// The offers for ranked causes. `failed` are the fixes that were tried for this incident and
/// did not help.
#[must_use]
pub fn offers(causes: &[Verdict], past: &[Tally], failed: &[FixId]) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let best = causes.first();
    for verdict in causes.iter().filter(|verdict| verdict.cause != CauseId::Unknown) {
        // What a mere guess would delete is not offered.
        let is_guess = best.is_some_and(|best| best.cause == CauseId::Unknown);
        for fix in fixes_of(verdict.cause) {
            let cookies = if *fix == FixId::RemoveCookies { verdict.suspects.clone() } else { Vec::new() };
            let has_target = *fix != FixId::RemoveCookies || !cookies.is_empty();
            let known = offers.iter().any(|offer| offer.fix == *fix);
            if has_target && !known && !(is_guess && fix.is_destructive()) {
                offers.push(Offer { fix: *fix, cookies });
            }
        }
    }
    // The private window tells most when nothing else does.
    for fix in ALWAYS {
        if !offers.iter().any(|offer| offer.fix == fix) {
            offers.push(Offer::plain(fix));
        }
    }
    let worked = |fix: FixId| past.iter().any(|tally| tally.fix == fix && tally.worked > tally.failed);
    // Stable: within a group the order above holds.
    offers.sort_by_key(|offer| (failed.contains(&offer.fix), !worked(offer.fix)));
    offers
}

fn fixes_of(cause: CauseId) -> &'static [FixId] {
    CAUSES.iter().find(|known| known.id == cause).map_or(&[], |known| known.fixes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::cookie::CookieId;

    fn verdict(cause: CauseId, confidence: f64) -> Verdict {
        let suspect = CookieId {
            name: "sid".into(),
            domain: "a.test".into(),
            path: "/".into(),
            store: "0".into(),
            partition: None,
        };
        Verdict { cause, confidence, why: Vec::new(), suspects: vec![suspect] }
    }

    fn order(causes: &[Verdict], past: &[Tally], failed: &[FixId]) -> String {
        let ids: Vec<&str> = offers(causes, past, failed).iter().map(|offer| offer.fix.id()).collect();
        ids.join(" ")
    }

    #[test]
    fn the_causes_own_fix_comes_first() {
        let causes = [verdict(CauseId::SessionExpired, 0.8)];
        assert_eq!(order(&causes, &[], &[]), "remove_cookies retry reload_fresh open_private_window");
    }

    #[test]
    fn a_guess_deletes_nothing() {
        let causes = [verdict(CauseId::Unknown, 0.0), verdict(CauseId::SessionExpired, 0.4)];
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window");
    }

    #[test]
    fn what_failed_goes_down_and_what_worked_before_comes_up() {
        let causes = [verdict(CauseId::SessionExpired, 0.8)];
        assert_eq!(
            order(&causes, &[], &[FixId::RemoveCookies]),
            "retry reload_fresh open_private_window remove_cookies"
        );
        let past = [Tally { fix: FixId::ReloadFresh, worked: 3, failed: 0 }];
        assert_eq!(order(&causes, &past, &[]), "reload_fresh remove_cookies retry open_private_window");
        assert_eq!(
            order(&causes, &past, &[FixId::ReloadFresh]),
            "remove_cookies retry open_private_window reload_fresh"
        );
    }

    #[test]
    fn no_suspect_no_removal() {
        let mut causes = [verdict(CauseId::SessionExpired, 0.8)];
        causes[0].suspects.clear();
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window");
    }
}
