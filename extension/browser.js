// What differs between the browsers, in one place.

export const api = globalThis.browser ?? globalThis.chrome;

const { OnSendHeadersOptions, ResourceType } = api.webRequest;

// Chrome shows Cookie and Set-Cookie only when asked by this word; Firefox does not know it.
export const EXTRA = OnSendHeadersOptions?.EXTRA_HEADERS ? ["extraHeaders"] : [];

// Some events come earlier there, or in another order.
export const IS_FIREFOX = api.runtime.getBrowserInfo !== undefined;

// Chrome never shows a cached Basic or Digest login.
export const HIDES_LOGIN = EXTRA.length > 0;

// What a page cannot do without. Images, styles, fonts and beacons never reach us.
const known = new Set(Object.values(ResourceType ?? {}));
const types = ["main_frame", "sub_frame", "xmlhttprequest", "script", "web_manifest", "websocket", "other"];

export const FILTER = { urls: ["<all_urls>"], types: types.filter((type) => known.size === 0 || known.has(type)) };

export const FETCHES = { urls: ["<all_urls>"], types: ["xmlhttprequest"] };
