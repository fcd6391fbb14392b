"""What a plenary moved on the finished list: one entry to one place at a time, each for a reason.

The law is done before: scores, ranks and the places that it gave stay visible beside the new ones.
A line that nobody moved keeps sharing its place with whom it shared it. Cuts, tiers and the spread
rule are drawn again over the new places.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from judging.ranking.errors import InputError, gettext_noop
from judging.ranking.lines import Decision, Line, is_inside
from judging.ranking.spread import Spot, seats_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from judging.ranking.law import Law
    from judging.ranking.scores import Entry

# Keys of lines that share a place, in the order of the list.
Block = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Takes the entry off the list and puts it in again at this place."""

    key: str
    place: int
    reason: str


def moves_from_plain(rows: Iterable[Mapping[str, Any]]) -> tuple[Move, ...]:
    return tuple(Move(row["key"], row["place"], row["reason"]) for row in rows)


def reorder(
    law: Law, lines: Sequence[Line], *, entries: Iterable[Entry], moves: Sequence[Move]
) -> tuple[Line, ...]:
    """`lines`: as `rank_entries` made them of these entries. Without a move they stay as they are.

    Raises `InputError`.
    """
    if not moves:
        return tuple(lines)
    ranked = {line.key: line for line in lines if line.place is not None}
    blocks = [tuple(line.key for line in same) for _place, same in groupby(ranked.values(), _place)]
    for move in moves:
        blocks = _moved(blocks, move)
    groups = {entry.key: entry.group or "" for entry in entries}
    spots = dict(_spots(blocks, groups=groups))
    seats = seats_of(law, list(spots.values()))
    touched = {move.key for move in moves}
    settled = (
        _settle(law, ranked[key]._replace(seats=own), place=spot.place, touched=touched)
        for (key, spot), own in zip(spots.items(), seats, strict=True)
    )
    return (*settled, *(line for line in lines if line.place is None))


def _place(line: Line) -> int | None:
    return line.place


def _moved(blocks: Sequence[Block], move: Move) -> list[Block]:
    if not move.reason.strip():
        raise InputError(gettext_noop("Every change of the order needs a reason."), code="reason")
    if not any(move.key in block for block in blocks):
        raise InputError(
            gettext_noop("%(entry)s has no place that could be changed."),
            code="not_ranked",
            entry=move.key,
        )
    rest = [left for block in blocks if (left := tuple(k for k in block if k != move.key))]
    at = _position(rest, place=move.place)
    found = [*rest[:at], (move.key,), *rest[at:]]
    if found == list(blocks):
        raise InputError(
            gettext_noop("It stands on place %(place)s already."),
            code="same_place",
            place=move.place,
        )
    return found


def _position(blocks: Sequence[Block], *, place: int) -> int:
    """Which block comes after whoever takes this place."""
    start = 1
    for position, block in enumerate(blocks):
        if place == start:
            return position
        if start < place < start + len(block):
            raise InputError(
                gettext_noop(
                    "Entries share the places from %(first)s to %(last)s and stay together: choose "
                    "place %(first)s or %(after)s."
                ),
                code="shared_place",
                first=start,
                last=start + len(block) - 1,
                after=start + len(block),
            )
        start += len(block)
    if place != start:
        raise InputError(
            gettext_noop("The list has the places 1 to %(count)s."), code="no_place", count=start
        )
    return len(blocks)


def _spots(blocks: Iterable[Block], *, groups: Mapping[str, str]) -> Iterator[tuple[str, Spot]]:
    start = 1
    for block in blocks:
        for key in block:
            yield key, Spot(start, start + len(block) - 1, groups[key])
        start += len(block)


def _settle(law: Law, line: Line, *, place: int, touched: set[str]) -> Line:
    """The decision is the plenary's where it moved the line, or where that moved it over a cut."""
    advances = law.advance is not None and is_inside(law, line.seats, size=law.advance)
    tiers = tuple(tier.name for tier in law.tiers if is_inside(law, line.seats, size=tier.size))
    is_other = line.key in touched or (advances, tiers) != (line.advances, line.tiers)
    return line._replace(
        place=place,
        law_place=line.place,
        advances=advances,
        tiers=tiers,
        decision=Decision.PLENARY if is_other else line.decision,
    )
