"""Rounds against the clock: what is open, until when for whom, what comes next. Pure.

Ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Shift:
    """An extension: for one unit and all below it, or for everybody (`unit_path` None)."""

    old_ends_at: datetime
    new_ends_at: datetime
    unit_path: str | None = None

    def covers(self, unit_path: str | None) -> bool:
        if self.unit_path is None:
            return True
        return unit_path is not None and unit_path.startswith(self.unit_path)


@dataclass(frozen=True, slots=True)
class Period:
    """A round as the rules see it. `ends_at` is the end in force for everybody."""

    kind: str
    name: str
    starts_at: datetime
    ends_at: datetime
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """The next thing that happens: a round starts or ends."""

    period: Period
    at: datetime
    is_end: bool


def state_at(starts_at: datetime, ends_at: datetime, *, at: datetime) -> State:
    if at < starts_at:
        return State.UPCOMING
    return State.OPEN if at < ends_at else State.OVER


def effective_end(
    round_end: datetime, shifts: Iterable[Shift], unit_path: str | None = None
) -> datetime:
    """The end that counts for the unit at `unit_path`; without a unit, for everybody.

    Two extensions do not add up: the latest end that covers the unit counts.
    """
    ends = [shift.new_ends_at for shift in shifts if shift.covers(unit_path)]
    return max([round_end, *ends])


def earlier_ends(
    round_end: datetime, shifts: Iterable[Shift], unit_path: str | None = None
) -> tuple[datetime, ...]:
    """The ends that were announced before the one in force, oldest first: the struck-out dates."""
    ends = {shift.old_ends_at for shift in shifts if shift.covers(unit_path)}
    return tuple(sorted(ends - {effective_end(round_end, shifts, unit_path)}))


def granted(shifts: Iterable[Shift], unit_path: str | None) -> tuple[Shift, ...]:
    """Those that hold for the unit at this path, as if they were for everybody."""
    return tuple(replace(shift, unit_path=None) for shift in shifts if shift.covers(unit_path))


def next_milestone(periods: Iterable[Period], *, at: datetime) -> Milestone | None:
    """The nearest start or end after `at`. At the same moment an end comes before a start."""
    ahead = [
        Milestone(period, moment, is_end)
        for period in periods
        for moment, is_end in ((period.ends_at, True), (period.starts_at, False))
        if moment > at
    ]
    return min(ahead, key=lambda found: (found.at, not found.is_end), default=None)


def open_periods(periods: Iterable[Period], *, at: datetime) -> tuple[Period, ...]:
    """What is going on now; what ends first stands first."""
    going_on = [
        period
        for period in periods
        if state_at(period.starts_at, period.ends_at, at=at) is State.OPEN
    ]
    return tuple(sorted(going_on, key=lambda period: period.ends_at))
