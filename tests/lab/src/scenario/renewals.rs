//! Renewals that are refused: in the words of OAuth, and because another was faster.

use super::{PLAIN, app, by_host};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, State, control};

const BASE: Scenario = Scenario { start: Some("/login"), page: "/app", answer, ..PLAIN };

const fn is(status: u16) -> Expect {
    Expect::LockOut { status, cause: Some("refresh_failed"), fix: Some("sign_in"), one_click: true }
}

pub(super) const REFRESH_FAILED_400: Scenario = Scenario {
    id: "refresh_failed_400",
    title: "The sign-in behind the app is over (invalid_grant)",
    host: "grant.renewals.test",
    sets_up: "At each start the app gets a token at `/oauth/token`, by what it keeps from the last \
              sign-in. That is over, which the server says with 400 (RFC 6749, section 5.2).",
    lapses: true,
    expect: is(400),
    ..BASE
};

pub(super) const REFRESH_FAILED_IN_A_RACE: Scenario = Scenario {
    id: "refresh_failed_in_a_race",
    title: "Two parts of the app renew at once",
    host: "race.renewals.test",
    sets_up: "What renews the sign-in is good once (RFC 9700, section 4.14.2). Two parts of the app \
              use it at the same time; the second comes too late, and the server ends it all.",
    person: Some("document.querySelector('main').dispatchEvent(new Event('twice'));"),
    expect: is(401),
    ..BASE
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = by_host(ask.host()).map(control::links).unwrap_or_default();
    let keep = "HttpOnly; Path=/; SameSite=Lax; Max-Age=2592000";
    let held = ask.cookie("refresh_token").unwrap_or_default();
    let token = |state: &mut State| {
        Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR))))
    };
    match (ask.method(), ask.path()) {
        (_, "/") => Answer::see_other("/login"),
        (_, "/login") => {
            Answer::see_other("/app").cookie(format!("refresh_token={}; {keep}", state.sign_in()))
        }
        (_, "/app") if ask.host().starts_with("race") => app(&format!("{RENEW}{RACE}"), &links),
        (_, "/app") => app(&format!("{RENEW}{ONCE}"), &links),
        ("POST", "/oauth/token") if state.live.contains(held) => token(state),
        ("POST", "/oauth/token") => Answer::json(400, r#"{"error":"invalid_grant"}"#),
        // Good once: what comes next is a thief's, for all that the server knows.
        ("POST", "/auth/refresh") => {
            let answer = if state.live.remove(held) {
                let next = state.sign_in();
                token(state).cookie(format!("refresh_token={next}; {keep}"))
            } else {
                state.expire();
                Answer::json(401, r#"{"error":"token reused"}"#)
            };
            if ask.header("x-part").is_some() { answer.together() } else { answer }
        }
        (_, "/api/me") if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        (_, "/api/me") => Answer::json(401, r#"{"error":"token revoked"}"#),
        _ => Answer::json(404, "{}"),
    }
}

const RENEW: &str = "
    const renew = async (path) => {
      const renewal = await fetch(path, { method: 'POST' });
      if (!renewal.ok) return renewal;
      const { access_token } = await renewal.json();
      return await fetch('/api/me', { headers: { Authorization: `Bearer ${access_token}` } });
    };";

const ONCE: &str = "
    return await renew('/oauth/token');";

/// The second part wakes when the person does something, and both renew. What they are answered is there
/// before either goes on.
const RACE: &str = "
    document.querySelector('main').addEventListener('twice', async () => {
      const renewals = await Promise.all(['mail', 'news'].map(async (part) => {
        const headers = { 'X-Part': part };
        return await (await fetch('/auth/refresh', { method: 'POST', headers })).json();
      }));
      const { access_token } = renewals.find((renewal) => renewal.access_token);
      const me = await fetch('/api/me', { headers: { Authorization: `Bearer ${access_token}` } });
      document.body.dataset.lab = me.ok ? 'in' : 'out';
    });
    return await renew('/auth/refresh');";
