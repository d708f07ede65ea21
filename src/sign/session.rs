//! What servers say of sessions and of the guards of their forms.

use super::Place::{Body, Description, Location};
use super::Sign::{SessionTimedOut, SignedOut};
use super::table::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(Description, "session*expired", SessionTimedOut, "OWASP Session Management Cheat Sheet"),
    row(Location, "session*expired", SessionTimedOut, "Spring Security: invalidSessionUrl; many others"),
    row(Location, "timeout", SessionTimedOut, "Salesforce, Oracle APEX: sign-in page after a timeout"),
    row(Location, "loggedout", SignedOut, "WordPress: wp-login.php?loggedout=true"),
    row(Body, "session*timed out", SessionTimedOut, "OWASP Session Management Cheat Sheet"),
];
