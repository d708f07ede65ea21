//! `digest_nonce`: a Digest login was made with a nonce that the server no longer takes.
//!
//! A server that says `stale=true` with its new nonce is answered by the browser without a word
//! (RFC 7616, section 3.3). One that leaves it out, was restarted, has several machines behind one
//! name or counts strictly (`nc`, section 3.4) makes a right password look like a wrong one.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::fix::FixId;
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: a new nonce, which each new challenge brings.
pub(super) const FIXES: &[FixId] =
    &[FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow, FixId::ForTheOwner, FixId::ForgetHttpLogin];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let credential = exchange.authorization.present()?;
    if credential.scheme != "digest" || !matches!(exchange.status, 400 | 401 | 403) {
        return None;
    }
    let challenge = exchange.challenges().iter().find(|one| one.scheme == "digest");
    let mut weighing = Weighing::from(-1.4);
    weighing.finding(0.0, Line::new("why_digest_sent"));
    let says_stale = challenge.is_some_and(|one| one.stale);
    if says_stale {
        weighing.finding(3.4, Line::new("why_stale"));
    }
    if exchange.says(Sign::StaleNonce) {
        weighing.finding(3.4, Line::new("why_says_stale"));
    }
    let (sent, given) = (exchange.asked.nonce, exchange.told.nonce);
    if sent.is_some() && sent == given {
        // It asks with the very nonce again, so that one is good.
        weighing.shift(-2.5);
    } else if given.is_some() {
        weighing.finding(0.6, Line::new("why_new_nonce"));
    }
    let with_it =
        |other: &&Exchange| other.site == exchange.site && sent.is_some() && other.asked.nonce == sent;
    let count = exchange.asked.nonce_count;
    if evidence.earlier.iter().filter(with_it).any(Exchange::is_success) {
        weighing.finding(2.4, Line::new("why_nonce_worked"));
    } else if let Some(times) = count.filter(|times| *times > 1) {
        // It is counted up with each use (RFC 7616, section 3.4), so it was of use before.
        weighing.finding(1.4, Line::new("why_nonce_counted").with(Arg::Count(times)));
    }
    let before = evidence.earlier.iter().filter(with_it).filter(|other| !other.is_same_request(exchange));
    let last = before.filter_map(|other| other.asked.nonce_count).max();
    if last.zip(count).is_some_and(|(last, now)| now <= last) {
        weighing.finding(1.6, Line::new("why_nonce_order"));
    }
    // The challenge that it answers: of this moment, or of long ago.
    let asked = |other: &Exchange| sent.is_some() && other.told.nonce == sent;
    let is_fresh = evidence.tries().next().is_some_and(asked) && count.is_none_or(|times| times <= 1);
    let is_told = says_stale || exchange.says(Sign::StaleNonce);
    if is_fresh && !is_told {
        weighing.shift(-1.8);
    } else if !is_fresh && !evidence.answers_a_challenge() && !exchange.asked.had_userinfo {
        weighing.finding(1.6, Line::new("why_login_unasked"));
    }
    weighing.above(0.15)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::time::{MINUTE, SECOND};

    const FIRST: &[(&str, &str)] =
        &[("Authorization", "Digest username=\"me\", nonce=\"one\", nc=00000001, response=\"x\"")];
    const THIRD: &[(&str, &str)] =
        &[("Authorization", "Digest username=\"me\", nonce=\"one\", nc=00000003, response=\"x\"")];
    const ASKS_ONE: &[(&str, &str)] =
        &[("WWW-Authenticate", "Digest realm=\"x\", nonce=\"one\", qop=\"auth\"")];
    const ASKS_TWO: &[(&str, &str)] =
        &[("WWW-Authenticate", "Digest realm=\"x\", nonce=\"two\", qop=\"auth\"")];

    #[test]
    fn a_nonce_that_grew_old_without_a_word() {
        let given = Given { request: FIRST, response: ASKS_TWO, ..Given::default() };
        check(&given, "digest_nonce 0.69: why_digest_sent why_new_nonce why_login_unasked");
        check(
            &Given { request: THIRD, ..given.clone() },
            "digest_nonce 0.90: why_digest_sent why_new_nonce why_nonce_counted why_login_unasked",
        );
        let worked = Given { request: FIRST, status: 200, ..Given::default() };
        check(
            &Given { request: THIRD, before: &[(9 * MINUTE, worked)], ..given },
            "digest_nonce 0.96: why_digest_sent why_new_nonce why_nonce_worked why_login_unasked",
        );
    }

    #[test]
    fn a_server_that_says_stale_for_ever() {
        let response: &[(&str, &str)] =
            &[("WWW-Authenticate", "Digest realm=\"x\", nonce=\"two\", stale=true")];
        let before = vec![(SECOND, Given { request: FIRST, response: ASKS_ONE, ..Given::default() })];
        let given = Given { request: FIRST, response, before: &before, ..Given::default() };
        check(&given, "digest_nonce 0.93: why_digest_sent why_stale why_new_nonce");
    }

    #[test]
    fn not_a_password_that_is_wrong() {
        let before = vec![(3 * SECOND, Given { response: ASKS_ONE, ..Given::default() })];
        let given = Given { request: FIRST, response: ASKS_TWO, before: &before, ..Given::default() };
        check(&given, "bad_credentials 0.83: why_password_sent why_asked_again");
        let same = Given { response: ASKS_ONE, before: &[], ..given };
        check(&same, "bad_credentials 0.83: why_password_sent why_asked_again");
    }

    #[test]
    fn a_nonce_worked_only_where_this_very_one_was_let_in_here() {
        let given = Given { request: FIRST, response: ASKS_TWO, ..Given::default() };
        let unknown = "0.8: why_digest_sent why_new_nonce why_login_unasked";
        let page = Other { request: FIRST, ..Other::PAGE };
        check_rule(
            rule,
            &Given { earlier: &[page], ..given.clone() },
            "3.2: why_digest_sent why_new_nonce why_nonce_worked why_login_unasked",
        );
        let two = [("Authorization", "Digest username=\"me\", nonce=\"two\", nc=00000001, response=\"x\"")];
        for other in [
            Other { request: &two, ..page },
            Other { request: &[], ..page },
            Other { origin: "https://shop.example.com", ..page },
        ] {
            check_rule(rule, &Given { earlier: &[other], ..given.clone() }, unknown);
        }
        // What has none has none in common with anything.
        let bare = [("Authorization", "Digest username=\"me\"")];
        let plain = [Other::PAGE];
        check_rule(rule, &Given { request: &bare, earlier: &plain, ..given }, unknown);
    }

    #[test]
    fn a_count_must_grow_with_each_request() {
        let third = Other { request: THIRD, path: "/other", status: 401, ..Other::PAGE };
        let given = Given { request: FIRST, earlier: &[third], ..Given::default() };
        check_rule(rule, &given, "1.8: why_digest_sent why_nonce_order why_login_unasked");
        let same = [Other { request: FIRST, ..third }];
        let again = Given { earlier: &same, ..given.clone() };
        check_rule(rule, &again, "1.8: why_digest_sent why_nonce_order why_login_unasked");
        check_rule(
            rule,
            &Given { request: THIRD, ..again },
            "1.6: why_digest_sent why_nonce_counted why_login_unasked",
        );
        // The same request again is another try.
        let retry = [Other { path: "/account", ..third }];
        check_rule(rule, &Given { earlier: &retry, ..given }, "0.2: why_digest_sent why_login_unasked");
    }

    #[test]
    fn a_nonce_of_this_moment_is_fresh() {
        let asked = [Other { status: 401, response: ASKS_ONE, ..Other::PAGE }];
        let given = Given { request: FIRST, response: ASKS_TWO, earlier: &asked, ..Given::default() };
        check_rule(rule, &given, "nothing");
        let told = Given { body: Some("The nonce is stale"), ..given.clone() };
        check_rule(rule, &told, "2.6: why_digest_sent why_says_stale why_new_nonce");
        // Nobody was asked with this one.
        let page = [Other::PAGE];
        check_rule(
            rule,
            &Given { earlier: &page, ..given },
            "0.8: why_digest_sent why_new_nonce why_login_unasked",
        );
    }
}
