// The least that a popup can do by wasm: a record is read by JavaScript while wasm is compiled, and shown by the
// markup that Latchkey shows it by (tests/e2e/least). Nobody is asked for the tab, the settings or the language.

import "./browser.js";
import init, { show } from "./show.js";

const ready = init({ module_or_path: WebAssembly.compileStreaming(fetch("show_bg.wasm")) });

const wait = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

const database = await wait(indexedDB.open("latchkey", 1));
const [record] = await wait(database.transaction("incidents").objectStore("incidents").getAll(null, 1));
await ready;
document.querySelector("main").innerHTML = show(record);
