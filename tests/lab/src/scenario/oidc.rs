//! An app that signs in by an OpenID provider (oidc-provider), with tokens of ten minutes.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

const BASE: Scenario = Scenario {
    start: Some("/start"),
    page: "/app",
    lapses: true,
    server: Server::Practice(App::Oidc, Turn::AnHourLater),
    ..PLAIN
};

const fn is(status: u16, cause: &'static str, fix: &'static str) -> Expect {
    Expect::LockOut { status, cause: Some(cause), fix: Some(fix), one_click: true }
}

pub(super) const TOKEN_EXPIRED: Scenario = Scenario {
    id: "oidc_token_expired",
    title: "An app that never renews its access token",
    host: "expired.oidc.test",
    sets_up: "The provider gave the app an access token for ten minutes, an hour ago. The app asks for \
              another only where it has none; the provider still knows you.",
    expect: is(401, "token_expired", "remove_stored_token"),
    ..BASE
};

pub(super) const ROTATION_LOST: Scenario = Scenario {
    id: "oidc_rotation_lost",
    title: "An app that renews with the refresh token of before",
    host: "rotation.oidc.test",
    sets_up: "The provider gives a new refresh token with each renewal (rotation), and the app forgets \
              to keep it. The old one sent again looks like theft: the provider ends the sign-in \
              (RFC 9700, section 4.14.2). The front page leads to the sign-in, which knows you.",
    expect: is(400, "refresh_failed", "sign_in"),
    ..BASE
};

pub(super) const ANOTHER_AUDIENCE: Scenario = Scenario {
    id: "oidc_another_audience",
    title: "A token for the API of before",
    host: "audience.oidc.test",
    sets_up: "Since its last release the API takes only tokens that are made for it by its new name. The \
              app keeps the one for the old name, and asks for another only where it has none.",
    expect: is(401, "token_wrong_audience_issuer", "remove_stored_token"),
    ..BASE
};
