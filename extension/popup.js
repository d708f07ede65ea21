import { api } from "./browser.js";
import { start } from "./page.js";
import { readTab } from "./records.js";
import { kept, orElse } from "./storage.js";

// What the browser knows, asked all at once.
async function read() {
  const wanted = Number(new URLSearchParams(location.search).get("tab") ?? NaN);
  const [tab, stored, { os }, looksPrivate] = await Promise.all([
    Number.isInteger(wanted) ? closedOr(wanted) : api.tabs.query({ active: true, currentWindow: true }).then(([tab]) => tab),
    kept("settings"),
    orElse(() => api.runtime.getPlatformInfo(), {}),
    orElse(() => api.extension.isAllowedIncognitoAccess(), false),
  ]);
  const ids = stored.memory.tabs?.[tab?.id] ?? [];
  const records = ids.length > 0 ? await readTab(ids.toReversed()) : undefined;
  return { tab, ...stored, records, os, looksPrivate };
}

// A tab that was closed meanwhile is shown by what is known of it.
function closedOr(id) {
  return api.tabs.get(id).catch(() => ({ id }));
}

// The first time it is asked while wasm is compiled. What changes meanwhile makes that out of date.
let first = read();
first.catch(() => {});
api.runtime.onMessage.addListener((message) => {
  if (message?.kind === "changed") first = undefined;
});

await start("popup", () => {
  const known = first ?? read();
  first = undefined;
  return known;
});
