//! Orders the fixes: the least destructive that can work first, what worked here before moved
//! up, what just failed moved down.

use crate::cause::{CAUSES, CauseId};
use crate::diagnose::Verdict;
use crate::evidence::{Evidence, Tally};
use crate::exchange::Known;
use crate::fix::{FixId, Offer};
use crate::http::address::{Address, registrable};
use crate::http::cookie::{CookieId, JarCookie, domain_matches};
use crate::sorted;
use crate::stored::StoredItem;

/// What may help whatever the cause, and what an honest "not sure" has to offer.
const ALWAYS: [FixId; 4] = [FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow, FixId::CopyReport];

/// What may help where a private window works: the reason is stored here.
const STORED_HERE: [FixId; 3] = [FixId::ReloadFresh, FixId::ClearSiteCookies, FixId::ClearSiteData];

/// What may help where a private window fails as well: the reason is not stored here.
const NOT_STORED_HERE: [FixId; 2] = [FixId::CheckStatus, FixId::TryElsewhere];

/// Where a site says that passwords are changed ("A Well-Known URL for Changing Passwords", W3C).
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";

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
    /// Can the browser forget a login here? Chrome cannot in a private window, but by closing all
    /// of those.
    pub keeps_login: bool,
    /// Whether the page works in a private window, as the person said.
    pub works_privately: Option<bool>,
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
        Self {
            origin,
            host,
            login_reaches,
            sign_in: evidence.sign_in(),
            held,
            stored,
            keeps_login: is_wide && evidence.exchange.private,
            works_privately: evidence.works_privately,
        }
    }
}

/// The offers for ranked causes. `failed` are the fixes that were tried for this incident and
/// did not help; `means` is what there is to work on.
#[must_use]
pub fn offers(causes: &[Verdict], past: &[Tally], failed: &[FixId], means: &Means) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let best = causes.first();
    let told: &[FixId] = match means.works_privately {
        None => &[],
        Some(true) => &STORED_HERE,
        Some(false) => &NOT_STORED_HERE,
    };
    // The private window tells most when nothing else does.
    if best.is_some_and(|best| best.cause == CauseId::Unknown) {
        offers.extend(told.iter().filter_map(|fix| with_means(*fix, means)));
    }
    for verdict in causes.iter().filter(|verdict| verdict.cause != CauseId::Unknown) {
        // What a mere guess would delete is not offered.
        let is_guess =
            best.is_some_and(|best| best.cause == CauseId::Unknown) && means.works_privately != Some(true);
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
    for fix in told.iter().chain(&ALWAYS) {
        if !offers.iter().any(|offer| offer.fix == *fix) {
            offers.extend(with_means(*fix, means));
        }
    }
    for offer in &mut offers {
        let tally = past.iter().find(|tally| tally.fix == offer.fix && tally.worked > 0);
        offer.record = tally.map(|tally| (tally.worked, tally.worked.saturating_add(tally.failed)));
    }
    let worked = |fix: FixId| past.iter().any(|tally| tally.fix == fix && tally.worked > tally.failed);
    // A test that has been made has said what it can say.
    let is_done = |fix| fix == FixId::OpenPrivateWindow && means.works_privately.is_some();
    // Stable: within a group the order above holds.
    let place = |offer: &Offer| (failed.contains(&offer.fix) || is_done(offer.fix), !worked(offer.fix));
    sorted::few(&mut offers, |one, two| place(one).cmp(&place(two)));
    offers
}

/// A fix with what it is to act on; `None` where there is nothing for it to act on.
fn offer(fix: FixId, verdict: &Verdict, means: &Means) -> Option<Offer> {
    if verdict.ruled_out.contains(&fix) {
        return None;
    }
    match fix {
        FixId::RemoveCookies if verdict.suspects.is_empty() => None,
        FixId::RemoveCookies => Some(Offer { cookies: verdict.suspects.clone(), ..Offer::plain(fix) }),
        FixId::OpenCorrectedUrl => {
            // A masked address leads nowhere.
            let url = verdict.belongs_at.as_ref().filter(|url| !url.contains(crate::redact::MASK))?;
            Some(Offer { url: Some(url.clone()), ..Offer::plain(fix) })
        }
        _ => with_means(fix, means),
    }
}

/// A fix that acts on what there is, whatever the cause.
fn with_means(fix: FixId, means: &Means) -> Option<Offer> {
    let plain = Offer::plain(fix);
    match fix {
        FixId::RemoveStoredToken if means.stored.is_empty() => None,
        FixId::RemoveStoredToken => Some(Offer { items: means.stored.clone(), ..plain }),
        FixId::ChangePassword => Some(Offer {
            url: Some(format!("{}{CHANGE_PASSWORD}", means.origin)),
            otherwise: means.sign_in.clone().or_else(|| Some(format!("{}/", means.origin))),
            ..plain
        }),
        // Over plain http, where the network can step in.
        FixId::NetworkSignIn if means.origin.starts_with("http:") => {
            Some(Offer { url: Some(format!("{}/", means.origin)), ..plain })
        }
        FixId::NetworkSignIn => Some(Offer { url: Some(format!("http://{}/", means.host)), ..plain }),
        FixId::ForgetHttpLogin if means.keeps_login => None,
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
            path_mark: None,
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

    #[test]
    fn nothing_of_a_sibling_or_another_window_is_offered_to_go() {
        use crate::exchange::Exchange;
        use crate::http::set_cookie::Line;
        let from = Address::parse("https://www.a.test/");
        let own = crate::http::storage::place(&Line::read("sid=1; Path=/"), &from, Default::default());
        let elsewhere = |domain: &str, store: &str| {
            let mut other = own.clone();
            (other.id.domain, other.id.store) = (domain.to_owned(), store.to_owned());
            other
        };
        let jar = [
            own.clone(),
            elsewhere("a.test", ""),
            elsewhere("shop.a.test", ""),
            elsewhere("www.a.test", "1"),
        ];
        let exchange =
            Exchange { url: "http://www.a.test:81/x".into(), store: "0".into(), ..Exchange::default() };
        let past = crate::evidence::Past::default();
        let evidence = Evidence { jar: Known::Present(&jar), ..Evidence::of(&exchange, &past) };
        let means = Means::of(&evidence);
        assert_eq!(means.held, Some(vec![own.id]));
        // The network steps in wherever plain http goes.
        let offers = offers(&[verdict(CauseId::ProxyOrCaptivePortal, 0.9)], &[], &[], &means);
        assert_eq!(offers[0].url.as_deref(), Some("http://www.a.test:81/"));
    }
}
