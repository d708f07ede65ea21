//! What applications are written with.

use super::Server::{AspNetCore, Django, Laravel, Php, Rails, Spring, Tomcat, Uvicorn, WordPress};
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    snippet(
        Django,
        &[C::CsrfFailed, C::AuthHeaderStrippedRedirect],
        "settings.py",
        "CSRF_TRUSTED_ORIGINS = ['https://app.example.com']
SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')
USE_X_FORWARDED_HOST = True",
    ),
    snippet(
        Django,
        &[C::CookieNotStored, C::CookieBlockedSamesite, C::WrongUrlOrHost],
        "settings.py",
        "SESSION_COOKIE_NAME = 'app_sid'      # its own for each app of a host
SESSION_COOKIE_DOMAIN = None         # this host alone; a new value leaves a twin behind
SESSION_COOKIE_SAMESITE = 'Lax'      # 'None' with SECURE where another site embeds it
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True    # counts from the last visit",
    ),
    snippet(
        Django,
        &[C::ServerKeyRotated],
        "settings.py (4.1)",
        "SECRET_KEY = os.environ['SECRET_KEY']
SECRET_KEY_FALLBACKS = [os.environ['OLD_SECRET_KEY']]",
    ),
    snippet(
        AspNetCore,
        &[C::ServerKeyRotated],
        "Program.cs",
        "builder.Services.AddDataProtection()
    .SetApplicationName(\"app\")
    .PersistKeysToFileSystem(new DirectoryInfo(\"/var/keys\"));",
    ),
    snippet(
        AspNetCore,
        &[C::AuthHeaderStrippedRedirect, C::CookieNotStored],
        "Program.cs",
        "app.UseForwardedHeaders(new() {
    ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
}); // first of all",
    ),
    snippet(
        AspNetCore,
        &[C::TokenWrongAudienceIssuer, C::TokenSignatureInvalid, C::ClockSkew],
        "Program.cs",
        "builder.Services.AddAuthentication().AddJwtBearer(options => {
    options.Authority = \"https://id.example.com/\";
    options.Audience = \"https://api.example.com\";
    options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(2);
});",
    ),
    snippet(Laravel, &[C::ServerKeyRotated], ".env (11)", "APP_KEY=base64:…\nAPP_PREVIOUS_KEYS=base64:…"),
    snippet(
        Laravel,
        &[C::CsrfFailed, C::CookieNotStored, C::WrongUrlOrHost],
        ".env",
        "APP_URL=https://app.example.com
SESSION_DOMAIN=null
SESSION_SECURE_COOKIE=true
SESSION_LIFETIME=480
SANCTUM_STATEFUL_DOMAINS=app.example.com",
    ),
    snippet(
        Php,
        &[C::CookieNotStored, C::WrongUrlOrHost],
        "php.ini",
        "session.gc_maxlifetime  = 28800
session.cookie_path     = /
session.cookie_domain   =
session.cookie_secure   = 1
session.cookie_samesite = Lax",
    ),
    snippet(
        Rails,
        &[C::CsrfFailed],
        "config/environments/production.rb",
        "config.assume_ssl = true
config.force_ssl = true
config.hosts << 'app.example.com'",
    ),
    snippet(
        Rails,
        &[C::ServerKeyRotated],
        "config/initializers/cookie_rotator.rb",
        "Rails.application.config.action_dispatch.cookies_rotations.tap do |cookies|
  key = ActiveSupport::KeyGenerator.new(ENV['OLD_SECRET_KEY_BASE'], iterations: 1000)
  cookies.rotate :encrypted, key.generate_key('authenticated encrypted cookie', 32)
end",
    ),
    snippet(
        Spring,
        &[C::TokenSignatureInvalid, C::TokenWrongAudienceIssuer],
        "application.properties",
        "spring.security.oauth2.resourceserver.jwt.issuer-uri=https://id.example.com/
spring.security.oauth2.resourceserver.jwt.audiences=https://api.example.com",
    ),
    snippet(
        Spring,
        &[C::AuthHeaderStrippedRedirect, C::CookieNotStored],
        "application.properties",
        "server.forward-headers-strategy=framework
server.servlet.session.timeout=8h",
    ),
    snippet(
        Tomcat,
        &[C::DigestNonce],
        "context.xml",
        "<Valve className=\"org.apache.catalina.authenticator.DigestAuthenticator\"
       nonceValidity=\"3600000\" nonceCountWindowSize=\"1000\" />",
    ),
    snippet(
        Tomcat,
        &[C::CookieTooLarge],
        "server.xml",
        "<Connector port=\"8080\" maxHttpRequestHeaderSize=\"32768\" />",
    ),
    snippet(
        Uvicorn,
        &[C::AuthHeaderStrippedRedirect, C::CookieNotStored],
        "",
        "uvicorn app:app --proxy-headers --forwarded-allow-ips 10.0.0.0/8",
    ),
    // A plugin that locks its owner out.
    snippet(
        WordPress,
        &[C::WafOrIpBlock],
        "WP-CLI",
        "wp plugin list --status=active
wp plugin deactivate wordfence
# Without WP-CLI: rename wp-content/plugins/wordfence",
    ),
    snippet(
        WordPress,
        &[C::CookieNotStored],
        "wp-config.php",
        "define('WP_HOME', 'https://app.example.com');
define('WP_SITEURL', 'https://app.example.com');
if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') $_SERVER['HTTPS'] = 'on';",
    ),
];
