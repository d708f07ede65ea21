//! `bad_credentials`: a name and a password, or what stands for them, were sent and are not right.
//!
//! RFC 9110, section 15.5.2: a 401 to a request that had credentials means that those were refused.
//! The browser forgets a refused Basic login by itself and asks anew; a form is answered by a 401
//! of its own.

use super::Weighing;
use crate::evidence::{Evidence, says_renewal};
use crate::exchange::{Exchange, Kind, Known};
use crate::fix::FixId;
use crate::sign::Sign;
use crate::words::{Arg, Line};

/// What helps: to type it by hand, then a new password.
pub(super) const FIXES: &[FixId] = &[FixId::SignIn, FixId::ResetPassword, FixId::ChangePassword];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    // What renews a sign-in carries no password: see `refresh_failed`.
    let is_attempt = exchange.is_sign_in_attempt() && !says_renewal(exchange);
    // At an address that does not say so, a call that carries nothing is most likely one as well.
    let may_be_attempt = !is_attempt && exchange.may_be_sign_in();
    if !(matches!(exchange.status, 401 | 403) || is_attempt) {
        return None;
    }
    let scheme = exchange.authorization.present().map(|credential| credential.scheme.as_str());
    let is_password = matches!(scheme, Some("basic" | "digest"));
    // Chrome shows no login of its own; that it asked more than once does.
    // So does that it asked at all where the page's address holds a login, which it tries first.
    let tried_address = exchange.asked.had_userinfo && exchange.kind == Kind::MainFrame;
    let asked_again = exchange.authorization == Known::Unknown
        && (exchange.prompts > 1 || tried_address && exchange.prompts > 0);
    let is_told = exchange.says(Sign::WrongPassword);
    if !(is_attempt || may_be_attempt || is_password || asked_again || is_told) {
        return None;
    }
    let mut weighing = Weighing::from(-0.6);
    if is_told {
        weighing.finding(3.4, Line::new("why_says_wrong_password"));
    }
    if is_attempt {
        weighing.finding(2.4, Line::new("why_sign_in_refused"));
        // A session that is sent along is checked first by some servers.
        if evidence.sent_sessions().next().is_some() {
            weighing.shift(-0.7);
        }
    }
    if may_be_attempt {
        weighing.finding(1.6, Line::new("why_sign_in_refused"));
    }
    if is_password {
        weighing.finding(1.4, Line::new("why_password_sent"));
        let asks_anew = exchange.challenges().iter().any(|one| Some(one.scheme.as_str()) == scheme);
        if asks_anew {
            weighing.finding(0.8, Line::new("why_asked_again"));
        }
    }
    if asked_again {
        weighing.finding(2.4, Line::new("why_prompted").with(Arg::Count(exchange.prompts)));
    }
    if let Some(at) = evidence.last_success().filter(|_| is_password) {
        weighing.finding(-0.3, Line::new("why_worked_before").with(Arg::At(at)));
    }
    // A form from another site holds no password of this one: it is the end of a sign-in over there
    // (OAuth 2.0 Form Post Response Mode; SAML HTTP POST binding).
    if is_attempt && exchange.kind == Kind::MainFrame && evidence.is_cross_site() && !is_told {
        weighing.shift(-2.4);
    }
    // The login is measured against somebody else's session: `wrong_account`.
    if exchange.asked.two_names {
        weighing.shift(-1.6);
    }
    // Nobody was asked, so nobody mistyped: `stale_cached_credentials`, and of Digest `digest_nonce`.
    if is_password && !is_told && is_unasked(evidence) {
        weighing.shift(if scheme == Some("digest") { -1.8 } else { -0.8 });
    }
    // A throttle or a lock refuses what is right as well: `locked_or_rate_limited`.
    if matches!(exchange.status, 423 | 429) || exchange.says(Sign::Locked) {
        weighing.shift(-3.0);
    }
    // A wall in front of the sign-in never read what was sent: `server_misconfig`.
    if is_attempt && exchange.says(Sign::NoCredential) {
        weighing.shift(-2.5);
    }
    // 403: who it is was understood, and the answer is no.
    if exchange.status == 403 && !is_told {
        weighing.shift(-2.0);
    }
    Some(weighing)
}

/// Was the login sent by the browser on its own: one that worked before, or of a nonce that was used
/// before?
fn is_unasked(evidence: &Evidence<'_>) -> bool {
    let exchange = evidence.exchange;
    if evidence.answers_a_challenge() || exchange.prompts > 1 || exchange.asked.had_userinfo {
        return false;
    }
    let scheme = |exchange: &Exchange| exchange.authorization.present().map(|sent| sent.scheme.clone());
    let worked = exchange.login_at.is_some()
        || evidence.earlier.iter().any(|other| {
            other.site == exchange.site && other.is_success() && scheme(other) == scheme(exchange)
        });
    let is_digest = scheme(exchange).as_deref() == Some("digest");
    // A server that asks with the very nonce again has no quarrel with it.
    let is_same_nonce = exchange.asked.nonce.is_some() && exchange.asked.nonce == exchange.told.nonce;
    worked || (is_digest && !is_same_nonce)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;
    use crate::time::HOUR;

    #[test]
    fn a_form_that_is_refused() {
        let given = Given { method: "POST", path: "/login", ..Given::default() };
        check(&given, "bad_credentials 0.86: why_sign_in_refused");
        check(&Given { method: "GET", ..given }, "not_logged_in 0.87: why_nothing_sent why_nothing_held");
    }

    #[test]
    fn a_password_that_is_asked_for_again() {
        let given = Given {
            request: &[("Authorization", "Basic bWU6cHc=")],
            response: &[("WWW-Authenticate", "Basic realm=x")],
            ..Given::default()
        };
        check(&given, "bad_credentials 0.83: why_password_sent why_asked_again");
        let told = Given { response: &[("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")], ..given };
        check(&told, "bad_credentials 0.99: why_says_wrong_password why_password_sent");
    }

    #[test]
    fn a_call_that_looks_like_a_sign_in() {
        let given = Given { method: "POST", path: "/api/session", ..Given::default() };
        check(&given, "bad_credentials 0.73: why_sign_in_refused");
        let signed_in = Given { request: &[("Cookie", "sid=abc")], ..given };
        check(&signed_in, "session_expired 0.50: why_cookie_sent");
    }

    #[test]
    fn not_without_a_password() {
        check(&Given { request: &[("Authorization", "Bearer x")], ..Given::default() }, "unknown");
    }

    #[test]
    fn the_password_of_the_address_is_tried_first() {
        let given = Given {
            origin: "https://me:pw@app.example.com",
            response: &[("WWW-Authenticate", "Basic realm=x")],
            hidden: &["authorization"],
            ..Given::default()
        };
        check(&Given { prompts: 1, ..given.clone() }, "bad_credentials 0.86: why_prompted");
        check(&given, "url_credentials_ignored 0.90: why_login_in_address why_asks_password");
    }

    const BASIC: &[(&str, &str)] = &[("Authorization", "Basic bWU6cHc=")];
    const DIGEST: &[(&str, &str)] = &[("Authorization", "Digest username=\"me\", nonce=\"n\"")];

    #[test]
    fn nothing_was_tried_where_the_browser_did_not_ask() {
        let given =
            Given { origin: "https://me:pw@app.example.com", hidden: &["authorization"], ..Given::default() };
        check_rule(rule, &given, "nothing");
        check_rule(rule, &Given { prompts: 1, ..given.clone() }, "1.8: why_prompted");
        // Without a login in the address, the first question comes before any answer.
        let plain = Given { origin: "https://app.example.com", ..given };
        check_rule(rule, &Given { prompts: 1, ..plain.clone() }, "nothing");
        check_rule(rule, &Given { prompts: 2, ..plain }, "1.8: why_prompted");
    }

    #[test]
    fn what_makes_a_refused_form_less_likely() {
        let form = Given { method: "POST", path: "/login", ..Given::default() };
        check_rule(rule, &form, "1.8: why_sign_in_refused");
        let session = [("Cookie", "sid=abc")];
        check_rule(rule, &Given { request: &session, ..form.clone() }, "1.1: why_sign_in_refused");
        // A wall in front of it.
        let body = Some("{\"message\":\"Missing Authorization header\"}");
        check_rule(rule, &Given { body, ..form }, "-0.7: why_sign_in_refused");
    }

    #[test]
    fn a_form_from_another_site_holds_no_password() {
        let request = [("Origin", "https://idp.test")];
        let form = Given { method: "POST", path: "/sso", request: &request, ..Given::default() };
        check_rule(rule, &form, "-0.6: why_sign_in_refused");
        let own = [("Origin", "https://app.example.com")];
        check_rule(rule, &Given { request: &own, ..form.clone() }, "1.8: why_sign_in_refused");
        check_rule(rule, &Given { kind: Kind::Fetch, ..form.clone() }, "1.8: why_sign_in_refused");
        let body = Some("Invalid username or password");
        check_rule(rule, &Given { body, ..form }, "5.2: why_says_wrong_password why_sign_in_refused");
    }

    #[test]
    fn a_password_that_worked_before() {
        let given = Given { request: BASIC, worked: Some(-HOUR), ..Given::default() };
        check_rule(rule, &given, "0.5: why_password_sent why_worked_before");
    }

    #[test]
    fn a_login_that_the_browser_sends_again_was_not_mistyped() {
        let asks = [("WWW-Authenticate", "Basic realm=x")];
        let given = Given { request: BASIC, response: &asks, ..Given::default() };
        let (typed, again) =
            ("1.6: why_password_sent why_asked_again", "0.8: why_password_sent why_asked_again");
        check_rule(rule, &given, typed);
        check_rule(rule, &Given { login_kept: true, ..given.clone() }, again);
        let after = |other: Other, expect: &str| {
            check_rule(rule, &Given { earlier: &[other], ..given.clone() }, expect);
        };
        let accepted = Other { request: BASIC, ..Other::PLAIN };
        after(accepted, again);
        after(Other { origin: "https://other.example.com", ..accepted }, typed);
        after(Other { status: 401, ..accepted }, typed);
        after(Other { request: &[], ..accepted }, typed);
    }

    /// Of Digest a nonce that ran out is likelier, unless somebody was asked.
    #[test]
    fn a_digest_login_is_made_anew_by_the_browser() {
        let given = Given { request: DIGEST, ..Given::default() };
        check_rule(rule, &given, "-1.0: why_password_sent");
        check_rule(rule, &Given { prompts: 1, ..given.clone() }, "-1.0: why_password_sent");
        check_rule(rule, &Given { prompts: 2, ..given.clone() }, "0.8: why_password_sent");
        let origin = "https://me:pw@app.example.com";
        check_rule(rule, &Given { origin, ..given }, "0.8: why_password_sent");
    }
}
