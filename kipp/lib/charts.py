"""Geometry of charts on a 0-100 scale, as text for SVG: templates do no arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Number = int | Decimal
FULL = Decimal(100)


@dataclass(frozen=True)
class Bar:
    label: str
    value: str
    note: str
    x: str
    width: str


@dataclass(frozen=True)
class Line:
    """`points` over equal steps, from the left and from the top."""

    label: str
    points: str
    last: str


@dataclass(frozen=True)
class Spread:
    label: str
    low: str
    high: str
    mean: str
    dots: tuple[str, ...]
    mean_text: str
    range_text: str


@dataclass(frozen=True)
class Pair:
    """One figure before and after: two bars from zero on a scale of their own."""

    before_x: str
    before_width: str
    after_x: str
    after_width: str


@dataclass(frozen=True)
class Step:
    title: str = ""
    dates: str = ""
    state: Literal["past", "now", "next", ""] = ""
    note: str = ""
    is_today: bool = False


@dataclass(frozen=True)
class Period:
    """What a timeline is made of; `dates` is already written the way people read it."""

    title: str
    starts_at: datetime
    ends_at: datetime
    dates: str
    note: str = ""


def position(value: Number, *, low: Number, high: Number) -> str:
    """Where a value lies between low and high, 0 to 100, two decimals at most."""
    if high == low:
        return "0"
    share = (Decimal(value) - low) / (Decimal(high) - low) * FULL
    kept = min(max(share, Decimal(0)), FULL).quantize(Decimal("0.01"))
    return f"{kept.normalize():f}"


def percent(part: Number, *, of: Number) -> str:
    return f"{Decimal(part) / Decimal(of) * FULL:.0f}%" if of else ""


def bars(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """Bars from the left, the longest as wide as the chart."""
    largest = max((count for _, count in counts), default=0)
    return [
        Bar(label, str(count), "", x="0", width=position(count, low=0, high=largest))
        for label, count in counts
    ]


def lines(series: Sequence[tuple[str, Sequence[int]]]) -> list[Line]:
    """Over the same steps and one scale from zero; the highest value touches the top.

    A single step is drawn level, from end to end.
    """
    largest = max((value for _label, values in series for value in values), default=0) or 1
    return [
        Line(label, _points(values, top=largest), str(values[-1]) if values else "")
        for label, values in series
    ]


def _points(values: Sequence[int], *, top: int) -> str:
    drawn = [*values, *values] if len(values) == 1 else values
    places = (
        (position(step, low=0, high=len(drawn) - 1), position(top - value, low=0, high=top))
        for step, value in enumerate(drawn)
    )
    return " ".join(f"{x},{y}" for x, y in places)


def funnel(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """Centred bars against the first step; the note says what share of the step before is left."""
    first = counts[0][1] if counts else 0
    before = [0, *(count for _, count in counts)]
    return [
        _funnel_bar(label, count, first=first, note=percent(count, of=previous))
        for (label, count), previous in zip(counts, before, strict=False)
    ]


def _funnel_bar(label: str, count: int, *, first: int, note: str) -> Bar:
    width = Decimal(position(count, low=0, high=first))
    margin = position(FULL - width, low=0, high=2 * FULL)
    return Bar(label, str(count), note, x=margin, width=f"{width:f}")


def spread(
    rows: Sequence[tuple[str, Sequence[Decimal], Decimal]], *, low: Number, high: Number
) -> list[Spread]:
    """One line per entry: every judge's value, their range, and the mean as ranked."""
    return [
        _spread_row(label, values, mean=mean, low=low, high=high) for label, values, mean in rows
    ]


def _spread_row(
    label: str, values: Sequence[Decimal], *, mean: Decimal, low: Number, high: Number
) -> Spread:
    placed = tuple(position(value, low=low, high=high) for value in sorted(values))
    ends = (min(values), max(values)) if values else ()
    return Spread(
        label,
        low=placed[0] if placed else "0",
        high=placed[-1] if placed else "0",
        mean=position(mean, low=low, high=high),
        dots=placed,
        mean_text=comma(mean),
        range_text=(" … " if low < 0 else "–").join(comma(end) for end in ends),
    )


def comma(value: Decimal) -> str:
    """A score the Indonesian way: 87,50, with a minus that is no hyphen."""
    return f"{value:f}".replace(".", ",").replace("-", "−")


def before_after(before: Decimal, after: Decimal) -> Pair:
    low, high = min(before, after, Decimal(0)), max(before, after, Decimal(0))
    places = [
        (
            position(min(value, Decimal(0)), low=low, high=high),
            position(abs(value), low=0, high=high - low),
        )
        for value in (before, after)
    ]
    return Pair(*places[0], *places[1])


def timeline_steps(periods: Sequence[Period], *, at: datetime) -> list[Step]:
    """The periods in order of their start, with today between them unless it falls inside one."""
    ordered = sorted(periods, key=lambda period: (period.starts_at, period.ends_at))
    steps = [
        Step(period.title, period.dates, state=state(period, at=at), note=period.note)
        for period in ordered
    ]
    if any(step.state == "now" for step in steps):
        return steps
    begun = sum(1 for period in ordered if period.starts_at <= at)
    return [*steps[:begun], Step(is_today=True), *steps[begun:]]


def state(period: Period, *, at: datetime) -> Literal["past", "now", "next"]:
    if at < period.starts_at:
        return "next"
    return "now" if at < period.ends_at else "past"
