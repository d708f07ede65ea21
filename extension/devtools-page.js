// Runs hidden in DevTools, and puts the developer view beside their own panels.

const api = globalThis.browser ?? globalThis.chrome;

api.devtools.panels.create(api.i18n.getMessage("name"), "/icons/32.png", "/devtools.html");
