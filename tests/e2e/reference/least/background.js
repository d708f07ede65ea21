// The least that wasm can do: a refused request is made a record without secrets (tests/e2e/least), and written. No
// state is read, nobody is asked whether it may be, and nothing comes of it. Where ASKS is set, it is listened to all
// that Latchkey listens to, and asked what has to be known before a refusal may be written.

import { api, EXTRA, FETCHES, FILTER, IS_FIREFOX } from "./browser.js";
import init, { record } from "./record.js";

const nothing = () => {};
function listen() {
  const requests = api.webRequest;
  requests.onBeforeRedirect.addListener(nothing, FILTER, ["responseHeaders", ...EXTRA]);
  requests.onAuthRequired.addListener(nothing, FILTER);
  requests.onErrorOccurred.addListener(nothing, FILTER);
  if (IS_FIREFOX) requests.onResponseStarted.addListener(nothing, FETCHES, ["responseHeaders"]);
  const pages = { ...FILTER, types: ["main_frame"] };
  if (IS_FIREFOX) requests.onHeadersReceived.addListener(nothing, pages, ["responseHeaders"]);
  for (const event of [api.tabs.onCreated, api.tabs.onUpdated, api.tabs.onRemoved]) event.addListener(nothing);
  for (const event of [api.alarms.onAlarm, api.storage.onChanged, api.permissions.onAdded]) event.addListener(nothing);
  for (const event of [api.runtime.onStartup, api.runtime.onInstalled, api.runtime.onMessage]) event.addListener(nothing);
}

if (globalThis.ASKS) listen();

// Which sites are left alone, what is still open, which windows are private.
const asked =
  globalThis.ASKS &&
  Promise.all([api.storage.local.get("watch"), api.storage.session.get(null), api.tabs.query({})]);

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
    // Firefox says of each request whether its window is private, Chrome only of a tab.
    const isPrivate = asked?.then(() => IS_FIREFOX || api.tabs.get(details.tabId));
    const [database] = await Promise.all([opened, ready, isPrivate]);
    const { url, method, tabId: tab, timeStamp: at, statusCode: status, responseHeaders } = details;
    const made = record({ url, method, tab, at, status, responseHeaders, requestHeaders: request?.requestHeaders ?? [] });
    database.transaction("incidents", "readwrite").objectStore("incidents").add(made);
  },
  FILTER,
  ["responseHeaders", ...EXTRA],
);
