//! A sign-in that ends with a form from another site, to which no cookie is added.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Server, Shown, State, control};

const PROVIDER: &str = "id.provider.test";

pub(super) const SCENARIO: Scenario = Scenario {
    id: "same_site_form_post",
    title: "The sign-in comes back, and what it began with is missing",
    host: "crm.test",
    also: &[PROVIDER],
    sets_up: "The site notes in a cookie that a sign-in has begun and sends you to the provider, who \
              sends you back by a form (OAuth 2.0 Form Post Response Mode). The cookie is \
              SameSite=Lax, which does not go along with a form from another site: the site knows of \
              no sign-in that could have come back.",
    page: "/login",
    person: Some("document.querySelector('button').click();"),
    server: Server::LabHttps,
    expect: Expect::LockOut {
        status: 401,
        cause: Some("cookie_blocked_samesite"),
        fix: Some("for_the_owner"),
        one_click: false,
    },
    answer,
    ..PLAIN
};

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let links = control::links(&SCENARIO);
    match (ask.host(), ask.path()) {
        (PROVIDER, "/authorize") => {
            let form = format!(
                "<form method=\"post\" action=\"https://{}/signin-oidc\">\
                 <input type=\"hidden\" name=\"code\" value=\"7c1f9e2ab4d0\">\
                 <button>Continue as Sam</button></form>",
                SCENARIO.host
            );
            Answer::page(200, Shown::Done, "Signing in", &form)
        }
        (PROVIDER, _) => Answer::missing(),
        (_, "/login") => Answer::see_other(&format!("https://{PROVIDER}/authorize"))
            .cookie(format!("oidc_state={}; Secure; HttpOnly; Path=/; SameSite=Lax", state.sign_in())),
        (_, "/signin-oidc")
            if ask.field("code").is_some()
                && ask.cookie("oidc_state").is_some_and(|id| state.live.contains(id)) =>
        {
            Answer::page(200, Shown::In, "Signed in", &links)
        }
        (_, "/signin-oidc") => {
            Answer::page(401, Shown::Out, "Correlation failed", &format!("<p>Who are you?</p>{links}"))
        }
        _ => Answer::missing(),
    }
}
