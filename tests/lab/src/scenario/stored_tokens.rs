//! Apps that keep a token in the page's storage, each refused for a reason of its own. Where none is
//! stored they get a new one by the login cookie, so that to remove the stored one helps.

use super::{PLAIN, app, by_host};
use crate::state::random;
use crate::token::{HOUR, jwt_that_says};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const BASE: Scenario = Scenario { start: Some("/start"), page: "/app", lapses: true, answer, ..PLAIN };

const fn is(status: u16, cause: &'static str) -> Expect {
    Expect::LockOut { status, cause: Some(cause), fix: Some("remove_stored_token"), one_click: true }
}

pub(super) const TOKEN_EXPIRED_OPAQUE: Scenario = Scenario {
    id: "token_expired_opaque",
    title: "A token that does not say when it runs out",
    host: "opaque.stored.test",
    sets_up: "The token is a mere number; that its time is over the server says in words.",
    expect: is(401, "token_expired"),
    ..BASE
};

pub(super) const TOKEN_EXPIRED_SILENTLY: Scenario = Scenario {
    id: "token_expired_silently",
    title: "A token that is refused without a word",
    host: "silent.stored.test",
    sets_up: "The token is a mere number, and the server says nothing of why it refuses it.",
    expect: is(401, "token_expired"),
    // RFC 6750, section 3.1, names these in one breath, and nothing here tells them apart.
    or: &["session_revoked"],
    ..BASE
};

pub(super) const TOKEN_EXPIRED_498: Scenario = Scenario {
    id: "token_expired_498",
    title: "A map server's own number for it (498)",
    host: "maps.stored.test",
    sets_up: "ArcGIS answers 498 to a token whose time is over.",
    expect: is(498, "token_expired"),
    ..BASE
};

pub(super) const TOKEN_WRONG_ISSUER: Scenario = Scenario {
    id: "token_wrong_issuer",
    title: "A token from the old sign-in",
    host: "issuer.stored.test",
    sets_up: "The company changed where one signs in. The app's stored token is from the old place.",
    expect: is(401, "token_wrong_audience_issuer"),
    ..BASE
};

pub(super) const TOKEN_OF_ANOTHER_KIND: Scenario = Scenario {
    id: "token_of_another_kind",
    title: "The app sends the wrong one of its tokens",
    host: "kind.stored.test",
    sets_up: "An earlier release stored the token that only renews others, and sends that.",
    expect: is(401, "token_wrong_audience_issuer"),
    ..BASE
};

pub(super) const TOKEN_OF_ANOTHER_ALGORITHM: Scenario = Scenario {
    id: "token_of_another_algorithm",
    title: "A token signed in a way that is no longer taken",
    host: "algorithm.stored.test",
    sets_up: "Since an update the API takes no token that is signed in the old way.",
    expect: is(401, "token_signature_invalid"),
    ..BASE
};

pub(super) const TOKEN_IN_QUOTES: Scenario = Scenario {
    id: "token_in_quotes",
    title: "A token with quotation marks around it",
    host: "quoted.stored.test",
    sets_up: "An earlier release stored the token as JSON; today's sends what is stored, quotation \
              marks and all.",
    lapses: false,
    expect: is(401, "auth_header_malformed"),
    ..BASE
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let is_known = ask.cookie("refresh_id").is_some_and(|value| state.remembered.contains(value));
    match ask.path() {
        "/start" => {
            let token = first(ask.host());
            let sent = state.honour(token);
            let stored = if kind(ask.host()) == "quoted" { format!("\"{sent}x\"") } else { sent };
            let inner = format!("<script>localStorage.token = '{stored}';</script>{links}");
            Answer::page(200, Shown::Done, "Signed in", &inner).cookie(format!(
                "refresh_id={}; HttpOnly; Path=/session; SameSite=Lax; Max-Age=2592000",
                state.remember()
            ))
        }
        "/app" => app(SCRIPT, &links),
        "/session" if is_known && ask.method() == "POST" => {
            Answer::json(200, &format!(r#"{{"token":"{}"}}"#, state.honour(jwt_that_says(0, HOUR, ""))))
        }
        "/api/me" if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        "/api/me" => refusal(ask.host()),
        _ => Answer::json(403, r#"{"error":"sign in first"}"#),
    }
}

fn kind(host: &str) -> &str {
    host.split('.').next().unwrap_or_default()
}

/// The token that is stored first.
fn first(host: &str) -> String {
    match kind(host) {
        "issuer" => jwt_that_says(0, HOUR, r#""iss":"https://old-id.stored.test""#),
        // Keycloak says in `typ` what a token is for.
        "kind" => jwt_that_says(0, 24 * HOUR, r#""typ":"Refresh""#),
        "algorithm" => jwt_that_says(0, HOUR, ""),
        _ => random(),
    }
}

fn refusal(host: &str) -> Answer {
    let bearer = |words: &str| {
        let header = format!("Bearer error=\"invalid_token\", error_description=\"{words}\"");
        Answer::json(401, r#"{"error":"invalid_token"}"#).header("www-authenticate", header)
    };
    match kind(host) {
        "opaque" => bearer("The access token expired"),
        "maps" => Answer::json(498, r#"{"error":{"code":498}}"#),
        // ASP.NET Core, Spring Security and PyJWT, in this order.
        "issuer" => bearer("The issuer 'https://old-id.stored.test' is invalid"),
        "algorithm" => bearer("The specified alg value is not allowed"),
        "kind" => Answer::json(401, "{}").header("www-authenticate", "Bearer error=\"invalid_token\""),
        _ => Answer::json(401, r#"{"error":"unauthorized"}"#),
    }
}

const SCRIPT: &str = "
    if (!localStorage.token) {
      const session = await fetch('/session', { method: 'POST' });
      if (session.ok) localStorage.token = (await session.json()).token;
    }
    return await fetch('/api/me', { headers: { Authorization: `Bearer ${localStorage.token}` } });";
