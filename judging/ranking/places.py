"""From scores to shared ranks, and from a tie-break chain to places."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from judging.ranking.law import Law, RankStyle
from judging.ranking.scores import Scored, tie_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from judging.ranking.rubric import Rubric

UNBROKEN = "unbroken"
ZERO = Decimal(0)


class Placed(NamedTuple):
    """Where a scored proposal stands.

    `first`..`last` are the positions of all who share the rank, `place`..`place_end` of all
    who still share the place after the chain.
    """

    scored: Scored
    rank: int
    first: int
    last: int
    place: int
    place_end: int
    tie: str | None

    @property
    def group(self) -> str:
        return self.scored.group


def place_scored(rubric: Rubric, scored: Sequence[Scored]) -> list[Placed]:
    """Place all lines; equals stand in order of score, then key, which decides nothing."""
    law = rubric.law
    ordered = sorted(scored, key=attrgetter("key"))
    ordered.sort(key=attrgetter("cumulative"), reverse=True)
    placed: list[Placed] = []
    is_dense = law.style is RankStyle.DENSE
    for number, group in enumerate(_tied_groups(law, ordered), start=1):
        first = len(placed) + 1
        rank = number if is_dense else first
        if len(group) == 1:
            placed.append(_place_alone(group[0], rank=rank, at=first))
        else:
            placed.extend(_place_group(rubric, group, rank=rank, first=first))
    return placed


def _tied_groups(law: Law, ordered: Sequence[Scored]) -> Iterator[list[Scored]]:
    """Let a line share the rank of the one before it when it is equal or closer than the margin."""
    group: list[Scored] = []
    before = ZERO
    for line in ordered:
        score = line.cumulative
        assert score is not None  # noqa: S101 - only ranked lines come here
        if group and score != before and before - score >= law.tie_margin:
            yield group
            group = []
        group.append(line)
        before = score
    if group:
        yield group


def _place_alone(line: Scored, *, rank: int, at: int) -> Placed:
    return Placed(line, rank, at, at, at, at, None)


def _place_group(
    rubric: Rubric, group: Sequence[Scored], *, rank: int, first: int
) -> Iterator[Placed]:
    last, place = first + len(group) - 1, first
    for tie, block in _parted(rubric, group, link=0):
        place_end = place + len(block) - 1
        for line in block:
            yield Placed(line, rank, first, last, place, place_end, tie)
        place = place_end + 1


def _parted(
    rubric: Rubric, group: Sequence[Scored], *, link: int
) -> Iterator[tuple[str, Sequence[Scored]]]:
    """Who is set apart by which link of the chain, best first; the next link parts who is not."""
    if link == len(rubric.links):
        yield UNBROKEN, group
        return
    valued = [(tie_value(rubric, line.read, rubric.links[link]), line) for line in group]
    valued.sort(key=_higher, reverse=True)
    for _value, same in groupby(valued, itemgetter(0)):
        block = [line for _value, line in same]
        if len(block) == 1:
            yield rubric.law.tie_breaks[link], block
        else:
            yield from _parted(rubric, block, link=link + 1)


def _higher(valued: tuple[Decimal | None, Scored]) -> tuple[bool, Decimal]:
    """A missing number loses against any number."""
    value = valued[0]
    return value is not None, value or ZERO
