// The least that a popup can do: a record read and shown by JavaScript alone. Where COMPILE is set, after as much
// wasm is compiled as Latchkey's pages are made of, and nothing of it run; where ASKS is set, after the browser is asked
// what Latchkey's popup has to ask before it reads. A record that has its markup with it is shown by that.

import { api } from "./browser.js";

const wait = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

const compiled = globalThis.COMPILE && WebAssembly.compileStreaming(fetch("pages_bg.wasm"));
if (globalThis.ASKS) {
  await Promise.all([
    api.tabs.query({ active: true, currentWindow: true }),
    api.storage.session.get(null),
    api.storage.local.get("settings"),
    api.storage.managed.get(null).catch(() => ({})),
    api.runtime.getPlatformInfo(),
    api.extension.isAllowedIncognitoAccess(),
  ]);
}
const database = await wait(indexedDB.open("latchkey", 1));
const [record] = await wait(database.transaction("incidents").objectStore("incidents").getAll(null, 1));
await compiled;
const main = document.querySelector("main");
if (record.markup) {
  main.outerHTML = record.markup;
} else {
  const title = document.createElement("h1");
  title.className = "title";
  title.dataset.cause = "session_expired";
  title.textContent = `Your session has expired (${record.exchange.status}).`;
  const text = document.createElement("p");
  text.className = "will";
  text.textContent = "One sentence more.";
  main.append(title, text);
}
