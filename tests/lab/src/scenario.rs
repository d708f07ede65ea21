//! The table of scenarios.

use crate::story::PLAIN;
use crate::{Answer, Scenario, Server, Shown};

mod api_key_missing_or_invalid;
mod api_session_expired;
mod auth_header_collision;
mod auth_header_malformed;
mod auth_header_missing;
mod auth_header_stripped_redirect;
mod bad_credentials;
mod basic_login_in_the_way;
mod bytes;
pub mod canaries;
mod clock_skew;
mod cookie_blocked_samesite;
mod cookie_not_stored;
mod cookie_too_large;
mod cors_preflight_401;
mod credentials_mode_missing;
mod csrf_failed;
mod digest_nonce;
mod duplicate_by_path;
mod duplicate_cookie;
mod edge_block;
mod ended_sessions;
mod flood;
mod guard_differs;
mod hostile;
mod http_cache_stale;
mod huge_header;
mod insufficient_scope;
mod key_in_address;
mod load;
mod locked_or_rate_limited;
mod lost_cookies;
mod mfa_or_step_up_required;
mod missing;
mod much_stored;
mod negotiate_failed;
mod neighbour;
mod no_session_in_this_context;
mod not_allowed;
mod not_logged_in;
mod other;
mod probe;
mod proxy_or_captive_portal;
mod quiet;
mod quiet_calls;
mod quiet_elsewhere;
mod quiet_sign_ins;
mod refresh_failed;
mod refused_sign_ins;
mod renewal;
mod renewals;
mod server_key_rotated;
mod server_misconfig;
mod service_worker;
mod session_expired;
mod session_revoked;
mod stale_cached_credentials;
mod stored_tokens;
mod token_expired;
mod token_signature_invalid;
mod token_wrong_audience_issuer;
mod two_at_once;
mod unknown;
mod unreadable_challenge;
mod unsigned_download;
mod url_credentials_ignored;
mod waf_or_ip_block;
mod worker_made_401;
mod wrong_account;
mod wrong_basic_password;
mod wrong_host;
mod wrong_url_or_host;

// Those on real servers.
mod auth_header_stripped_proxy;
mod auth_request_unreadable;
mod behind_auth_request;
mod digest_renews;
mod saved_password_is_old;
// Over https, and on real servers.
mod django_csrf;
mod django_secret_rotated;
mod django_session_lost;
mod django_token_deleted;
mod express_cookie_secret;
mod express_jwt_secret;
mod express_restarted;
mod host_prefix_refused;
mod oidc;
mod openidc;
mod proxy_wants_a_login;
mod redirect_to_https;
mod same_site_form_post;
mod secure_cookie_over_http;

/// An app's page. Its script is the body of an async function that returns the answer, or whatever
/// has an `ok`, by which it shows whether the person is in; what it throws counts as no.
fn app(script: &str, links: &str) -> Answer {
    let inner = format!(
        "<p id=\"me\">Loading\u{2026}</p>
<script>
  const ask = async () => {{
{script}
  }};
  ask().catch(() => ({{ ok: false }})).then((answer) => {{
    document.getElementById('me').textContent = answer.ok ? 'Hello, Sam.' : 'Could not load you.';
    document.body.dataset.lab = answer.ok ? 'in' : 'out';
  }});
</script>{links}"
    );
    Answer::page(200, Shown::Wait, "Your app", &inner)
}

/// Every scenario there is.
pub static SCENARIOS: &[Scenario] = &[
    session_expired::SCENARIO,
    session_expired::AMONG_OTHERS,
    api_session_expired::SCENARIO,
    session_revoked::SCENARIO,
    token_expired::SCENARIO,
    auth_header_malformed::SCENARIO,
    duplicate_cookie::SCENARIO,
    not_logged_in::SCENARIO,
    bad_credentials::SCENARIO,
    clock_skew::SCENARIO,
    cors_preflight_401::SCENARIO,
    auth_header_collision::SCENARIO,
    basic_login_in_the_way::SCENARIO,
    api_key_missing_or_invalid::SCENARIO,
    auth_header_missing::SCENARIO,
    auth_header_stripped_redirect::SCENARIO,
    cookie_blocked_samesite::SCENARIO,
    cookie_not_stored::SCENARIO,
    cookie_too_large::SCENARIO,
    credentials_mode_missing::SCENARIO,
    csrf_failed::SCENARIO,
    digest_nonce::SCENARIO,
    http_cache_stale::SCENARIO,
    insufficient_scope::SCENARIO,
    locked_or_rate_limited::SCENARIO,
    mfa_or_step_up_required::SCENARIO,
    negotiate_failed::SCENARIO,
    no_session_in_this_context::SCENARIO,
    proxy_or_captive_portal::SCENARIO,
    refresh_failed::SCENARIO,
    server_key_rotated::SCENARIO,
    server_misconfig::SCENARIO,
    service_worker::SCENARIO,
    stale_cached_credentials::SCENARIO,
    token_signature_invalid::SCENARIO,
    token_wrong_audience_issuer::SCENARIO,
    url_credentials_ignored::SCENARIO,
    waf_or_ip_block::SCENARIO,
    wrong_account::SCENARIO,
    wrong_url_or_host::SCENARIO,
    stored_tokens::TOKEN_EXPIRED_OPAQUE,
    stored_tokens::TOKEN_EXPIRED_SILENTLY,
    stored_tokens::TOKEN_EXPIRED_498,
    stored_tokens::TOKEN_WRONG_ISSUER,
    stored_tokens::TOKEN_OF_ANOTHER_KIND,
    stored_tokens::TOKEN_OF_ANOTHER_ALGORITHM,
    stored_tokens::TOKEN_IN_QUOTES,
    refused_sign_ins::BAD_CREDENTIALS_IN_APP,
    refused_sign_ins::BAD_CREDENTIALS_SAID,
    refused_sign_ins::LOCKED_423,
    refused_sign_ins::LOCKED_UNTIL_CAPTCHA,
    ended_sessions::SESSION_EXPIRED_440,
    ended_sessions::SESSION_EXPIRED_AND_CLEARED,
    ended_sessions::SESSION_EXPIRED_IN_CIRCLES,
    lost_cookies::COOKIE_FOR_ANOTHER_DOMAIN,
    lost_cookies::COOKIE_OVER_4096_BYTES,
    lost_cookies::CALL_WITHOUT_COOKIES,
    not_allowed::INSUFFICIENT_SCOPE_BY_SESSION,
    not_allowed::WRONG_ACCOUNT_OF_TWO,
    not_allowed::STEP_UP_BY_CLAIMS,
    renewals::REFRESH_FAILED_400,
    renewals::REFRESH_FAILED_IN_A_RACE,
    wrong_host::SCENARIO,
    guard_differs::SCENARIO,
    edge_block::SCENARIO,
    unreadable_challenge::SCENARIO,
    wrong_basic_password::SCENARIO,
    duplicate_by_path::SCENARIO,
    unsigned_download::SCENARIO,
    key_in_address::SCENARIO,
    unknown::SCENARIO,
    much_stored::SCENARIO,
    two_at_once::SCENARIO,
    worker_made_401::SCENARIO,
    probe::SCENARIO,
    renewal::SCENARIO,
    missing::SCENARIO,
    quiet::SCENARIO,
    load::SCENARIO,
    quiet_calls::QUIET_NOT_MODIFIED,
    quiet_calls::QUIET_MISSING_DATA,
    quiet_calls::QUIET_BEACON,
    quiet_calls::QUIET_GIVEN_UP,
    quiet_calls::QUIET_HICCUP,
    quiet_calls::QUIET_TOO_BIG,
    quiet_calls::QUIET_BAD_INPUT,
    quiet_sign_ins::QUIET_SIGN_IN_PAGE,
    quiet_sign_ins::QUIET_SENT_TO_SIGN_IN,
    quiet_sign_ins::QUIET_BASIC,
    quiet_sign_ins::QUIET_DIGEST,
    quiet_sign_ins::QUIET_APP_SIGN_IN,
    quiet_elsewhere::QUIET_IMAGE_REFUSED,
    quiet_elsewhere::QUIET_WIDGET_REFUSED,
    quiet_elsewhere::QUIET_CORS,
    quiet_elsewhere::QUIET_PREFETCH,
    quiet_elsewhere::QUIET_MISSING_FRAME,
    huge_header::SCENARIO,
    bytes::SCENARIO,
    hostile::THOUSAND_CHALLENGES,
    hostile::THOUSANDS_OF_COOKIES,
    hostile::ANOTHER_TIME,
    hostile::TOKEN_BOMB,
    hostile::OUR_NAMES,
    hostile::GROWING_CIRCLES,
    canaries::SCENARIO,
    flood::SCENARIO,
    other::SCENARIO,
    neighbour::SCENARIO,
    auth_header_stripped_proxy::SCENARIO,
    behind_auth_request::SCENARIO,
    auth_request_unreadable::SCENARIO,
    saved_password_is_old::SCENARIO,
    digest_renews::SCENARIO,
    // Over https, and on real servers.
    secure_cookie_over_http::SCENARIO,
    host_prefix_refused::SCENARIO,
    same_site_form_post::SCENARIO,
    redirect_to_https::SCENARIO,
    proxy_wants_a_login::SCENARIO,
    express_restarted::SCENARIO,
    express_cookie_secret::SCENARIO,
    express_jwt_secret::SCENARIO,
    django_csrf::SCENARIO,
    django_secret_rotated::SCENARIO,
    django_session_lost::SCENARIO,
    django_token_deleted::SCENARIO,
    oidc::TOKEN_EXPIRED,
    oidc::ROTATION_LOST,
    oidc::ANOTHER_AUDIENCE,
    openidc::SESSION_EXPIRED,
    openidc::CALLBACK_KEPT,
    openidc::FORM_POST,
];

/// The scenario of that id.
pub fn by_id(id: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.id == id)
}

/// The hosts of all scenarios.
pub fn hosts() -> Vec<&'static str> {
    SCENARIOS.iter().flat_map(Scenario::hosts).collect()
}

/// The hosts that are reached by the proxy.
pub fn proxied() -> Vec<&'static str> {
    let all = SCENARIOS.iter().filter(|scenario| scenario.server == Server::Squid);
    all.flat_map(Scenario::hosts).collect()
}

/// The scenario that answers for `host`: its own, or one of its numbered twins, which are sites of
/// their own with the same story (`session-expired-7.test`), for tests that need many.
pub(crate) fn by_host(host: &str) -> Option<&'static Scenario> {
    let find = |host: &str| SCENARIOS.iter().find(|scenario| scenario.hosts().any(|own| own == host));
    find(host).or_else(|| {
        let (name, number) = host.strip_suffix(".test")?.rsplit_once('-')?;
        number.parse::<u32>().ok()?;
        find(&format!("{name}.test"))
    })
}

/// The host by which the state of `scenario` is kept: one for all its hosts, one for each twin.
pub(crate) fn home<'a>(scenario: &Scenario, host: &'a str) -> &'a str {
    if scenario.hosts().any(|own| own == host) { scenario.host } else { host }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;

    /// Hosts tell scenarios apart. Browsers are told to find those under `.test`, and find those under
    /// `.localhost` by themselves.
    #[test]
    fn twins_have_a_state_of_their_own() {
        let scenario = by_host("session-expired-7.test").unwrap();
        assert_eq!(scenario.id, "session_expired");
        assert_eq!(home(scenario, "session-expired-7.test"), "session-expired-7.test");
        let several = by_host("api.two.test").unwrap();
        assert_eq!(home(several, "api.two.test"), "app.two.test");
        assert!(by_host("session-expired-x.test").is_none());
    }

    #[test]
    fn ids_and_hosts_are_distinct() {
        let ids: HashSet<_> = SCENARIOS.iter().map(|scenario| scenario.id).collect();
        let names: HashSet<_> = hosts().into_iter().collect();
        assert_eq!(ids.len(), SCENARIOS.len());
        assert_eq!(names.len(), hosts().len());
        assert!(names.iter().all(|host| host.ends_with(".test") || host.ends_with(".localhost")));
    }
}
