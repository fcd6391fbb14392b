"""The ordered list: who advances, which tiers are reached, and how each cut was decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from judging.ranking.canonical import canonical_inputs, hash_of
from judging.ranking.errors import InputError, gettext_noop
from judging.ranking.law import AtLine, Law
from judging.ranking.places import Placed, place_scored
from judging.ranking.scores import Entry, Scored, Unranked, rubric_of, score_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal


class Decision(StrEnum):
    """How the line between in and out was drawn for one proposal."""

    NO_CUT = "no_cut"
    CLEAR = "clear"
    TIE_BREAK = "tie_break"
    KEPT = "kept"
    LEFT = "left"
    UNRANKED = "unranked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the list says of one proposal.

    `rank` is shared by ties; `place` is after the tie-breaks; `tie` is the link of the chain
    that set this line apart, "unbroken" when none did, `None` when the rank was not shared.
    """

    key: str
    totals: tuple[tuple[str, Decimal], ...]
    stage_score: Decimal | None
    cumulative: Decimal | None
    tie_values: tuple[Decimal | None, ...]
    rank: int | None
    place: int | None
    tie: str | None
    advances: bool
    decision: Decision
    tiers: tuple[str, ...]
    unranked: Unranked | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    law: Law
    lines: tuple[Line, ...]
    inputs: bytes
    inputs_hash: str


def rank_entries(law: Law, entries: Iterable[Entry]) -> Ranking:
    """List the ranked by place, then the unranked; the order of the input is irrelevant."""
    entries = tuple(entries)
    _check_keys(entries)
    rubric = rubric_of(law)
    scored = [score_entry(rubric, entry) for entry in entries]
    ranked = place_scored(law, [line for line in scored if line.unranked is None])
    unranked = sorted(
        (line for line in scored if line.unranked is not None), key=lambda line: line.key
    )
    inputs = canonical_inputs(law, entries)
    return Ranking(
        law=law,
        lines=(
            *(_ranked_line(law, placed) for placed in ranked),
            *(_unranked_line(line) for line in unranked),
        ),
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


def _ranked_line(law: Law, placed: Placed) -> Line:
    scored = placed.scored
    return Line(
        key=scored.key,
        totals=scored.totals,
        stage_score=scored.stage_score,
        cumulative=scored.cumulative,
        tie_values=scored.tie_values,
        rank=placed.rank,
        place=placed.place,
        tie=placed.tie,
        advances=law.advance is not None and _is_inside(law, placed, size=law.advance),
        decision=_decision(law, placed),
        tiers=tuple(tier.name for tier in law.tiers if _is_inside(law, placed, size=tier.size)),
        unranked=None,
    )


def _unranked_line(scored: Scored) -> Line:
    return Line(
        key=scored.key,
        totals=scored.totals,
        stage_score=scored.stage_score,
        cumulative=None,
        tie_values=scored.tie_values,
        rank=None,
        place=None,
        tie=None,
        advances=False,
        decision=Decision.UNRANKED,
        tiers=(),
        unranked=scored.unranked,
    )


def _is_inside(law: Law, placed: Placed, *, size: int) -> bool:
    if law.at_line is AtLine.KEEP:
        return placed.place <= size
    return placed.place_end <= size


def _decision(law: Law, placed: Placed) -> Decision:
    if law.advance is None:
        return Decision.NO_CUT
    if placed.place <= law.advance < placed.place_end:
        return Decision.KEPT if law.at_line is AtLine.KEEP else Decision.LEFT
    if placed.first <= law.advance < placed.last:
        return Decision.TIE_BREAK
    return Decision.CLEAR
