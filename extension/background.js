// The background: every listener is registered here, at once and at the top level, so that the
// browser can wake it for any of them. What to look at is decided in watch.js, all else in wasm.

import { api, EXTRA, FETCHES, FILTER, IS_FIREFOX } from "./browser.js";
import * as watch from "./watch.js";
import { tell } from "./engine.js";
import * as notices from "./notices.js";

const requests = api.webRequest;
requests.onSendHeaders.addListener(watch.sent, FILTER, ["requestHeaders", ...EXTRA]);
requests.onBeforeRedirect.addListener(watch.redirected, FILTER, ["responseHeaders", ...EXTRA]);
requests.onAuthRequired.addListener(watch.prompted, FILTER);
requests.onCompleted.addListener(watch.completed, FILTER, ["responseHeaders", ...EXTRA]);
requests.onErrorOccurred.addListener(watch.failed, FILTER);
// Firefox ends a refused preflight as an error; its status is seen only when it starts.
if (IS_FIREFOX) requests.onResponseStarted.addListener(watch.started, FETCHES, ["responseHeaders"]);
// So does a page whose proxy asked for a login and was given none; that one never starts.
const PAGES = { ...FILTER, types: ["main_frame"] };
if (IS_FIREFOX) requests.onHeadersReceived.addListener(watch.started, PAGES, ["responseHeaders"]);

api.tabs.onCreated.addListener(watch.tabCreated);
api.tabs.onUpdated.addListener(watch.tabUpdated);
api.tabs.onRemoved.addListener(watch.tabRemoved);

// Waking is all that an alarm is for: what was begun goes on by itself, and what is due is done.
api.alarms.onAlarm.addListener(() => void tell("asked", "wake"));

// Once a day, also where nobody is ever locked out. Firefox forgets alarms when it ends.
const everyDay = () => void api.alarms.create("day", { delayInMinutes: 15, periodInMinutes: 1440 });
api.runtime.onStartup.addListener(everyDay);
api.runtime.onInstalled.addListener(({ reason }) => {
  everyDay();
  if (reason === "install") void notices.welcome();
});

// A policy, or somebody by hand.
api.storage.onChanged.addListener((changes, area) => {
  if (area === "managed" || (area === "local" && changes.settings)) void tell("configured");
});

// Notifications are there as long as the person allows them.
const listenToNotices = () => {
  const clicked = api.notifications?.onClicked;
  if (clicked && !clicked.hasListener(notices.clicked)) clicked.addListener(notices.clicked);
};
listenToNotices();
api.permissions.onAdded.addListener(listenToNotices);

api.runtime.onMessage.addListener((message, sender, reply) => {
  // Only our own pages may ask. Web pages and other extensions have no way in, and none is opened.
  const ours = sender.id === api.runtime.id && sender.url?.startsWith(api.runtime.getURL(""));
  if (!ours) return;
  // Asked for by tests alone: that an ordinary request never reaches wasm.
  if (message?.kind === "census") {
    reply(watch.census());
    return;
  }
  if (message?.kind === "changed") return;
  // What DevTools show of a request is no question: it may hold secrets, which end where it is read.
  tell(message?.kind === "recorded" ? "recorded" : "asked", message).then((answer) => reply(answer?.reply));
  return true;
});
