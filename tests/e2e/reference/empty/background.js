// The physical limit: what extension/background.js listens to, and nothing done about it.

import { api, EXTRA, FETCHES, FILTER, HIDES_LOGIN } from "./browser.js";

const nothing = () => {};
const requests = api.webRequest;
requests.onSendHeaders.addListener(nothing, FILTER, ["requestHeaders", ...EXTRA]);
requests.onBeforeRedirect.addListener(nothing, FILTER, ["responseHeaders", ...EXTRA]);
requests.onAuthRequired.addListener(nothing, FILTER);
requests.onCompleted.addListener(nothing, FILTER, ["responseHeaders", ...EXTRA]);
requests.onErrorOccurred.addListener(nothing, FILTER);
if (!HIDES_LOGIN) requests.onResponseStarted.addListener(nothing, FETCHES, ["responseHeaders"]);
if (!HIDES_LOGIN) requests.onHeadersReceived.addListener(nothing, { ...FILTER, types: ["main_frame"] }, ["responseHeaders"]);
api.tabs.onCreated.addListener(nothing);
api.tabs.onUpdated.addListener(nothing);
api.tabs.onRemoved.addListener(nothing);
