//! The machine that a server runs on.

use super::Server::{Linux, Windows};
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    snippet(Linux, &[C::ClockSkew], "systemd", "timedatectl set-ntp true\ntimedatectl status"),
    snippet(
        Linux,
        &[C::WafOrIpBlock],
        "fail2ban",
        "fail2ban-client status
fail2ban-client set JAIL unbanip 203.0.113.7",
    ),
    snippet(Windows, &[C::ClockSkew], "", "w32tm /resync\nw32tm /query /status"),
    snippet(
        Windows,
        &[C::NegotiateFailed],
        "",
        "setspn -S HTTP/app.example.com DOMAIN\\service-account
setspn -Q HTTP/app.example.com
REM No name may stand twice:
setspn -X",
    ),
];
