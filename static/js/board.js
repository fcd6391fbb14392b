// The board keeps up by itself: asks again while somebody looks, and touches the page only when it says something new.

const board = document.getElementById("board");
const pause = Number(board.dataset.board) * 1000;

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("board");
    if (fresh && fresh.innerHTML !== board.innerHTML) board.replaceChildren(...fresh.childNodes);
  } catch {
    // No network for a moment: the next time tells.
  }
}

setInterval(renew, pause);
document.addEventListener("visibilitychange", renew);
