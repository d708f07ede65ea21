// The physical limit: what extension/background.js listens to, or a part of it, and nothing done about it.

import { api, EXTRA, FETCHES, FILTER, IS_FIREFOX } from "./browser.js";

const nothing = () => {};
const requests = api.webRequest;
const PAGES = { ...FILTER, types: ["main_frame"] };

const LISTEN = {
  nothing() {},
  ends() {
    requests.onCompleted.addListener(nothing, FILTER);
  },
  headers() {
    requests.onSendHeaders.addListener(nothing, FILTER, ["requestHeaders"]);
    requests.onCompleted.addListener(nothing, FILTER, ["responseHeaders"]);
  },
  all() {
    requests.onSendHeaders.addListener(nothing, FILTER, ["requestHeaders", ...EXTRA]);
    requests.onBeforeRedirect.addListener(nothing, FILTER, ["responseHeaders", ...EXTRA]);
    requests.onAuthRequired.addListener(nothing, FILTER);
    requests.onCompleted.addListener(nothing, FILTER, ["responseHeaders", ...EXTRA]);
    requests.onErrorOccurred.addListener(nothing, FILTER);
    if (IS_FIREFOX) requests.onResponseStarted.addListener(nothing, FETCHES, ["responseHeaders"]);
    if (IS_FIREFOX) requests.onHeadersReceived.addListener(nothing, PAGES, ["responseHeaders"]);
    api.tabs.onCreated.addListener(nothing);
    api.tabs.onUpdated.addListener(nothing);
    api.tabs.onRemoved.addListener(nothing);
  },
};

LISTEN[globalThis.LISTEN ?? "all"]();
