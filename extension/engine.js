// The wasm instance: loaded when an event needs it, fed one event at a time, dropped and started
// afresh when it traps.

import init, * as wasm from "./wasm/background.js";
import { follow } from "./watch.js";

let started;
let tail = Promise.resolve();
let crossings = 0;

/** How many events have crossed into wasm since the background woke. */
export const crossed = () => crossings;

function start() {
  started ??= init({ module_or_path: "wasm/background_bg.wasm" }).then(() => wasm.wake()).then(learn);
  return started;
}

function learn(answer) {
  if (answer?.watch) follow(answer.watch);
  return answer;
}

async function cross(name, details) {
  try {
    await start();
    crossings += 1;
    return learn(await wasm[name](await details));
  } catch (error) {
    console.warn("Latchkey:", error);
    if (error instanceof WebAssembly.RuntimeError) {
      wasm.__wbg_reset_state();
    }
    started = undefined;
  }
}

/** Hands an event to wasm, after those before it. */
export function tell(name, details) {
  const done = tail.then(() => cross(name, details));
  tail = done;
  return done;
}
