//! A form that was open while somebody signed in anew in another tab.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "django_csrf",
    title: "A form from before the last sign-in",
    host: "forms.django.test",
    sets_up: "Django guards each form with a value that fits a cookie, and makes both anew at each \
              sign-in. While this form is open, one signs in again in another tab: what the form \
              holds does not fit any more.",
    start: Some("/start"),
    page: "/edit",
    person: Some("await fetch('/login'); document.querySelector('form').requestSubmit();"),
    server: Server::Practice(App::Django, Turn::Restart),
    expect: Expect::LockOut {
        status: 403,
        cause: Some("csrf_failed"),
        fix: Some("reload_fresh"),
        one_click: true,
    },
    ..PLAIN
};
