"""The second look: whom its rule picks after a first close, and who would read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from judging import ranking
from judging.assigning import Pair
from judging.assigning.balance import balance_readings
from judging.assigning.plan import Shortage
from judging.calibration import Chance, least_certain
from judging.models import Entry, Ranking, Stage
from judging.queries.control import chances_of, seed_of, totals_of
from judging.queries.filling import Filling, Gap, NewReading
from judging.queries.law import entries_from_plain
from judging.queries.planning import situation_of
from judging.ranking import Law, law_from_plain
from judging.ranking.errors import RuleError, gettext_noop

REASON = "second_look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """An entry with why it is looked at again: a chance, or totals that lie apart."""

    entry: Entry
    chance: Chance | None
    apart: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    picked: Sequence[Picked]
    filling: Filling
    problems: Sequence[RuleError]


def plan_second_look(stage: Stage, *, frozen: Ranking, at: datetime) -> SecondLook:
    """The same for the same frozen ranking: the rule decides, nobody picks."""
    law, inputs = law_from_plain(frozen.law), entries_from_plain(frozen.inputs)
    chances = chances_of(law, inputs, seed=seed_of(frozen))
    wide = _wide(law, inputs, gap=stage.second_look_gap)
    chosen = dict.fromkeys([*least_certain(chances, count=stage.second_look_entries), *wide])
    entries = {
        each.submission.receipt: each
        for each in stage.entries.select_related("proposal__unit", "submission__proposal__unit")
    }
    filling = _plan(stage, entries, chosen=list(chosen), at=at)
    return SecondLook(
        picked=[
            Picked(entry=entries[key], chance=chances.get(key), apart=wide.get(key))
            for key in chosen
        ],
        filling=filling,
        problems=_problems(stage, chances, filling),
    )


def _wide(law: Law, entries: Sequence[ranking.Entry], *, gap: object) -> Mapping[str, float]:
    """Entries whose totals lie further apart than the rule lets them, the widest first."""
    if gap is None:
        return {}
    totals: dict[str, list[float]] = {}
    for (entry, _judge), total in totals_of(law, entries).items():
        totals.setdefault(entry, []).append(total)
    apart = {entry: max(values) - min(values) for entry, values in totals.items()}
    found = [entry for entry in apart if apart[entry] > float(str(gap))]
    return {entry: apart[entry] for entry in sorted(found, key=lambda key: (-apart[key], key))}


def _plan(
    stage: Stage, entries: Mapping[str, Entry], *, chosen: Sequence[str], at: datetime
) -> Filling:
    """Existing sheets stay; further ones go to judges who have not read the entry."""
    situation = situation_of(stage, at=at)
    panel, field = situation.panel, replace(situation.field, entries=tuple(chosen))
    loads = Counter(judge for judge, _entry in situation.held)
    allowed = [pair for pair in field.allowed() if pair not in situation.held]
    possible = Counter(entry for _judge, entry in allowed)
    wanted = stage.second_look_readings or 0
    pairs = _balanced(
        allowed,
        needed={entry: min(wanted, possible[entry]) for entry in chosen},
        room={
            each.key: len(chosen)
            if each.capacity is None
            else max(each.capacity - loads[each.key], 0)
            for each in field.readers
        },
        seed=stage.seed,
    )
    read = Counter(entry for _judge, entry in pairs)
    return Filling(
        readings=[
            NewReading(panelist=panel[judge], entry=entries[entry], reason=REASON)
            for judge, entry in sorted(pairs)
        ],
        gaps=[
            Gap(
                entry=entries[entry],
                missing=wanted - read[entry],
                reason=Shortage.CONFLICTS if possible[entry] < wanted else Shortage.CAPACITY,
            )
            for entry in chosen
            if read[entry] < wanted
        ],
    )


def _balanced(
    allowed: Sequence[Pair], *, needed: Mapping[str, int], room: Mapping[str, int], seed: int
) -> list[Pair]:
    if not allowed or not any(needed.values()):
        return []
    return balance_readings(
        allowed, needed=needed, capacity=room, kept=frozenset(), seed=seed, misfits={}
    )


def _problems(stage: Stage, chances: Mapping[str, Chance], filling: Filling) -> list[RuleError]:
    checks = [
        (
            stage.second_look_readings is None,
            gettext_noop("The law of this stage names no second look."),
        ),
        (
            stage.second_look_at is not None,
            gettext_noop("The second look was taken already."),
        ),
        (
            stage.second_look_readings is not None and not chances and not filling.readings,
            gettext_noop(
                "The readings do not let quality be told from chance, so nobody can be picked."
            ),
        ),
        (
            bool(chances) and not filling.readings,
            gettext_noop("The rule picks nobody, or no judge is free to read."),
        ),
    ]
    met = [RuleError(sentence, code="second_look") for is_met, sentence in checks if is_met]
    return met[:1]
