//! The causes: one file each, holding its rule, its evidence, its fixes and its tests.
//!
//! A new cause is a new file here, a line in the table below, a corpus case, a lab scenario and
//! its messages (`cause_ID`, `cause_ID_prevent`); `tests/tidy.rs` fails when one is missing.

mod api_key_missing_or_invalid;
mod auth_header_collision;
mod auth_header_malformed;
mod auth_header_missing;
mod auth_header_stripped_proxy;
mod auth_header_stripped_redirect;
mod bad_credentials;
mod clock_skew;
mod cookie_blocked_samesite;
mod cookie_not_stored;
mod cookie_too_large;
mod cors_preflight_401;
mod credentials_mode_missing;
mod csrf_failed;
mod digest_nonce;
mod duplicate_cookie;
mod extension_interference;
mod http_cache_stale;
mod insufficient_scope;
mod locked_or_rate_limited;
mod mfa_or_step_up_required;
mod negotiate_failed;
mod no_session_in_this_context;
mod not_logged_in;
mod proxy_or_captive_portal;
mod refresh_failed;
mod server_key_rotated;
mod server_misconfig;
mod service_worker;
mod session_expired;
mod session_revoked;
mod stale_cached_credentials;
#[cfg(test)]
pub(crate) mod testing;
mod token_expired;
mod token_signature_invalid;
mod token_wrong_audience_issuer;
mod url_credentials_ignored;
mod waf_or_ip_block;
mod wrong_account;
mod wrong_url_or_host;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::evidence::Evidence;
use crate::fix::FixId;
use crate::http::cookie::CookieId;
use crate::words::Line;

/// Declares the causes once: the enum, the ids and the table of rules.
macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $module:ident;)*) => {
        /// Why somebody is locked out. The ids are those of the corpus' labels.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CauseId {
            /// Nothing stands out: the honest "not sure yet".
            Unknown,
            $($(#[$doc])* $variant,)*
        }

        impl CauseId {
            /// Every cause, the honest "not sure yet" last. Without the rules: what shows causes need not hold
            /// what tells them (half of a page's wasm, were it to ask [`CAUSES`]).
            pub const ALL: &[Self] = &[$(Self::$variant,)* Self::Unknown];

            /// The id that stands in file names, pages, records, JSON and message keys.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    Self::Unknown => "unknown",
                    $(Self::$variant => stringify!($module),)*
                }
            }

            /// The cause of an id.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|cause| cause.id() == id)
            }
        }

        /// Every cause that has a rule.
        pub const CAUSES: &[Cause] = &[$(Cause {
            id: CauseId::$variant,
            fixes: $module::FIXES,
            rule: $module::rule,
        },)*];
    };
}

causes! {
    /// The key of an API is missing or wrong.
    ApiKeyMissingOrInvalid = api_key_missing_or_invalid;
    /// Two things need the one `Authorization` header.
    AuthHeaderCollision = auth_header_collision;
    /// The credential was sent, but not in the shape that the server reads.
    AuthHeaderMalformed = auth_header_malformed;
    /// The app should have sent `Authorization` and did not.
    AuthHeaderMissing = auth_header_missing;
    /// `Authorization` was sent, and taken out before the program that reads it.
    AuthHeaderStrippedProxy = auth_header_stripped_proxy;
    /// `Authorization` was left behind when the request was sent on to another origin.
    AuthHeaderStrippedRedirect = auth_header_stripped_redirect;
    /// Name and password, or what stands for them, are not right.
    BadCredentials = bad_credentials;
    /// The clocks of the two ends differ.
    ClockSkew = clock_skew;
    /// The cookie is held, and not sent because another site asks.
    CookieBlockedSamesite = cookie_blocked_samesite;
    /// A cookie was set, and is refused or kept for another address.
    CookieNotStored = cookie_not_stored;
    /// A cookie, or all of them together, is too large.
    CookieTooLarge = cookie_too_large;
    /// The browser's question before a cross-origin request is asked for a sign-in.
    CorsPreflight401 = cors_preflight_401;
    /// An app's own request was made without credentials.
    CredentialsModeMissing = credentials_mode_missing;
    /// The guard against forged forms did not fit.
    CsrfFailed = csrf_failed;
    /// A Digest login was made with a nonce that the server no longer takes.
    DigestNonce = digest_nonce;
    /// Two cookies of one name are sent, and the wrong one counts.
    DuplicateCookie = duplicate_cookie;
    /// Another extension changed, blocked or made the request.
    ExtensionInterference = extension_interference;
    /// The refusal is an old copy.
    HttpCacheStale = http_cache_stale;
    /// The credential is good, and not for this.
    InsufficientScope = insufficient_scope;
    /// Too many tries: for a while even what is right is refused.
    LockedOrRateLimited = locked_or_rate_limited;
    /// A stronger or fresher sign-in is wanted.
    MfaOrStepUpRequired = mfa_or_step_up_required;
    /// The sign-in of Windows (Kerberos, NTLM) did not come about.
    NegotiateFailed = negotiate_failed;
    /// Signed in, but in another window, container or app.
    NoSessionInThisContext = no_session_in_this_context;
    /// Nobody signed in here: the refusal is the ordinary answer to a stranger.
    NotLoggedIn = not_logged_in;
    /// The network on the way wants a sign-in, not the site.
    ProxyOrCaptivePortal = proxy_or_captive_portal;
    /// The renewal of a token was refused.
    RefreshFailed = refresh_failed;
    /// The server can no longer read the cookies that it made.
    ServerKeyRotated = server_key_rotated;
    /// The site's own set-up of sign-ins is amiss.
    ServerMisconfig = server_misconfig;
    /// The program that the site keeps in the browser gave the refusal.
    ServiceWorker = service_worker;
    /// The session cookie is sent, but its server session has lapsed by time.
    SessionExpired = session_expired;
    /// The session or token was ended before its time.
    SessionRevoked = session_revoked;
    /// An old password is sent again, without anybody typing it.
    StaleCachedCredentials = stale_cached_credentials;
    /// The token's time is over.
    TokenExpired = token_expired;
    /// The token's signature does not fit, or its key is not known.
    TokenSignatureInvalid = token_signature_invalid;
    /// The token is for somebody else, by somebody else, or of the wrong kind.
    TokenWrongAudienceIssuer = token_wrong_audience_issuer;
    /// A name and a password in the address were not used.
    UrlCredentialsIgnored = url_credentials_ignored;
    /// What protects the site refused the request before the site saw it.
    WafOrIpBlock = waf_or_ip_block;
    /// Signed in as somebody else.
    WrongAccount = wrong_account;
    /// The sign-in belongs to another address of the site.
    WrongUrlOrHost = wrong_url_or_host;
}

// Serde's own idea of snake case knows no digits that stand apart (`cors_preflight_401`).
impl Serialize for CauseId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for CauseId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Self::from_id(&id).ok_or_else(|| D::Error::custom("no such cause"))
    }
}

/// A cause: how to tell it, and what helps.
pub struct Cause {
    /// Which one.
    pub id: CauseId,
    /// What helps, the least destructive that can work first.
    pub fixes: &'static [FixId],
    /// Weighs the evidence; `None` when the cause is out of the question.
    pub rule: fn(&Evidence<'_>) -> Option<Weighing>,
}

/// Evidence on a scale: each finding shifts the log-odds of the cause, so that a confidence is a
/// probability and findings add up whatever their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighing {
    log_odds: f64,
    /// What a person can check, strongest first as the rule found it.
    pub why: Vec<Line>,
    /// The cookies under suspicion.
    pub suspects: Vec<CookieId>,
    /// Fixes of this cause that cannot help here.
    pub ruled_out: Vec<FixId>,
    /// The address that the sign-in belongs to, where this one is the wrong one.
    pub belongs_at: Option<String>,
}

impl Weighing {
    /// Starts from how likely the cause is when nothing but its precondition is seen; log-odds of
    /// 0 are even chances, 2.2 are 90 %.
    #[must_use]
    pub fn from(log_odds: f64) -> Self {
        Self { log_odds, why: Vec::new(), suspects: Vec::new(), ruled_out: Vec::new(), belongs_at: None }
    }

    /// A finding that a person can check.
    pub fn finding(&mut self, weight: f64, line: Line) {
        self.log_odds += weight;
        self.why.push(line);
    }

    /// A shift that is not worth a sentence.
    pub fn shift(&mut self, weight: f64) {
        self.log_odds += weight;
    }

    /// A cookie that may be to blame.
    pub fn suspect(&mut self, id: &CookieId) {
        if !self.suspects.contains(id) {
            self.suspects.push(id.clone());
        }
    }

    /// A fix of this cause that cannot help here.
    pub fn rule_out(&mut self, fix: FixId) {
        self.ruled_out.push(fix);
    }

    /// The probability, 0 to 1.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        1.0 / (1.0 + (-self.log_odds).exp())
    }

    /// Itself where it is likelier than that: what is hardly likely is not worth a word.
    #[must_use]
    pub fn above(self, least: f64) -> Option<Self> {
        (self.confidence() > least).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hardly_likely_is_not_said() {
        assert!(Weighing::from(0.0).above(0.49).is_some());
        assert!(Weighing::from(0.0).above(0.5).is_none());
        assert!(Weighing::from(0.1).above(0.5).is_some());
    }

    #[test]
    fn ids_are_the_same_everywhere() {
        assert!(CAUSES.iter().map(|cause| &cause.id).chain([&CauseId::Unknown]).eq(CauseId::ALL));
        for &id in CauseId::ALL {
            assert_eq!(serde_json::to_value(id).unwrap(), id.id());
            assert_eq!(serde_json::from_value::<CauseId>(id.id().into()).unwrap(), id);
        }
        assert!(serde_json::from_str::<CauseId>("\"gremlins\"").is_err());
    }
}
