// The fast path. Nearly every request ends here: a few comparisons, nothing told, and nothing kept but
// the last few.
// What is told: refusals, and what happens on sites and tabs that have a lock-out.

import { api, HIDES_LOGIN, IS_FIREFOX } from "./browser.js";
import { begin, prepare, tell, work } from "./engine.js";
import * as journal from "./journal.js";
import { orElse } from "./storage.js";

// docs/architecture.md: "What a lock-out is".
const REFUSALS = new Set([400, 401, 403, 407, 419, 423, 429, 431, 440, 498, 511]);

// A browser gives up on a chain of redirects after 20; what it says of it differs.
const MANY_HOPS = 16;

// Requests under way: what is known of them before they end. Bounded; the oldest are let go.
const pending = new Map();
const MOST_PENDING = 2000;

// When an origin last let somebody in, pages and requests apart: the past of sites without a
// record. In memory only, lost with the background, and then unknown. Nothing of private windows.
const letIn = new Map();
const MOST_ORIGINS = 256;

// Where the browser signed in to an origin with a login of its own: it sends that login from then
// on, and Chrome does not show it.
const logins = new Map();

// Tabs whose page a proxy has stopped, or that went in circles, and where it was to lead: Firefox calls what
// was there before (or an empty page) complete, and then shows its own.
const stopped = new Map();

// The last requests, as the browser told of them: what came just before a refusal often tells its cause
// (a sign-in whose cookie is not kept, a renewal that failed, a redirect). In memory only; handed over
// beside a refusal of the same tab, or never.
const recent = [];
const MOST_RECENT = 48;
const JUST_BEFORE = 300_000;

// Chrome says of a tab, not of a request, whether it is private. Where it does not say, any may be.
const privateTabs = new Set();
let tabsAreKnown = true;

// A site that refuses faster than wasm can follow: how many more there were, and the last of them. What
// waits already tells what it is about.
const MOST_WAITING = 8;
const more = new Map();

// Told, and not yet dealt with: looked at until then, whatever wasm says of those before.
const told = { open: new Map(), tabs: new Map(), like: new Map() };
const count = (map, key, by) => {
  const next = (map.get(key) ?? 0) + by;
  if (next > 0) map.set(key, next);
  else map.delete(key);
};

let seen = 0;

// What to look at. Kept by wasm in storage, so that a fresh background need not load wasm to know.
let looking;
const known = Promise.all([
  orElse(() => api.storage.local.get("watch"), {}),
  orElse(() => api.storage.session.get(null), {}),
  orElse(() => api.tabs.query({})),
])
  .then(([disk, memory, tabs]) => {
    tabsAreKnown = tabs !== undefined;
    for (const tab of tabs ?? []) if (tab.incognito) privateTabs.add(tab.id);
    looking ??= {
      open: new Set([...(disk.watch?.open ?? []), ...(memory.watch?.open ?? [])]),
      recorded: new Set(disk.watch?.recorded ?? []),
      tabs: new Set(Object.keys({ ...memory.tabs, ...memory.checks }).map(Number)),
      ignored: new Set(disk.watch?.ignored ?? []),
      off: new Set(disk.watch?.off ?? []),
    };
    const tasks = [];
    for (const { key, details, entry } of journal.left(memory)) {
      judgeAny(details, entry, [], key, (_, request, taken) => tasks.push([request, taken]));
    }
    begin(tasks);
  })
  .catch((error) => {
    console.warn("Latchkey:", error);
    looking ??= { open: new Set(), recorded: new Set(), tabs: new Set(), ignored: new Set(), off: new Set() };
    begin([]);
  });

/** Takes over what wasm wants to be looked at. */
export function follow({ open, recorded, tabs, ignored, off }) {
  looking = {
    open: new Set([...open, ...told.open.keys()]),
    recorded: new Set(recorded),
    tabs: new Set([...tabs, ...told.tabs.keys()]),
    ignored: new Set(ignored),
    off: new Set(off),
  };
}

/** Everything was erased: what is remembered here goes as well. */
export function forget() {
  for (const memory of [letIn, logins, more, ...Object.values(told)]) memory.clear();
  recent.length = 0;
}

/** What was seen, and how much of it was told, since the background woke. */
export const census = () => ({ seen, ...work() });

function under(details) {
  let entry = pending.get(details.requestId);
  if (!entry) {
    entry = { hops: [], prompts: 0 };
    pending.set(details.requestId, entry);
    if (pending.size > MOST_PENDING) pending.delete(pending.keys().next().value);
  }
  return entry;
}

export function sent(details) {
  under(details).sent = details;
}

export function redirected(details) {
  const entry = under(details);
  entry.hops.push([details.url, details.statusCode]);
  if (details.statusCode > 0) remember(details, entry);
  // What is sent next is another request. Where the browser gives up it is not sent at all, and would have
  // been like the last but one, of the same circle.
  entry.sentBefore = [entry.sentBefore?.[1], entry.sent];
  entry.sent = undefined;
}

export function prompted(details) {
  if (details.isProxy) return;
  under(details).prompts += 1;
}

/** Firefox: a preflight that is refused starts, and then ends as an error; so does a page whose proxy is
 *  not given the login that it asks for. */
export function started(details) {
  const isQuestion = details.method === "OPTIONS" && REFUSALS.has(details.statusCode);
  if (isQuestion || details.statusCode === 407) under(details).refused = details;
}

// `scheme://host[:port]` of a URL, without parsing it. Chrome leaves a login in it.
function originOf(url) {
  const start = url.indexOf("//") + 2;
  const end = url.indexOf("/", start);
  const origin = end < 0 ? url : url.slice(0, end);
  const at = origin.lastIndexOf("@");
  return at < 0 ? origin : origin.slice(0, start) + origin.slice(at + 1);
}

const siteOf = (origin) => origin.slice(origin.indexOf("//") + 2);

// A name stands for all under it, and for every port; with a port for that one (src/settings.rs).
function isIgnored(url) {
  if (looking.ignored.size === 0 || !url) return false;
  const site = siteOf(originOf(url));
  const port = /:\d+$/.exec(site)?.[0] ?? "";
  let name = port ? site.slice(0, -port.length) : site;
  for (;;) {
    if (looking.ignored.has(name) || looking.ignored.has(name + port)) return true;
    const dot = name.indexOf(".");
    if (dot < 0) return false;
    name = name.slice(dot + 1);
  }
}

const pageOf = ({ documentUrl, initiator, originUrl }) => documentUrl ?? initiator ?? originUrl ?? null;

// Refused in a way, and at a place, that the person wants to hear of.
const isRefused = (details) =>
  REFUSALS.has(details.statusCode) && !looking.off.has(details.statusCode) && isWatched(details);

// Of a page, it would be where the person came from.
const isWatched = (details) =>
  !isIgnored(details.url) && (details.type === "main_frame" || !isIgnored(pageOf(details)));

export function completed(details) {
  seen += 1;
  const entry = pending.get(details.requestId);
  pending.delete(details.requestId);
  // Wasm is compiled meanwhile. A background that was just woken does not know yet what to look at.
  if (looking ? isRefused(details) : REFUSALS.has(details.statusCode)) prepare();
  const before = REFUSALS.has(details.statusCode) ? justBefore(details) : [];
  remember(details, entry);
  const kept = mayMatter(details) ? journal.keep(details, entry) : undefined;
  if (looking) judge(details, entry, before, kept);
  else known.then(() => judge(details, entry, before, kept));
}

// Lost with the background, it would be missed: the first refusal of a site, and the page that a fix is
// checked by. Where nothing is known yet, either may be one.
function mayMatter({ statusCode, type, tabId, url }) {
  const isPage = type === "main_frame";
  if (!looking) return isPage || REFUSALS.has(statusCode);
  return isPage ? looking.tabs.has(tabId) || REFUSALS.has(statusCode) : REFUSALS.has(statusCode) && !looking.open.has(siteOf(originOf(url)));
}

function remember(details, entry) {
  recent.push({ details, entry: { sent: entry?.sent, prompts: entry?.prompts ?? 0, hops: [] } });
  if (recent.length > MOST_RECENT) recent.shift();
}

// Told of at once: later there would be more. Of a worker's request the tab is not known.
function justBefore({ tabId, cookieStoreId, timeStamp }) {
  const isNear = ({ details }) =>
    details.tabId === tabId && details.cookieStoreId === cookieStoreId && timeStamp - details.timeStamp < JUST_BEFORE;
  return tabId < 0 ? [] : recent.filter(isNear);
}

// A request that ended without an answer matters where a fix is being checked.
export function failed(details) {
  seen += 1;
  const entry = pending.get(details.requestId);
  pending.delete(details.requestId);
  const alike = entry?.sentBefore?.find((one) => one?.url === details.url);
  if (isLockOut(details, entry) && !entry.sent && alike) entry.sent = alike;
  const isClear = isLockOut(details, entry) || refusedBefore(details, entry);
  const before = isClear ? justBefore(details) : [];
  remember(details, entry);
  const kept = isClear ? journal.keep(details, entry) : undefined;
  if (looking) judgeFailed(details, entry, before, kept);
  else known.then(() => judgeFailed(details, entry, before, kept));
}

const isProxys = (details) => /PROXY|TUNNEL/.test(details.error ?? "");
const isLockOut = (details, entry) => entry?.hops.length >= MANY_HOPS || isProxys(details);
const refusedBefore = (details, entry) =>
  details.method === "OPTIONS" || isProxys(details) ? entry?.refused : undefined;

function judgeFailed(details, entry, before, kept, via) {
  const refused = refusedBefore(details, entry);
  if (isLockOut(details, entry) && details.type === "main_frame") stopped.set(details.tabId, siteOf(originOf(details.url)));
  if (refused && isRefused(refused)) judge({ ...refused, timeStamp: details.timeStamp }, entry, before, kept, via);
  else if ((isLockOut(details, entry) && isWatched(details)) || looking.open.has(siteOf(originOf(details.url)))) {
    pass(details, entry, undefined, before, kept, via);
  } else journal.drop(kept);
}

const judgeAny = (details, ...rest) => (details.error ? judgeFailed : judge)(details, ...rest);

function judge(details, entry, before, kept, via) {
  const { statusCode, type, tabId } = details;
  const origin = originOf(details.url);
  const good = (statusCode >= 200 && statusCode < 400) || statusCode === 101;
  const isPage = type === "main_frame";
  const past = `${details.cookieStoreId ?? ""} ${isPage ? "page" : "app"} ${origin}`;
  if (
    isRefused(details) ||
    looking.open.has(siteOf(origin)) ||
    (isPage && (looking.tabs.has(tabId) || (good && looking.recorded.has(siteOf(origin)))))
  ) {
    pass(details, entry, letIn.get(past), before, kept, via);
  } else journal.drop(kept);
  if (good && (isPage || type === "xmlhttprequest") && !details.fromCache && hasCredential(entry) && !isPrivate(details)) {
    // Deleted first, so that the map stays in order of time.
    letIn.delete(past);
    letIn.set(past, details.timeStamp);
    if (letIn.size > MOST_ORIGINS) letIn.delete(letIn.keys().next().value);
  }
  if (good && !logins.has(origin) && signsIn(details, entry) && !isPrivate(details)) {
    logins.set(origin, origin + new URL(details.url).pathname);
    if (logins.size > MOST_ORIGINS) logins.delete(logins.keys().next().value);
  }
}

// Did the browser add a login of its own? Firefox shows it; in Chrome it shows by the question that
// came before, or by the address that it was taken from.
function signsIn({ url }, entry) {
  if (!entry) return false;
  if (HIDES_LOGIN) return entry.prompts > 0 || url.lastIndexOf("@", url.indexOf("/", 8)) > 0;
  return entry.sent?.requestHeaders?.some(
    ({ name, value }) => name.length === 13 && name.toLowerCase() === "authorization" && /^(basic|digest) /i.test(value),
  );
}

// What a site answers to everybody says nothing of a sign-in.
function hasCredential(entry) {
  return entry?.sent?.requestHeaders?.some(({ name }) => {
    const lower = name.length === 6 || name.length === 13 ? name.toLowerCase() : "";
    return lower === "cookie" || lower === "authorization";
  });
}

const isPrivate = ({ incognito, tabId }) =>
  incognito ?? (!tabsAreKnown || (tabId >= 0 ? privateTabs.has(tabId) : privateTabs.size > 0));

const asSeen = (details, entry) => ({
  url: details.url,
  method: details.method,
  type: details.type,
  page: pageOf(details),
  began: entry?.sent?.timeStamp ?? null,
  tab: details.tabId,
  at: details.timeStamp,
  status: details.statusCode ?? 0,
  error: details.error ?? null,
  ip: details.ip ?? null,
  requestHeaders: entry?.sent?.requestHeaders ?? null,
  responseHeaders: details.responseHeaders ?? null,
  hidesLogin: HIDES_LOGIN,
  fromCache: details.fromCache ?? false,
  prompts: entry?.prompts ?? 0,
  hops: entry?.hops ?? [],
  speculative: details.documentLifecycle === "prerender",
});

function pass(details, entry, lastSuccess, before, kept, via = tell) {
  const site = siteOf(originOf(details.url));
  const again = more.get(site)?.count ?? 0;
  if (isOneOfMany(details, site)) {
    more.set(site, { count: again + 1, details, entry });
    return journal.drop(kept);
  }
  more.delete(site);
  // What came before was told of with one that is like it, and still waits.
  const context = told.like.get(site) === likeness(details) ? [] : before;
  const request = privacyOf(details).then(({ isPrivate, store }) => ({
    ...asSeen(details, entry),
    store,
    private: isPrivate,
    loginAt: isPrivate ? null : (logins.get(originOf(details.url)) ?? null),
    lastSuccess: lastSuccess ?? null,
    again,
    before: context.map((one) => asSeen(one.details, one.entry)),
  }));
  // At once, so that what follows this refusal is not missed while wasm looks at it.
  const tab = details.type === "main_frame" ? details.tabId : -1;
  count(told.open, site, 1);
  if (tab >= 0) count(told.tabs, tab, 1);
  told.like.set(site, likeness(details));
  looking.open.add(site);
  if (tab >= 0) looking.tabs.add(tab);
  via("exchange", request, () => {
    journal.drop(kept);
    count(told.open, site, -1);
    if (tab >= 0) count(told.tabs, tab, -1);
    if (told.open.has(site)) return;
    told.like.delete(site);
    const last = more.get(site);
    if (!last) return;
    more.set(site, { ...last, count: last.count - 1 });
    pass(last.details, last.entry, undefined, []);
  });
  // Firefox may have said before that the tab is complete, when nobody looked at it yet.
  if (tab >= 0 && IS_FIREFOX && REFUSALS.has(details.statusCode)) {
    api.tabs.get(tab).then((now) => tabUpdated(tab, now, now), () => {});
  }
}

// A page itself always counts, and so does what is not refused, or in another way.
const likeness = ({ method, statusCode, tabId }) => `${method} ${statusCode} ${tabId}`;
const isOneOfMany = (details, site) =>
  details.type !== "main_frame" &&
  REFUSALS.has(details.statusCode) &&
  (told.open.get(site) ?? 0) >= MOST_WAITING &&
  told.like.get(site) === likeness(details);

// Firefox says it with every request, Chrome only of tabs. A request without a tab while a private
// window is open may be that window's: it is treated as such.
async function privacyOf(details) {
  if (details.cookieStoreId !== undefined) {
    return { isPrivate: details.incognito === true, store: details.cookieStoreId };
  }
  let hidden;
  try {
    hidden = details.tabId >= 0 ? (await api.tabs.get(details.tabId)).incognito : isPrivate(details);
  } catch {
    // The tab is gone. Nothing of it is written when it may have been a private one.
    hidden = await api.extension.isAllowedIncognitoAccess();
  }
  return { isPrivate: hidden, store: hidden ? "1" : "0" };
}

export function tabUpdated(tabId, change, tab) {
  if (change.status !== "complete") return;
  const led = stopped.get(tabId);
  if (stopped.delete(tabId) && siteOf(originOf(tab.url ?? "")) !== led) return;
  const judged = () => {
    if (looking.tabs.has(tabId)) tell("tab_complete", { tab: tabId, url: tab.url });
  };
  if (looking) judged();
  else known.then(judged);
}

export function tabRemoved(tabId) {
  privateTabs.delete(tabId);
  stopped.delete(tabId);
  const judged = () => {
    if (looking.tabs.has(tabId)) tell("tab_removed", tabId);
  };
  if (looking) judged();
  else known.then(judged);
}

export function tabCreated(tab) {
  if (tab.incognito) privateTabs.add(tab.id);
}
