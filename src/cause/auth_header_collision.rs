//! `auth_header_collision`: a password wall and the app behind it both need `Authorization`, of
//! which a request has one (RFC 9110, section 11.6.2).
//!
//! Two ways: the app's token goes where the wall reads a password, or the browser adds its cached
//! login (RFC 7617, section 2.2, to every path below the first one) where the app reads a token.

use super::Weighing;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::words::{Arg, Line};

/// What helps: the login that is in the way is forgotten, or the owner parts the two.
pub(super) const FIXES: &[FixId] = &[FixId::ForgetHttpLogin, FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 401 | 403) || exchange.kind == Kind::Preflight {
        return None;
    }
    Some(exchange.status)
        .filter(|status| *status == 401)
        .and_then(|_| wall(evidence))
        .or_else(|| login_in_the_way(evidence))
}

/// A token was sent, and a password wall answered.
fn wall(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let credential = exchange.authorization.present()?;
    let challenges = exchange.challenges();
    let is_token = !matches!(credential.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm");
    let wants_password = |exchange: &Exchange| {
        exchange.challenges().iter().any(|one| one.scheme == "basic" || one.scheme == "digest")
    };
    let wants_token = challenges.iter().any(|one| !one.is_answered_by_browser());
    if !is_token || !wants_password(exchange) || wants_token {
        return two_walls(evidence);
    }
    let mut weighing = Weighing::from(1.2);
    weighing.finding(0.0, Line::new("why_token_at_wall").text(&credential.scheme));
    if let Some(realm) = challenges.iter().find_map(|one| one.realm.as_deref()) {
        weighing.finding(0.3, Line::new("why_wall_named").text(realm));
    }
    let passed = evidence
        .earlier
        .iter()
        .rev()
        .find(|other| other.site == exchange.site && other.is_success() && other.kind != Kind::Preflight);
    if passed.is_some() || evidence.last_success().is_some() {
        weighing.finding(0.9, Line::new("why_page_got_through"));
    }
    if credential.token.as_ref().and_then(|token| token.expires_at).is_some_and(|at| at <= exchange.at) {
        weighing.shift(-1.0);
    }
    // The wall needs its password, so forgetting it would only shut the page as well.
    weighing.rule_out(FixId::ForgetHttpLogin);
    Some(weighing)
}

/// A password let through one wall and met another that wants its own.
fn two_walls(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let credential = exchange.authorization.present()?;
    let realm_of = |exchange: &Exchange| {
        exchange.challenges().iter().find(|one| one.scheme == "basic").and_then(|one| one.realm.clone())
    };
    let inner = realm_of(exchange)?;
    let outer = evidence
        .earlier
        .iter()
        .rev()
        .find(|other| other.is_same_request(exchange) && other.authorization.present().is_none())
        .and_then(realm_of)?;
    if credential.scheme != "basic" || outer == inner {
        return None;
    }
    let mut weighing = Weighing::from(2.0);
    weighing.finding(0.4, Line::new("why_two_walls").text(&outer).text(&inner));
    weighing.rule_out(FixId::ForgetHttpLogin);
    Some(weighing)
}

/// The browser's cached login was sent where a token or a cookie is read.
fn login_in_the_way(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    let challenges = exchange.challenges();
    let wants_only_others =
        !challenges.is_empty() && challenges.iter().all(|one| !one.is_answered_by_browser());
    let has_session = evidence.sent_sessions().next().is_some();
    let mut weighing = match &exchange.authorization {
        Known::Present(credential) if credential.scheme == "basic" && credential.oddities.is_empty() => {
            Weighing::from(0.2)
        }
        // Chrome hides the login that it adds; that one is cached for this site shows.
        Known::Unknown if exchange.login_at.is_some() => Weighing::from(0.0),
        _ => return None,
    };
    weighing.finding(0.0, Line::new("why_login_added"));
    if wants_only_others {
        let wanted = crate::redact::short_name(&challenges.first()?.scheme);
        weighing.finding(1.2, Line::new("why_reads_other").with(Arg::Text(wanted)));
    } else if !challenges.is_empty() {
        // Where a password is asked for, a password is not in the way.
        weighing.shift(-3.0);
    }
    if has_session {
        weighing.finding(0.9, Line::new("why_session_beside"));
    } else if exchange.status == 403 {
        weighing.shift(-0.8);
    }
    weighing.above(0.2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::HOUR;

    const LOGIN: &[(&str, &str)] = &[("Authorization", "Basic bWU6cHc=")];
    const OUTER: &[(&str, &str)] = &[("WWW-Authenticate", "Basic realm=outer")];
    const INNER: &[(&str, &str)] = &[("WWW-Authenticate", "Basic realm=inner")];

    #[test]
    fn a_login_that_is_refused_beside_a_session() {
        let given = Given {
            status: 403,
            request: &[("Authorization", "Basic bWU6cHc="), ("Cookie", "sid=abc")],
            ..Given::default()
        };
        check(&given, "auth_header_collision 0.75: why_login_added why_session_beside");
        let without = Given { request: &[("Authorization", "Basic bWU6cHc=")], ..given };
        check(&without, "unknown");
    }

    #[test]
    fn a_token_at_a_password_wall() {
        let given = Given {
            request: &[("Authorization", "Bearer abc")],
            response: &[("WWW-Authenticate", "Basic realm=\"Staging\"")],
            ..Given::default()
        };
        check(&given, "auth_header_collision 0.82: why_token_at_wall why_wall_named");
        let both = Given { response: &[("WWW-Authenticate", "Basic realm=a, Bearer")], ..given };
        check(&both, "unknown");
    }

    #[test]
    fn a_login_in_the_way() {
        let given = Given {
            request: &[("Authorization", "Basic bWU6cHc="), ("Cookie", "sid=abc")],
            response: &[("WWW-Authenticate", "Bearer")],
            ..Given::default()
        };
        check(&given, "auth_header_collision 0.91: why_login_added why_reads_other why_session_beside");
        check(
            &Given { response: &[("WWW-Authenticate", "Basic realm=x")], ..given },
            "bad_credentials 0.83: why_password_sent why_asked_again",
        );
    }

    #[test]
    fn a_page_that_got_through_the_wall_before() {
        let given = Given {
            request: &[("Authorization", "Bearer abc")],
            response: &[("WWW-Authenticate", "Basic realm=\"Staging\"")],
            ..Given::default()
        };
        let not = "1.5: why_token_at_wall why_wall_named";
        let through = "2.4: why_token_at_wall why_wall_named why_page_got_through";
        check_rule(rule, &given, not);
        check_rule(rule, &Given { worked: Some(-HOUR), ..given.clone() }, through);
        for (other, expect) in [
            (Other::PAGE, through),
            (Other { origin: "https://other.example.com", ..Other::PAGE }, not),
            (Other { status: 401, ..Other::PAGE }, not),
            (Other { kind: Kind::Preflight, ..Other::PAGE }, not),
        ] {
            check_rule(rule, &Given { earlier: &[other], ..given.clone() }, expect);
        }
    }

    #[test]
    fn a_token_that_ran_out_would_be_refused_without_a_wall() {
        // Claims `{"exp":1800000000}`.
        let token = [("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
        let given = Given { request: &token, response: OUTER, now: 1_799_999_999, ..Given::default() };
        check_rule(rule, &given, "1.5: why_token_at_wall why_wall_named");
        let over = Given { now: 1_800_000_000, ..given };
        check_rule(rule, &over, "0.5: why_token_at_wall why_wall_named");
    }

    #[test]
    fn a_password_that_let_through_one_wall_and_met_another() {
        let asked = Other { status: 401, response: OUTER, ..Other::PAGE };
        let given = Given { request: LOGIN, response: INNER, earlier: &[asked], ..Given::default() };
        check_rule(rule, &given, "2.4: why_two_walls");
        // One wall, which did not take it.
        check_rule(rule, &Given { response: OUTER, ..given.clone() }, "nothing");
        let digest = [("WWW-Authenticate", "Digest realm=inner, nonce=x")];
        check_rule(rule, &Given { response: &digest, ..given.clone() }, "nothing");
        let by_digest = [("Authorization", "Digest username=\"me\"")];
        check_rule(rule, &Given { request: &by_digest, ..given.clone() }, "nothing");
        for other in [
            Other { path: "/else", ..asked },
            // It was refused there with the password as well.
            Other { request: LOGIN, ..asked },
            Other { response: &[], ..asked },
        ] {
            check_rule(rule, &Given { earlier: &[other], ..given.clone() }, "nothing");
        }
    }

    #[test]
    fn a_login_that_the_browser_adds_unseen() {
        let given = Given {
            request: &[("Cookie", "sid=abc")],
            hidden: &["authorization"],
            login_kept: true,
            ..Given::default()
        };
        check_rule(rule, &given, "0.9: why_login_added why_session_beside");
        check_rule(rule, &Given { login_kept: false, ..given }, "nothing");
    }

    #[test]
    fn only_for_what_was_refused_for_who_asked() {
        let given = Given { request: &[LOGIN[0], ("Cookie", "sid=abc")], ..Given::default() };
        check_rule(rule, &given, "1.1: why_login_added why_session_beside");
        check_rule(rule, &Given { status: 400, ..given.clone() }, "nothing");
        check_rule(rule, &Given { kind: Kind::Preflight, ..given }, "nothing");
    }
}
