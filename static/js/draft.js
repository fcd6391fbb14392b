// Drafts save themselves, and words are counted as the server counts them.
//
// <form data-autosave="URL" data-version="3"> posts the changed fields of one section (or the form) with its
// CSRF token and version as form data. The answer is JSON: {"version": 4, "saved_at": "10.42"} or
// {"error": "a sentence"} with 409 or 422. Group fields of one section in <fieldset data-section="KEY">; the key
// is then sent as "section". Words come from the status element:
// <span class="save-state" data-save-state data-saving="..." data-saved="Saved on the server at {time}"
//       data-unsaved="..." data-local="..." data-failed="..." data-conflict="..." role="status"></span>
//
// data-draft="account/proposal/section/" also keeps the field "text" in this browser (IndexedDB: what was committed
// outlives a killed browser) until the server has it; never another field. Keys are "account/proposal/section/window";
// the server clears the shelf at sign-out (Clear-Site-Data), <div data-forget-drafts="account/proposal/"> what was
// kept for a proposal. data-pause, and "pause" in an answer: the seconds between the
// last key and a save, as the server can bear them. data-manual: nothing is saved before the form is sent.

const PAUSE = 2;
// While somebody types on, a save goes out after so many pauses.
const AT_LATEST = 5;
const KEEP_AFTER = 1000;
// A request that outlives its page may carry no more.
const KEEPALIVE_BYTES = 60000;
const SHARED = "shared_device";
const NAME = "kipp-drafts";
const STORE = "texts";
const KEPT_FOR = 14 * 24 * 3600 * 1000;
const RETRY = 10000;
const AT_MOST_ONE_MESSAGE_IN = 10000;
const WORD = /[\p{L}\p{N}]/u;
// Unicode White_Space, as kipp/lib/text.py has it; \s differs.
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

let opening = null;
let isGone = false;

function openDatabase() {
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
  const database = await openDatabase();
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

const shelf = {
  keep: (key, text, base) => run("readwrite", (store) => store.put({ key, text, base, at: Date.now() }, key)),
  drop: (key) => run("readwrite", (store) => store.delete(key)),
  dropBelow: (prefix) => run("readwrite", (store) => store.delete(below(prefix))),
  wipe: () => run("readwrite", (store) => store.clear()),
  // Newest first; what is older than two weeks is dropped, whoever left it.
  async readBelow(prefix) {
    const everything = await run("readonly", (store) => store.getAll());
    const old = everything.filter((kept) => kept.at < Date.now() - KEPT_FOR);
    await Promise.all(old.map((kept) => shelf.drop(kept.key)));
    const own = everything.filter((kept) => kept.key.startsWith(prefix) && !old.includes(kept));
    return own.sort((one, other) => other.at - one.at);
  },
};

export function countWords(text) {
  return text.split(SPACE).filter((token) => WORD.test(token)).length;
}

function watchWords(field) {
  const output = document.getElementById(field.dataset.wordsIn);
  const limit = Number(field.dataset.wordLimit);
  const show = () => {
    const count = countWords(field.value);
    output.querySelector("[data-count]").textContent = String(count);
    output.classList.toggle("is-over", count > limit);
  };
  field.addEventListener("input", show);
  show();
}

// What a person sees changes at once; what a screen reader hears, at most once in ten seconds.
function makeStatus(box) {
  let spokenAt = 0;
  return (state, words) => {
    const quiet = state === "saving" || state === "unsaved" || Date.now() - spokenAt < AT_MOST_ONE_MESSAGE_IN;
    box.setAttribute("aria-live", state !== "failed" && quiet ? "off" : "polite");
    if (!quiet) spokenAt = Date.now();
    box.classList.toggle("is-saved", state === "saved");
    box.classList.toggle("is-failed", state === "failed");
    box.textContent = words;
  };
}

class Draft {
  constructor(form) {
    this.form = form;
    this.box = document.querySelector("[data-save-state]");
    this.say = makeStatus(this.box);
    this.changed = new Set();
    this.sending = false;
    this.refused = false;
    this.isCutOff = false;
    this.leaving = false;
    this.loggedOut = false;
    this.renewed = false;
    this.waiting = null;
    this.unanswered = null;
    this.timer = 0;
    this.retry = RETRY;
    this.dirtySince = 0;
    this.shelf = null;
    this.keepTimer = 0;
    this.key = form.dataset.draft && `${form.dataset.draft}${Math.random().toString(36).slice(2)}`;
    this.isManual = "manual" in form.dataset;
    this.pause = 1000 * (Number(form.dataset.pause) || PAUSE);
    this.listen();
    if (this.key) this.openShelf();
  }

  listen() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("pageshow", () => {
      this.leaving = false;
    });
    if (this.isManual) return;
    this.form.addEventListener("input", (event) => this.note(event.target));
    this.form.addEventListener("change", (event) => this.note(event.target));
    this.form.addEventListener("focusout", () => this.saveIn(0));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.renew();
      else this.hide();
    });
    window.addEventListener("focus", () => this.renew());
    window.addEventListener("online", () => this.saveIn(0));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && (this.changed.size || this.sending)) event.preventDefault();
    });
  }

  hide() {
    this.keep();
    this.save({ keepalive: true });
  }

  // A save on its way raises the version; the form sent beside it would look stale, so it goes after it.
  // What is not saved yet goes ahead of the form: where no server answers, the person stays here, not on an error page.
  submit(event) {
    if (this.leaving) return;
    const isDue = (this.changed.size || this.isManual) && !this.refused;
    if (event.submitter?.matches("[data-merge]") || !(this.sending || isDue)) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    this.waiting = { button: event.submitter };
    if (this.isManual) this.changed.add("text");
    this.save();
  }

  leave() {
    const { button } = this.waiting;
    this.waiting = null;
    this.leaving = true;
    this.form.requestSubmit(button);
  }

  note(field) {
    if (!field.name || field.type === "file") return;
    this.changed.add(field.name);
    this.dirtySince ||= Date.now();
    if (this.key && !this.refused) this.say("unsaved", this.box.dataset.unsaved);
    this.saveIn(Math.min(this.pause, Math.max(0, this.dirtySince + AT_LATEST * this.pause - Date.now())));
    // Not pushed on by the next key: at most this long is lost when the browser dies.
    this.keepTimer ||= setTimeout(() => this.keep(), KEEP_AFTER);
  }

  saveIn(pause) {
    clearTimeout(this.timer);
    if (this.changed.size) this.timer = setTimeout(() => this.save(), pause);
  }

  get version() {
    return this.form.dataset.version;
  }

  async openShelf() {
    const choice = document.querySelector("[data-shared]");
    const isShared = document.cookie.includes(`${SHARED}=1`);
    try {
      if (choice) this.offerChoice(choice, isShared);
      if (isShared) return;
      this.shelf = shelf;
      if (this.isManual) return;
      const [kept] = await shelf.readBelow(this.form.dataset.draft);
      if (kept) this.offer(kept);
      this.keep(); // what was typed while the shelf was still on its way
    } catch {
      this.shelf = null; // a browser that keeps nothing: the server is still there
    }
  }

  offerChoice(choice, isShared) {
    const box = choice.querySelector("input");
    box.checked = isShared;
    choice.hidden = false;
    box.addEventListener("change", async (event) => {
      event.stopPropagation();
      document.cookie = `${SHARED}=${box.checked ? 1 : 0}; path=/; max-age=31536000; samesite=lax`;
      this.shelf = box.checked ? null : shelf;
      if (box.checked) await shelf.wipe();
      else this.keep();
    });
  }

  // The text of an earlier visit that the server never had. Until the person decides, nothing is typed over it.
  offer(kept) {
    const text = this.form.elements.text;
    if (kept.text === text.value) return this.shelf.drop(kept.key);
    const panel = document.querySelector("[data-kept]");
    const close = () => {
      panel.hidden = true;
      text.readOnly = false;
      text.focus();
    };
    panel.querySelector("[data-kept-text]").textContent = kept.text;
    panel.querySelector("[data-kept-same]").hidden = kept.base !== this.version;
    panel.querySelector("[data-kept-other]").hidden = kept.base === this.version;
    Object.assign(panel.querySelector("[data-kept-copy]"), { name: "text", value: kept.text });
    Object.assign(panel.querySelector("[data-kept-base]"), { name: "version", value: kept.base });
    panel.querySelector("[data-use]").hidden = kept.base !== this.version;
    panel.querySelector("[data-use]").addEventListener("click", async () => {
      text.value = kept.text;
      close();
      text.dispatchEvent(new Event("input", { bubbles: true }));
      await this.keep();
      this.shelf?.drop(kept.key);
    });
    panel.querySelector("[data-discard]").addEventListener("click", () => {
      close();
      this.shelf.drop(kept.key);
    });
    panel.hidden = false;
    text.readOnly = true;
    panel.focus();
    return kept;
  }

  async keep() {
    clearTimeout(this.keepTimer);
    this.keepTimer = 0;
    if (!this.shelf || !this.changed.has("text")) return;
    const text = this.form.elements.text.value;
    try {
      await this.shelf.keep(this.key, text, this.version);
      if (this.changed.size && !this.sending && !this.refused) this.say("local", this.box.dataset.local);
    } catch {
      this.shelf = null;
    }
  }

  sectionOf(name) {
    const field = this.form.elements[name];
    const part = (field instanceof RadioNodeList ? field[0] : field).closest("[data-section]");
    return part ? part.dataset.section : "";
  }

  // One request carries one section: its own version decides whether somebody was faster.
  takeNext() {
    const [first] = this.changed;
    const section = this.sectionOf(first);
    const names = [...this.changed].filter((name) => this.sectionOf(name) === section);
    names.forEach((name) => this.changed.delete(name));
    return { section, names };
  }

  holder(section) {
    const part = section && this.form.querySelector(`[data-section="${CSS.escape(section)}"]`);
    return part || this.form;
  }

  bodyOf({ section, names }) {
    const all = new FormData(this.form);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", all.get("csrfmiddlewaretoken"));
    const version = this.holder(section).dataset.version;
    if (version) body.append("version", version);
    if (section) body.append("section", section);
    names.forEach((name) => all.getAll(name).forEach((value) => body.append(name, value)));
    return body;
  }

  async save({ keepalive = false } = {}) {
    if (this.sending || this.refused || this.leaving || this.loggedOut || !this.changed.size) return;
    const part = this.unanswered ? { section: "", names: [] } : this.takeNext();
    this.sending = true;
    this.dirtySince = 0;
    this.say("saving", this.box.dataset.saving);
    let isSaved = false;
    try {
      this.saved(part, await this.post(part, { keepalive }));
      isSaved = true;
      this.saveIn(0);
    } catch (problem) {
      this.failed(part, problem);
    } finally {
      this.sending = false;
    }
    if (this.waiting) this.goOn(isSaved);
  }

  // What the server refused goes to it once more as a plain form: its page says why and shows a way out.
  goOn(isSaved) {
    const isDone = isSaved && !this.changed.size;
    if (isDone || this.refused || !(this.key || this.isCutOff)) this.leave();
    else if (!isSaved) this.waiting = null;
  }

  async post(part, { keepalive }) {
    // Whether the last request arrived nobody knows: the same again is no conflict, a newer text might be.
    const body = this.unanswered || this.bodyOf(part);
    const length = new Blob([...body.values()]).size;
    body.set("csrfmiddlewaretoken", new FormData(this.form).get("csrfmiddlewaretoken"));
    if (this.key) this.unanswered = body;
    const response = await fetch(this.holder(part.section).dataset.autosave || this.form.dataset.autosave, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      keepalive: keepalive && length < KEEPALIVE_BYTES,
    });
    if (response.status < 500) this.unanswered = null;
    if (response.status === 403) throw Object.assign(new Error(""), { status: 403 });
    const later = Number(response.headers.get("Retry-After"));
    this.retry = Math.max(RETRY, 1000 * later || 0);
    const reply = await response.json();
    if (response.ok) return reply;
    throw Object.assign(new Error(reply.error), { status: response.status, code: reply.code });
  }

  saved(part, reply) {
    this.renewed = false;
    if (reply.pause) this.pause = 1000 * reply.pause;
    if (reply.version) this.raise(this.holder(part.section), String(reply.version));
    this.say("saved", this.box.dataset.saved.replace("{time}", reply.saved_at));
    const beside = document.querySelector("[data-beside]");
    if (beside && beside.textContent !== reply.beside) beside.textContent = reply.beside || "";
    if (this.isManual) this.shelf?.dropBelow(this.form.dataset.draft);
    else if (!this.changed.size) this.shelf?.drop(this.key);
    else this.keep();
  }

  // The plain save of the same form must not look stale after an autosave.
  raise(holder, version) {
    holder.dataset.version = version;
    const own = holder.querySelector("input[name=version]");
    if (own) own.value = version;
  }

  // The text stays on the page and in `changed`, so leaving still warns. Only a lost connection or a broken
  // server is tried again; after a refusal (somebody was faster, round closed) the person decides.
  failed(part, problem) {
    part.names.forEach((name) => this.changed.add(name));
    this.keep();
    if (this.key && problem.status === 401) return this.askLogin();
    if (this.key && problem.status === 403 && !this.renewed) return this.renew({ always: true });
    this.refused = problem.status === 409 || problem.status === 403;
    this.isCutOff = !(problem.status < 500);
    if (problem.code === "stale") this.showMerge();
    const own = this.refused ? this.box.dataset.conflict : this.unsentWords;
    this.say("failed", (problem.status < 500 && problem.message) || own);
    if (this.isCutOff) this.saveIn(this.retry);
    return undefined;
  }

  refuse() {
    this.refused = true;
    this.say("failed", this.box.dataset.conflict);
  }

  get unsentWords() {
    return (this.shelf && this.box.dataset.local) || this.box.dataset.failed;
  }

  showMerge() {
    const button = document.querySelector("[data-merge]");
    if (!button) return;
    button.setAttribute("form", this.form.id);
    button.hidden = false;
  }

  askLogin() {
    const panel = document.querySelector("[data-login]");
    this.loggedOut = true;
    this.say("failed", panel.querySelector("p").textContent);
    if (!panel.hidden) return;
    panel.hidden = false;
    panel.scrollIntoView({ block: "nearest" });
    panel.querySelector("button").onclick = () => this.renew();
  }

  // Signed in again in another window: this page takes over the new token, if it is the same person.
  async renew({ always = false } = {}) {
    if (!this.loggedOut && !always) return;
    this.renewed = true;
    const response = await fetch(this.form.dataset.page, { redirect: "manual" }).catch(() => null);
    if (!response?.ok) {
      if (response?.type === "opaqueredirect") this.askLogin();
      else if (always) this.refuse();
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const theirs = page.querySelector("form[data-draft]");
    if (theirs?.dataset.draft !== this.form.dataset.draft) return;
    const token = theirs.querySelector("[name=csrfmiddlewaretoken]").value;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
      field.value = token;
    });
    this.loggedOut = false;
    document.querySelector("[data-login]").hidden = true;
    this.saveIn(0);
  }
}

// "Keep what is saved" on the page where two texts met: what was kept here is dropped by choice.
function forgetOnClick(link) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const form = document.querySelector("form[data-draft]");
    await shelf.dropBelow(form.dataset.draft).catch(() => {});
    window.location.assign(link.href);
  });
}

document.querySelectorAll("[data-forget-drafts]").forEach((mark) => {
  shelf.dropBelow(mark.dataset.forgetDrafts).catch(() => {});
});
document.querySelectorAll("[data-forget]").forEach(forgetOnClick);
document.querySelectorAll("[data-words-in]").forEach(watchWords);
document.querySelectorAll("form[data-autosave]").forEach((form) => new Draft(form));

// A judge's own running total: value times weight of what is typed so far. The server's total decides.
function scoreOf(field) {
  if (field.type === "radio" && !field.checked) return null;
  const text = field.value.trim().replace(",", ".");
  return /^\d{1,6}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}

function runningTotal(form) {
  let sum = 0;
  let isAny = false;
  form.querySelectorAll("[data-weight]").forEach((field) => {
    const value = scoreOf(field);
    if (value === null) return;
    isAny = true;
    sum += value * Number(field.dataset.weight);
  });
  return isAny ? (sum / 100).toFixed(2).replace(".", ",") : "–";
}

document.querySelectorAll("form[data-scale]").forEach((form) => {
  const line = form.querySelector("[data-running-total]");
  const show = () => {
    line.querySelector("output").textContent = runningTotal(form);
  };
  line.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
});
