// The least that wasm can do: a refused request is made a record without secrets (tests/e2e/least), and written. No
// state is read, nobody is asked whether it may be, and nothing comes of it.

import { api, EXTRA, FILTER } from "./browser.js";
import init, { record } from "./record.js";

const sent = new Map();
api.webRequest.onSendHeaders.addListener((details) => void sent.set(details.requestId, details), FILTER, ["requestHeaders", ...EXTRA]);
api.webRequest.onCompleted.addListener(
  async (details) => {
    const request = sent.get(details.requestId);
    sent.delete(details.requestId);
    if (details.statusCode !== 401) return;
    const ready = init({ module_or_path: WebAssembly.compileStreaming(fetch("record_bg.wasm")) });
    const opening = indexedDB.open("latchkey", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("incidents", { autoIncrement: true });
    const opened = new Promise((done) => {
      opening.onsuccess = () => done(opening.result);
    });
    const [database] = await Promise.all([opened, ready]);
    const { url, method, tabId: tab, timeStamp: at, statusCode: status, responseHeaders } = details;
    const made = record({ url, method, tab, at, status, responseHeaders, requestHeaders: request?.requestHeaders ?? [] });
    database.transaction("incidents", "readwrite").objectStore("incidents").add(made);
  },
  FILTER,
  ["responseHeaders", ...EXTRA],
);
