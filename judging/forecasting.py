"""When a judge will have finished, by the judge's own pace, with a range that admits chance. Pure.

The model: a judge submits at a steady rate that is known from what was submitted so far. With n
sheets in T days (since the first one was opened, a day at least) and r to come, the days that
remain are T times a beta-prime variable of r and n + 1/2 (Jeffreys' prior): chance and the doubt
about the rate are both in it. Who works in bursts is less sure: where the daily counts vary more
than chance alone would make them, r and n are divided by that excess. Without any submitted sheet
there is no pace and no forecast. A range holds four times out of five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, pvariance

DAY = timedelta(days=1)
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
# Beyond this nobody should read a date.
HORIZON = 366.0
PRIOR = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """`daily`: sheets submitted on each day since the first was opened, today included."""

    owed: int
    done: int
    opened_at: datetime | None
    daily: Sequence[int] = ()

    @property
    def left(self) -> int:
        return self.owed - self.done


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Three days with the chance of being done by then; a missing one lies beyond a year."""

    early: datetime | None
    middle: datetime | None
    late: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Of one judge who has submitted something; `per_day` is shown, the rest is the model's."""

    days: float
    per_day: float
    left: float
    weight: float


def pace_of(work: Work, *, at: datetime) -> Pace | None:
    if not work.done or work.opened_at is None or work.left < 1:
        return None
    days = max((at - work.opened_at) / DAY, 1.0)
    excess = _excess(work.daily)
    return Pace(
        days=days,
        per_day=work.done / days,
        left=work.left / excess,
        weight=work.done / excess + PRIOR,
    )


def chance_by(paces: Sequence[Pace], *, days: float) -> float:
    """That all of them are done in so many days from now."""
    from scipy.special import betainc

    chance = 1.0
    for pace in paces:
        chance *= float(betainc(pace.left, pace.weight, days / (pace.days + days)))
    return chance if days > 0 else 0.0


def forecast(paces: Sequence[Pace], *, at: datetime) -> Forecast | None:
    """Of the day on which the last of them is done."""
    if not paces:
        return None
    early, middle, late = (_days_until(paces, chance=chance) for chance in (LOW, MIDDLE, HIGH))
    return Forecast(
        early=_moment(early, at=at), middle=_moment(middle, at=at), late=_moment(late, at=at)
    )


def is_behind(
    work: Work, pace: Pace | None, *, since: datetime, at: datetime, end: datetime
) -> bool:
    """Rather not done by the end; or nothing submitted where an even pace would have one."""
    if work.left < 1:
        return False
    if at >= end:
        return True
    if pace is None:
        return work.owed * ((at - since) / (end - since)) >= 1
    return chance_by([pace], days=(end - at) / DAY) < MIDDLE


def _excess(daily: Sequence[int]) -> float:
    """Variance of the daily counts against their mean; chance alone makes it 1."""
    if len(daily) < 3 or not any(daily):
        return 1.0
    return max(pvariance(daily) / fmean(daily), 1.0)


def _days_until(paces: Sequence[Pace], *, chance: float) -> float | None:
    """By halving: the chance grows with the days."""
    low, high = 0.0, HORIZON
    if chance_by(paces, days=high) < chance:
        return None
    while high - low > 0.01:
        middle = (low + high) / 2
        if chance_by(paces, days=middle) < chance:
            low = middle
        else:
            high = middle
    return high


def _moment(days: float | None, *, at: datetime) -> datetime | None:
    return None if days is None else at + days * DAY
