// Parts of a page keep up by themselves: asks again while somebody looks, and touches a part only when it says something new.

const first = document.querySelector("[data-live]");
const pause = first ? Number(first.dataset.live) * 1000 : 0;

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-live]").forEach((part) => {
      const fresh = page.getElementById(part.id);
      if (!fresh) return;
      if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
      if (!fresh.dataset.live) part.removeAttribute("data-live");
    });
    if (!document.querySelector("[data-live]")) clearInterval(timer);
  } catch {
    // No network for a moment: the next time tells.
  }
}

const timer = first ? setInterval(renew, pause) : 0;
if (first) document.addEventListener("visibilitychange", renew);
