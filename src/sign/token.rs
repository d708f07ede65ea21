//! What servers say of tokens and keys.

use super::Place::Description;
use super::Sign::{Malformed, TokenExpired, TokenNotYet, TokenRevoked};
use super::table::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        Description,
        "token*expired",
        TokenExpired,
        "RFC 6750, section 3.1; ASP.NET Core JwtBearer; Amazon API Gateway",
    ),
    row(Description, "jwt expired", TokenExpired, "jsonwebtoken (Node); PostgREST"),
    row(Description, "jwt*is expired", TokenExpired, "java-jwt; Spring Security"),
    row(Description, "lifetime validation failed", TokenExpired, "Microsoft.IdentityModel IDX10223"),
    row(Description, "exp*claim timestamp check failed", TokenExpired, "jose (Node): ERR_JWT_EXPIRED"),
    row(Description, "not valid before", TokenNotYet, "ASP.NET Core JwtBearer"),
    row(Description, "not valid yet", TokenNotYet, "nimbus-jose-jwt; Spring Security"),
    row(Description, "not yet valid", TokenNotYet, "PyJWT: ImmatureSignatureError"),
    row(Description, "not active", TokenNotYet, "jsonwebtoken (Node): NotBeforeError"),
    row(Description, "used before", TokenNotYet, "java-jwt; golang-jwt"),
    row(Description, "used too early", TokenNotYet, "google-auth"),
    row(Description, "issued in the future", TokenNotYet, "PostgREST PGRST303; PyJWT"),
    row(Description, "token*revoked", TokenRevoked, "RFC 6750, section 3.1; RFC 7009"),
    row(Description, "malformed", Malformed, "RFC 6750, section 3.1: invalid_request; jsonwebtoken"),
];
