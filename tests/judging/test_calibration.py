"""Statistics against published figures, and against truths that were put in."""

from __future__ import annotations

import random
from statistics import fmean

import pytest

from judging.calibration import (
    Refusal,
    Table,
    chances_of_top,
    fit_additive,
    icc_average,
    icc_single,
    krippendorff_alpha,
    table_of,
    why_not,
)

# Shrout and Fleiss (1979), table 2: six targets, four judges. Its ICC(2,1) is .29, ICC(2,4) .62.
SHROUT_FLEISS = ("9 2 5 8", "6 1 3 2", "8 4 6 8", "7 1 2 6", "10 5 6 9", "6 2 4 7")
# Krippendorff (2011), four observers, twelve units, some missing. Its interval alpha is .849.
KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def complete() -> Table:
    return table_of(
        {
            (f"t{target}", f"j{judge}"): float(value)
            for target, row in enumerate(SHROUT_FLEISS)
            for judge, value in enumerate(row.split())
        }
    )


def made(*, entries: int, judges: int, readings: int, seed: int) -> tuple[Table, list[float]]:
    """Scores with known severities, each entry read by some of the judges."""
    drawn = random.Random(seed)
    severities = [drawn.gauss(0, 5) for _judge in range(judges)]
    cells = {}
    for entry in range(entries):
        quality = drawn.gauss(70, 6)
        for judge in drawn.sample(range(judges), readings):
            cells[f"e{entry:03}", f"j{judge}"] = quality + severities[judge] + drawn.gauss(0, 2)
    return table_of(cells), severities


def test_icc_is_that_of_shrout_and_fleiss() -> None:
    table = complete()

    assert icc_single(table) == pytest.approx(0.29, abs=0.005)
    assert icc_average(table) == pytest.approx(0.62, abs=0.005)


def test_alpha_is_that_of_krippendorff() -> None:
    table = table_of(
        {
            (f"u{unit:02}", f"o{observer}"): float(value)
            for observer, row in enumerate(KRIPPENDORFF)
            for unit, value in enumerate(row.split())
            if value != "."
        }
    )

    assert krippendorff_alpha(table) == pytest.approx(0.849, abs=0.0005)


def test_additive_fit_on_a_complete_table_is_the_difference_of_means() -> None:
    fit = fit_additive(complete())

    assert fit is not None
    columns = list(zip(*(map(float, row.split()) for row in SHROUT_FLEISS), strict=True))
    grand = fmean(value for column in columns for value in column)
    assert [each.value for each in fit.severities] == pytest.approx(
        [fmean(column) - grand for column in columns]
    )
    assert list(fit.corrected.values()) == pytest.approx(
        [fmean(map(float, row.split())) for row in SHROUT_FLEISS]
    )


def test_severities_that_were_put_in_lie_in_their_intervals() -> None:
    table, truth = made(entries=120, judges=6, readings=3, seed=3)

    fit = fit_additive(table)

    assert fit is not None
    centred = [severity - fmean(truth) for severity in truth]
    inside = [
        each.low <= value <= each.high for each, value in zip(fit.severities, centred, strict=True)
    ]
    assert inside.count(True) >= 5
    assert why_not(table, fit, scale=100) == []


def test_gate_refuses_panels_that_share_nothing() -> None:
    halves = {
        (f"e{entry}", f"j{judge + 2 * (entry % 2)}"): float(entry + judge)
        for entry in range(20)
        for judge in range(2)
    }
    table = table_of(halves)

    assert (fit_additive(table), icc_single(table)) == (None, None)
    assert why_not(table, None, scale=100) == [Refusal.NOT_CONNECTED]
    assert chances_of_top(table, size=5, seed=1) == {}


def test_gate_refuses_few_readings() -> None:
    table = complete()

    assert Refusal.FEW_READINGS in why_not(table, fit_additive(table), scale=100)


def test_chances_add_up_and_follow_quality_and_seed() -> None:
    table, _truth = made(entries=40, judges=5, readings=3, seed=5)

    chances = chances_of_top(table, size=8, seed=11)

    fit = fit_additive(table)
    assert fit is not None
    ordered = sorted(fit.corrected, key=lambda entry: -fit.corrected[entry])
    assert sum(chance.share for chance in chances.values()) == pytest.approx(8)
    assert chances[ordered[0]].share > 0.9
    assert chances[ordered[-1]].share < 0.1
    assert chances == chances_of_top(table, size=8, seed=11)


@pytest.mark.parametrize("cells", [{}, {("a", "j"): 5.0}, {("a", "j"): 5.0, ("a", "k"): 5.0}])
def test_what_the_readings_do_not_say_is_left_open(cells: dict[tuple[str, str], float]) -> None:
    table = table_of(cells)

    assert (krippendorff_alpha(table), icc_single(table), fit_additive(table)) == (None,) * 3
    assert chances_of_top(table, size=1, seed=1) == {}


def test_judges_who_differ_by_the_same_points_leave_nothing_to_chance() -> None:
    table = table_of(
        {
            (f"p{n}", judge): points - n
            for n in range(30)
            for judge, points in (("j", 90.0), ("k", 50.0))
        }
    )

    assert chances_of_top(table, size=2, seed=1) == {}
