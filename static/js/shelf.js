// Texts that are not on the server yet, in this browser (IndexedDB: what was committed outlives a killed browser).
// Keys are "account/proposal/section/window". The server clears the shelf at sign-out (Clear-Site-Data).
// Loading this on a page with <div data-forget-drafts="account/proposal/"> drops what was kept for a proposal.

const NAME = "kipp-drafts";
const STORE = "texts";
const KEPT_FOR = 14 * 24 * 3600 * 1000;

let opening = null;
let isGone = false;

function open() {
  opening ||= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // Cleared by a sign-out in another window: this page keeps nothing any more.
      request.result.onclose = () => {
        isGone = true;
      };
      resolve(request.result);
    };
  });
  return opening;
}

async function run(mode, act) {
  const database = await open();
  if (isGone) throw new Error("cleared");
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

function below(prefix) {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

export function keep(key, text, base) {
  return run("readwrite", (store) => store.put({ key, text, base, at: Date.now() }, key));
}

export function drop(key) {
  return run("readwrite", (store) => store.delete(key));
}

export function dropBelow(prefix) {
  return run("readwrite", (store) => store.delete(below(prefix)));
}

export function wipe() {
  return run("readwrite", (store) => store.clear());
}

// Newest first; what is older than two weeks is dropped, whoever left it.
export async function readBelow(prefix) {
  const everything = await run("readonly", (store) => store.getAll());
  const old = everything.filter((kept) => kept.at < Date.now() - KEPT_FOR);
  await Promise.all(old.map((kept) => drop(kept.key)));
  const own = everything.filter((kept) => kept.key.startsWith(prefix) && !old.includes(kept));
  return own.sort((one, other) => other.at - one.at);
}

document.querySelectorAll("[data-forget-drafts]").forEach((mark) => {
  dropBelow(mark.dataset.forgetDrafts).catch(() => {});
});
