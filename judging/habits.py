"""How one judge scores, for that judge alone: hints that say something and block nothing.

Thresholds and where they come from:

- Straight-lining: one and the same value on all counted criteria (three at the least), which
  survey research calls nondifferentiation (Krosnick 1991). Told from `MANY` sheets on, when half
  of them are such; the half is ours. So is the other form: one value of a criterion on every sheet.
- Drift: Spearman's correlation between the place in the judge's own order and the total. The order
  was drawn at random, so nothing about the entries explains one. Under a random order its
  variance is exactly 1/(n - 1), so that |r| >= 2.576 / sqrt(n - 1) happens by chance once in a
  hundred. Told only if first and last third also lie 5% of the scale apart; the 5% is ours.
- Very fast: more than 600 words a minute between opening the entry and handing in the sheet, half
  as fast again as the 400 that Rayner et al. (2016) found to be the end of reading with
  understanding. The clock starts at the declaration, so it errs in the judge's favour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import StatisticsError, correlation, mean

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.marks import Scale

MANY = 8
FEW_CRITERIA = 3
ORDERED = 10
ONCE_IN_A_HUNDRED = 2.576
SHIFT = Decimal("0.05")
WORDS_A_MINUTE = 600
FEW_FAST = 3
NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One submitted scorecard: its place in the judge's order, and counted values by criterion."""

    position: int
    values: Mapping[str, Decimal]
    total: Decimal
    words: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drift:
    correlation: float
    first: Decimal
    last: Decimal


def straight_lines(cards: Sequence[Card]) -> list[int]:
    """Places of the sheets with one value on everything."""
    return [
        card.position
        for card in cards
        if len(card.values) >= FEW_CRITERIA and len(set(card.values.values())) == 1
    ]


def flat_criteria(cards: Sequence[Card]) -> list[str]:
    """Criteria that told no entry from another; a single criterion is the total itself."""
    keys = list(cards[0].values) if len(cards) >= MANY else []
    return [key for key in keys if len({card.values.get(key) for card in cards}) == 1]


def drift_of(cards: Sequence[Card]) -> Drift | None:
    """How totals go with the judge's order; nothing where there is too little to say it of."""
    ordered = sorted(cards, key=lambda card: card.position)
    if len(ordered) < ORDERED:
        return None
    totals = [card.total for card in ordered]
    try:
        found = correlation([float(place) for place in range(len(totals))], _ranks(totals))
    except StatisticsError:  # all totals are equal
        return None
    third = len(totals) // 3
    return Drift(found, mean(totals[:third]), mean(totals[-third:]))


def is_drift(drift: Drift, *, count: int, scale: Scale) -> bool:
    is_beyond_chance = abs(drift.correlation) * sqrt(count - 1) >= ONCE_IN_A_HUNDRED
    return is_beyond_chance and abs(drift.last - drift.first) >= SHIFT * (scale.high - scale.low)


def fast_cards(cards: Sequence[Card]) -> list[int]:
    """Places of the sheets that were handed in sooner than anybody reads."""
    return [
        card.position for card in cards if card.words * 60 > WORDS_A_MINUTE * max(card.seconds, 0.0)
    ]


def hints_of(cards: Sequence[Card], *, scale: Scale, labels: Mapping[str, str]) -> list[str]:
    """Sentences for the judge's eyes; mostly none."""
    return [
        *_hint_of_lines(cards),
        *_hint_of_flat_criteria(cards, labels=labels),
        *_hint_of_drift(cards, scale=scale),
        *_hint_of_speed(cards),
    ]


def _hint_of_lines(cards: Sequence[Card]) -> list[str]:
    found = straight_lines(cards)
    if len(cards) < MANY or 2 * len(found) < len(cards):
        return []
    told = _("%(count)s of your %(all)s scorecards have one value on all criteria: no. %(places)s.")
    return [told % {"count": len(found), "all": len(cards), "places": _places(found)}]


def _hint_of_flat_criteria(cards: Sequence[Card], *, labels: Mapping[str, str]) -> list[str]:
    told = _("All your scorecards have the same value on “%(name)s”, so it tells no entry apart.")
    return [told % {"name": labels.get(key, key)} for key in flat_criteria(cards)]


def _hint_of_drift(cards: Sequence[Card], *, scale: Scale) -> list[str]:
    drift = drift_of(cards)
    if drift is None or not is_drift(drift, count=len(cards), scale=scale):
        return []
    told = _(
        "Your totals change along your order: %(first)s on average in the first third, %(last)s in"
        " the last. The order is random, so the entries do not explain it."
    )
    return [told % {"first": _number(drift.first), "last": _number(drift.last)}]


def _hint_of_speed(cards: Sequence[Card]) -> list[str]:
    found = fast_cards(cards)
    if len(found) < FEW_FAST:
        return []
    told = ngettext(
        "%(count)s scorecard was handed in sooner than its text can be read: no. %(places)s.",
        "%(count)s scorecards were handed in sooner than their text can be read: no. %(places)s.",
        len(found),
    )
    return [told % {"count": len(found), "places": _places(found)}]


def _ranks(values: Sequence[Decimal]) -> list[float]:
    """Equal values share the mean of their ranks."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]


def _places(positions: Sequence[int]) -> str:
    text = ", ".join(str(each) for each in sorted(positions)[:NAMED])
    return f"{text}, …" if len(positions) > NAMED else text


def _number(value: Decimal) -> str:
    return f"{value:.1f}".replace(".", ",")
