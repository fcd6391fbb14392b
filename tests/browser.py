"""Whoever opens the portal in a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@contextmanager
def stranger(browser: Browser, server: object) -> Iterator[BrowserContext]:
    """Somebody with a browser of their own, who has never been here."""
    context = browser.new_context(base_url=str(server), locale="id-ID")
    context.set_default_timeout(15_000)
    yield context
    context.close()
