//! What is not done yet, and known.

/// Causes whose page the lab still owes.
pub const OWED: [&str; 11] = [
    "cookie_blocked_samesite",
    "cookie_not_stored",
    "cookie_too_large",
    "credentials_mode_missing",
    "csrf_failed",
    "http_cache_stale",
    "no_session_in_this_context",
    "server_key_rotated",
    "service_worker",
    "wrong_account",
    "wrong_url_or_host",
];
