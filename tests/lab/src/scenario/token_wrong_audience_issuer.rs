//! A sound token that was made for another API.

use super::{PLAIN, app};
use crate::token::{HOUR, jwt_that_says};
use crate::{Answer, Ask, Expect, Scenario, Shown, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "token_wrong_audience_issuer",
    title: "The token is for another API",
    host: "app.audience.test",
    sets_up: "An earlier release of the app asked for tokens of the old API and stored one. Today's \
              asks for the new API's, but only where none is stored.",
    start: Some("/start"),
    page: "/app",
    expect: Expect::LockOut {
        status: 401,
        cause: Some("token_wrong_audience_issuer"),
        fix: Some("remove_stored_token"),
        one_click: true,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    let for_api = |name: &str| {
        format!(
            r#""iss":"https://id.audience.test","aud":"https://{name}.audience.test","token_use":"access""#
        )
    };
    match ask.path() {
        "/start" => {
            let token = jwt_that_says(0, HOUR, &for_api("old-api"));
            let store = format!("<script>localStorage.token = '{token}';</script>{links}");
            Answer::page(200, Shown::Done, "Signed in", &store)
        }
        "/app" => app(SCRIPT, &links),
        "/token" => {
            let token = state.honour(jwt_that_says(0, HOUR, &for_api("api")));
            Answer::json(200, &format!(r#"{{"access_token":"{token}"}}"#))
        }
        "/api/me" if state.live.contains(ask.bearer()) => Answer::json(200, r#"{"name":"Sam"}"#),
        // ASP.NET Core's words.
        "/api/me" => Answer::json(401, r#"{"error":"invalid_token"}"#).header(
            "www-authenticate",
            "Bearer error=\"invalid_token\", \
             error_description=\"The audience 'https://old-api.audience.test' is invalid\"",
        ),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "
    if (!localStorage.token) {
      localStorage.token = (await (await fetch('/token', { method: 'POST' })).json()).access_token;
    }
    return await fetch('/api/me', { headers: { Authorization: `Bearer ${localStorage.token}` } });";
