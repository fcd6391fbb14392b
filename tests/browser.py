"""Which Chromium the browser tests drive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

# The build without windows takes a third less of the processor for the same pages.
PROGRAMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> str | None:
    """The system's own; none: Playwright looks for the one that it has installed itself."""
    return next((str(path) for path in PROGRAMS if path.exists()), None)


@contextmanager
def stranger(browser: Browser, server: object) -> Iterator[BrowserContext]:
    """Somebody with a browser of their own, who has never been here."""
    context = browser.new_context(base_url=str(server), locale="id-ID")
    context.set_default_timeout(15_000)
    yield context
    context.close()
