//! What is not done yet, and known.

/// Causes whose page the lab still owes.
pub const OWED: [&str; 20] = [
    "api_key_missing_or_invalid",
    "auth_header_missing",
    "auth_header_stripped_redirect",
    "cookie_blocked_samesite",
    "cookie_not_stored",
    "cookie_too_large",
    "credentials_mode_missing",
    "csrf_failed",
    "http_cache_stale",
    "insufficient_scope",
    "mfa_or_step_up_required",
    "no_session_in_this_context",
    "refresh_failed",
    "server_key_rotated",
    "service_worker",
    "token_signature_invalid",
    "token_wrong_audience_issuer",
    "url_credentials_ignored",
    "wrong_account",
    "wrong_url_or_host",
];
