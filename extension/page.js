// Starts a page: its wasm is compiled while the JavaScript around it is still being loaded.

const compiled = WebAssembly.compileStreaming(fetch("wasm/pages_bg.wasm"));

/** Runs a page's part of wasm. */
export async function start(page, ...given) {
  const { default: init, ...pages } = await import("./wasm/pages.js");
  await init({ module_or_path: compiled });
  await pages[page](...given);
}
