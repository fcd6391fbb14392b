// Counts down by the server's clock: the answer says what time it was there; a page says when it was made.

const [visit] = performance.getEntriesByType("navigation");
const header = visit?.serverTiming?.find((entry) => entry.name === "now");
const stated = Date.parse(header?.description || document.querySelector("meta[name=server-time]").content);
const made = performance.timeOrigin + performance.now();
const offset = stated - made;
const NEAR = 24 * 3600;

function parts(seconds) {
  return {
    day: Math.floor(seconds / 86400),
    hour: Math.floor((seconds % 86400) / 3600),
    minute: Math.floor((seconds % 3600) / 60),
    second: seconds % 60,
  };
}

function words(seconds, names) {
  const left = parts(seconds);
  if (left.day > 0) return `${left.day} ${names.day} ${left.hour} ${names.hour}`;
  if (left.hour > 0) return `${left.hour} ${names.hour} ${left.minute} ${names.minute}`;
  return `${left.minute} ${names.minute} ${left.second} ${names.second}`;
}

function update(box) {
  const output = box.querySelector("[data-countdown-left]");
  const now = performance.timeOrigin + performance.now() + offset;
  const seconds = Math.floor((Date.parse(box.dataset.countdown) - now) / 1000);
  if (seconds <= 0) {
    output.textContent = box.dataset.ended || "00.00";
    return;
  }
  box.classList.toggle("is-near", seconds < NEAR);
  output.textContent = words(seconds, output.dataset);
}

const boxes = document.querySelectorAll("[data-countdown]");
const tick = () => boxes.forEach(update);
tick();
if (boxes.length) setInterval(tick, 1000);
