// What is shown to a person who did not ask for it: the first page, and notifications.

import { api } from "./browser.js";

/** Opens the first page, once. */
export async function welcome() {
  const { welcomed } = await api.storage.local.get("welcomed").catch(() => ({}));
  if (welcomed) return;
  await api.storage.local.set({ welcomed: true }).catch(() => {});
  await api.tabs.create({ url: "welcome.html" });
}

/** A click on a notification leads to its tab: its id is `incident@tab`. */
export async function clicked(id) {
  const tab = Number(id.split("@")[1] ?? -1);
  void api.notifications.clear(id);
  if (tab < 0) return;
  try {
    const { windowId } = await api.tabs.update(tab, { active: true });
    await api.windows.update(windowId, { focused: true });
  } catch {
    // The tab is gone.
  }
}
