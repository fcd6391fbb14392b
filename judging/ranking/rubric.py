"""What every scorecard of a law is read by, made once for all of them.

Scores, totals and shares come again and again, so each is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from judging.ranking.law import CRITERION
from judging.ranking.numbers import (
    EXACT,
    KEPT,
    MAX_PLACES,
    Step,
    plain,
    round_share,
    step_of,
    units_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.ranking.law import Law

# A scorecard's values in the rubric's units, in the order of the criteria's codes.
Card = tuple[int, ...]
# A tie-break as its kind and what it is of: a column of the card, or a stage.
Link = tuple[str, int | str]
# A number before its rounding: so many of so many.
Share = tuple[int, int]
# What a database keeps of a score. Small whole numbers cost a third of large ones.
USUAL_PLACES = 2


class FinerError(Exception):
    """A score has more decimal places than were expected."""


class Known(dict[Decimal, int]):
    """Units of the numbers of the scale that came by; they come again and again."""

    def __init__(self, *, low: Decimal, high: Decimal, places: int) -> None:
        super().__init__()
        self.low, self.high, self.unit = low, high, 10 ** (MAX_PLACES - places)

    def __missing__(self, value: Decimal) -> int:
        units = units_of(value)
        if units is None or not self.low <= value <= self.high:
            raise KeyError(value)
        if units % self.unit:
            raise FinerError
        self[value] = units // self.unit
        return self[value]


class KnownTexts(dict[str, int]):
    """The same of numbers as the database writes them: what is hashed is this very text."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, text: str) -> int:
        number = Decimal(text)
        if plain(number) != text:
            raise ValueError(f"{text!r} is not the one spelling of {number}")
        self[text] = self.known[number]
        return self[text]


class KnownTotals(dict[int, Decimal]):
    """Totals by their units: whole weights of whole values make few of them."""

    def __init__(self, *, places: int) -> None:
        super().__init__()
        self.places = places

    def __missing__(self, units: int) -> Decimal:
        if len(self) >= KEPT:
            self.clear()
        self[units] = EXACT.scaleb(Decimal(units), -self.places)
        return self[units]


class Rounded(dict[Share, Decimal]):
    """Shares rounded to the law's step, for the same reason."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def __missing__(self, share: Share) -> Decimal:
        if len(self) >= KEPT:
            self.clear()
        self[share] = round_share(*share, self.step)
        return self[share]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """What of a law every scorecard is read by, made once for all of them.

    `needed`: the earlier stages without whose score there is no rank. `text_of`: a score's text in
    units. `total_of`: a total from its units. `units`, `total_units`: how
    many of them make one point of a score, and of a total, which is a score's times a weight's
    of a hundred.
    """

    law: Law
    codes: tuple[str, ...]
    weights: tuple[int, ...]
    units: int
    total_units: int
    needed: tuple[str, ...]
    known: Known
    text_of: Callable[[str], int]
    total_of: Callable[[int], Decimal]
    rounded: Rounded
    links: tuple[Link, ...]


def rubric_of(law: Law, *, places: int) -> Rubric:
    codes = tuple(sorted(law.weights))
    known = Known(low=law.scale_min, high=law.scale_max, places=places)
    links = [link.partition(":") for link in law.tie_breaks]
    weights, weight_places = _whole_weights(law)
    total_places = places + weight_places + 2
    return Rubric(
        law=law,
        codes=codes,
        links=tuple((kind, codes.index(of) if kind == CRITERION else of) for kind, _, of in links),
        weights=weights,
        units=10**places,
        total_units=10**total_places,
        needed=tuple(stage for stage in law.earlier_stages if law.stage_weights[stage]),
        known=known,
        text_of=KnownTexts(known).__getitem__,
        total_of=KnownTotals(places=total_places).__getitem__,
        rounded=Rounded(step_of(law.step)),
    )


def _whole_weights(law: Law) -> tuple[tuple[int, ...], int]:
    """The weights as whole numbers with so many places; the law has checked that they are exact."""
    weights, places = [units_of(law.weights[code]) or 0 for code in sorted(law.weights)], MAX_PLACES
    while places and all(weight % 10 == 0 for weight in weights):
        weights, places = [weight // 10 for weight in weights], places - 1
    return tuple(weights), places
