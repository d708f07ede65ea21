//! A token that was signed with the secret of before.

use super::PLAIN;
use crate::{App, Expect, Scenario, Server, Turn};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "express_jwt_secret",
    title: "The server has a new secret, and the app keeps its token",
    host: "express-jwt.test",
    sets_up: "The app keeps a token in the page's storage and asks for another only where there is none. The \
              server that checks it (jsonwebtoken) was given a new secret: the token is in time, \
              and its signature does not fit.",
    start: Some("/jwt/start"),
    page: "/jwt/app",
    lapses: true,
    server: Server::Practice(App::Express, Turn::NewSecret),
    expect: Expect::LockOut {
        status: 401,
        cause: Some("token_signature_invalid"),
        fix: Some("remove_stored_token"),
        one_click: true,
    },
    ..PLAIN
};
