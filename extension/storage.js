// One door to what the browser keeps. No read may hold up the others, or spoil them: one that fails, or that is
// never answered (Firefox now and then forgets one of `storage.session`), is asked once more and then given up.

import { api } from "./browser.js";

// In milliseconds. Longer than a busy machine takes.
const PATIENCE = 5_000;

function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the browser does not answer")), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const answer = (ask) => inTime(ask()).catch(() => inTime(ask()));

/** What is asked for, or something else. */
export const orElse = (ask, other) => answer(ask).catch(() => other);

/** What wasm begins with, read while it is compiled. Only what is in memory must be there. */
export async function kept(onDisk) {
  const [memory, disk, policy] = await Promise.all([
    answer(() => api.storage.session.get(null)),
    orElse(() => api.storage.local.get(onDisk), {}),
    // Rejected in Firefox where there is no policy.
    api.storage.managed.get(null).catch(() => ({})),
  ]);
  return { memory, disk, policy };
}
