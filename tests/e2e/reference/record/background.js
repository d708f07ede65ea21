// The least that can be done: a record of the same size, written by JavaScript alone. Where COMPILE is set, after
// as much wasm is compiled as Latchkey's background is made of, and nothing of it run.

import { api, EXTRA, FILTER } from "./browser.js";

const sent = new Map();
api.webRequest.onSendHeaders.addListener((details) => void sent.set(details.requestId, details), FILTER, ["requestHeaders", ...EXTRA]);
api.webRequest.onCompleted.addListener(
  async (details) => {
    const request = sent.get(details.requestId);
    sent.delete(details.requestId);
    if (details.statusCode !== 401) return;
    const compiled = globalThis.COMPILE && WebAssembly.compileStreaming(fetch("background_bg.wasm"));
    const opening = indexedDB.open("latchkey", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("incidents", { autoIncrement: true });
    opening.onsuccess = async () => {
      await compiled;
      const { url, method, type, tabId, timeStamp, statusCode, responseHeaders } = details;
      const record = { url, method, type, tabId, timeStamp, statusCode, responseHeaders, requestHeaders: request?.requestHeaders };
      opening.result.transaction("incidents", "readwrite").objectStore("incidents").add(record);
    };
  },
  FILTER,
  ["responseHeaders", ...EXTRA],
);
