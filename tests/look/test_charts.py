from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.lib import charts
from kipp.lib.charts import Bar, Period, Spread, Step

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (50, "50"), (100, "100"), (200, "100"), (-5, "0"), (Decimal("33.333"), "33.33")],
)
def test_position_is_a_share_of_the_scale(value: int | Decimal, expected: str) -> None:
    assert charts.position(value, low=0, high=100) == expected


def test_lines_share_one_scale_and_the_highest_touches_the_top() -> None:
    found = charts.lines([("Mulai", [0, 2, 4]), ("Lolos", [0, 0, 1])])

    assert found == [
        charts.Line("Mulai", "0,100 50,50 100,0", "4"),
        charts.Line("Lolos", "0,100 50,100 100,75", "1"),
    ]
    assert charts.lines([("Kosong", [0])]) == [charts.Line("Kosong", "0,100 100,100", "0")]


def test_position_on_an_empty_scale_is_its_start() -> None:
    assert charts.position(5, low=5, high=5) == "0"


@given(st.decimals(-1000, 1000, places=3), st.integers(-50, 50), st.integers(51, 200))
def test_position_never_leaves_the_chart(value: Decimal, low: int, high: int) -> None:
    assert 0 <= Decimal(charts.position(value, low=low, high=high)) <= 100


def test_bars_compare_with_the_longest() -> None:
    assert charts.bars([("Kesehatan", 8), ("Pendidikan", 2)]) == [
        Bar("Kesehatan", "8", "", x="0", width="100"),
        Bar("Pendidikan", "2", "", x="0", width="25"),
    ]


@pytest.mark.parametrize("counts", [[], [("Kesehatan", 0)]])
def test_bars_of_nothing_are_empty(counts: list[tuple[str, int]]) -> None:
    assert [bar.width for bar in charts.bars(counts)] == ["0"] * len(counts)


def test_funnel_is_centred_and_says_what_is_left_of_the_step_before() -> None:
    assert charts.funnel([("Draf", 40), ("Dikirim", 20), ("Lolos", 5)]) == [
        Bar("Draf", "40", "", x="0", width="100"),
        Bar("Dikirim", "20", "50%", x="25", width="50"),
        Bar("Lolos", "5", "25%", x="43.75", width="12.5"),
    ]


def test_funnel_survives_a_start_at_zero() -> None:
    assert charts.funnel([("Draf", 0), ("Dikirim", 0)]) == [
        Bar("Draf", "0", "", x="50", width="0"),
        Bar("Dikirim", "0", "", x="50", width="0"),
    ]
    assert charts.funnel([]) == []


def test_spread_shows_every_value_the_range_and_the_mean_as_ranked() -> None:
    values = [Decimal("90.00"), Decimal("70.50"), Decimal("80.00")]

    assert charts.spread([("Pasar", values, Decimal("80.17"))], low=60, high=100) == [
        Spread(
            "Pasar",
            low="26.25",
            high="75",
            mean="50.42",
            dots=("26.25", "50", "75"),
            mean_text="80,17",
            range_text="70,50–90,00",
        )
    ]


def test_spread_below_zero_has_a_minus_and_no_dash_beside_it() -> None:
    values = [Decimal("-6.15"), Decimal("-5.44")]

    [row] = charts.spread([("Siti", values, Decimal("-5.80"))], low=-7, high=7)

    assert (row.mean_text, row.range_text) == ("−5,80", "−6,15 … −5,44")


def test_spread_without_values_draws_nothing() -> None:
    [row] = charts.spread([("Pasar", [], Decimal(0))], low=0, high=100)

    assert (row.dots, row.low, row.high, row.range_text) == ((), "0", "0", "")


def period(title: str, start: int, end: int) -> Period:
    return Period(title, NOON + start * DAY, NOON + end * DAY, dates=f"{start}-{end}")


def test_timeline_puts_today_between_the_rounds() -> None:
    periods = [period("Penilaian", 3, 9), period("Lokakarya", -9, -5)]

    assert charts.timeline_steps(periods, at=NOON) == [
        Step("Lokakarya", "-9--5", state="past"),
        Step(is_today=True),
        Step("Penilaian", "3-9", state="next"),
    ]


def test_timeline_marks_the_running_round_instead_of_today() -> None:
    steps = charts.timeline_steps([period("Lokakarya", -9, -5), period("Kirim", -1, 4)], at=NOON)

    assert [step.state for step in steps] == ["past", "now"]


@pytest.mark.parametrize(("days", "expected"), [(-1, "next"), (0, "now"), (1, "past"), (2, "past")])
def test_state_begins_with_the_first_moment_and_ends_with_the_last(
    days: int, expected: str
) -> None:
    running = Period("Kirim", NOON, NOON + DAY, dates="")

    assert charts.state(running, at=NOON + days * DAY) == expected
