"""What other rules would have made of the same scores: one thing changed at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from judging.ranking.law import CRITERION, HUNDRED, Correction, Law, Method
from judging.ranking.lines import rank_entries
from judging.ranking.numbers import EXACT, MAX_PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from judging.ranking.scores import Entry

# Of its own size: how far a weight is moved up and down.
WEIGHT_STEP = Decimal("0.1")
TICK = Decimal(1).scaleb(-MAX_PLACES)


class Change(StrEnum):
    NOTHING = "nothing"
    JUDGE = "judge"
    CRITERION = "criterion"
    HEAVIER = "heavier"
    LIGHTER = "lighter"
    METHOD = "method"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Variation:
    """`of`: the judge or criterion that is left out or moved."""

    change: Change
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    variation: Variation
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


def variations_of(law: Law, entries: Sequence[Entry]) -> list[Variation]:
    judges = sorted(
        {judge for entry in entries for judge, card in entry.scorecards.items() if card}
    )
    codes = sorted(code for code, weight in law.weights.items() if weight < HUNDRED)
    return [
        Variation(Change.METHOD),
        *([Variation(Change.CORRECTION)] if law.method is Method.MEAN else []),
        *(Variation(Change.JUDGE, judge) for judge in judges if len(judges) > 1),
        *(Variation(Change.CRITERION, code) for code in codes),
        *(Variation(change, code) for code in codes for change in (Change.HEAVIER, Change.LIGHTER)),
    ]


def inside(law: Law, entries: Sequence[Entry], variation: Variation) -> list[str]:
    """Who is within the line: the outermost tier, or who advances."""
    line = law.tiers[0].size if law.tiers else law.advance
    single = replace(law, advance=line, tiers=())
    changed, read = _varied(single, entries, variation)
    return [each.key for each in rank_entries(changed, read).lines if each.advances]


def effect_of(variation: Variation, *, before: Sequence[str], after: Sequence[str]) -> Effect:
    return Effect(
        variation=variation,
        entering=tuple(key for key in after if key not in set(before)),
        leaving=tuple(key for key in before if key not in set(after)),
    )


def _varied(
    law: Law, entries: Sequence[Entry], variation: Variation
) -> tuple[Law, Sequence[Entry]]:
    if variation.change is Change.JUDGE:
        return _without_judge(law, entries, judge=variation.of)
    if variation.change is Change.CRITERION:
        return _without_criterion(law, entries, code=variation.of)
    if variation.change is Change.METHOD:
        return _other_method(law), entries
    if variation.change is Change.CORRECTION:
        is_raw = law.correction is Correction.NONE
        return replace(law, correction=Correction.ADDITIVE if is_raw else Correction.NONE), entries
    factor = {Change.HEAVIER: 1 + WEIGHT_STEP, Change.LIGHTER: 1 - WEIGHT_STEP}
    if variation.change in factor:
        weight = min(law.weights[variation.of] * factor[variation.change], HUNDRED)
        return replace(law, weights=_weighed(law.weights, {variation.of: weight})), entries
    return law, entries


def _without_judge(
    law: Law, entries: Sequence[Entry], *, judge: str
) -> tuple[Law, Sequence[Entry]]:
    """Whoever had just enough readings keeps a rank, with one reading less."""
    fewest = max(law.min_readings - 1, 2 * law.trim + 1, 1)
    left = [
        replace(entry, scorecards={j: card for j, card in entry.scorecards.items() if j != judge})
        for entry in entries
    ]
    return replace(law, min_readings=fewest), left


def _without_criterion(
    law: Law, entries: Sequence[Entry], *, code: str
) -> tuple[Law, Sequence[Entry]]:
    weights = _weighed(law.weights, {code: Decimal(0)})
    del weights[code]
    links = tuple(link for link in law.tie_breaks if link != f"{CRITERION}:{code}")
    left = [
        replace(
            entry,
            scorecards={
                judge: card and {c: value for c, value in card.items() if c != code}
                for judge, card in entry.scorecards.items()
            },
        )
        for entry in entries
    ]
    return replace(law, weights=weights, tie_breaks=links), left


def _other_method(law: Law) -> Law:
    """The median instead of the mean; the mean instead of anything else."""
    method = Method.MEDIAN if law.method is Method.MEAN else Method.MEAN
    return replace(
        law, method=method, trim=0, cap=None, cap_rounds=False, correction=Correction.NONE
    )


def _weighed(weights: Mapping[str, Decimal], fixed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The fixed weights, and the others in their proportions, adding up to 100 exactly."""
    others = [code for code in weights if code not in fixed]
    room = HUNDRED - sum(fixed.values(), Decimal(0))
    whole = sum((weights[code] for code in others), Decimal(0))
    found = {code: (weights[code] * room / whole).quantize(TICK) for code in others}
    missing = room - sum(found.values(), Decimal(0))
    found[max(others, key=lambda code: (found[code], code))] += missing
    return {code: EXACT.plus(fixed.get(code, found.get(code, Decimal(0)))) for code in weights}
