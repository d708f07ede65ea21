// An OpenID provider (oidc-provider) for the sites behind Apache. Whoever comes is known as Sam.

const { PORT, LAB_HOST, SECRET, APPS } = process.env;

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());

const provider = new Provider(`http://${LAB_HOST}:${PORT}`, {
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

const server = createServer((request, response) => {
  if (request.url === "/__lab/ready") return response.end();
  if (request.url.startsWith("/interaction/")) {
    return provider.interactionFinished(request, response, { login: { accountId: "sam" } });
  }
  return toProvider(request, response);
});
server.listen(Number(PORT), "127.0.0.1");
