// The records, opened and read while wasm is compiled. Wasm alone makes them and brings them up to date: where
// there are none yet, or old ones, nothing is touched here.

// As in src/browser/store/schema.rs.
const VERSION = 2;

const answer = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

// Connections that the browser has closed, or wanted closed.
const gone = new WeakSet();

/** Can nothing be asked of it any more? */
export const isGone = (database) => gone.has(database);

// The database, if it is there and up to date.
async function open() {
  const opening = indexedDB.open("latchkey", VERSION);
  opening.onupgradeneeded = () => opening.transaction.abort();
  const database = await answer(opening);
  // The popup's to the end, the background's until wasm takes it over.
  database.onclose = () => gone.add(database);
  database.onversionchange = () => {
    gone.add(database);
    database.close();
  };
  return database;
}

/** What the background begins with: the key of this installation, the incidents that have to be gone on with, and
 *  the sites that have a record. */
export async function read() {
  const database = await open();
  const transaction = database.transaction(["keys", "incidents", "sites"]);
  const store = (name) => transaction.objectStore(name);
  const [mark, incidents, sites] = await Promise.all([
    answer(store("keys").get("mark")),
    answer(store("incidents").index("open").getAll()),
    answer(store("sites").getAllKeys()),
  ]);
  return { database, mark, incidents, sites };
}

// The popup's connection.
let opened;

/** What the popup begins with: the incidents of a tab by their ids, newest first, and how many the site of the first
 *  has on record. */
export async function readTab(ids) {
  opened ??= open();
  try {
    const store = (await opened).transaction("incidents").objectStore("incidents");
    const found = await Promise.all(ids.map((id) => answer(store.get(id))));
    const site = found.find((incident) => incident)?.site;
    // An array comes after every text.
    const all = IDBKeyRange.bound([site ?? ""], [site ?? "", []]);
    const count = await answer(store.index("site").count(all));
    return { incidents: Object.fromEntries(ids.map((id, at) => [id, found[at]])), site, count };
  } catch {
    // Wasm reads by itself, and says what is wrong.
    opened = undefined;
  }
}
