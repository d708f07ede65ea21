//! What servers say of names, passwords and accounts.

use super::Place::{Description, Header};
use super::Sign::WrongPassword;
use super::table::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(Description, "bad username or password", WrongPassword, "Spring Security; ServiceNow"),
    row(Description, "no active account found", WrongPassword, "Simple JWT (Django)"),
    row(Description, "bad credentials", WrongPassword, "Spring Security: BadCredentialsException"),
    row(
        Header("x-seraph-loginreason"),
        "authenticated_failed",
        WrongPassword,
        "Atlassian Seraph: LoginReason",
    ),
];
