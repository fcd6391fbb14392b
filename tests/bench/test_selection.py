"""The short form of `make bench-judging`: few editions, the same seeds each time."""

from __future__ import annotations

from bench.selection import (
    READINGS,
    WAYS,
    cells_of,
    looked_again,
    make_edition,
    readers_of,
    refusals,
    shares_found,
)

EDITIONS = 12


def test_correction_and_second_look_find_more_of_the_best() -> None:
    found = list(shares_found(EDITIONS).values())

    raw, additive, _again, corrected_again, _disjoint = found
    assert len(found) == len(WAYS)
    assert additive >= raw + 3
    assert corrected_again >= raw + 8


def test_second_look_costs_as_many_readings_as_three_each() -> None:
    edition = make_edition(0)

    three = cells_of(edition, readers_of(0, readings=READINGS))

    assert len(looked_again(edition, seed=0)) == len(three) == 780


def test_gate_refuses_disjoint_unequal_panels() -> None:
    assert refusals(EDITIONS) == EDITIONS
