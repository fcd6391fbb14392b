"""What other rules would have made of the same scores: one thing changed at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING

from judging.ranking.law import CRITERION, HUNDRED, Correction, Law, Method
from judging.ranking.lines import rank_entries
from judging.ranking.numbers import EXACT, MAX_PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from judging.ranking.scores import Entry

    Varied = tuple[Law, Sequence[Entry]]

# Points of a hundred by which a weight is moved up and down.
WEIGHT_STEP = Decimal(5)
# How often the panel is drawn again; each draw follows from its number.
DRAWS = 100
TICK = Decimal(1).scaleb(-MAX_PLACES)


class Change(StrEnum):
    NOTHING = "nothing"
    JUDGE = "judge"
    CRITERION = "criterion"
    HEAVIER = "heavier"
    LIGHTER = "lighter"
    METHOD = "method"
    CORRECTION = "correction"
    PANEL = "panel"


STEPS = {Change.HEAVIER: WEIGHT_STEP, Change.LIGHTER: -WEIGHT_STEP}


@dataclass(frozen=True, slots=True)
class Variation:
    """`of`: the judge or criterion that is left out or moved, or the number of the draw."""

    change: Change
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    variation: Variation
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


def variations_of(law: Law, entries: Sequence[Entry]) -> list[Variation]:
    judges = judges_of(entries)
    codes = sorted(code for code, weight in law.weights.items() if weight < HUNDRED)
    return [
        Variation(Change.METHOD),
        *([Variation(Change.CORRECTION)] if law.method is Method.MEAN else []),
        *(Variation(Change.JUDGE, judge) for judge in judges if len(judges) > 1),
        *(Variation(Change.CRITERION, code) for code in codes),
        *(
            Variation(change, code)
            for code in codes
            for change in STEPS
            if 0 < law.weights[code] + STEPS[change] < HUNDRED
        ),
        *(Variation(Change.PANEL, str(draw)) for draw in range(DRAWS if len(judges) > 1 else 0)),
    ]


def judges_of(entries: Sequence[Entry]) -> list[str]:
    """Whoever submitted at least one reading."""
    return sorted({judge for entry in entries for judge, card in entry.scorecards.items() if card})


def inside(law: Law, entries: Sequence[Entry], variation: Variation) -> list[str]:
    """Who is within the line: the outermost tier, or who advances."""
    line = law.tiers[0].size if law.tiers else law.advance
    single = replace(law, advance=line, tiers=())
    changed, read = VARIED[variation.change](single, entries, variation.of)
    return [each.key for each in rank_entries(changed, read).lines if each.advances]


def effect_of(variation: Variation, *, before: Sequence[str], after: Sequence[str]) -> Effect:
    return Effect(
        variation=variation,
        entering=tuple(key for key in after if key not in set(before)),
        leaving=tuple(key for key in before if key not in set(after)),
    )


def _unchanged(law: Law, entries: Sequence[Entry], _of: str) -> Varied:
    return law, entries


def _without_judge(law: Law, entries: Sequence[Entry], judge: str) -> Varied:
    """Whoever had just enough readings keeps a rank, with one reading less."""
    fewest = max(law.min_readings - 1, 2 * law.trim + 1, 1)
    left = [
        entry._replace(scorecards={j: card for j, card in entry.scorecards.items() if j != judge})
        for entry in entries
    ]
    return replace(law, min_readings=fewest), left


def _without_criterion(law: Law, entries: Sequence[Entry], code: str) -> Varied:
    weights = _weighed(law.weights, {code: Decimal(0)})
    del weights[code]
    links = tuple(link for link in law.tie_breaks if link != f"{CRITERION}:{code}")
    left = [
        entry._replace(
            scorecards={
                judge: card and {c: value for c, value in card.items() if c != code}
                for judge, card in entry.scorecards.items()
            }
        )
        for entry in entries
    ]
    return replace(law, weights=weights, tie_breaks=links), left


def _with_weight(law: Law, entries: Sequence[Entry], code: str, *, step: Decimal) -> Varied:
    weights = _weighed(law.weights, {code: law.weights[code] + step})
    return replace(law, weights=weights), entries


def _with_other_method(law: Law, entries: Sequence[Entry], _of: str) -> Varied:
    """The median instead of the mean; the mean instead of anything else."""
    method = Method.MEDIAN if law.method is Method.MEAN else Method.MEAN
    other = replace(
        law, method=method, trim=0, cap=None, cap_rounds=False, correction=Correction.NONE
    )
    return other, entries


def _with_other_correction(law: Law, entries: Sequence[Entry], _of: str) -> Varied:
    is_raw = law.correction is Correction.NONE
    return replace(law, correction=Correction.ADDITIVE if is_raw else Correction.NONE), entries


def _with_panel_drawn(law: Law, entries: Sequence[Entry], draw: str) -> Varied:
    """As many judges as before, drawn with replacement: one drawn twice counts twice.

    An entry that this would leave with too few readings keeps its own.
    """
    judges = judges_of(entries)
    drawn = Counter(Random(int(draw)).choices(judges, k=len(judges)))  # noqa: S311 - guards nothing
    return law, [_as_drawn(entry, drawn, fewest=law.min_readings) for entry in entries]


def _as_drawn(entry: Entry, drawn: Mapping[str, int], *, fewest: int) -> Entry:
    cards = {
        f"{judge}/{copy}": card
        for judge, card in entry.scorecards.items()
        for copy in range(drawn[judge])
    }
    is_enough = sum(card is not None for card in cards.values()) >= fewest
    return entry._replace(scorecards=cards) if is_enough else entry


def _weighed(weights: Mapping[str, Decimal], fixed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The fixed weights, and the others in their proportions, adding up to 100 exactly."""
    others = [code for code in weights if code not in fixed]
    room = HUNDRED - sum(fixed.values(), Decimal(0))
    whole = sum((weights[code] for code in others), Decimal(0))
    found = {code: (weights[code] * room / whole).quantize(TICK) for code in others}
    missing = room - sum(found.values(), Decimal(0))
    found[max(others, key=lambda code: (found[code], code))] += missing
    return {code: EXACT.plus(fixed.get(code, found.get(code, Decimal(0)))) for code in weights}


VARIED: Mapping[Change, Callable[[Law, Sequence[Entry], str], Varied]] = MappingProxyType(
    {
        Change.NOTHING: _unchanged,
        Change.JUDGE: _without_judge,
        Change.CRITERION: _without_criterion,
        **{change: partial(_with_weight, step=step) for change, step in STEPS.items()},
        Change.METHOD: _with_other_method,
        Change.CORRECTION: _with_other_correction,
        Change.PANEL: _with_panel_drawn,
    }
)
