import init, { popup } from "./wasm/pages.js";

await init({ module_or_path: "wasm/pages_bg.wasm" });
await popup();
