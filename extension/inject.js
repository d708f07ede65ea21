// What runs inside a page, when a person asks for it or a fix needs it. Each function is handed
// over by itself, as its text: so it may use nothing from around it, and is no method. Found by wasm as `globalThis.inject`.

globalThis.inject = {
  /** What the page itself was answered with. */
  answered: () => {
    const [navigation] = performance.getEntriesByType("navigation");
    // Firefox does not say when a worker began on a page.
    const worker = navigation?.workerStart > 0 || Boolean(navigator.serviceWorker?.controller);
    const { timeOrigin: began } = performance;
    return { status: navigation?.responseStatus ?? 0, url: location.href, began, worker };
  },

  /** What the page keeps by itself: `[area, key, value]` each. What is too long is no token. */
  stored: () => {
    const found = [];
    for (const [area, name] of [["local", "localStorage"], ["session", "sessionStorage"]]) {
      try {
        const store = globalThis[name];
        for (let index = 0; index < Math.min(store.length, 500); index += 1) {
          const key = store.key(index);
          const value = store.getItem(key);
          if (value.length <= 65536) found.push([area, key, value]);
        }
      } catch {
        // The page may not use its storage, so nothing is in it.
      }
    }
    return { host: location.host, found };
  },

  /** Removes entries that still hold what they held. */
  take: (host, entries) => {
    if (location.host !== host) return 0;
    let gone = 0;
    for (const [area, key, value] of entries) {
      const store = area === "local" ? localStorage : sessionStorage;
      if (store.getItem(key) === value) store.removeItem(key);
      gone += store.getItem(key) === null ? 1 : 0;
    }
    return gone;
  },

  /** Puts entries back, but for those that the page has written anew. */
  put: (host, entries) => {
    if (location.host !== host) return null;
    let [back, newer] = [0, 0];
    for (const [area, key, value] of entries) {
      const store = area === "local" ? localStorage : sessionStorage;
      const there = store.getItem(key);
      if (there !== null && there !== value) newer += 1;
      else {
        store.setItem(key, value);
        back += 1;
      }
    }
    return [back, newer];
  },

  /** Clears what browsingData does not reach in every browser. */
  clear: async (host) => {
    if (location.host !== host) return;
    sessionStorage.clear();
    localStorage.clear();
    // An open connection holds the deletion up until the page is loaded again: not waited for.
    for (const { name } of (await indexedDB.databases?.()) ?? []) indexedDB.deleteDatabase(name);
    for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    for (const worker of workers) await worker.unregister();
  },

  /** Unregisters the page's service workers, and drops what they have stored. */
  clearWorkers: async (host) => {
    if (location.host !== host) return;
    for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    for (const worker of workers) await worker.unregister();
  },

  /** The page's own link for a forgotten password, of this very site. */
  resetLink: () => {
    const words = /forg[eo]t|reset|recover|lost[-_ ]?pass|vergessen|oubli|olvid|esquec|reimposta|zur(ü|ue)cksetzen/i;
    const links = [...document.querySelectorAll("a[href]")];
    const fits = ({ href, textContent, host, protocol }) =>
      protocol.startsWith("http") && host === location.host && (words.test(textContent) || words.test(new URL(href).pathname));
    return links.find(fits)?.href ?? null;
  },
};
