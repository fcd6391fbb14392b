"""What a cheap phone on a bad line gets: weight, requests and the largest paint, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, sync_playwright

from bench.chromium import FLAGS, program
from bench.plan import Client, Page

WITHOUT_BROWSER = "No Chromium starts here: no cold visits. `make test` installs one."
# 400 kbit/s, 400 ms, a quarter of this processor.
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
CPU_SLOWDOWN = 4
LARGEST_PAINT = """
    () => new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
            .observe({ type: "largest-contentful-paint", buffered: true });
        setTimeout(() => resolve(-1), 5000);
    })
"""


@dataclass(frozen=True)
class Limit:
    key: str
    label: str
    kilobytes: int
    paint_seconds: float
    requests: int


FORM = (60, 2.0, 6)
PUBLIC = (100, 2.0, 12)
LIMITS = (
    Limit("home", "home", *PUBLIC),
    Limit("competition", "competition page", *PUBLIC),
    Limit("results", "public results", *PUBLIC),
    Limit("login", "login", *FORM),
    Limit("proposal", "proposal page", *FORM),
    Limit("section", "section", *FORM),
    Limit("scorecard", "scorecard", *FORM),
    Limit("board", "board", *FORM),
)


@dataclass
class Visit:
    status: int = 0
    addresses: list[str] = field(default_factory=list)
    size: int = 0
    paint_ms: float = 0.0


def browser_is_missing() -> bool:
    """Asked by starting one: its libraries may be missing."""
    try:
        with _chromium():
            return False
    except Error:
        return True


def browse(pages: Mapping[str, Page], *, port: int, looks: int) -> list[tuple[Limit, list[Visit]]]:
    base = f"http://localhost:{port}"
    with _chromium() as browser:
        return [
            (limit, [visit(browser, base, pages[limit.key].clients[0]) for _look in range(looks)])
            for limit in LIMITS
        ]


def visit(browser: Browser, base: str, client: Client) -> Visit:
    """A cold visit: nothing is kept from one look to the next."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="id-ID")
    if client.session:
        context.add_cookies([{"name": "sessionid", "value": client.session, "url": base}])
    page = context.new_page()
    seen = Visit()
    _watch(context.new_cdp_session(page), seen)
    answer = page.goto(base + client.path, wait_until="load", timeout=60_000)
    seen.status = answer.status if answer else 0
    seen.paint_ms = float(page.evaluate(LARGEST_PAINT))
    context.close()
    return seen


def _watch(session: CDPSession, seen: Visit) -> None:
    def note_request(event: dict[str, Any]) -> None:
        seen.addresses.append(event["request"]["url"])

    def note_size(event: dict[str, Any]) -> None:
        seen.size += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", note_request)
    session.on("Network.loadingFinished", note_size)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


def elsewhere(visits: Sequence[Visit], base: str) -> int:
    """Requests that left the portal."""
    asked = [address for address in visits[0].addresses if not address.startswith("data:")]
    return sum(not address.startswith(base) for address in asked)


def weight(visits: Sequence[Visit]) -> float:
    """In kilobytes on the wire, headers included."""
    return visits[0].size / 1024


def request_count(visits: Sequence[Visit]) -> int:
    return sum(not address.startswith("data:") for address in visits[0].addresses)


def paint_seconds(visits: Sequence[Visit]) -> float:
    return median(each.paint_ms for each in visits) / 1000
