"""What may be asked of a place, and what a place fails to give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from judging.scheduling.grid import Place, Span


class Want(StrEnum):
    NOT_ON = "not_on"
    NOT_BEFORE = "not_before"
    NOT_AFTER = "not_after"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Wish:
    """Of a team: not on a day, or on any day not before or not after a time of the clock."""

    want: Want
    day: date | None = None
    clock: time | None = None

    def is_met_by(self, span: Span) -> bool:
        return RULES[self.want](self, span)


def _not_on(wish: Wish, span: Span) -> bool:
    return span.starts.date() != wish.day


def _not_before(wish: Wish, span: Span) -> bool:
    return wish.clock is None or span.starts.time() >= wish.clock


def _not_after(wish: Wish, span: Span) -> bool:
    return wish.clock is None or span.ends.time() <= wish.clock


RULES = {Want.NOT_ON: _not_on, Want.NOT_BEFORE: _not_before, Want.NOT_AFTER: _not_after}


@dataclass(frozen=True, slots=True)
class Absence:
    judge: str
    span: Span


@dataclass(frozen=True, slots=True)
class Team:
    """`judges`: whoever hears it, by the keys of their seats; without those who stood back."""

    key: str
    judges: frozenset[str] = frozenset()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that the place breaks, or (`JUDGE`) a judge who cannot be there."""

    team: str
    want: Want
    day: date | None = None
    clock: time | None = None
    judge: str = ""


def unmet_at(team: Team, span: Span, *, absences: Iterable[Absence]) -> list[Unmet]:
    broken = [
        Unmet(team.key, wish.want, wish.day, wish.clock)
        for wish in team.wishes
        if not wish.is_met_by(span)
    ]
    away = {each.judge for each in absences if each.span.meets(span)}
    return broken + [Unmet(team.key, Want.JUDGE, judge=j) for j in sorted(team.judges & away)]


def clashes_of(placed: Sequence[tuple[Team, Place]]) -> Iterator[tuple[Team, Team, frozenset[str]]]:
    """Teams at the same time who share judges: nobody sits in two rooms."""
    line = sorted(placed, key=lambda pair: (pair[1], pair[0].key))
    for number, (team, place) in enumerate(line):
        for other, elsewhere in line[number + 1 :]:
            if elsewhere.span.starts >= place.span.ends:
                break
            if shared := team.judges & other.judges:
                yield team, other, shared
