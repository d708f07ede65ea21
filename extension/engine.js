// The wasm instance: loaded when an event needs it, fed one event at a time, dropped and started
// afresh when it traps.

import init, * as wasm from "./wasm/background.js";
import "./inject.js";
import { isGone, read } from "./records.js";
import { kept } from "./storage.js";
import { follow, forget } from "./watch.js";

let compiled;
let records;
let connection;
let started;
// Opened by `begin`: what the last background left comes before all else.
let open;
let tail = new Promise((done) => {
  open = done;
});
let crossings = 0;
let compiles = 0;
let trapped = () => {};

// A trap in the midst of a task is thrown at nobody: it ends here, and so does the wait for it.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, (event) => {
    const error = event.error ?? event.reason;
    if (error instanceof WebAssembly.RuntimeError) trapped(error);
  });
}

/** How many events have crossed into wasm since the background woke, and how often it began to be compiled. */
export const work = () => ({ crossed: crossings, compiled: compiles });

/** Begins to compile and to read, for what will be told in a moment. */
export function prepare() {
  if (!compiled) {
    compiles += 1;
    // Nobody writes there before wasm runs.
    records = read();
    records.catch(() => {});
    compiled = WebAssembly.compileStreaming(fetch("wasm/background_bg.wasm"));
    // Whoever waits for it hears of it; the next one tries again.
    compiled.catch(() => (compiled = undefined));
  }
  return compiled;
}

// An instance of its own: what an earlier one has read is out of date.
function recorded() {
  const found = records ?? read();
  records = undefined;
  // Perhaps read long ago: the browser may have closed the connection since.
  const standing = found.then((all) => (isGone(all.database) ? read() : all));
  return standing.catch(() => wasm.make().then(read)).catch((failure) => ({ failure }));
}

async function wake() {
  const compiling = init({ module_or_path: prepare() });
  const [stored] = await Promise.all([kept(["settings", "routine", "watch"]), compiling]);
  const known = await recorded();
  connection = known.database;
  return learn(await wasm.wake({ ...stored, ...known }));
}

function start() {
  started ??= wake().catch((error) => {
    // The next event tries again.
    started = undefined;
    throw error;
  });
  return started;
}

function learn(answer) {
  if (answer?.watch) follow(answer.watch);
  if (answer?.erased) forget();
  for (const [millis, incident] of answer?.later ?? []) setTimeout(() => tell("settled", incident), millis);
  return answer;
}

async function into(name, details) {
  await start();
  const value = await details;
  crossings += 1;
  return wasm[name](value);
}

async function cross(name, details, taken) {
  const trap = new Promise((_, reject) => {
    trapped = reject;
  });
  // A browser's promise that is never kept must not hold up all that comes after.
  let timer;
  const tooLong = new Promise((done) => {
    timer = setTimeout(done, 60_000);
  });
  try {
    const answer = await Promise.race([into(name, details), trap, tooLong]);
    taken?.();
    return learn(answer);
  } catch (error) {
    taken?.();
    console.warn("Latchkey:", error);
    if (error instanceof WebAssembly.RuntimeError) {
      // What was begun is on disk: the next instance goes on from there.
      started = undefined;
      // Nobody is left to let go of it when it must be.
      connection?.close();
      wasm.__wbg_reset_state();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Hands an event to wasm, after those before it. `taken` is called when it is dealt with. */
export function tell(name, details, taken) {
  const done = tail.then(() => cross(name, details, taken));
  tail = done;
  return done;
}

/** Lets events in, after those that the last background was told of and did not come to. */
export const begin = (left) =>
  open(left.reduce((before, [details, taken]) => before.then(() => cross("exchange", details, taken)), Promise.resolve()));
