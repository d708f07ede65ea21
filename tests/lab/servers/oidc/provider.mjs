// An OpenID provider (oidc-provider) for the sites behind Apache. Whoever comes is known as Sam.

const { PORT, LAB_HOST, SECRET, APPS } = process.env;

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());

const ORIGIN = `http://${LAB_HOST}:${PORT}`;

const provider = new Provider(ORIGIN, {
  clients: [
    {
      client_id: "apache",
      client_secret: SECRET,
      redirect_uris: APPS.split(" ").map((app) => `${app}/oidc/callback`),
    },
  ],
  cookies: { keys: [SECRET] },
  // mod_auth_openidc does without, unless it is told.
  pkce: { required: () => false },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // Whoever is signed in has agreed.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});
const toProvider = provider.callback();

// Servers do not find the host that browsers do.
const HERE = `http://127.0.0.1:${PORT}`;
const metadata = JSON.stringify({
  issuer: ORIGIN,
  authorization_endpoint: `${ORIGIN}/auth`,
  token_endpoint: `${HERE}/token`,
  jwks_uri: `${HERE}/jwks`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
});

const server = createServer((request, response) => {
  if (request.url === "/__lab/ready") return response.end();
  if (request.url === "/metadata") return response.setHeader("Content-Type", "application/json").end(metadata);
  if (request.url.startsWith("/interaction/")) {
    return provider.interactionFinished(request, response, { login: { accountId: "sam" } });
  }
  return toProvider(request, response);
});
server.listen(Number(PORT), "127.0.0.1");
