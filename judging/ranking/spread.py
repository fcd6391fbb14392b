"""Spread rules: at most so many of one group stand within a line, and who stands next moves up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from judging.ranking.law import AtLine, Law, SpreadBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from judging.ranking.lines import Line, Ranking
    from judging.ranking.places import Placed

# The seats that all share who share the place; none for who is passed over.
Seats = tuple[int, int] | None


class Spot(NamedTuple):
    """Where one line stands: its place, the end of the place that it shares, what it counts as."""

    place: int
    place_end: int
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a spread rule moved at the line: keys in the order of the list, points given up."""

    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    points: Decimal


def seats_of(law: Law, spots: Sequence[Spot | Placed]) -> list[Seats]:
    """Seats are places among those whom the rule lets through; without a rule they are places.

    Who shares a place is treated alike: where not all of a group's ties fit, the law at the line
    says whether all of them pass or none.
    """
    if law.spread is None:
        return [(each.place, each.place_end) for each in spots]
    taken: Counter[str] = Counter()
    found: list[Seats] = []
    seated = 0
    for _place, sharing in groupby(spots, key=lambda each: each.place):
        groups = [each.group for each in sharing]
        passing = {
            group
            for group, count in Counter(groups).items()
            if taken[group] + count <= law.spread
            or (law.at_line is AtLine.KEEP and taken[group] < law.spread)
        }
        let = [group for group in groups if group in passing]
        seats = (seated + 1, seated + len(let))
        found += [seats if group in passing else None for group in groups]
        taken.update(let)
        seated += len(let)
    return found


def without_spread(law: Law) -> Law:
    return replace(law, spread_by=SpreadBy.NOTHING, spread=None)


def price_of(before: Ranking, after: Ranking) -> Price:
    """`before`: the same entries ranked without the rule."""
    free, bound = _advancing(before.lines), _advancing(after.lines)
    entering = tuple(key for key in bound if key not in free)
    leaving = tuple(key for key in free if key not in bound)
    points = sum((free[key] for key in leaving), Decimal(0))
    return Price(
        entering=entering,
        leaving=leaving,
        points=points - sum((bound[key] for key in entering), Decimal(0)),
    )


def _advancing(lines: Iterable[Line]) -> dict[str, Decimal]:
    return {line.key: line.cumulative or Decimal(0) for line in lines if line.advances}
