"""The ordered list: who advances, which tiers are reached, and how each cut was decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from judging.ranking.canonical import canonical_inputs, hash_of
from judging.ranking.errors import InputError, gettext_noop
from judging.ranking.law import AtLine, Law
from judging.ranking.places import Placed, place_scored
from judging.ranking.scores import (
    Entry,
    Scored,
    Unranked,
    read_entries,
    score_entry,
    severities_of,
)
from judging.ranking.severity import Severities
from judging.ranking.spread import Seats, seats_of
from kipp.lib.collecting import collecting_later

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal


class Decision(StrEnum):
    """How the line between in and out was drawn for one proposal."""

    NO_CUT = "no_cut"
    CLEAR = "clear"
    PASSED = "passed"
    ENTERED = "entered"
    TIE_BREAK = "tie_break"
    KEPT = "kept"
    LEFT = "left"
    PLENARY = "plenary"
    UNRANKED = "unranked"


# Python looks a member of an enumeration up for longer than it compares two numbers.
CLEAR, LEAVE = Decision.CLEAR, AtLine.LEAVE


class Line(NamedTuple):
    """What the list says of one proposal.

    `rank` is shared by ties; `place` is after the tie-breaks; `tie` is the link of the chain
    that set this line apart, "unbroken" when none did, `None` when the rank was not shared.
    """

    key: str
    totals: tuple[tuple[str, Decimal], ...]
    stage_score: Decimal | None
    cumulative: Decimal | None
    rank: int | None
    place: int | None
    tie: str | None
    advances: bool
    decision: Decision
    tiers: tuple[str, ...]
    unranked: Unranked | None
    # What its place takes of the places that a spread rule leaves; none where it is passed over.
    seats: Seats = None
    # Where the law alone put it, once the plenary has moved any line; none where it moved nothing.
    law_place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    law: Law
    lines: tuple[Line, ...]
    severities: Severities
    inputs: bytes
    inputs_hash: str


@collecting_later()
def rank_entries(law: Law, entries: Iterable[Entry]) -> Ranking:
    """List the ranked by place, then the unranked; the order of the input is irrelevant."""
    entries = tuple(entries)
    _check_keys(entries)
    rubric, read = read_entries(law, entries)
    severities = severities_of(rubric, read)
    scored = [score_entry(rubric, each, severity=severities.values) for each in read]
    ranked = place_scored(rubric, [line for line in scored if line.unranked is None])
    unranked = sorted(
        (line for line in scored if line.unranked is not None), key=lambda line: line.key
    )
    inputs = canonical_inputs(law, entries)
    return Ranking(
        law=law,
        lines=(
            *_ranked_lines(law, ranked),
            *(_unranked_line(line) for line in unranked),
        ),
        severities=severities,
        inputs=inputs,
        inputs_hash=hash_of(inputs),
    )


def _check_keys(entries: Sequence[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if not entry.key or entry.key in seen:
            raise InputError(
                gettext_noop("The key %(entry)s is empty or used twice."),
                code="bad_key",
                entry=repr(entry.key),
            )
        seen.add(entry.key)


def _ranked_lines(law: Law, ranked: Sequence[Placed]) -> Iterator[Line]:
    seats = seats_of(law, ranked)
    shared: dict[int, tuple[int, int]] = {}
    for placed, taken in zip(ranked, seats, strict=True):
        if taken:
            first, _last = shared.get(placed.rank, taken)
            shared[placed.rank] = (first, taken[1])
    for placed, taken in zip(ranked, seats, strict=True):
        yield _ranked_line(law, placed, seats=taken, shared=shared.get(placed.rank))


def _ranked_line(law: Law, placed: Placed, *, seats: Seats, shared: Seats) -> Line:
    """`shared`: the seats of all who share the rank."""
    key, _group, totals, stage_score, cumulative, unranked, _read = placed.scored
    return Line(
        key,
        totals,
        stage_score,
        cumulative,
        placed.rank,
        placed.place,
        placed.tie,
        law.advance is not None and is_inside(law, seats, size=law.advance),
        _decision(law, placed, seats=seats, shared=shared),
        _tiers(law, seats),
        unranked,
        seats,
    )


def _unranked_line(scored: Scored) -> Line:
    return Line(
        key=scored.key,
        totals=scored.totals,
        stage_score=scored.stage_score,
        cumulative=None,
        rank=None,
        place=None,
        tie=None,
        advances=False,
        decision=Decision.UNRANKED,
        tiers=(),
        unranked=scored.unranked,
    )


def _tiers(law: Law, seats: Seats) -> tuple[str, ...]:
    """Outermost first: who is not within that is within none."""
    if not law.tiers or not is_inside(law, seats, size=law.tiers[0].size):
        return ()
    return tuple([tier.name for tier in law.tiers if is_inside(law, seats, size=tier.size)])


def is_inside(law: Law, seats: Seats, *, size: int) -> bool:
    return seats is not None and seats[law.at_line is LEAVE] <= size


def _decision(law: Law, placed: Placed, *, seats: Seats, shared: Seats) -> Decision:
    if law.advance is None:
        return Decision.NO_CUT
    own = (placed.place, placed.place_end)
    if placed.first == placed.last and seats == own:
        return CLEAR  # as nearly all are
    if seats is None or shared is None:
        return Decision.PASSED if is_inside(law, own, size=law.advance) else Decision.CLEAR
    if seats[0] <= law.advance < seats[1]:
        return Decision.KEPT if law.at_line is AtLine.KEEP else Decision.LEFT
    if is_inside(law, seats, size=law.advance) and not is_inside(law, own, size=law.advance):
        return Decision.ENTERED
    return Decision.TIE_BREAK if shared[0] <= law.advance < shared[1] else CLEAR
