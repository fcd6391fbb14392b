"""Small builders for laws and entries; shared by the tests of ranking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from judging.ranking import Entry, Law, Line, Ranking

D = Decimal


def make_law(**fields: Any) -> Law:
    """Build a law of one criterion `mutu` on a scale of 0 to 100, unless told otherwise."""
    return Law(**{"weights": {"mutu": D(100)}, "scale_min": D(0), "scale_max": D(100), **fields})


def make_entry(key: str, *scores: str, **fields: Any) -> Entry:
    """Build an entry whose judges j1, j2, ... each give one score for `mutu`."""
    cards = {f"j{number}": {"mutu": D(score)} for number, score in enumerate(scores, start=1)}
    return Entry(key=key, scorecards=cards, **fields)


@st.composite
def read_fields(draw: st.DrawFn, *, judges: int = 3) -> list[Entry]:
    """Ten to twelve entries that judges of different severity read, not every one everything."""
    random = draw(st.randoms(use_true_random=False))
    severity = [random.randint(-9, 9) for _judge in range(judges)]
    found = []
    for number in range(draw(st.integers(10, 12))):
        quality = random.randint(40, 80)
        absent = number % (2 * judges)
        cards = {
            f"j{judge}": {"mutu": D(quality + severity[judge] + random.randint(-2, 2))}
            for judge in range(judges)
            if judge != absent
        }
        found.append(Entry(key=f"p{number:02}", scorecards=cards))
    return found


def line_of(ranking: Ranking, key: str) -> Line:
    return next(line for line in ranking.lines if line.key == key)


def keys(ranking: Ranking) -> list[str]:
    return [line.key for line in ranking.lines]


def advancing(ranking: Ranking) -> set[str]:
    return {line.key for line in ranking.lines if line.advances}
