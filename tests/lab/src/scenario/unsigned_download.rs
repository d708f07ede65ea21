//! A link out of an app: the browser follows it by itself, without the app's token.

use super::{PLAIN, app};
use crate::token::{HOUR, jwt};
use crate::{Answer, Ask, Expect, Scenario, State, control};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "unsigned_download",
    title: "The app's link forgets its token",
    host: "invoices.link.test",
    sets_up: "The app's calls carry its token. Its link to the invoice is an ordinary one, which the \
              browser opens without.",
    page: "/app",
    person: Some("document.querySelector('a[href*=invoice]').click();"),
    // JSON, which browsers show in a page of their own.
    ends_blank: true,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("auth_header_missing"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    match ask.path() {
        "/app" => app(SCRIPT, &format!("<a href=\"/api/invoice\">Invoice</a>{}", control::links(&SCENARIO))),
        "/token" => Answer::json(200, &format!(r#"{{"access_token":"{}"}}"#, state.honour(jwt(0, HOUR)))),
        "/api/me" | "/api/invoice" if state.live.contains(ask.bearer()) => Answer::json(200, "{}"),
        "/api/me" | "/api/invoice" => Answer::json(401, r#"{"error":"unauthorized"}"#)
            .header("www-authenticate", "Bearer realm=\"api\""),
        _ => Answer::missing(),
    }
}

const SCRIPT: &str = "
    const { access_token } = await (await fetch('/token', { method: 'POST' })).json();
    return await fetch('/api/me', { headers: { Authorization: `Bearer ${access_token}` } });";
