//! The table itself: where, which words, what they mean, and where that is documented.

use super::{Place, Sign};

/// One documented text.
#[derive(Debug)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// The words, lower case; `*` parts words that must all be there.
    pub text: &'static str,
    /// What they mean.
    pub sign: Sign,
    /// Where this is documented.
    pub source: &'static str,
}

const fn row(place: Place, text: &'static str, sign: Sign, source: &'static str) -> Row {
    Row { place, text, sign, source }
}

use Place::{Body, Description, Header, Location};
use Sign::{Malformed, SessionTimedOut, SignedOut, TokenExpired, TokenNotYet, TokenRevoked, WrongPassword};

/// Every text that is known.
pub const SIGNS: &[Row] = &[
    row(Description, "token*expired", TokenExpired, "RFC 6750, section 3.1; ASP.NET Core JwtBearer"),
    row(Description, "jwt expired", TokenExpired, "jsonwebtoken (Node); PostgREST"),
    row(Description, "jwt*is expired", TokenExpired, "java-jwt; Spring Security"),
    row(Description, "lifetime validation failed", TokenExpired, "Microsoft.IdentityModel IDX10223"),
    row(Description, "token has expired", TokenExpired, "Amazon API Gateway: ExpiredTokenException"),
    row(Description, "exp*claim timestamp check failed", TokenExpired, "jose (Node): ERR_JWT_EXPIRED"),
    row(Description, "not valid before", TokenNotYet, "ASP.NET Core JwtBearer"),
    row(Description, "not valid yet", TokenNotYet, "nimbus-jose-jwt; Spring Security"),
    row(Description, "not yet valid", TokenNotYet, "PyJWT: ImmatureSignatureError"),
    row(Description, "not active", TokenNotYet, "jsonwebtoken (Node): NotBeforeError"),
    row(Description, "used before", TokenNotYet, "java-jwt; golang-jwt: issued; google-auth: used too early"),
    row(Description, "used too early", TokenNotYet, "google-auth"),
    row(Description, "issued in the future", TokenNotYet, "PostgREST PGRST303; PyJWT"),
    row(Description, "token*revoked", TokenRevoked, "RFC 6750, section 3.1; RFC 7009"),
    row(Description, "malformed", Malformed, "RFC 6750, section 3.1: invalid_request; jsonwebtoken"),
    row(Description, "bad username or password", WrongPassword, "Spring Security; ServiceNow"),
    row(Description, "bad credentials", WrongPassword, "Spring Security: BadCredentialsException"),
    row(Description, "session*expired", SessionTimedOut, "OWASP Session Management Cheat Sheet"),
    row(
        Header("x-seraph-loginreason"),
        "authenticated_failed",
        WrongPassword,
        "Atlassian Seraph: LoginReason",
    ),
    row(Header("x-seraph-loginreason"), "authentication_denied", Sign::WrongPassword, "Atlassian Seraph"),
    row(Location, "session*expired", SessionTimedOut, "Spring Security: invalidSessionUrl; many others"),
    row(Location, "timeout", SessionTimedOut, "Salesforce, Oracle APEX: sign-in page after a timeout"),
    row(Location, "loggedout", SignedOut, "WordPress: wp-login.php?loggedout=true"),
    row(Body, "session*timed out", SessionTimedOut, "OWASP Session Management Cheat Sheet"),
];
