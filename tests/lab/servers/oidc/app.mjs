// An OpenID provider (oidc-provider), an app that signs in by it, and the app's API, at one address. What
// the app does wrong is told by the site's name.

const { PORT, LAB_HOST, SECRET } = process.env;
const ORIGIN = `http://${LAB_HOST}:${PORT}`;
const KIND = LAB_HOST.split(".")[0];

// Told before anything asks for the time: the story begins an hour ago, and time passes all at once, so
// that what was issued then is over by every clock. Of an audience time is no matter.
let behind = KIND === "audience" ? 0 : 3_600_000;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() - behind);
    else super(...parts);
  }
  static now() {
    return RealDate.now() - behind;
  }
};

const { createServer } = await import("node:http");
const { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } = await import("jose");
const { Provider } = await import("oidc-provider");

// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());

const [BEFORE, NOW] = ["https://api.oidc.test", "https://api-2.oidc.test"];

const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
const key = { kid: "one", use: "sig", alg: "RS256" };
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), ...key }] });

const provider = new Provider(ORIGIN, {
  clients: [
    {
      client_id: "app",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: [`${ORIGIN}/callback`],
    },
  ],
  cookies: { keys: [SECRET] },
  jwks: { keys: [{ ...(await exportJWK(privateKey)), ...key }] },
  // Web Crypto, which PKCE takes, is for https alone, and this site is none.
  pkce: { required: () => false },
  // A cookie of less than an hour would be over when it is set.
  ttl: { AccessToken: 600, Grant: 1_209_600, Interaction: 86_400, RefreshToken: 1_209_600, Session: 1_209_600 },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => BEFORE,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, audience) => ({
        scope: "read",
        audience,
        accessTokenTTL: 600,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // Whoever is signed in has agreed.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid");
    for (const resource of [BEFORE, NOW]) grant.addResourceScope(resource, "read");
    await grant.save();
    return grant;
  },
});
const toProvider = provider.callback();

// What the API wants since its last release.
let wanted = BEFORE;
const turn = () => {
  behind = 0;
  if (KIND === "audience") wanted = NOW;
};

const page = (word, title, script = "") =>
  `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,"></head>` +
  `<body data-lab="${word}"><h1>${title}</h1>${script && `<script type="module">${script}</script>`}</body></html>`;

const begin = (then) => `
  const to = new URL("/auth", location);
  to.search = new URLSearchParams({ client_id: "app", response_type: "code", scope: "openid read",
    redirect_uri: "${ORIGIN}/callback", resource: "${wanted}", state: "${then}" });
  location.replace(to);`;

const ask = (fields) => `
  const ask = (fields) => fetch("/token", { method: "POST", body: new URLSearchParams({ client_id: "app", ...fields }) });
  const answer = await ask(${fields});`;

const callback = () => `
  const given = new URLSearchParams(location.search);
  ${ask(`{ grant_type: "authorization_code", code: given.get("code"), redirect_uri: "${ORIGIN}/callback" }`)}
  const tokens = await answer.json();
  localStorage.access_token = tokens.access_token;
  localStorage.refresh_token = tokens.refresh_token;
  location.replace(given.get("state"));`;

const call = `
  const me = await fetch("/api/me", { headers: { Authorization: "Bearer " + localStorage.access_token } });
  document.body.dataset.lab = me.ok ? "in" : "out";`;

// It asks for a token only where it has none.
const keeps = () => `if (localStorage.access_token) {${call}} else {${begin("/app")}}`;

// It renews at each start, and forgets to keep what it is to renew with the next time: it sends the old one
// again, which a provider takes for a thief's (RFC 9700, section 4.14.2).
const forgets = () => `
  ${ask(`{ grant_type: "refresh_token", refresh_token: localStorage.refresh_token }`)}
  if (answer.ok) {
    localStorage.access_token = (await answer.json()).access_token;
    ${call}
  } else {
    document.body.dataset.lab = "out";
  }`;

async function api(request, response) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  try {
    await jwtVerify(token ?? "", keys, { issuer: ORIGIN, audience: wanted });
    response.end('{"name":"Sam"}');
  } catch (error) {
    const why = error.message.replaceAll('"', "'");
    const challenge = token ? `Bearer error="invalid_token", error_description="${why}"` : "Bearer";
    response.writeHead(401, { "WWW-Authenticate": challenge }).end('{"error":"invalid_token"}');
  }
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, ORIGIN);
  const html = (text) => response.setHeader("Content-Type", "text/html; charset=utf-8").end(text);
  response.setHeader("Cache-Control", "no-store");
  if (pathname === "/__lab/turn") return response.end(String(turn() ?? ""));
  if (pathname === "/__lab/ready") return response.end();
  if (pathname === "/") return response.writeHead(303, { Location: "/login" }).end();
  if (pathname === "/login") return html(page("wait", "Signing in", begin("/app")));
  if (pathname === "/start") return html(page("wait", "Signing in", begin("/started")));
  if (pathname === "/started") return html(page("done", "Signed in"));
  if (pathname === "/callback") return html(page("wait", "Signing in", callback()));
  if (pathname === "/app") return html(page("wait", "Your app", KIND === "rotation" ? forgets() : keeps()));
  if (pathname === "/api/me") return api(request, response);
  if (pathname.startsWith("/interaction/")) {
    return provider.interactionFinished(request, response, { login: { accountId: "sam" } });
  }
  return toProvider(request, response);
});
server.listen(Number(PORT), "127.0.0.1");
