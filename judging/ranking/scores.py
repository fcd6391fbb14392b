"""From scorecards to one exact number per proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from operator import mul
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from judging.ranking.errors import InputError, gettext_noop
from judging.ranking.law import MEDIAN, PANEL, Correction, Law, Method
from judging.ranking.numbers import (
    EXACT,
    MAX_PLACES,
    UNITS,
    is_exact,
    plain,
    round_half_up,
    units_of,
)
from judging.ranking.rubric import (
    USUAL_PLACES,
    Card,
    FinerError,
    Link,
    Rubric,
    Share,
    rubric_of,
)
from judging.ranking.severity import Severities, find_severities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# Python looks a member of an enumeration up for longer than it adds three numbers.
MIDDLE, CAPPED = Method.MEDIAN, Method.CAPPED


class CardText(Mapping[str, Decimal]):
    """A scorecard as the database wrote it: a number for each code, with tabs between them.

    Each number is in its one spelling (`numbers.plain`); reading another one raises `ValueError`.
    Reads like any other card; the law reads its text, which costs a fifth.
    """

    __slots__ = ("codes", "text")

    def __init__(self, codes: tuple[str, ...], text: str) -> None:
        self.codes, self.text = codes, text

    def __getitem__(self, code: str) -> Decimal:
        return Decimal(dict(zip(self.codes, self.text.split("\t"), strict=True))[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)


class Unranked(StrEnum):
    NO_READING = "no_reading"
    TOO_FEW_READINGS = "too_few_readings"
    STAGE_MISSING = "stage_missing"


class Entry(NamedTuple):
    """One proposal's submitted scorecards by judge; `None` is missing or recused and never counts.

    `earlier` holds the frozen scores of earlier stages, `panel_vote` the votes for a tie-break,
    `group` what a spread rule counts.
    """

    key: str
    scorecards: Mapping[str, Mapping[str, Decimal] | None]
    earlier: Mapping[str, Decimal] = MappingProxyType({})
    panel_vote: Decimal | None = None
    group: str | None = None


class Read(NamedTuple):
    """An entry's scorecards as they count: in units, by judge in a fixed order."""

    entry: Entry
    cards: Mapping[str, Card]
    totals: Mapping[str, int]


class Scored(NamedTuple):
    key: str
    group: str
    totals: tuple[tuple[str, Decimal], ...]
    stage_score: Decimal | None
    cumulative: Decimal | None
    unranked: Unranked | None
    # What the chain of tie-breaks looks at, should another have the same score.
    read: Read


def read_entries(law: Law, entries: Sequence[Entry]) -> tuple[Rubric, list[Read]]:
    """In small units where they will do; a deviation cap may be finer than any score."""
    if law.method is not Method.CAPPED:
        with suppress(FinerError):
            return _read_all(rubric_of(law, places=USUAL_PLACES), entries)
    return _read_all(rubric_of(law, places=MAX_PLACES), entries)


def _read_all(rubric: Rubric, entries: Sequence[Entry]) -> tuple[Rubric, list[Read]]:
    return rubric, [read_entry(rubric, entry) for entry in entries]


def read_entry(rubric: Rubric, entry: Entry) -> Read:
    _check_extras(rubric.law, entry)
    cards, weights = _counted_cards(rubric, entry), rubric.weights
    return Read(
        entry, cards, {judge: sum(map(mul, card, weights)) for judge, card in cards.items()}
    )


def severities_of(rubric: Rubric, entries: Iterable[Read]) -> Severities:
    """Nothing to correct where the law does not ask for it."""
    law = rubric.law
    if law.correction is Correction.NONE:
        return Severities()
    scale = Fraction(law.scale_max) - Fraction(law.scale_min)
    units = rubric.total_units
    found = find_severities([each.totals for each in entries], scale=scale * units)
    points = {judge: value / units for judge, value in found.values.items()}
    return replace(found, values=points)


def gate_of(law: Law, entries: Iterable[Entry]) -> Severities | None:
    """What a correction would rest on, or why there is none, whether the law asks for it or not.

    None where the method knows no correction.
    """
    if law.method is not Method.MEAN:
        return None
    asked = replace(law, correction=Correction.ADDITIVE)
    return severities_of(*read_entries(asked, tuple(entries)))


def score_entry(rubric: Rubric, read: Read, *, severity: Mapping[str, Fraction]) -> Scored:
    (entry, _cards, by_judge), stage_score = read, None
    totals = list(by_judge.values())
    reason = _unranked_reason(rubric, entry, readings=len(totals))
    if len(totals) >= rubric.law.min_readings:
        share = _corrected(rubric, read, severity) if severity else _value(rubric, totals)
        stage_score = rubric.rounded[share]
    return Scored(
        entry.key,
        entry.group or "",
        tuple([(judge, rubric.total_of(units)) for judge, units in by_judge.items()]),
        stage_score,
        _cumulative(rubric, entry, stage_score=stage_score) if reason is None else None,
        reason,
        read,
    )


def _corrected(rubric: Rubric, read: Read, severity: Mapping[str, Fraction]) -> Share:
    """As if all its judges were of average severity; a score is never below nought."""
    totals = read.totals
    given = Fraction(sum(totals.values()), rubric.total_units)
    mean = max(given - sum(severity[judge] for judge in totals), Fraction(0)) / len(totals)
    return mean.numerator, mean.denominator


def card_total(weights: Mapping[str, Decimal], card: Mapping[str, Decimal]) -> Decimal:
    """Criterion value x weight, on the stage's scale, exact."""
    total = Decimal(0)
    for code, weight in weights.items():
        total = EXACT.add(total, EXACT.multiply(card[code], weight))
    return EXACT.scaleb(total, -2)


def _value(rubric: Rubric, totals: Sequence[int]) -> Share:
    """The stage score before its rounding, from totals in units; at least `law.min_readings`."""
    method, trim = rubric.law.method, rubric.law.trim
    if method is MIDDLE:
        return _median(rubric, totals)
    if method is CAPPED:
        return _capped_mean(rubric, totals)
    if trim:
        totals = sorted(totals)[trim : len(totals) - trim]
    return sum(totals), len(totals) * rubric.total_units


def _capped_mean(rubric: Rubric, totals: Sequence[int]) -> Share:
    """In units of one `count`th, in which the first mean is whole, rounded or not."""
    law, of_score = rubric.law, rubric.total_units // UNITS
    count, centre = len(totals), sum(totals)
    if law.cap_rounds:
        first = units_of(rubric.rounded[centre, count * rubric.total_units]) or 0
        centre = first * of_score * count
    reach = (units_of(law.cap) or 0) * of_score * count
    pulled = [min(max(total * count, centre - reach), centre + reach) for total in totals]
    return sum(pulled), count * count * rubric.total_units


def _median(rubric: Rubric, totals: Sequence[int]) -> Share:
    ordered, middle = sorted(totals), len(totals) // 2
    if len(ordered) % 2:
        return ordered[middle], rubric.total_units
    return ordered[middle - 1] + ordered[middle], 2 * rubric.total_units


def _unranked_reason(rubric: Rubric, entry: Entry, *, readings: int) -> Unranked | None:
    if readings == 0:
        return Unranked.NO_READING
    if readings < rubric.law.min_readings:
        return Unranked.TOO_FEW_READINGS
    if rubric.needed and any(stage not in entry.earlier for stage in rubric.needed):
        return Unranked.STAGE_MISSING
    return None


def _cumulative(rubric: Rubric, entry: Entry, *, stage_score: Decimal | None) -> Decimal | None:
    law = rubric.law
    if not law.stage_weights or stage_score is None:
        return stage_score
    scores = {**entry.earlier, law.stage: stage_score}
    total = Fraction(0)
    for stage, weight in law.stage_weights.items():
        if weight:
            total += Fraction(scores[stage]) * Fraction(weight)
    return round_half_up(total / 100, rubric.rounded.step)


def tie_value(rubric: Rubric, read: Read, link: Link) -> Decimal | None:
    """What a link of the chain compares, rounded like every number that is shown."""
    (kind, of), (entry, cards, totals) = link, read
    if isinstance(of, int):
        given = sum([card[of] for card in cards.values()])
        return rubric.rounded[given, len(cards) * rubric.units] if cards else None
    if kind == MEDIAN:
        return rubric.rounded[_median(rubric, list(totals.values()))] if cards else None
    if kind == PANEL:
        return entry.panel_vote
    return entry.earlier.get(of)


def _counted_cards(rubric: Rubric, entry: Entry) -> dict[str, Card]:
    """Check the scorecards that count and put them, in units, in a fixed order of judges."""
    found: dict[str, Card] = {}
    codes, known, text_of = rubric.codes, rubric.known.__getitem__, rubric.text_of
    given = entry.scorecards
    for judge in sorted(given):
        card = given[judge]
        if card is None:
            continue
        try:
            if isinstance(card, CardText) and card.codes == codes:
                found[judge] = tuple(map(text_of, card.text.split("\t")))
                continue
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
