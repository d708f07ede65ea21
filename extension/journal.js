// What the background is about to deal with, in the browser's memory: one that is killed in the midst of
// it leaves it there to the next. An entry holds what the request held, so it stays only until the
// incident, which keeps none of it, is on disk; and it is never on disk itself.

import { api } from "./browser.js";

const PREFIX = "told ";
const MOST = 32;
const kept = new Set();

/** Keeps a request that ended; returns the name to drop it by. */
export function keep(details, entry) {
  if (kept.size >= MOST) return undefined;
  const key = `${PREFIX}${details.requestId} ${details.timeStamp}`;
  kept.add(key);
  const { sent, hops = [], prompts = 0, refused } = entry ?? {};
  api.storage.session.set({ [key]: { details, entry: { sent, hops, prompts, refused } } }).catch(() => {});
  return key;
}

/** It is dealt with. */
export function drop(key) {
  if (key === undefined || !kept.delete(key)) return;
  api.storage.session.remove(key).catch(() => {});
}

/** What the last background left, oldest first, in what it kept in memory. */
export function left(memory) {
  const all = Object.entries(memory).filter(([key]) => key.startsWith(PREFIX));
  for (const [key] of all) kept.add(key);
  return all
    .map(([key, { details, entry }]) => ({ key, details, entry }))
    .sort((one, other) => one.details.timeStamp - other.details.timeStamp);
}
