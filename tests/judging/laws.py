"""Small builders for laws and entries; shared by the tests of ranking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from judging.ranking import Entry, Law, Line, Ranking

D = Decimal


def make_law(**fields: Any) -> Law:
    """Build a law of one criterion `mutu` on a scale of 0 to 100, unless told otherwise."""
    return Law(**{"weights": {"mutu": D(100)}, "scale_min": D(0), "scale_max": D(100), **fields})


def make_entry(key: str, *scores: str, **fields: Any) -> Entry:
    """Build an entry whose judges j1, j2, ... each give one score for `mutu`."""
    cards = {f"j{number}": {"mutu": D(score)} for number, score in enumerate(scores, start=1)}
    return Entry(key=key, scorecards=cards, **fields)


def line_of(ranking: Ranking, key: str) -> Line:
    return next(line for line in ranking.lines if line.key == key)


def keys(ranking: Ranking) -> list[str]:
    return [line.key for line in ranking.lines]


def advancing(ranking: Ranking) -> set[str]:
    return {line.key for line in ranking.lines if line.advances}
