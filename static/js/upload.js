// Files go up in parts and go on where they stopped (the tus protocol, vendor/tus.js). Without this script, or in a
// browser without what it needs, the same form sends the file as a whole.
//
// <form data-upload="URL that begins an upload"> with one file input, which is sent once it is chosen; <template
// id="upload-item"> holds one line of the list and, as data-*, its sentences; <ul data-uploads> of the slot takes the
// lines, <div data-files> around it is drawn anew by the server when all of them have arrived.

const tus = window.tus;
const SLOW = ["slow-2g", "2g", "3g"];
const MEGABYTE = 1024 * 1024;
const DELAYS = [0, 1000, 3000, 5000, 10000];
const TRIED_AGAIN = [409, 423, 460];
const OVER = ["attached", "refused"];

const template = document.getElementById("upload-item");
const words = template ? template.content.firstElementChild.dataset : {};
const lines = [];
let running = null;

function partSize() {
  const kind = navigator.connection && navigator.connection.effectiveType;
  return SLOW.includes(kind) ? MEGABYTE / 4 : MEGABYTE;
}

function amount(bytes) {
  const language = document.documentElement.lang;
  return (bytes / MEGABYTE).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

// Only pages of https and of this machine may hash; elsewhere the server checks the file without it.
async function hashOf(blob) {
  if (!window.crypto.subtle) return null;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
}

function hex(bytes) {
  return bytes ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") : "";
}

// A login in another tab changes it, so it is read anew for each request.
function csrfToken() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found ? found[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
}

function sentenceIn(text) {
  try {
    return JSON.parse(text).error || "";
  } catch {
    return "";
  }
}

// tus-js-client with the hash of each part.
class Stack extends tus.DefaultHttpStack {
  createRequest(method, url) {
    const request = super.createRequest(method, url);
    const send = request.send.bind(request);
    request.send = async (body) => {
      const hash = body && (await hashOf(body));
      if (hash) request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...hash))}`);
      request.setHeader("X-CSRFToken", csrfToken());
      request.setHeader("Accept", "application/json");
      return send(body);
    };
    return request;
  }
}

class Line {
  constructor(file, form) {
    this.file = file;
    this.form = form;
    this.section = form.closest("section");
    this.upload = null;
    this.state = "waiting";
    this.item = template.content.firstElementChild.cloneNode(true);
    this.item.querySelectorAll("[data-name]").forEach((place) => {
      place.textContent = file.name;
    });
    this.part("bar").setAttribute("aria-label", file.name);
    this.part("cancel").addEventListener("click", () => this.cancel());
    this.part("retry").addEventListener("click", () => this.retry());
    this.section.querySelector("[data-uploads]").append(this.item);
    this.show("waiting");
    this.progress(0);
  }

  part(name) {
    return this.item.querySelector(`[data-${name}]`);
  }

  show(state, sentence = words[state]) {
    this.state = state;
    const isRefused = state === "refused" || state === "lost";
    this.part("state").textContent = sentence;
    this.item.classList.toggle("is-failed", isRefused);
    this.item.classList.toggle("is-attached", state === "attached");
    this.part("retry").hidden = !isRefused;
    this.part("cancel").hidden = state === "attached" || state === "checking";
  }

  progress(sent) {
    const percent = Math.floor((100 * sent) / this.file.size) || 0;
    this.part("bar").value = percent;
    this.part("bar").setAttribute("aria-valuetext", `${percent}%`);
    this.part("amount").textContent = words.amount
      .replace("{sent}", amount(sent))
      .replace("{size}", amount(this.file.size))
      .replace("{percent}", String(percent));
  }

  // Resolves when this line needs nothing more for now, well or badly.
  async run() {
    try {
      this.show("sending");
      await this.send();
      this.show("checking");
      const message = await this.finish();
      this.show("attached", message);
      document.querySelector("[data-said]").textContent = message;
    } catch (problem) {
      if (this.state !== "cancelled") this.show(problem.lost ? "lost" : "refused", problem.sentence || undefined);
    }
  }

  async send() {
    if (!this.upload) await this.prepare();
    if (this.state === "cancelled") throw new Error("cancelled");
    await new Promise((resolve, reject) => {
      this.giveUp = reject;
      this.upload.options.onSuccess = resolve;
      this.upload.options.onError = (error) => reject(problemOf(error));
      this.upload.start();
    });
  }

  async prepare() {
    const sha256 = hex(await hashOf(this.file));
    const begun = sha256 && document.querySelector(`[data-unfinished="${sha256}"]`);
    this.upload = new tus.Upload(this.file, {
      endpoint: new URL(this.form.dataset.upload, location).href,
      uploadUrl: begun && begun.closest("section") === this.section ? begun.dataset.url : null,
      metadata: { filename: this.file.name, sha256 },
      chunkSize: partSize(),
      retryDelays: DELAYS,
      storeFingerprintForResuming: false,
      httpStack: new Stack(),
      onProgress: (sent) => this.progress(sent),
      onShouldRetry: isWorthAnother,
    });
    if (begun) begun.hidden = true;
  }

  async finish() {
    let answer;
    try {
      answer = await fetch(`${this.upload.url}selesai/`, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        credentials: "same-origin",
      });
    } catch {
      throw { lost: true };
    }
    const text = await answer.text();
    if (!answer.ok) throw { sentence: sentenceIn(text), lost: answer.status === 503 };
    return JSON.parse(text).message;
  }

  // The request on its way would wait for an answer that cannot come.
  lose() {
    if (!this.giveUp || this.state !== "sending") return;
    this.upload.abort();
    this.giveUp({ lost: true });
  }

  cancel() {
    this.state = "cancelled";
    if (this.upload) this.upload.abort(true).catch(() => {}); // what stays behind expires
    if (this.giveUp) this.giveUp(new Error("cancelled"));
    const input = this.form.querySelector("input[type=file]");
    lines.splice(lines.indexOf(this), 1);
    this.item.remove();
    input.focus();
    showArrived(this.section);
  }

  // What was refused for its content is gone from the server, so tus begins anew there.
  retry() {
    this.show("waiting");
    this.part("cancel").focus();
    work();
  }
}

function statusOf(error) {
  return error.originalResponse ? error.originalResponse.getStatus() : 0;
}

function isWorthAnother(error) {
  const status = statusOf(error);
  if (!navigator.onLine) return false;
  return status === 0 || (status >= 500 && status !== 507) || TRIED_AGAIN.includes(status);
}

function problemOf(error) {
  const status = statusOf(error);
  const lost = status === 0 || (status >= 500 && status !== 507);
  return { lost, sentence: status ? sentenceIn(error.originalResponse.getBody()) : "" };
}

// One file after the other: on a slow line each of them arrives sooner.
async function work() {
  if (running) return;
  while ((running = lines.find((line) => line.state === "waiting"))) {
    await running.run();
    showArrived(running.section);
  }
}

// The slot's files as the server knows them, unless one of them still needs the person. The page itself stays: a window
// for choosing the next file may stand open over it.
async function showArrived(section) {
  const here = () => lines.filter((line) => line.section === section);
  const isDone = () => here().length && here().every((line) => line.state === "attached");
  if (!isDone()) return;
  const answer = await fetch(location.pathname, { credentials: "same-origin" }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected || !isDone()) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(section.id);
  if (!fresh || !isDone()) return;
  here().forEach((line) => lines.splice(lines.indexOf(line), 1));
  if (fresh.querySelector("form[data-upload]")) {
    section.querySelector("[data-files]").replaceWith(fresh.querySelector("[data-files]"));
    section.querySelector("input[type=file]").multiple = isOfMany(fresh.querySelector("input[type=file]"));
    return;
  }
  const hadFocus = section.contains(document.activeElement);
  section.replaceWith(fresh);
  if (hadFocus) fresh.querySelector("a.file-name").focus();
}

function isOfMany(input) {
  return Number(input.dataset.places) > 1;
}

function take(form) {
  const input = form.querySelector("input[type=file]");
  for (const file of input.files) lines.push(new Line(file, form));
  input.value = "";
  work();
}

// Refused by page.js, which listens at the input itself and so has looked already: it says why.
function takeChosen(event) {
  const input = event.target;
  if (!input.matches("form[data-upload] input[type=file]") || input.matches(".is-invalid")) return;
  if (input.files.length) take(input.form);
}

if (template && tus.isSupported) {
  document.querySelectorAll("form[data-upload] input[type=file]").forEach((input) => {
    input.multiple = isOfMany(input);
  });
  document.querySelectorAll("[data-by-hand]").forEach((button) => button.remove());
  document.querySelectorAll("[data-at-once]").forEach((hint) => {
    hint.hidden = false;
  });
  document.addEventListener("change", takeChosen);
  window.addEventListener("offline", () => running && running.lose());
  window.addEventListener("online", () => {
    lines.filter((line) => line.state === "lost").forEach((line) => line.show("waiting"));
    work();
  });
  window.addEventListener("beforeunload", (event) => {
    if (lines.some((line) => !OVER.includes(line.state))) event.preventDefault();
  });
}
