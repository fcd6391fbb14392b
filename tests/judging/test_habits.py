"""Hints about one judge's own scores: figures made up to lie on both sides of each threshold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from judging.habits import Card, drift_of, fast_cards, flat_criteria, hints_of, straight_lines
from judging.marks import Scale
from judging.queries.habits import bands_of
from tests.judging.laws import D

SCALE = Scale(D(0), D(100), D(1))


def card(
    position: int, *values: int, total: int = 50, words: int = 900, seconds: float = 600.0
) -> Card:
    named = {f"k{number}": Decimal(value) for number, value in enumerate(values)}
    return Card(position=position, values=named, total=Decimal(total), words=words, seconds=seconds)


def hints(cards: Sequence[Card]) -> list[str]:
    return hints_of(cards, scale=SCALE, labels={"k0": "Kebaruan"})


def test_ordinary_scores_get_no_hint() -> None:
    cards = [
        card(place, 40 + place, 60 - place, 70 + place % 3, total=50 + place % 4)
        for place in range(1, 31)
    ]

    assert hints(cards) == []
    assert hints([]) == []


def test_straight_lines_are_told_from_eight_sheets_and_from_half_of_them() -> None:
    lined = [card(place, place, place, place) for place in range(1, 5)]
    rest = [card(place, place, 60 - place, 30 + place) for place in range(5, 10)]

    assert straight_lines(lined + rest) == [1, 2, 3, 4]
    assert [len(hints(lined + rest[:count])) for count in (3, 4, 5)] == [0, 1, 0]
    assert straight_lines([card(1, 7, 7)]) == []  # two criteria agree by chance


def test_criterion_with_one_value_on_every_sheet_is_named() -> None:
    cards = [card(place, 80, place, 99 - place) for place in range(1, 9)]

    assert flat_criteria(cards) == ["k0"]
    assert flat_criteria(cards[:7]) == []
    assert [hint for hint in hints(cards) if "Kebaruan" in hint] == hints(cards)


@pytest.mark.parametrize(
    ("totals", "is_told"),
    [
        (range(50, 70), True),
        (range(70, 50, -1), True),
        ([50, 51] * 10, False),  # no trend
        ([50 + place // 7 for place in range(20)], False),  # a trend of two points of a hundred
        (range(50, 59), False),  # nine are too few
        ([50] * 20, False),  # no order among equals
    ],
)
def test_drift_is_told_when_chance_and_size_both_say_so(
    totals: Sequence[int], *, is_told: bool
) -> None:
    cards = [card(place, place, 60 - place, total=total) for place, total in enumerate(totals)]

    assert bool(hints(cards)) == is_told


def test_drift_reads_the_judges_order_whatever_order_it_gets() -> None:
    cards = [card(place, total=place) for place in range(12)]

    drift = drift_of(cards[::-1])

    assert drift is not None
    assert (round(drift.correlation, 9), drift.first, drift.last) == (1.0, D("1.5"), D("9.5"))


def test_very_fast_is_told_from_three_sheets_on() -> None:
    fast = [card(place, place, words=900, seconds=89.0) for place in range(1, 4)]
    slow = [card(4, 9, words=900, seconds=90.0)]

    assert fast_cards(fast + slow) == [1, 2, 3]
    assert [len(hints(fast[:count] + slow)) for count in (2, 3)] == [0, 1]
    assert fast_cards([card(1, words=0, seconds=0.0), card(2, words=1, seconds=-5.0)]) == [2]


def test_bands_are_the_values_of_a_short_scale_and_fifths_of_a_long_one() -> None:
    assert bands_of(Scale(D(1), D(4), D(1))) == [(D(each), D(each)) for each in (1, 2, 3, 4)]
    assert bands_of(SCALE) == [(D(20 * each), D(20 * each + 20)) for each in range(5)]
