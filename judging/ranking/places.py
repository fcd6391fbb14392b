"""From scores to shared ranks, and from a tie-break chain to places."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from judging.ranking.law import Law, RankStyle
from judging.ranking.scores import Scored, TieValues, tie_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from judging.ranking.rubric import Rubric

UNBROKEN = "unbroken"
ZERO = Decimal(0)
# A line beside what the links of the chain compare.
Chained = tuple[TieValues, Scored]


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
    chained = [(tie_values(rubric, line.read), line) for line in group]
    chained.sort(key=_chain_key, reverse=True)
    last, place = first + len(group) - 1, first
    blocks = [list(same) for _values, same in groupby(chained, itemgetter(0))]
    # What sets a line apart from everybody it was tied with: in order, its neighbours differ last.
    depths = [_shared(one[0], other[0]) for one, other in pairwise(blocks)]
    for block, before, after in zip(blocks, [0, *depths], [*depths, 0], strict=True):
        tie = rubric.law.tie_breaks[max(before, after)] if len(block) == 1 else UNBROKEN
        place_end = place + len(block) - 1
        for _values, line in block:
            yield Placed(line, rank, first, last, place, place_end, tie)
        place = place_end + 1


def _chain_key(chained: Chained) -> tuple[tuple[bool, Decimal], ...]:
    """Higher wins; a missing number loses against any number."""
    values, _line = chained
    return tuple([(value is not None, value or ZERO) for value in values])


def _shared(one: Chained, other: Chained) -> int:
    """How many links of the chain did not tell the two apart."""
    ours, theirs = one[0], other[0]
    depth = 0
    while ours[depth] == theirs[depth]:
        depth += 1
    return depth
