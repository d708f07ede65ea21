//! Express, and Node.js under it.

use super::Server::Express;
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    snippet(
        Express,
        &[C::CorsPreflight401, C::CredentialsModeMissing],
        "cors",
        "// Before whatever checks the sign-in.
app.use(cors({
  origin: 'https://app.example.com',
  credentials: true,
  allowedHeaders: ['Authorization', 'Content-Type'],
}));
app.use(requireSignIn);",
    ),
    // Behind a proxy that ends TLS, express-session sets no Secure cookie unless told.
    snippet(
        Express,
        &[C::AuthHeaderStrippedRedirect, C::CookieNotStored, C::CsrfFailed, C::WafOrIpBlock],
        "",
        "// One proxy in front, whose X-Forwarded-… headers are true.
app.set('trust proxy', 1);",
    ),
    snippet(
        Express,
        &[C::CookieNotStored, C::WrongUrlOrHost],
        "express-session",
        "// One name, one place: __Host- forbids Domain, and any Path but /.
app.use(session({ name: '__Host-sid', cookie: { path: '/', secure: true, sameSite: 'lax' } }));",
    ),
    snippet(
        Express,
        &[C::CookieBlockedSamesite],
        "express-session",
        "app.use(session({ cookie: { sameSite: 'none', secure: true, partitioned: true } }));",
    ),
    snippet(Express, &[C::CookieTooLarge], "", "node --max-http-header-size=32768 server.js"),
    snippet(
        Express,
        &[C::ServerKeyRotated, C::ServerMisconfig],
        "express-session",
        "// A store that outlives a restart; a new secret first, the old one kept for a while.
app.use(session({
  store: new RedisStore({ client }),
  secret: [process.env.SECRET, process.env.OLD_SECRET],
  rolling: true,
  cookie: { maxAge: 8 * 60 * 60 * 1000 },
}));",
    ),
    snippet(
        Express,
        &[C::HttpCacheStale],
        "",
        "app.use((req, res, next) => {
  res.set('Cache-Control', 'no-store').vary('Cookie').vary('Authorization');
  next();
});",
    ),
    snippet(
        Express,
        &[C::ServerMisconfig],
        "",
        "// The sign-in and its files come before whatever asks for a sign-in.
app.use('/login', signIn);
app.use(express.static('public'));
app.use(requireSignIn);
// In requireSignIn: res.set('WWW-Authenticate', 'Bearer').status(401).json({ error: 'sign in' });",
    ),
    snippet(Express, &[C::ClockSkew], "jsonwebtoken", "jwt.verify(token, key, { clockTolerance: 60 });"),
    snippet(
        Express,
        &[C::TokenSignatureInvalid, C::TokenWrongAudienceIssuer],
        "jose",
        "// Fetches the keys anew when it meets an unknown one.
const keys = createRemoteJWKSet(new URL('https://id.example.com/.well-known/jwks.json'));
const { payload } = await jwtVerify(token, keys, {
  issuer: 'https://id.example.com/',
  audience: 'https://api.example.com',
});",
    ),
    snippet(
        Express,
        &[C::InsufficientScope],
        "",
        "res.set('WWW-Authenticate', 'Bearer error=\"insufficient_scope\", scope=\"orders:write\"')
   .status(403).json({ needs: 'orders:write' });",
    ),
    snippet(
        Express,
        &[C::MfaOrStepUpRequired],
        "",
        "const challenge = 'Bearer error=\"insufficient_user_authentication\", acr_values=\"mfa\"';
res.set('WWW-Authenticate', challenge).status(401).end();",
    ),
];
