"""How long a page waits between its saves while somebody writes: longer when many do.

Everybody's saves are counted in the cache, by ten seconds; the last ten decide about the next.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.core.cache import cache

WINDOW = 10
# At so many saves per second or more, a page waits so many seconds. The last hours of an edition
# bring seven saves per second.
PAUSES = ((40, 15), (15, 6), (0, 2))


def pause_for(saves_per_second: float) -> int:
    """Seconds. What is typed meanwhile is kept by the browser within one second."""
    return next(pause for least, pause in PAUSES if saves_per_second >= least)


def pause_now(*, at: datetime) -> int:
    return pause_for(int(cache.get(_key(at, back=1)) or 0) / WINDOW)


def note_save(*, at: datetime) -> None:
    """A cache that is emptied between the two steps loses the count, never the save."""
    key = _key(at, back=0)
    cache.add(key, 0, timeout=3 * WINDOW)
    with suppress(ValueError):
        cache.incr(key)


def _key(at: datetime, *, back: int) -> str:
    return f"saves:{int(at.timestamp()) // WINDOW - back}"
