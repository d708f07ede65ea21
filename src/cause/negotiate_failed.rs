//! `negotiate_failed`: the site takes the sign-in of Windows (Kerberos or NTLM), and it did not come
//! about.
//!
//! A browser answers `Negotiate` (RFC 4559) by itself only for addresses that it trusts (Chrome:
//! `AuthServerAllowlist`, Firefox: `network.negotiate-auth.trusted-uris`, Windows: the intranet zone),
//! with a ticket for that very name; NTLM needs one connection from end to end ([MS-NTHT], section 1.1).

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{From, Kind};
use crate::fix::FixId;
use crate::http::address::{Address, is_ip};
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: the address that the ticket is for, a browser that trusts it, a machine of the domain.
pub(super) const FIXES: &[FixId] =
    &[FixId::Retry, FixId::TryElsewhere, FixId::AskForAccess, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let says = exchange.says(Sign::KerberosFailed);
    if !matches!(exchange.status, 400 | 401 | 403) || exchange.kind == Kind::Preflight {
        return None;
    }
    let of_windows = |scheme: &str| matches!(scheme, "negotiate" | "ntlm" | "kerberos");
    let challenges = exchange.challenges();
    let offers = challenges.iter().any(|one| of_windows(&one.scheme));
    let offers_only = offers && challenges.iter().all(|one| of_windows(&one.scheme));
    let sent = exchange.authorization.present();
    let mut weighing = match sent {
        Some(sent) if of_windows(&sent.scheme) => {
            let mut weighing = Weighing::from(1.4);
            let key = match sent.ntlm_message {
                Some(3) => "why_ntlm_refused",
                Some(_) => "why_handshake_cut",
                None => "why_ticket_refused",
            };
            weighing.finding(0.4, Line::new(key));
            weighing
        }
        Some(_) if !says => return None,
        // Where another way in is offered, that one may be meant.
        _ if offers_only => Weighing::from(1.2),
        _ if offers => Weighing::from(-1.2),
        _ if says => Weighing::from(-0.4),
        _ => return None,
    };
    if sent.is_none() {
        // A browser that had nothing to answer with has nothing the next time.
        weighing.rule_out(FixId::Retry);
    }
    if offers_only {
        let names: Vec<String> =
            challenges.iter().map(|one| crate::redact::short_name(&one.scheme)).collect();
        weighing.finding(0.4, Line::new("why_only_windows").with(Arg::Text(names.join(", "))));
    }
    if says {
        weighing.finding(2.0, Line::new("why_says_kerberos"));
    }
    if is_ip(Address::parse(&exchange.url).host) {
        // Tickets are for names (RFC 4120, section 6.2.1).
        weighing.finding(0.4, Line::new("why_host_is_number"));
    }
    if exchange.private {
        // Chrome: AmbientAuthenticationInPrivateModesEnabled.
        weighing.finding(0.4, Line::new("why_private_no_windows"));
    }
    // A script of another site carries no such sign-in, whoever is signed in.
    if exchange.asked.from == From::CrossSite && exchange.kind == Kind::Fetch {
        weighing.shift(-0.6);
    }
    if exchange.status == 403 && !says {
        weighing.shift(-1.5);
    }
    Some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check, check_rule, first_fix};
    use super::rule;
    use crate::exchange::Kind;

    const BOTH: &[(&str, &str)] = &[("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "NTLM")];

    const OR_PASSWORD: &[(&str, &str)] =
        &[("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "Basic realm=x")];
    const TICKET: &[(&str, &str)] = &[("Authorization", "Negotiate YIIGqwYGKwYBBQUCoIIGnzCC")];
    const WORDS: Option<&str> = Some("GSSException: Defective token detected");

    #[test]
    fn an_offer_that_the_browser_does_not_take_up() {
        let given = Given { response: BOTH, ..Given::default() };
        check(&given, "negotiate_failed 0.83: why_only_windows");
        check(
            &Given { origin: "http://192.168.7.20:8080", ..given },
            "negotiate_failed 0.88: why_only_windows why_host_is_number",
        );
        // Another way in is offered as well.
        check(
            &Given { response: OR_PASSWORD, ..Given::default() },
            "not_logged_in 0.73: why_nothing_sent why_nothing_held",
        );
    }

    #[test]
    fn a_handshake_that_is_refused() {
        let given = Given { response: BOTH, ..Given::default() };
        check(
            &Given { request: &[("Authorization", "NTLM TlRMTVNTUAADAAAAGAAYAHIAAAA=")], ..given.clone() },
            "negotiate_failed 0.90: why_ntlm_refused why_only_windows",
        );
        check(
            &Given { request: TICKET, ..given.clone() },
            "negotiate_failed 0.90: why_ticket_refused why_only_windows",
        );
        let cut = Given { request: &[("Authorization", "NTLM TlRMTVNTUAABAAAAB4IIogAAAAA=")], ..given };
        check(&cut, "negotiate_failed 0.90: why_handshake_cut why_only_windows");
    }

    #[test]
    fn a_server_that_says_so() {
        let given = Given { request: TICKET, status: 403, body: WORDS, ..Given::default() };
        check(&given, "negotiate_failed 0.98: why_ticket_refused why_says_kerberos");
    }

    #[test]
    fn not_for_what_is_not_of_windows() {
        let response: &[(&str, &str)] = &[("WWW-Authenticate", "Basic realm=x")];
        check(
            &Given { response, ..Given::default() },
            "not_logged_in 0.73: why_nothing_sent why_nothing_held",
        );
        let token = Given { request: &[("Authorization", "Bearer abc")], response: BOTH, ..Given::default() };
        check(&token, "unknown");
    }

    #[test]
    fn what_could_not_be_answered_is_not_asked_again() {
        let given = Given { response: BOTH, ..Given::default() };
        assert_eq!(first_fix(&given).0, "try_elsewhere");
        let cut = Given { request: &[("Authorization", "NTLM TlRMTVNTUAABAAAAB4IIogAAAAA=")], ..given };
        assert_eq!(first_fix(&cut).0, "retry");
    }

    #[test]
    fn what_is_offered_and_what_is_said() {
        let given = Given { response: BOTH, ..Given::default() };
        check_rule(rule, &given, "1.6: why_only_windows");
        check_rule(rule, &Given { body: WORDS, ..given.clone() }, "3.6: why_only_windows why_says_kerberos");
        let either = Given { response: OR_PASSWORD, ..given.clone() };
        check_rule(rule, &either, "-1.2");
        check_rule(rule, &Given { body: WORDS, ..either }, "0.8: why_says_kerberos");
        let neither = Given { response: &[], ..given };
        check_rule(rule, &neither, "nothing");
        check_rule(rule, &Given { body: WORDS, ..neither }, "1.6: why_says_kerberos");
    }

    #[test]
    fn another_credential_is_not_in_question_unless_it_is_said() {
        let token = Given { request: &[("Authorization", "Bearer abc")], response: BOTH, ..Given::default() };
        check_rule(rule, &token, "nothing");
        check_rule(rule, &Given { body: WORDS, ..token }, "3.6: why_only_windows why_says_kerberos");
    }

    #[test]
    fn a_script_of_another_site_carries_no_such_sign_in() {
        let cross = [("Sec-Fetch-Site", "cross-site")];
        let given = Given { response: BOTH, request: &cross, kind: Kind::Fetch, ..Given::default() };
        check_rule(rule, &given, "1.0: why_only_windows");
        check_rule(rule, &Given { kind: Kind::MainFrame, ..given.clone() }, "1.6: why_only_windows");
        let own = [("Sec-Fetch-Site", "same-origin")];
        check_rule(rule, &Given { request: &own, ..given }, "1.6: why_only_windows");
    }

    #[test]
    fn a_403_may_be_for_who_was_recognised() {
        let given = Given { request: TICKET, status: 403, ..Given::default() };
        check_rule(rule, &given, "0.3: why_ticket_refused");
        check_rule(
            rule,
            &Given { body: WORDS, ..given.clone() },
            "3.8: why_ticket_refused why_says_kerberos",
        );
        check_rule(rule, &Given { status: 401, ..given.clone() }, "1.8: why_ticket_refused");
        check_rule(rule, &Given { status: 404, ..given.clone() }, "nothing");
        check_rule(rule, &Given { status: 401, kind: Kind::Preflight, ..given }, "nothing");
    }
}
