"""From scores to shared ranks, and from a tie-break chain to places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from judging.ranking.law import Law, RankStyle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from judging.ranking.scores import Scored

UNBROKEN = "unbroken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
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


def place_scored(law: Law, scored: Sequence[Scored]) -> list[Placed]:
    """Place all lines; equals stand in order of score, then key, which decides nothing."""
    ordered = sorted(scored, key=lambda line: line.key)
    ordered.sort(key=_score, reverse=True)
    placed: list[Placed] = []
    for number, group in enumerate(_tied_groups(law, ordered), start=1):
        first = len(placed) + 1
        rank = number if law.style is RankStyle.DENSE else first
        if len(group) == 1:
            placed.append(_place_alone(group[0], rank=rank, at=first))
        else:
            placed.extend(_place_group(law, group, rank=rank, first=first))
    return placed


def _score(line: Scored) -> Decimal:
    assert line.cumulative is not None  # noqa: S101 - only ranked lines come here
    return line.cumulative


def _tied_groups(law: Law, ordered: Sequence[Scored]) -> Iterator[list[Scored]]:
    """Let a line share the rank of the one before it when it is equal or closer than the margin."""
    group: list[Scored] = []
    for line in ordered:
        if group:
            gap = _score(group[-1]) - _score(line)
            if gap and gap >= law.tie_margin:
                yield group
                group = []
        group.append(line)
    if group:
        yield group


def _place_alone(line: Scored, *, rank: int, at: int) -> Placed:
    return Placed(scored=line, rank=rank, first=at, last=at, place=at, place_end=at, tie=None)


def _place_group(law: Law, group: list[Scored], *, rank: int, first: int) -> Iterator[Placed]:
    group.sort(key=_chain_key, reverse=True)
    sharing = Counter(line.tie_values for line in group)
    ties = _separating_links(law, group)
    place = first
    for offset, line in enumerate(group):
        if offset and line.tie_values != group[offset - 1].tie_values:
            place = first + offset
        yield Placed(
            scored=line,
            rank=rank,
            first=first,
            last=first + len(group) - 1,
            place=place,
            place_end=place + sharing[line.tie_values] - 1,
            tie=ties[line.tie_values],
        )


def _chain_key(line: Scored) -> tuple[tuple[bool, Decimal], ...]:
    """Higher wins; a missing number loses against any number."""
    return tuple((value is not None, value or Decimal(0)) for value in line.tie_values)


def _separating_links(law: Law, group: Sequence[Scored]) -> dict[tuple[Decimal | None, ...], str]:
    """For each line the link that set it apart from everybody it was tied with."""
    links = {}
    pending = {line.tie_values for line in group}
    for depth, link in enumerate(law.tie_breaks, start=1):
        sharing = Counter(line.tie_values[:depth] for line in group)
        alone = {values for values in pending if sharing[values[:depth]] == 1}
        links.update(dict.fromkeys(alone, link))
        pending -= alone
    return links | dict.fromkeys(pending, UNBROKEN)
