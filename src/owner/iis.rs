//! Microsoft IIS: `web.config`, and what stands above it.

use super::Server::Iis;
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    // The IIS CORS module answers before authentication runs.
    snippet(
        Iis,
        &[C::CorsPreflight401, C::CredentialsModeMissing],
        "web.config (IIS CORS module)",
        "<system.webServer>
  <cors enabled=\"true\" failUnlistedOrigins=\"true\">
    <add origin=\"https://app.example.com\" allowCredentials=\"true\">
      <allowHeaders allowAllRequestedHeaders=\"true\" />
    </add>
  </cors>
</system.webServer>",
    ),
    snippet(
        Iis,
        &[C::NegotiateFailed, C::ServerMisconfig],
        "web.config",
        "<system.webServer><security><authentication>
  <anonymousAuthentication enabled=\"false\" />
  <windowsAuthentication enabled=\"true\">
    <providers><clear /><add value=\"Negotiate\" /><add value=\"NTLM\" /></providers>
  </windowsAuthentication>
</authentication></security></system.webServer>",
    ),
    // applicationHost.config locks both sections until they are unlocked.
    snippet(
        Iis,
        &[C::NegotiateFailed, C::ServerMisconfig],
        "%windir%\\system32\\inetsrv",
        "appcmd unlock config -section:system.webServer/security/authentication/windowsAuthentication
appcmd unlock config -section:system.webServer/security/authentication/anonymousAuthentication",
    ),
    snippet(
        Iis,
        &[C::CookieTooLarge],
        "HTTP.sys",
        "set P=HKLM\\System\\CurrentControlSet\\Services\\HTTP\\Parameters
reg add %P% /v MaxFieldLength  /t REG_DWORD /d 32768
reg add %P% /v MaxRequestBytes /t REG_DWORD /d 65536
net stop http /y & iisreset",
    ),
    snippet(
        Iis,
        &[C::CookieBlockedSamesite, C::CookieNotStored],
        "web.config (ASP.NET 4.7.2)",
        "<system.web>
  <httpCookies httpOnlyCookies=\"true\" requireSSL=\"true\" sameSite=\"None\" />
  <sessionState cookieSameSite=\"None\" />
</system.web>",
    ),
    snippet(
        Iis,
        &[C::ServerKeyRotated],
        "web.config",
        "<!-- The same on all machines, and kept over updates. -->
<system.web>
  <machineKey validation=\"HMACSHA256\" validationKey=\"…\" decryption=\"AES\" decryptionKey=\"…\" />
</system.web>",
    ),
    snippet(
        Iis,
        &[C::HttpCacheStale],
        "web.config",
        "<system.webServer>
  <caching enabled=\"false\" enableKernelCache=\"false\" />
</system.webServer>",
    ),
];
