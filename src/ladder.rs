//! Orders the fixes: the least destructive that can work first, what worked here before moved
//! up, what just failed moved down.

use crate::cause::{CAUSES, CauseId};
use crate::diagnose::Verdict;
use crate::evidence::{Evidence, Tally};
use crate::exchange::Known;
use crate::fix::{FixId, Offer};
use crate::http::address::{Address, registrable};
use crate::http::cookie::{CookieId, JarCookie, domain_matches};
use crate::stored::StoredItem;

/// What may help whatever the cause, and what an honest "not sure" has to offer.
const ALWAYS: [FixId; 4] = [FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow, FixId::CopyReport];

/// What fixes have to work on.
#[derive(Clone, Debug, Default)]
pub struct Means {
    /// The origin that refused.
    pub origin: String,
    /// Its host.
    pub host: String,
    /// The domain for which the browser forgets logins, where it cannot do so for the site alone.
    pub login_reaches: Option<String>,
    /// Where one signs in.
    pub sign_in: Option<String>,
    /// Every cookie that the site can be sent; `None` where the jar could not be read.
    pub held: Option<Vec<CookieId>>,
    /// The stored entries that hold the failing credential.
    pub stored: Vec<StoredItem>,
}

impl Means {
    /// What the evidence has to offer.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let failing = Address::parse(&evidence.exchange.url);
        // The jar also shows what siblings and other windows hold: nothing of that goes.
        let is_sent_here = |cookie: &&JarCookie| {
            let domain = cookie.domain();
            let is_own =
                if cookie.host_only { domain == failing.host } else { domain_matches(failing.host, domain) };
            is_own && evidence.is_own_store(cookie)
        };
        let held = match evidence.jar {
            Known::Present(jar) => {
                Some(jar.iter().filter(is_sent_here).map(|cookie| cookie.id.clone()).collect())
            }
            Known::Absent => Some(Vec::new()),
            Known::Unknown => None,
        };
        let stored = evidence.stored.present().map(|items| items.to_vec()).unwrap_or_default();
        let (origin, host) = (failing.origin(), failing.host.to_owned());
        // Chrome, which hides its logins, forgets for all that shares a registrable domain.
        let is_wide = evidence.exchange.authorization == Known::Unknown;
        let login_reaches = is_wide.then(|| registrable(failing.host).to_owned());
        Self { origin, host, login_reaches, sign_in: evidence.sign_in(), held, stored }
    }
}

/// The offers for ranked causes. `failed` are the fixes that were tried for this incident and
/// did not help; `means` is what there is to work on.
#[must_use]
pub fn offers(causes: &[Verdict], past: &[Tally], failed: &[FixId], means: &Means) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let best = causes.first();
    for verdict in causes.iter().filter(|verdict| verdict.cause != CauseId::Unknown) {
        // What a mere guess would delete is not offered.
        let is_guess = best.is_some_and(|best| best.cause == CauseId::Unknown);
        for fix in fixes_of(verdict.cause) {
            let known = offers.iter().any(|offer| offer.fix == *fix);
            if let Some(offer) = offer(*fix, verdict, means)
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
    for offer in &mut offers {
        let tally = past.iter().find(|tally| tally.fix == offer.fix && tally.worked > 0);
        offer.record = tally.map(|tally| (tally.worked, tally.worked.saturating_add(tally.failed)));
    }
    let worked = |fix: FixId| past.iter().any(|tally| tally.fix == fix && tally.worked > tally.failed);
    // Stable: within a group the order above holds.
    offers.sort_by_key(|offer| (failed.contains(&offer.fix), !worked(offer.fix)));
    offers
}

/// A fix with what it is to act on; `None` where there is nothing for it to act on.
fn offer(fix: FixId, verdict: &Verdict, means: &Means) -> Option<Offer> {
    if verdict.ruled_out.contains(&fix) {
        return None;
    }
    let plain = Offer::plain(fix);
    match fix {
        FixId::RemoveCookies if verdict.suspects.is_empty() => None,
        FixId::RemoveCookies => Some(Offer { cookies: verdict.suspects.clone(), ..plain }),
        FixId::RemoveStoredToken if means.stored.is_empty() => None,
        FixId::RemoveStoredToken => Some(Offer { items: means.stored.clone(), ..plain }),
        FixId::OpenCorrectedUrl => {
            // A masked address leads nowhere.
            let url = verdict.belongs_at.as_ref().filter(|url| !url.contains(crate::redact::MASK))?;
            Some(Offer { url: Some(url.clone()), ..plain })
        }
        FixId::ChangePassword => {
            Some(Offer { url: Some(format!("{}/.well-known/change-password", means.origin)), ..plain })
        }
        // Over plain http, where the network can step in.
        FixId::NetworkSignIn if means.origin.starts_with("http:") => {
            Some(Offer { url: Some(format!("{}/", means.origin)), ..plain })
        }
        FixId::NetworkSignIn => Some(Offer { url: Some(format!("http://{}/", means.host)), ..plain }),
        FixId::ForgetHttpLogin => Some(Offer { reaches: means.login_reaches.clone(), ..plain }),
        FixId::ClearSiteCookies if means.held.as_ref().is_none_or(Vec::is_empty) => None,
        FixId::ClearSiteCookies | FixId::ClearSiteData => {
            Some(Offer { cookies: means.held.clone()?, ..plain })
        }
        FixId::SignIn | FixId::ResetPassword => Some(Offer { url: Some(means.sign_in.clone()?), ..plain }),
        _ => Some(plain),
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
        Verdict {
            cause,
            confidence,
            why: Vec::new(),
            suspects: vec![suspect],
            ruled_out: Vec::new(),
            belongs_at: None,
        }
    }

    fn order(causes: &[Verdict], past: &[Tally], failed: &[FixId]) -> String {
        let ids: Vec<&str> =
            offers(causes, past, failed, &Means::default()).iter().map(|offer| offer.fix.id()).collect();
        ids.join(" ")
    }

    #[test]
    fn the_causes_own_fix_comes_first() {
        let causes = [verdict(CauseId::SessionExpired, 0.8)];
        assert_eq!(
            order(&causes, &[], &[]),
            "remove_cookies retry reload_fresh open_private_window copy_report"
        );
    }

    #[test]
    fn a_guess_deletes_nothing() {
        let causes = [verdict(CauseId::Unknown, 0.0), verdict(CauseId::SessionExpired, 0.4)];
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window copy_report");
    }

    #[test]
    fn what_failed_goes_down_and_what_worked_before_comes_up() {
        let causes = [verdict(CauseId::SessionExpired, 0.8)];
        assert_eq!(
            order(&causes, &[], &[FixId::RemoveCookies]),
            "retry reload_fresh open_private_window copy_report remove_cookies"
        );
        let past = [Tally { fix: FixId::ReloadFresh, worked: 3, failed: 0 }];
        assert_eq!(
            order(&causes, &past, &[]),
            "reload_fresh remove_cookies retry open_private_window copy_report"
        );
        assert_eq!(
            order(&causes, &past, &[FixId::ReloadFresh]),
            "remove_cookies retry open_private_window copy_report reload_fresh"
        );
    }

    #[test]
    fn a_sign_in_needs_a_place_to_go_to() {
        let causes = [verdict(CauseId::NotLoggedIn, 0.8)];
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window copy_report");
        let means = Means { sign_in: Some("https://a.test/login".into()), ..Means::default() };
        let offers = offers(&causes, &[], &[], &means);
        assert_eq!(offers[0].fix, FixId::SignIn);
        assert_eq!(offers[0].url.as_deref(), Some("https://a.test/login"));
    }

    #[test]
    fn no_suspect_no_removal() {
        let mut causes = [verdict(CauseId::SessionExpired, 0.8)];
        causes[0].suspects.clear();
        assert_eq!(order(&causes, &[], &[]), "retry reload_fresh open_private_window copy_report");
    }
}
