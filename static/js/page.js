// Small enhancements of every page; each works on elements that ask for it by a data attribute.

const WARNINGS = [300, 120, 0];
const LONGEST_TIMER = 2 ** 31 - 1;
const SHOWN_AFTER = 8000;

function focusErrors() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}

// Cosmetic only: the server refuses a second submission by itself.
function guardSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-guard]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  // A page restored by the Back button may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });
}

// Cards of a long list wait for the first paint (kipp.css): the second frame comes after it.
function drawTheRest() {
  const draw = () => document.documentElement.setAttribute("data-drawn", "");
  window.addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(draw)));
}

function snapshot(form) {
  return Array.from(new FormData(form).entries())
    .map(([name, value]) => `${name}=${value instanceof File ? value.name + value.size : value}`)
    .join("\n");
}

function warnBeforeLeaving() {
  document.querySelectorAll("form[data-dirty]").forEach((form) => {
    if (form.dataset.autosave) return;
    const before = snapshot(form);
    window.addEventListener("beforeunload", (event) => {
      if (!form.dataset.sent && snapshot(form) !== before) event.preventDefault();
    });
  });
}

function copyButtons() {
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const word = button.querySelector("span") || button;
    const label = word.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      word.textContent = button.dataset.copied;
      setTimeout(() => {
        word.textContent = label;
      }, 3000);
    });
  });
}

// Tells at once what the server would refuse: data-max-bytes and data-too-large, data-wrong-type beside accept.
function checkFile(input) {
  const allowed = (input.accept || "").split(",").map((item) => item.trim().toLowerCase());
  const endings = allowed.filter((item) => item.startsWith("."));
  for (const file of input.files) {
    if (input.dataset.maxBytes && file.size > Number(input.dataset.maxBytes)) return input.dataset.tooLarge;
    const name = file.name.toLowerCase();
    if (endings.length && !endings.some((ending) => name.endsWith(ending))) return input.dataset.wrongType;
  }
  return "";
}

function hintFiles() {
  document.querySelectorAll("input[type=file][data-max-bytes]").forEach((input) => {
    const hint = document.createElement("div");
    hint.className = "invalid-feedback";
    hint.setAttribute("role", "status");
    input.after(hint);
    input.addEventListener("change", () => {
      const problem = checkFile(input);
      hint.textContent = problem;
      input.classList.toggle("is-invalid", Boolean(problem));
    });
  });
}

function closeMenus() {
  const opened = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    opened().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    opened().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
}

// On a phone the row of links is wider than the screen: begin at the one that is open.
function showCurrentLinks() {
  document.querySelectorAll(".tabs ul, .site-nav ul").forEach((row) => {
    const link = row.querySelector("[aria-current]");
    if (!link) return;
    const [inner, outer] = [link.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  });
}

// Five and two minutes before the session ends, the open page says so and offers to go on. Another window may have
// gone on meanwhile, so the server is asked before anything is said. Nothing on the page is touched.
function watchSession(panel) {
  const form = panel.querySelector("form");
  let endsAt = 0;
  let timer = 0;

  const left = () => Math.max(0, Math.round((endsAt - Date.now()) / 1000));

  function begin(seconds) {
    endsAt = Date.now() + seconds * 1000;
    const next = WARNINGS.find((warning) => seconds > warning);
    clearTimeout(timer);
    if (next !== undefined) timer = setTimeout(look, Math.min((seconds - next) * 1000, LONGEST_TIMER));
  }

  // Only a way to the login page means that it is over; after anything else what was known stays true.
  async function ask(options) {
    const answer = await fetch(panel.dataset.session, { redirect: "manual", ...options }).catch(() => null);
    if (answer?.ok) begin((await answer.json()).left);
    else begin(answer?.type === "opaqueredirect" ? 0 : left());
    return Boolean(answer?.ok);
  }

  function say(words, { isOver = false, isSoon = false } = {}) {
    panel.querySelector("[data-session-words]").textContent = words;
    panel.querySelector("[data-session-login]").hidden = !isOver;
    form.hidden = !isSoon;
    panel.hidden = false;
  }

  function show() {
    const seconds = left();
    if (seconds > WARNINGS[0]) panel.hidden = true;
    else if (!seconds) say(panel.dataset.ended, { isOver: true });
    else say(panel.dataset.soon.replace("{minutes}", String(Math.ceil(seconds / 60))), { isSoon: true });
  }

  async function look() {
    await ask({});
    show();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await ask({ method: "POST", body: new FormData(form) }))) return show();
    say(panel.dataset.stayed);
    setTimeout(show, SHOWN_AFTER);
    return undefined;
  });
  // A machine that slept has missed its timers; whoever logged in elsewhere comes back.
  window.addEventListener("focus", () => {
    if (left() <= WARNINGS[0]) look();
  });
  const made = document.querySelector("meta[name=server-time]").content;
  begin((Date.parse(panel.dataset.ends) - Date.parse(made)) / 1000);
  if (left() <= WARNINGS[0]) show();
}

focusErrors();
drawTheRest();
showCurrentLinks();
guardSubmits();
warnBeforeLeaving();
copyButtons();
hintFiles();
closeMenus();
document.querySelectorAll("[data-session]").forEach(watchSession);
