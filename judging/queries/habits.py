"""A judge's own submitted scorecards as figures. Nobody else's are read here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import mean

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Func, JSONField

from competitions.roles import Actor
from judging.habits import Card
from judging.marks import Scale
from judging.models import Assignment, Criterion, Stage
from judging.ranking.numbers import plain
from judging.workflow import AssignmentStatus
from kipp.lib import charts

BANDS = 5
CENT = Decimal("0.01")


class SectionWords(Func):
    """How many words each section of a frozen copy has, without reading the copy."""

    template = "jsonb_path_query_array(%(expressions)s, '$.sections[*].words')"
    output_field = JSONField()


@dataclass(frozen=True, slots=True)
class CountRow:
    label: str
    counts: tuple[int, ...]
    bands: tuple[str, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        return list(zip(self.bands, self.counts, strict=True))


def own_cards(actor: Actor, stage: Stage, criteria: Sequence[Criterion]) -> list[Card]:
    """In the judge's own order."""
    keys = {criterion.pk: criterion.key for criterion in criteria}
    own = Assignment.objects.visible_to(actor).filter(
        entry__stage=stage, status=AssignmentStatus.SUBMITTED
    )
    rows = own.order_by("position").values_list(
        "position",
        "total",
        "declared_at",
        "submitted_at",
        SectionWords(F("entry__submission__content")),
        ArrayAgg("scores__criterion_id"),
        ArrayAgg("scores__value"),
    )
    return [
        Card(
            position=position,
            values={
                keys[pk]: value
                for pk, value in zip(pks, values, strict=True)
                if pk in keys and value is not None
            },
            total=total,
            words=sum(words),
            seconds=(until - since).total_seconds(),
        )
        for position, total, since, until, words, pks, values in rows
    ]


def spread_of(
    cards: Sequence[Card], criteria: Sequence[Criterion], *, scale: Scale
) -> list[charts.Spread]:
    """One line per criterion with the judge's own values."""
    rows = [
        (str(criterion), values, mean(values).quantize(CENT))
        for criterion in criteria
        if (values := _values(cards, criterion))
    ]
    return charts.spread(rows, low=scale.low, high=scale.high)


def count_rows(
    cards: Sequence[Card], criteria: Sequence[Criterion], *, scale: Scale
) -> list[CountRow]:
    """How often the judge used each part of the scale, in the order of `bands_of`."""
    bands, names = bands_of(scale), tuple(band_labels(scale))
    rows = []
    for criterion in criteria:
        found = Counter(_band(value, bands) for value in _values(cards, criterion))
        counts = tuple(found[place] for place in range(len(bands)))
        rows.append(CountRow(str(criterion), counts, names))
    return rows


def bands_of(scale: Scale) -> list[tuple[Decimal, Decimal]]:
    """The values of a short scale, or five equal parts of a long one."""
    if scale.count <= BANDS + 1:
        return [(mark, mark) for mark in scale.marks()]
    width = (scale.high - scale.low) / BANDS
    ends = [scale.low + place * width for place in range(BANDS + 1)]
    return list(pairwise(ends))


def band_labels(scale: Scale) -> list[str]:
    return [
        _shown(low) if low == high else f"{_shown(low)}–{_shown(high)}"
        for low, high in bands_of(scale)
    ]


def _shown(value: Decimal) -> str:
    return charts.comma(Decimal(plain(value)))


def _band(value: Decimal, bands: Sequence[tuple[Decimal, Decimal]]) -> int:
    """A value on a border belongs to the part above it."""
    return max(place for place, (low, _high) in enumerate(bands) if place == 0 or low <= value)


def _values(cards: Sequence[Card], criterion: Criterion) -> list[Decimal]:
    return [card.values[criterion.key] for card in cards if criterion.key in card.values]
