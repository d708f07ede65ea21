//! What a cookie's name says it is for.

/// What a cookie is most likely for, judged by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Carries the sign-in or names the server's session.
    Session,
    /// Signs in again when the session is gone ("remember me").
    Remember,
    /// Guards forms against forgery; worthless as a credential.
    Csrf,
    /// Anything else: settings, analytics, consent.
    Other,
}

/// Names that servers and frameworks use for their session cookie by default.
///
/// Sources: Jakarta Servlet 6.0 §7.1.1; PHP `session.name`; ASP.NET `sessionState` and
/// `forms`; ASP.NET Core cookie authentication; express-session `name`; Django
/// `SESSION_COOKIE_NAME`; Flask `SESSION_COOKIE_NAME`; ColdFusion `CFID`/`CFTOKEN`; Keycloak
/// `KEYCLOAK_IDENTITY`; Koa `koa.sess`; Ory Kratos; NextAuth; Cloudflare Access; oauth2-proxy
/// `cookie_name`; ASP.NET Identity; SharePoint; Proxmox VE; WebSphere; SAP; Tomcat single sign-on;
/// IdentityServer; Gitea; tinyauth; OpenAM; TYPO3.
const SESSION_NAMES: [&str; 32] = [
    "jsessionid",
    "phpsessid",
    "asp.net_sessionid",
    ".aspxauth",
    "connect.sid",
    "sessionid",
    "session",
    "cfid",
    "cftoken",
    "keycloak_identity",
    "keycloak_session",
    "koa.sess",
    "sid",
    "ory_kratos_session",
    "cf_authorization",
    "sess",
    "auth",
    "token",
    "access_token",
    "jwt",
    "_oauth2_proxy",
    ".aspnet.applicationcookie",
    "fedauth",
    "pveauthcookie",
    "ltpatoken2",
    "mysapsso2",
    "jsessionidsso",
    "idsrv",
    "i_like_gitea",
    "tinyauth",
    "iplanetdirectorypro",
    "fe_typo_user",
];

/// Names that look like a session's and are not: analytics, chat and comment tools.
///
/// Sources: the vendors' cookie lists (Hotjar, Application Insights, Google Analytics, Clarity,
/// Matomo, Mixpanel, Intercom, WordPress comments).
const NOT_SESSIONS: [&str; 11] = [
    "_hj",
    "ai_session",
    "ai_user",
    "_ga",
    "_gid",
    "_cl",
    "_pk_",
    "mp_",
    "intercom-",
    "comment_author",
    "__utm",
];

/// Words that a sign-in's cookie has in its name.
const SESSION_WORDS: [&str; 14] = [
    "sess",
    "session",
    "sessions",
    "sessid",
    "sessionid",
    "sid",
    "ssid",
    "auth",
    "login",
    "token",
    "jwt",
    "identity",
    "idp",
    "sso",
];

/// What a cookie of this name is for.
#[must_use]
pub fn purpose(name: &str) -> Purpose {
    let lower = name.to_ascii_lowercase();
    // RFC 6265bis, section 4.1.3: the prefixes are promises, not part of the name's meaning.
    let bare = lower.trim_start_matches("__host-").trim_start_matches("__secure-");
    let has = |part: &str| bare.contains(part);
    if has("csrf") || has("xsrf") || has("antiforgery") || has("crumb") {
        Purpose::Csrf
    } else if has("remember") || has("keep_signed") || has("stay_signed") {
        Purpose::Remember
    } else if NOT_SESSIONS.iter().any(|start| bare.starts_with(start)) || has("consent") {
        Purpose::Other
    } else if SESSION_NAMES.contains(&bare)
        || bare.split(['_', '-', '.', ':']).any(|word| SESSION_WORDS.contains(&word))
        || bare.ends_with("session")
        || bare.ends_with("sessionid")
        || bare.starts_with("wordpress_logged_in")
        || bare.starts_with(".aspnetcore.cookies")
        || bare.starts_with("aspsessionid")
        // Jenkins: JSESSIONID.<hash>; Drupal: SESS<hash> and SSESS<hash>; oauth2-proxy and ASP.NET
        // cut a long one into numbered pieces.
        || bare.starts_with("jsessionid.")
        || bare.starts_with("_oauth2_proxy_")
        || is_drupal(bare)
    {
        Purpose::Session
    } else {
        Purpose::Other
    }
}

/// Does a cookie of this name belong to what stands before a site (its balancer, its edge), or to
/// one step of a sign-in, so that it signs nobody in?
///
/// Sources: the cookie lists of Cloudflare, AWS, Azure, F5, Imperva, Akamai and DataDome; ASP.NET
/// Core's correlation and nonce cookies.
#[must_use]
pub fn is_of_the_way(name: &str) -> bool {
    const STARTS: [&str; 18] = [
        "__cf",
        "cf_",
        "_cfuvid",
        "awsalb",
        "arraffinity",
        "bigip",
        "incap_",
        "visid_",
        "nlbi_",
        "ak_",
        "bm_",
        "_abck",
        "datadome",
        "ts01",
        ".aspnetcore.correlation",
        ".aspnetcore.openidconnect",
        "_ga",
        "lang",
    ];
    let lower = name.to_ascii_lowercase();
    let words = ["state", "nonce", "verifier", "flash", "locale", "theme", "track", "visitor"];
    STARTS.iter().any(|start| lower.starts_with(start)) || words.iter().any(|word| lower.contains(word))
}

/// Is a cookie there for a sign-in under way, by its name? (`state` and `nonce` of OpenID Connect, PKCE's
/// verifier, ASP.NET Core's correlation.)
#[must_use]
pub fn begins_sign_in(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["state", "nonce", "verifier", "correlation"].iter().any(|word| name.contains(word))
}

/// `SESS` or `SSESS` and a hash (Drupal).
fn is_drupal(name: &str) -> bool {
    let hash = name.strip_prefix("ssess").or_else(|| name.strip_prefix("sess"));
    hash.is_some_and(|hash| hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes() {
        for name in [
            "sid",
            "JSESSIONID",
            "__Host-session",
            "connect.sid",
            "_app_session",
            "wordpress_logged_in_ab12",
            // A word that only ends in it.
            "laravelsession",
            "phpsessionid",
            "grafana_session",
            ".AspNetCore.Cookies",
        ] {
            assert_eq!(purpose(name), Purpose::Session, "{name}");
        }
        for name in ["JSESSIONID.1a2b", "_oauth2_proxy_0", "SSESS0123456789abcdef0123456789abcdef"] {
            assert_eq!(purpose(name), Purpose::Session, "{name}");
        }
        for name in ["XSRF-TOKEN", "csrftoken", ".AspNetCore.Antiforgery.x", "jenkins-crumb"] {
            assert_eq!(purpose(name), Purpose::Csrf, "{name}");
        }
        for name in ["remember_user_token", "keep_signed_in", "stay_signed_in"] {
            assert_eq!(purpose(name), Purpose::Remember, "{name}");
        }
        for name in [
            "_ga",
            "theme",
            "side",
            "cookie_consent",
            "inside",
            "_hjSession_1",
            "ai_session",
            "comment_author_ab",
            "author",
            "tokenizer",
            // A hash of Drupal's has 32 digits.
            "SESS0123456789abcdef0123456789abcde",
            "SESS0123456789abcdef0123456789abcdeg",
        ] {
            assert_eq!(purpose(name), Purpose::Other, "{name}");
        }
    }

    #[test]
    fn what_stands_before_a_site_signs_nobody_in() {
        for name in
            ["__cf_bm", "AWSALBCORS", "BIGipServerpool", ".AspNetCore.Correlation.x", "oauth_state", "LOCALE"]
        {
            assert!(is_of_the_way(name), "{name}");
        }
        for name in ["sid", "connect.sid", "account", "xcf_clearance"] {
            assert!(!is_of_the_way(name), "{name}");
        }
    }

    #[test]
    fn what_a_sign_in_under_way_leaves() {
        for name in ["oauth_state", "nonce.abc", "pkce_verifier", ".AspNetCore.Correlation.x"] {
            assert!(begins_sign_in(name), "{name}");
        }
        assert!(!begins_sign_in("session"));
    }
}
