// Drafts save themselves, and words are counted as the server counts them.
//
// <form data-autosave="URL" data-version="3"> posts the changed fields of one section (or the form) with its
// CSRF token and version as form data. The answer is JSON: {"version": 4, "saved_at": "10.42"} or
// {"error": "a sentence"} with 409 or 422. Group fields of one section in <fieldset data-section="KEY">; the key
// is then sent as "section". Words come from the status element:
// <span class="save-state" data-save-state data-saving="..." data-saved="Saved on the server at {time}"
//       data-failed="..." data-conflict="..." role="status"></span>

const PAUSE = 2000;
const RETRY = 10000;
const AT_MOST_ONE_MESSAGE_IN = 10000;
const WORD = /[\p{L}\p{N}]/u;
// Unicode White_Space, as kipp/lib/text.py has it; \s differs.
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

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
    const quiet = state === "saving" || Date.now() - spokenAt < AT_MOST_ONE_MESSAGE_IN;
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
    this.leaving = false;
    this.waiting = null;
    this.timer = 0;
    this.listen();
  }

  listen() {
    this.form.addEventListener("input", (event) => this.note(event.target));
    this.form.addEventListener("change", (event) => this.note(event.target));
    this.form.addEventListener("focusout", () => this.saveIn(0));
    this.form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save({ keepalive: true });
    });
    window.addEventListener("online", () => this.saveIn(0));
    window.addEventListener("pageshow", () => {
      this.leaving = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && (this.changed.size || this.sending)) event.preventDefault();
    });
  }

  // A save on its way raises the version; the form sent beside it would look stale, so it goes after it.
  submit(event) {
    if (this.sending) {
      event.preventDefault();
      this.waiting = { button: event.submitter };
      return;
    }
    this.leaving = true;
  }

  note(field) {
    if (!field.name || field.type === "file") return;
    this.changed.add(field.name);
    this.saveIn(PAUSE);
  }

  saveIn(pause) {
    clearTimeout(this.timer);
    if (this.changed.size) this.timer = setTimeout(() => this.save(), pause);
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
    if (this.sending || this.refused || this.leaving || !this.changed.size) return;
    const part = this.takeNext();
    this.sending = true;
    this.say("saving", this.box.dataset.saving);
    try {
      this.saved(part, await this.post(part, { keepalive }));
      this.saveIn(0);
    } catch (problem) {
      this.failed(part, problem);
    } finally {
      this.sending = false;
    }
    if (this.waiting) this.form.requestSubmit(this.waiting.button);
    this.waiting = null;
  }

  async post(part, { keepalive }) {
    const response = await fetch(this.holder(part.section).dataset.autosave || this.form.dataset.autosave, {
      method: "POST",
      body: this.bodyOf(part),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      keepalive,
    });
    const reply = await response.json();
    if (response.ok) return reply;
    throw Object.assign(new Error(reply.error), { status: response.status });
  }

  saved(part, reply) {
    if (reply.version) this.raise(this.holder(part.section), String(reply.version));
    this.say("saved", this.box.dataset.saved.replace("{time}", reply.saved_at));
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
    this.refused = problem.status === 409 || problem.status === 403;
    const own = this.refused ? this.box.dataset.conflict : this.box.dataset.failed;
    this.say("failed", (problem.status < 500 && problem.message) || own);
    if (!(problem.status < 500)) this.saveIn(RETRY);
  }
}

document.querySelectorAll("[data-words-in]").forEach(watchWords);
document.querySelectorAll("form[data-autosave]").forEach((form) => new Draft(form));
