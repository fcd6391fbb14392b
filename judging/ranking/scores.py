"""From scorecards to one exact number per proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING, NoReturn

from judging.ranking.errors import InputError, gettext_noop
from judging.ranking.law import CRITERION, MEDIAN, PANEL, Correction, Law, Method
from judging.ranking.numbers import (
    EXACT,
    KEPT,
    MAX_PLACES,
    UNITS,
    is_exact,
    plain,
    round_half_up,
    round_share,
    units_of,
)
from judging.ranking.severity import Severities, find_severities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# A scorecard's values in units, in the order of the law's criteria.
Card = tuple[int, ...]
# A tie-break as its kind and what it is of: a column of the card, or a stage.
Link = tuple[str, int | str]
# A number before its rounding: so many of so many.
Share = tuple[int, int]
# A total counts in these: a score's units times a weight's, of a hundred.
TOTAL_PLACES = 2 * MAX_PLACES + 2
TOTAL_UNITS = 10**TOTAL_PLACES


class CardText(Mapping[str, Decimal]):
    """A scorecard as the database wrote it: a number's text for each code, in their order.

    Reads like any other; the law reads its texts, which costs a fifth.
    """

    __slots__ = ("codes", "texts")

    def __init__(self, codes: tuple[str, ...], texts: tuple[str, ...]) -> None:
        self.codes, self.texts = codes, texts

    def __getitem__(self, code: str) -> Decimal:
        return Decimal(dict(zip(self.codes, self.texts, strict=True))[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)


class Known(dict[Decimal, int]):
    """Units of the numbers of the scale that came by; they come again and again."""

    def __init__(self, *, low: Decimal, high: Decimal) -> None:
        super().__init__()
        self.low, self.high = low, high

    def __missing__(self, value: Decimal) -> int:
        units = units_of(value)
        if units is None or not self.low <= value <= self.high:
            raise KeyError(value)
        self[value] = units
        return units


class KnownTexts(dict[str, int]):
    """The same of numbers as the database writes them."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, text: str) -> int:
        self[text] = self.known[Decimal(text)]
        return self[text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """What of a law every scorecard is read by, made once for all of them."""

    law: Law
    codes: tuple[str, ...]
    weights: tuple[int, ...]
    known: Known
    known_texts: KnownTexts
    links: tuple[Link, ...]


def rubric_of(law: Law) -> Rubric:
    codes = tuple(law.weights)
    known = Known(low=law.scale_min, high=law.scale_max)
    links = [link.partition(":") for link in law.tie_breaks]
    return Rubric(
        law=law,
        codes=codes,
        links=tuple((kind, codes.index(of) if kind == CRITERION else of) for kind, _, of in links),
        # The law has checked that each is exact.
        weights=tuple(units_of(weight) or 0 for weight in law.weights.values()),
        known=known,
        known_texts=KnownTexts(known),
    )


class Unranked(StrEnum):
    NO_READING = "no_reading"
    TOO_FEW_READINGS = "too_few_readings"
    STAGE_MISSING = "stage_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One proposal's submitted scorecards by judge; `None` is missing or recused and never counts.

    `earlier` holds the frozen scores of earlier stages, `panel_vote` the votes for a tie-break,
    `group` what a spread rule counts.
    """

    key: str
    scorecards: Mapping[str, Mapping[str, Decimal] | None]
    earlier: Mapping[str, Decimal] = field(default_factory=dict)
    panel_vote: Decimal | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry's scorecards as they count: in units, by judge in a fixed order."""

    entry: Entry
    cards: Mapping[str, Card]
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    key: str
    group: str
    totals: tuple[tuple[str, Decimal], ...]
    stage_score: Decimal | None
    cumulative: Decimal | None
    tie_values: tuple[Decimal | None, ...]
    unranked: Unranked | None


def read_entry(rubric: Rubric, entry: Entry) -> Read:
    _check_extras(rubric.law, entry)
    cards = _counted_cards(rubric, entry)
    totals = {judge: sum(map(mul, card, rubric.weights)) for judge, card in cards.items()}
    return Read(entry=entry, cards=cards, totals=totals)


def severities_of(law: Law, entries: Iterable[Read]) -> Severities:
    """Nothing to correct where the law does not ask for it."""
    if law.correction is Correction.NONE:
        return Severities()
    scale = (units_of(law.scale_max) or 0) - (units_of(law.scale_min) or 0)
    return find_severities([each.totals for each in entries], scale=scale * (TOTAL_UNITS // UNITS))


def gate_of(law: Law, entries: Iterable[Entry]) -> Severities | None:
    """What a correction would rest on, or why there is none, whether the law asks for it or not.

    None where the method knows no correction.
    """
    if law.method is not Method.MEAN:
        return None
    rubric = rubric_of(law)
    asked = replace(law, correction=Correction.ADDITIVE)
    return severities_of(asked, [read_entry(rubric, entry) for entry in entries])


def score_entry(rubric: Rubric, read: Read, *, severity: Mapping[str, Fraction]) -> Scored:
    law, entry = rubric.law, read.entry
    totals = list(read.totals.values())
    reason = _unranked_reason(law, entry, readings=len(totals))
    stage_score = None
    if len(totals) >= law.min_readings:
        share = _corrected_mean(read, severity) if severity else stage_value(law, totals)
        stage_score = round_share(*share, law.step)
    return Scored(
        key=entry.key,
        group=entry.group or "",
        totals=tuple(zip(read.totals, map(_as_total, totals), strict=True)),
        stage_score=stage_score,
        cumulative=_cumulative(law, entry, stage_score=stage_score) if reason is None else None,
        tie_values=tuple([_tie_value(law, read, totals, link) for link in rubric.links]),
        unranked=reason,
    )


def _corrected_mean(read: Read, severity: Mapping[str, Fraction]) -> Share:
    """As if all its judges were of average severity; a score is never below nought."""
    totals = read.totals
    given = sum(totals.values()) - sum(severity[judge] for judge in totals)
    mean = max(Fraction(given), Fraction(0)) / (len(totals) * TOTAL_UNITS)
    return mean.numerator, mean.denominator


def card_total(law: Law, card: Mapping[str, Decimal]) -> Decimal:
    """Criterion value x weight, on the stage's scale, exact."""
    total = Decimal(0)
    for code, weight in law.weights.items():
        total = EXACT.add(total, EXACT.multiply(card[code], weight))
    return EXACT.scaleb(total, -2)


@lru_cache(maxsize=KEPT)
def _as_total(units: int) -> Decimal:
    return EXACT.scaleb(Decimal(units), -TOTAL_PLACES)


def stage_value(law: Law, totals: Sequence[int]) -> Share:
    """The stage score before its rounding, from totals in units; at least `law.min_readings`."""
    ordered = sorted(totals)
    if law.method is Method.MEDIAN:
        return _median(ordered)
    if law.method is Method.TRIMMED:
        return _mean(ordered[law.trim : len(ordered) - law.trim])
    if law.cap is not None:
        return _capped_mean(ordered, cap=law.cap, step=law.step if law.cap_rounds else None)
    return _mean(ordered)


def _mean(totals: Sequence[int]) -> Share:
    return sum(totals), len(totals) * TOTAL_UNITS


def _capped_mean(totals: Sequence[int], *, cap: Decimal, step: Decimal | None) -> Share:
    """In units of one `count`th, in which the first mean is whole, rounded or not."""
    count, centre = len(totals), sum(totals)
    if step is not None:
        first = units_of(round_share(centre, count * TOTAL_UNITS, step)) or 0
        centre = first * (TOTAL_UNITS // UNITS) * count
    reach = (units_of(cap) or 0) * (TOTAL_UNITS // UNITS) * count
    pulled = [min(max(total * count, centre - reach), centre + reach) for total in totals]
    return sum(pulled), count * count * TOTAL_UNITS


def _median(ordered: Sequence[int]) -> Share:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle], TOTAL_UNITS
    return ordered[middle - 1] + ordered[middle], 2 * TOTAL_UNITS


def _unranked_reason(law: Law, entry: Entry, *, readings: int) -> Unranked | None:
    if readings == 0:
        return Unranked.NO_READING
    if readings < law.min_readings:
        return Unranked.TOO_FEW_READINGS
    for stage in law.earlier_stages:
        if law.stage_weights[stage] and stage not in entry.earlier:
            return Unranked.STAGE_MISSING
    return None


def _cumulative(law: Law, entry: Entry, *, stage_score: Decimal | None) -> Decimal | None:
    if not law.stage_weights or stage_score is None:
        return stage_score
    scores = {**entry.earlier, law.stage: stage_score}
    total = Fraction(0)
    for stage, weight in law.stage_weights.items():
        if weight:
            total += Fraction(scores[stage]) * Fraction(weight)
    return round_half_up(total / 100, law.step)


def _tie_value(law: Law, read: Read, totals: Sequence[int], link: Link) -> Decimal | None:
    """Find the number that a tie-break compares, rounded like every number that is shown."""
    (kind, of), entry, cards = link, read.entry, read.cards
    if kind == PANEL:
        return entry.panel_vote
    if isinstance(of, int):
        given = sum([card[of] for card in cards.values()])
        return round_share(given, len(cards) * UNITS, law.step) if cards else None
    if kind == MEDIAN:
        return round_share(*_median(sorted(totals)), law.step) if cards else None
    return entry.earlier.get(of)


def _counted_cards(rubric: Rubric, entry: Entry) -> dict[str, Card]:
    """Check the scorecards that count and put them, in units, in a fixed order of judges."""
    found: dict[str, Card] = {}
    codes, known, texts = rubric.codes, rubric.known.__getitem__, rubric.known_texts.__getitem__
    for judge in sorted(entry.scorecards):
        card = entry.scorecards[judge]
        if card is None:
            continue
        try:
            if isinstance(card, CardText) and card.codes == codes:
                found[judge] = tuple(map(texts, card.texts))
            else:
                found[judge] = tuple(map(known, map(card.__getitem__, codes)))
        except (KeyError, TypeError):  # a signalling NaN has no hash, and neither has a list
            _refuse_card(rubric.law, card, key=entry.key, judge=judge)
        if len(card) != len(codes):
            _refuse_card(rubric.law, card, key=entry.key, judge=judge)
    return found


def _refuse_card(law: Law, card: Mapping[str, Decimal], *, key: str, judge: str) -> NoReturn:
    if card.keys() != law.weights.keys():
        raise InputError(
            gettext_noop("The scorecard of %(judge)s for %(entry)s does not fit the criteria."),
            code="criteria",
            judge=judge,
            entry=key,
        )
    code, value = next(
        (code, value)
        for code, value in card.items()
        if not is_exact(value) or not law.scale_min <= value <= law.scale_max
    )
    raise InputError(
        gettext_noop(
            "%(value)s is not a score from %(low)s to %(high)s "
            "(%(criterion)s, %(judge)s, %(entry)s)."
        ),
        code="bad_score",
        value=value,
        low=plain(law.scale_min),
        high=plain(law.scale_max),
        criterion=code,
        judge=judge,
        entry=key,
    )


def _check_extras(law: Law, entry: Entry) -> None:
    """Earlier scores and panel votes decide too, so they are checked like scores."""
    for stage, value in entry.earlier.items():
        if stage not in law.earlier_stages or not is_exact(value):
            raise InputError(
                gettext_noop("The score of the earlier stage %(stage)s does not fit (%(entry)s)."),
                code="bad_earlier",
                stage=stage,
                entry=entry.key,
            )
    if law.spread is not None and not entry.group:
        raise InputError(
            gettext_noop("The law spreads by group, and %(entry)s has none."),
            code="no_group",
            entry=entry.key,
        )
    if entry.panel_vote is not None and not is_exact(entry.panel_vote):
        raise InputError(
            gettext_noop("The panel vote for %(entry)s must be a number from 0 upward."),
            code="bad_vote",
            entry=entry.key,
        )
