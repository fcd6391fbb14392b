"""The draft of an assignment: every pair with its reason, every gap with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

from judging.assigning.balance import balance_readings
from judging.assigning.chance import draw
from judging.assigning.overlap import bridge_islands, islands, repair_by_swaps, ties_between

Pair = tuple[str, str]
"""A judge's key and an entry's key."""

EVERYBODY_JUDGES = 8
EVERYBODY_ENTRIES = 60
BALANCED_READINGS = 3


class Reason(StrEnum):
    KEPT = "kept"
    EVERYBODY = "everybody"
    BALANCED = "balanced"
    OVERLAP = "overlap"
    MANUAL = "manual"


class Shortage(StrEnum):
    CONFLICTS = "conflicts"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Reader:
    """A judge; at most `capacity` entries, `None` is no limit.

    `panel`: those with whom the readings of an entry are shared. `topics`: what the judge knows
    best; none stated fits everything halfway.
    """

    key: str
    capacity: int | None = None
    panel: str = ""
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`conflicts` are barred for good; `kept` pairs have been started and stay.

    `topics`: of an entry, the narrowest first.
    """

    readers: tuple[Reader, ...]
    entries: tuple[str, ...]
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conflicts: frozenset[Pair] = frozenset()
    kept: frozenset[Pair] = frozenset()

    def allowed(self) -> list[Pair]:
        return [
            (judge, entry)
            for judge in sorted(reader.key for reader in self.readers)
            for entry in sorted(self.entries)
            if (judge, entry) not in self.conflicts
        ]

    def of_panel(self, panel: str) -> Field:
        """The same entries before the judges of one panel alone."""
        return replace(
            self, readers=tuple(reader for reader in self.readers if reader.panel == panel)
        )

    @property
    def panels(self) -> list[str]:
        return sorted({reader.panel for reader in self.readers})


def misfit(reader: Reader, topics: Sequence[str]) -> float:
    """0 for the narrowest match, one more for each wider one; the most for none at all."""
    if not reader.topics:
        return len(topics) / 2
    matches = (rank for rank, topic in enumerate(topics) if topic in reader.topics)
    return next(matches, len(topics))


@dataclass(frozen=True, slots=True)
class Reading:
    judge: str
    entry: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Unfilled:
    entry: str
    missing: int
    reason: Shortage
    panel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    seed: int
    readings: tuple[Reading, ...]
    unfilled: tuple[Unfilled, ...]
    load_min: int
    load_max: int
    readings_min: int
    readings_max: int
    ties_min: int
    is_connected: bool


def default_readings(*, judges: int, entries: int) -> int | None:
    """`None` (everybody reads everything) for a small field, a few readings each for a large."""
    if judges <= EVERYBODY_JUDGES and entries <= EVERYBODY_ENTRIES:
        return None
    return BALANCED_READINGS


def assign_panels(field: Field, *, wanted: Mapping[str, int | None], seed: int) -> Plan:
    """Draft each panel for itself: an entry gets `wanted` readings of every one of them."""
    drafts = [
        assign_entries(field.of_panel(panel), readings=wanted[panel], seed=seed)
        for panel in field.panels
    ]
    reasons = {
        (reading.judge, reading.entry): reading.reason
        for reading in chain.from_iterable(draft.readings for draft in drafts)
    }
    return plan_of(field, reasons, wanted=wanted, seed=seed)


def plan_of(
    field: Field, reasons: Mapping[Pair, Reason], *, wanted: Mapping[str, int | None], seed: int
) -> Plan:
    """The plan that these pairs make."""
    plan = _plan(field, frozenset(reasons), reasons=reasons, readings=None, seed=seed)
    panel_of = {reader.key: reader.panel for reader in field.readers}
    short: list[Unfilled] = []
    for panel in field.panels:
        read = Counter(entry for judge, entry in reasons if panel_of.get(judge) == panel)
        own = field.of_panel(panel)
        short += [replace(gap, panel=panel) for gap in _unfilled(own, read, readings=wanted[panel])]
    return replace(plan, unfilled=tuple(short)) if field.panels else plan


def assign_entries(field: Field, *, readings: int | None, seed: int) -> Plan:
    """Draft who reads what; `readings` per entry, or `None` when everybody reads everything."""
    if readings is not None and readings < 1:
        raise ValueError("An entry needs at least one reading.")
    allowed = field.allowed()
    kept = field.kept & frozenset(allowed)
    if not allowed:
        return _plan(field, frozenset(), reasons={}, readings=readings, seed=seed)
    if readings is None and _has_room(field, allowed):
        everything = frozenset(allowed)
        reasons = dict.fromkeys(everything, Reason.EVERYBODY) | dict.fromkeys(kept, Reason.KEPT)
        return _plan(field, everything, reasons=reasons, readings=None, seed=seed)
    capacity = _capacities(field, kept)
    balanced = frozenset(
        balance_readings(
            allowed,
            needed=_needed(field, allowed, kept, readings=readings),
            capacity=capacity,
            kept=kept,
            seed=seed,
            misfits=_misfits(field, allowed),
        )
    )
    swapped = repair_by_swaps(
        balanced, judges=list(capacity), allowed=frozenset(allowed), kept=kept, seed=seed
    )
    joined = bridge_islands(swapped, capacity=capacity, allowed=frozenset(allowed), seed=seed)
    reasons = dict.fromkeys(joined, Reason.OVERLAP)
    reasons |= dict.fromkeys(balanced & joined, Reason.BALANCED)
    reasons |= dict.fromkeys(kept, Reason.KEPT)
    return _plan(field, joined, reasons=reasons, readings=readings, seed=seed)


def reading_order(judge: str, entries: Iterable[str], *, seed: int) -> tuple[str, ...]:
    """A judge's own random order; an entry that joins later does not shuffle the others."""
    return tuple(sorted(entries, key=lambda entry: (draw(seed, "order", judge, entry), entry)))


def _has_room(field: Field, allowed: list[Pair]) -> bool:
    loads = Counter(judge for judge, _ in allowed)
    return all(
        reader.capacity is None or loads[reader.key] <= reader.capacity for reader in field.readers
    )


def _capacities(field: Field, kept: frozenset[Pair]) -> dict[str, int]:
    """Room per judge; work that was started counts even above the limit."""
    started = Counter(judge for judge, _ in kept)
    return {
        reader.key: len(field.entries)
        if reader.capacity is None
        else max(reader.capacity, started[reader.key])
        for reader in sorted(field.readers, key=lambda reader: reader.key)
    }


def _misfits(field: Field, allowed: list[Pair]) -> Mapping[Pair, float]:
    """Nothing where nobody has said what they know best: then chance alone decides."""
    readers = {reader.key: reader for reader in field.readers}
    if not any(reader.topics for reader in field.readers):
        return {}
    return {
        (judge, entry): misfit(readers[judge], field.topics.get(entry, ()))
        for judge, entry in allowed
    }


def _needed(
    field: Field, allowed: list[Pair], kept: frozenset[Pair], *, readings: int | None
) -> dict[str, int]:
    possible = Counter(entry for _, entry in allowed)
    started = Counter(entry for _, entry in kept)
    wanted = len(field.readers) if readings is None else readings
    return {
        entry: max(started[entry], min(wanted, possible[entry])) for entry in sorted(field.entries)
    }


def _plan(
    field: Field,
    pairs: frozenset[Pair],
    *,
    reasons: Mapping[Pair, Reason],
    readings: int | None,
    seed: int,
) -> Plan:
    loads = Counter(judge for judge, _ in pairs)
    read = Counter(entry for _, entry in pairs)
    ties = ties_between((reader.key for reader in field.readers), pairs)
    return Plan(
        seed=seed,
        readings=tuple(Reading(*pair, reasons[pair]) for pair in sorted(pairs)),
        unfilled=tuple(_unfilled(field, read, readings=readings)),
        load_min=min((loads[reader.key] for reader in field.readers), default=0),
        load_max=max(loads.values(), default=0),
        readings_min=min((read[entry] for entry in field.entries), default=0),
        readings_max=max(read.values(), default=0),
        ties_min=min((len(others) for others in ties.values()), default=0),
        is_connected=len(islands(ties)) <= 1,
    )


def _unfilled(field: Field, read: Counter[str], *, readings: int | None) -> list[Unfilled]:
    """Entries that got fewer readings than asked; of everybody, those who may read it are asked."""
    possible = Counter(entry for _, entry in field.allowed())
    short = []
    for entry in sorted(field.entries):
        wanted = max(possible[entry], 1) if readings is None else readings
        if read[entry] < wanted:
            reason = Shortage.CAPACITY if read[entry] < possible[entry] else Shortage.CONFLICTS
            short.append(Unfilled(entry, wanted - read[entry], reason))
    return short
