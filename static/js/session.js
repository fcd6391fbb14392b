// Five and two minutes before the session ends, the open page says so and offers to go on. Another window may have
// gone on meanwhile, so the server is asked before anything is said. Nothing on the page is touched.

const WARNINGS = [300, 120, 0];
const LONGEST_TIMER = 2 ** 31 - 1;
const SHOWN_AFTER = 8000;

const panel = document.querySelector("[data-session]");
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
