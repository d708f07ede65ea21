//! Known, and refused all the same: by session, as somebody else, for want of a stronger sign-in.

use super::{PLAIN, app, by_host};
use crate::token::{HOUR, jwt_that_says};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

const BASE: Scenario = Scenario { start: Some("/start"), page: "/app", answer, ..PLAIN };

const fn is(status: u16, cause: &'static str, fix: &'static str) -> Expect {
    Expect::LockOut { status, cause: Some(cause), fix: Some(fix), one_click: false }
}

pub(super) const INSUFFICIENT_SCOPE_BY_SESSION: Scenario = Scenario {
    id: "insufficient_scope_by_session",
    title: "For administrators only",
    host: "admin.allowed.test",
    sets_up: "You are signed in by a cookie; the API tells you your name, and refuses you the list of \
              all people.",
    expect: is(403, "insufficient_scope", "ask_for_access"),
    ..BASE
};

pub(super) const WRONG_ACCOUNT_OF_TWO: Scenario = Scenario {
    id: "wrong_account_of_two",
    title: "The cookie is one person's, the token another's",
    host: "two.allowed.test",
    sets_up: "The app holds Sam's token from this morning; since then Alex signed in in this \
              browser. The API takes a request for one person only.",
    expect: is(403, "wrong_account", "open_private_window"),
    ..BASE
};

pub(super) const STEP_UP_BY_CLAIMS: Scenario = Scenario {
    id: "step_up_by_claims",
    title: "The company wants a second proof for this",
    host: "entra.allowed.test",
    sets_up: "Microsoft's services answer `insufficient_claims` with the claims that they want.",
    expect: is(401, "mfa_or_step_up_required", "sign_in"),
    ..BASE
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let person =
        |name: &str| jwt_that_says(0, HOUR, &format!(r#""iss":"https://id.allowed.test","sub":"{name}""#));
    match (ask.path(), ask.host().split('.').next().unwrap_or_default()) {
        ("/start", kind) => {
            let session = if kind == "two" { person("alex") } else { state.remember() };
            Answer::page(200, Shown::Done, "Signed in", &links)
                .cookie(format!("session={session}; HttpOnly; Path=/; SameSite=Lax"))
        }
        ("/", _) => Answer::page(200, Shown::Done, "Sign in", &links),
        ("/app", "admin") => app(BY_SESSION, &links),
        ("/app", _) => app(&BY_TOKEN.replace("TOKEN", &person("sam")), &links),
        ("/api/me", _) => Answer::json(200, r#"{"name":"Sam"}"#),
        ("/api/people", "entra") => Answer::json(401, r#"{"error":{"code":"InvalidAuthenticationToken"}}"#)
            .header(
                "www-authenticate",
                "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"",
            ),
        ("/api/people", _) => Answer::json(403, r#"{"error":"forbidden"}"#),
        _ => Answer::missing(),
    }
}

const BY_SESSION: &str = "
    await fetch('/api/me');
    return await fetch('/api/people');";

const BY_TOKEN: &str = "return await fetch('/api/people', { headers: { Authorization: 'Bearer TOKEN' } });";
