"""One reading moved by hand: given, taken, handed over or exchanged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from judging.assigning.plan import Field, Pair


class Objection(StrEnum):
    NOTHING = "nothing"
    SAME = "same"
    UNKNOWN = "unknown"
    NOT_READING = "not_reading"
    STARTED = "started"
    CONFLICT = "conflict"
    READS_ALREADY = "reads_already"
    CAPACITY = "capacity"


class MoveError(ValueError):
    def __init__(self, objection: Objection, *, judge: str, entry: str) -> None:
        super().__init__(objection)
        self.objection, self.judge, self.entry = objection, judge, entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`giver` stops reading the entry, `taker` begins; for `in_return` it is the other way round.

    One of the two alone takes a reading away or gives one more.
    """

    entry: str
    giver: str = ""
    taker: str = ""
    in_return: str = ""


def apply_move(
    field: Field, pairs: frozenset[Pair], *, move: Move, started: frozenset[Pair] = frozenset()
) -> frozenset[Pair]:
    """The pairs after the move; `MoveError` where a rule forbids it."""
    lost, won = _changes(move)
    for pair in lost:
        _check_lost(pair, pairs=pairs, started=started)
    for pair in won:
        _check_won(pair, field=field, pairs=pairs)
    after = (pairs - lost) | won
    _check_capacity(field, after, won=won)
    return after


def _changes(move: Move) -> tuple[frozenset[Pair], frozenset[Pair]]:
    if not move.giver and not move.taker:
        raise MoveError(Objection.NOTHING, judge="", entry=move.entry)
    if move.giver == move.taker:
        raise MoveError(Objection.SAME, judge=move.giver, entry=move.entry)
    if move.in_return and not (move.giver and move.taker):
        raise MoveError(Objection.NOTHING, judge="", entry=move.in_return)
    if move.in_return == move.entry:
        raise MoveError(Objection.SAME, judge=move.giver, entry=move.entry)
    lost = {(move.giver, move.entry)} if move.giver else set()
    won = {(move.taker, move.entry)} if move.taker else set()
    if move.in_return:
        lost.add((move.taker, move.in_return))
        won.add((move.giver, move.in_return))
    return frozenset(lost), frozenset(won)


def _check_lost(pair: Pair, *, pairs: frozenset[Pair], started: frozenset[Pair]) -> None:
    if pair not in pairs:
        raise MoveError(Objection.NOT_READING, judge=pair[0], entry=pair[1])
    if pair in started:
        raise MoveError(Objection.STARTED, judge=pair[0], entry=pair[1])


def _check_won(pair: Pair, *, field: Field, pairs: frozenset[Pair]) -> None:
    judge, entry = pair
    if entry not in field.entries or judge not in {reader.key for reader in field.readers}:
        raise MoveError(Objection.UNKNOWN, judge=judge, entry=entry)
    if pair in field.conflicts:
        raise MoveError(Objection.CONFLICT, judge=judge, entry=entry)
    if pair in pairs:
        raise MoveError(Objection.READS_ALREADY, judge=judge, entry=entry)


def _check_capacity(field: Field, after: frozenset[Pair], *, won: frozenset[Pair]) -> None:
    loads = Counter(judge for judge, _entry in after)
    rooms = {reader.key: reader.capacity for reader in field.readers}
    for judge, entry in sorted(won):
        room = rooms[judge]
        if room is not None and loads[judge] > room:
            raise MoveError(Objection.CAPACITY, judge=judge, entry=entry)
