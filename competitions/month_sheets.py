"""Months as sheets of days, Monday first: what a calendar page draws. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Day:
    """`is_inside`: of this month, not of a neighbour that fills the week."""

    day: date
    is_inside: bool
    entries: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    days: tuple[Day, ...]


def months_of(entries: Iterable[tuple[date, Any]]) -> list[Month]:
    """The months in which something stands, in their order."""
    by_day: dict[date, list[Any]] = {}
    for day, entry in entries:
        by_day.setdefault(day, []).append(entry)
    return [_month(first, by_day) for first in sorted({day.replace(day=1) for day in by_day})]


def _month(first: date, by_day: dict[date, list[Any]]) -> Month:
    days = []
    for day in calendar.Calendar().itermonthdates(first.year, first.month):
        is_inside = day.month == first.month
        days.append(Day(day, is_inside, tuple(by_day.get(day, ())) if is_inside else ()))
    return Month(first, tuple(days))
