//! Orders the fixes: the least destructive that can work first, what worked here before moved
//! up, what just failed moved down.

use crate::cause::{CAUSES, CauseId};
use crate::diagnose::Verdict;
use crate::evidence::Tally;
use crate::fix::{FixId, Offer};

/// What may help whatever the cause, and what an honest "not sure" has to offer.
const ALWAYS: [FixId; 3] = [FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow];

/// The offers for ranked causes. `failed` are the fixes that were tried for this incident and
/// did not help; `sign_in` is where one signs in, as far as that is known.
#[must_use]
pub fn offers(causes: &[Verdict], past: &[Tally], failed: &[FixId], sign_in: Option<&str>) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let best = causes.first();
    for verdict in causes.iter().filter(|verdict| verdict.cause != CauseId::Unknown) {
        // What a mere guess would delete is not offered.
        let is_guess = best.is_some_and(|best| best.cause == CauseId::Unknown);
        for fix in fixes_of(verdict.cause) {
            let known = offers.iter().any(|offer| offer.fix == *fix);
            if let Some(offer) = offer(*fix, verdict, sign_in)
                && !known
                && !(is_guess && fix.is_destructive())
            {
                offers.push(offer);
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

/// A fix with what it is to act on; `None` where there is nothing for it to act on.
fn offer(fix: FixId, verdict: &Verdict, sign_in: Option<&str>) -> Option<Offer> {
    match fix {
        FixId::RemoveCookies if verdict.suspects.is_empty() => None,
        FixId::RemoveCookies => Some(Offer { cookies: verdict.suspects.clone(), ..Offer::plain(fix) }),
        FixId::SignIn => Some(Offer { url: Some(sign_in?.to_owned()), ..Offer::plain(fix) }),
        _ => Some(Offer::plain(fix)),
    }
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
        let ids: Vec<&str> = offers(causes, past, failed, None).iter().map(|offer| offer.fix.id()).collect();
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
    fn a_sign_in_needs_a_place_to_go_to() {
        let causes = [verdict(CauseId::NotLoggedIn, 0.8)];
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window");
        let offers = offers(&causes, &[], &[], Some("https://a.test/login"));
        assert_eq!(offers[0].fix, FixId::SignIn);
        assert_eq!(offers[0].url.as_deref(), Some("https://a.test/login"));
    }

    #[test]
    fn no_suspect_no_removal() {
        let mut causes = [verdict(CauseId::SessionExpired, 0.8)];
        causes[0].suspects.clear();
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window");
    }
}
