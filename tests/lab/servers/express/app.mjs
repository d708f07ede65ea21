// Three ways of Express to remember somebody, and what a restart does to each. The secret of each comes
// from outside; every site is signed in to at its own /start, as a single sign-on would.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import cookieSession from "cookie-session";
import express from "express";
import session from "express-session";
import jwt from "jsonwebtoken";

const { PORT, SECRET } = process.env;

// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());

const page = (word, title, inner = "") =>
  `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,"></head>` +
  `<body data-lab="${word}"><h1>${title}</h1>${inner}</body></html>`;

const app = express();
app.use((_, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
});

// Sessions in memory (express-session's MemoryStore): a restart forgets them, the cookies stay.
const inMemory = express.Router();
inMemory.use(
  session({ secret: "the same at every start", resave: false, saveUninitialized: false, cookie: { maxAge: 1_209_600_000 } }),
);
inMemory.get(["/start", "/login"], (request, response) => {
  request.session.user = "sam";
  if (request.path === "/login") return response.redirect("/memory/account");
  return response.send(page("done", "Signed in"));
});
inMemory.get("/account", (request, response) => {
  if (request.session.user) return response.send(page("in", "Your account"));
  return response.status(401).send(page("out", "Please sign in"));
});
app.use("/memory", inMemory);

// The session in the cookie itself, signed (cookie-session). A stranger is sent to the sign-in; a cookie
// that it cannot read is an error to it.
const inCookie = express.Router();
inCookie.use(cookieSession({ name: "session", keys: [SECRET], maxAge: 1_209_600_000 }));
inCookie.get("/start", (request, response) => {
  request.session.user = "sam";
  response.send(page("done", "Signed in"));
});
inCookie.get("/sso", (request, response) => {
  request.session.user = "sam";
  response.redirect("/cookie/account");
});
inCookie.get("/account", (request, response) => {
  if (request.session.user) return response.send(page("in", "Your account"));
  if (/(^|; )session=/.test(request.headers.cookie ?? "")) return response.status(401).send(page("out", "Bad session"));
  return response.redirect("/cookie/sso");
});
app.use("/cookie", inCookie);

// A token, signed with a secret (jsonwebtoken). The app gets one where it has none, by a cookie that is
// remembered over restarts.
const REMEMBERED = "remembered.txt";
const isKnown = ({ headers }) =>
  existsSync(REMEMBERED) && (headers.cookie ?? "").includes(`device=${readFileSync(REMEMBERED, "utf8")}`);
const byToken = express.Router();
byToken.get("/start", (_, response) => {
  const device = jwt.sign({ device: Date.now() }, SECRET).split(".")[2];
  writeFileSync(REMEMBERED, device);
  response.cookie("device", device, { httpOnly: true, maxAge: 2_592_000_000, sameSite: "lax" });
  response.send(page("done", "Signed in"));
});
byToken.post("/token", (request, response) => {
  if (!isKnown(request)) return response.status(403).json({ error: "sign in first" });
  return response.json({ token: jwt.sign({ sub: "sam" }, SECRET, { expiresIn: "30d" }) });
});
byToken.get("/api/me", (request, response) => {
  try {
    const [, token] = (request.headers.authorization ?? "").split(" ");
    const { sub } = jwt.verify(token, SECRET);
    return response.json({ sub });
  } catch (error) {
    // RFC 6750, section 3, with jsonwebtoken's own words.
    response.set("WWW-Authenticate", `Bearer error="invalid_token", error_description="${error.message}"`);
    return response.status(401).json({ error: error.message });
  }
});
byToken.get("/app", (_, response) => {
  const script = `
    (async () => {
      if (!localStorage.token) {
        const answer = await fetch("/jwt/token", { method: "POST" });
        if (answer.ok) localStorage.token = (await answer.json()).token;
      }
      const headers = { Authorization: "Bearer " + localStorage.token };
      const answer = await fetch("/jwt/api/me", { headers });
      document.body.dataset.lab = answer.ok ? "in" : "out";
    })();`;
  response.send(page("wait", "Your app", `<script>${script}</script>`));
});
app.use("/jwt", byToken);

// Where a person looks for the sign-in.
app.get("/", (_, response) => response.redirect("/memory/login"));

app.listen(Number(PORT), "127.0.0.1");
