// The least that a popup can do: a record read and shown by JavaScript alone. Where COMPILE is set, after as much
// wasm is compiled as Latchkey's pages are made of, and nothing of it run.

import "./browser.js";

const wait = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

const compiled = globalThis.COMPILE && WebAssembly.compileStreaming(fetch("pages_bg.wasm"));
const database = await wait(indexedDB.open("latchkey", 1));
const [record] = await wait(database.transaction("incidents").objectStore("incidents").getAll(null, 1));
await compiled;
const title = document.createElement("h1");
title.className = "title";
title.dataset.cause = "session_expired";
title.textContent = `Your session has expired (${record.exchange.status}).`;
const text = document.createElement("p");
text.className = "will";
text.textContent = "One sentence more.";
document.querySelector("main").append(title, text);
