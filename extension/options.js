import init, { options } from "./wasm/pages.js";

await init({ module_or_path: "wasm/pages_bg.wasm" });
await options();
