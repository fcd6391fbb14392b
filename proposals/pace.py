"""How fast an endorser has to work to finish in time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kipp.lib.clock import days_left


@dataclass(frozen=True, slots=True)
class Pace:
    """So many wait for one end; `per_day` finishes them, the day of the end included."""

    competition: str
    zone: str
    ends_at: datetime
    waiting: int
    per_day: int


def per_day(waiting: int, *, ends_at: datetime, at: datetime, zone: str) -> int:
    """Today counts as a whole day, for nobody can go back and start earlier."""
    days = days_left(ends_at, at=at, zone=zone) + 1
    return -(-waiting // max(days, 1))
