"""What a plenary may move on a finished list, and what it discusses first. Pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.plenary import Ranked, order_of_discussion
from judging.ranking import (
    AtLine,
    Entry,
    InputError,
    Law,
    Line,
    Move,
    SpreadBy,
    Tier,
    rank_entries,
)
from judging.ranking import reorder as reorder_lines
from tests.judging.bundles import differences
from tests.judging.laws import D, make_entry, make_law
from tests.judging.test_ranking_properties import SPREADS, fields, laws

LAW = make_law(advance=2, tiers=(Tier("top2", 2), Tier("top1", 1)))


def moved(
    law: Law, scores: list[str], moves: list[tuple[str, int]], groups: str = ""
) -> tuple[Line, ...]:
    entries = [
        make_entry(str(number), score, group=groups[number] if groups else None)
        for number, score in enumerate(scores)
    ]
    made = [Move(key, place, "Pleno") for key, place in moves]
    lines = rank_entries(law, entries).lines
    return reorder_lines(law, lines, entries=entries, moves=made)


def seen(lines: tuple[Line, ...]) -> list[tuple[Any, ...]]:
    return [(x.key, x.place, x.law_place, x.advances, list(x.tiers), x.decision) for x in lines]


def test_move_takes_one_entry_out_and_puts_it_in() -> None:
    lines = moved(LAW, ["9", "8", "7", "6"], [("3", 1)])

    assert seen(lines) == [
        ("3", 1, 4, True, ["top2", "top1"], "plenary"),
        ("0", 2, 1, True, ["top2"], "plenary"),
        ("1", 3, 2, False, [], "plenary"),
        ("2", 4, 3, False, [], "clear"),
    ]
    assert [(line.rank, line.cumulative) for line in lines] == [
        (4, D(6)), (1, D(9)), (2, D(8)), (3, D(7)),
    ]  # fmt: skip


def test_without_a_move_the_law_stands_as_it_is() -> None:
    lines = moved(LAW, ["9", "8", "7"], [])

    assert [line.law_place for line in lines] == [None] * 3


def test_who_shared_a_place_shares_it_still() -> None:
    lines = moved(LAW, ["9", "8", "8", "7"], [("3", 1)])

    assert [(line.key, line.place) for line in lines] == [("3", 1), ("0", 2), ("1", 3), ("2", 3)]


def test_spread_rule_is_read_from_the_new_places() -> None:
    """Of agency a only one stands within a line."""
    law = replace(LAW, spread_by=SpreadBy.AGENCY, spread=1)

    before = moved(law, ["9", "8", "7"], [], groups="aab")
    after = moved(law, ["9", "8", "7"], [("1", 1)], groups="aab")

    assert [line.key for line in before if line.advances] == ["0", "2"]
    assert [line.key for line in after if line.advances] == ["1", "2"]


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ([("9", 1)], "not_ranked"),
        ([("0", 0)], "no_place"),
        ([("0", 6)], "no_place"),
        ([("0", 1)], "same_place"),
        ([("4", 3)], "shared_place"),
        ([("4", 1), ("4", 1)], "same_place"),
    ],
)
def test_move_without_meaning_is_refused(moves: list[tuple[str, int]], code: str) -> None:
    with pytest.raises(InputError) as error:
        moved(LAW, ["9", "8", "8", "7", "6"], moves)

    assert error.value.code == code


def test_move_without_a_reason_is_refused() -> None:
    entries = [make_entry("a", "9"), make_entry("b", "8")]

    with pytest.raises(InputError) as error:
        reorder_lines(
            LAW, rank_entries(LAW, entries).lines, entries=entries, moves=[Move("b", 1, " ")]
        )

    assert error.value.code == "reason"


@settings(max_examples=60)
@given(laws(spreads=SPREADS), fields(), st.integers(0), st.integers(1, 9))
def test_places_stay_a_ranking_and_scores_stay(
    law: Law, entries: list[Any], number: int, place: int
) -> None:
    lines = rank_entries(law, entries).lines
    if not lines:
        return
    move = Move(lines[number % len(lines)].key, place, "Pleno")
    try:
        after = reorder_lines(law, lines, entries=entries, moves=[move])
    except InputError:
        return

    ranked = [line for line in after if line.place]
    assert {line.key: line.cumulative for line in after} == {x.key: x.cumulative for x in lines}
    assert {line.key: line.law_place for line in ranked} == {
        x.key: x.place for x in lines if x.place
    }
    places = [line.place or 0 for line in ranked]
    assert places == [places.index(each) + 1 for each in places]
    if law.spread is None and law.advance and law.at_line is AtLine.KEEP:
        assert [x.advances for x in ranked] == [each <= law.advance for each in places]


@settings(max_examples=60)
@given(laws(spreads=SPREADS), fields(), st.lists(st.tuples(st.integers(0), st.integers(1, 9))))
def test_checker_moves_as_the_plenary_did(
    law: Law, entries: list[Entry], wishes: list[tuple[int, int]]
) -> None:
    """Wishes that the portal refuses are no part of a frozen ranking."""
    lines, moves = rank_entries(law, entries).lines, list[Move]()
    for number, place in wishes[:4]:
        more = [*moves, Move(lines[number % len(lines)].key, place, "Pleno")] if lines else []
        with suppress(InputError):
            reorder_lines(law, lines, entries=entries, moves=more)
            moves = more

    assert differences(law, entries, moves=moves) == []


def ranked(*scores: str, inside: int) -> list[Ranked]:
    return [
        Ranked(key=str(number), score=Decimal(score), is_inside=number < inside)
        for number, score in enumerate(scores)
    ]


def test_discussion_begins_where_the_line_could_most_easily_fall_otherwise() -> None:
    lines = ranked("90", "80", "79", "60", inside=2)

    found = order_of_discussion(lines, chances={"0": 0.99, "1": 0.551, "2": 0.449, "3": 0.004})

    assert [(item.key, item.chance, item.margin) for item in found] == [
        ("1", 55, D(1)), ("2", 45, D(1)), ("0", 99, D(11)), ("3", 0, D(20)),
    ]  # fmt: skip


def test_without_chances_the_points_to_the_line_decide() -> None:
    found = order_of_discussion(ranked("90", "80", "78", "78", inside=2), chances={})

    assert [(item.key, item.margin) for item in found] == [
        ("1", D(2)), ("2", D(2)), ("3", D(2)), ("0", D(12)),
    ]  # fmt: skip
    everybody = order_of_discussion(ranked("90", "80", inside=2), chances={})
    assert [(item.key, item.margin) for item in everybody] == [("0", None), ("1", None)]


def test_equal_doubt_falls_to_the_nearer_score() -> None:
    found = order_of_discussion(
        ranked("90", "80", "70", inside=1), chances={"0": 0.6, "1": 0.4, "2": 0.4}
    )

    assert [item.key for item in found] == ["0", "1", "2"]
