"""Statistics of a plan, moves by hand, and what of an old plan still holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.assigning import (
    Move,
    MoveError,
    Objection,
    Reader,
    apply_move,
    field_hash,
    measure,
    severity_errors,
    still_possible,
)
from tests.judging.test_assigning import make_field


def test_errors_of_severity_are_those_of_the_design() -> None:
    complete = {(judge, entry) for judge in "abc" for entry in "12345678"}

    # Var = sigma^2 (1 - 1/J) / n for everybody reading everything.
    assert severity_errors(complete) == pytest.approx(dict.fromkeys("abc", (2 / 3 / 8) ** 0.5))
    assert severity_errors({("a", "1"), ("b", "2")}) == {}
    assert severity_errors({("a", "1")}) == {}
    # A ring of 40 judges, ten entries between neighbours: (n^2 - 1) / (12 n w), weight w = 5.
    ring = {(f"j{(n + side) % 40}", f"e{n}") for n in range(400) for side in (0, 1)}
    errors = sorted(severity_errors(ring).values())
    assert errors == pytest.approx([(1599 / 2400) ** 0.5] * 40)


def test_statistics_of_an_empty_plan() -> None:
    figures = measure(make_field(2, 2), set())

    assert (figures.load_min, figures.load_median, figures.load_max) == (0, 0, 0)
    assert (figures.idle, figures.read_max, figures.islands, figures.error_max) == (2, 0, 0, None)


MOVES: list[tuple[dict[str, str], Objection]] = [
    ({"entry": "e000"}, Objection.NOTHING),
    ({"entry": "e000", "giver": "j00", "in_return": "e001"}, Objection.NOTHING),
    ({"entry": "e000", "giver": "j00", "taker": "j00"}, Objection.SAME),
    ({"entry": "e000", "giver": "j00", "taker": "j01", "in_return": "e000"}, Objection.SAME),
    ({"entry": "e001", "giver": "j00"}, Objection.NOT_READING),
    ({"entry": "e000", "giver": "j02"}, Objection.STARTED),
    ({"entry": "e001", "taker": "nobody"}, Objection.UNKNOWN),
    ({"entry": "none", "taker": "j00"}, Objection.UNKNOWN),
    ({"entry": "e002", "taker": "j00"}, Objection.CONFLICT),
    ({"entry": "e000", "taker": "j00"}, Objection.READS_ALREADY),
    ({"entry": "e001", "taker": "j02"}, Objection.CAPACITY),
]


@pytest.mark.parametrize(("terms", "expected"), MOVES)
def test_moves_against_a_rule_are_refused(terms: dict[str, str], expected: Objection) -> None:
    field = make_field(3, 3, conflicts=frozenset({("j00", "e002")}))
    field = replace(field, readers=(*field.readers[:2], Reader("j02", 1)))
    pairs = frozenset({("j00", "e000"), ("j02", "e000"), ("j01", "e001")})

    with pytest.raises(MoveError) as error:
        apply_move(field, pairs, move=Move(**terms), started=frozenset({("j02", "e000")}))

    assert error.value.objection is expected


def test_an_exchange_needs_no_room() -> None:
    field = make_field(2, 2, capacity=1)
    pairs = frozenset({("j00", "e000"), ("j01", "e001")})

    after = apply_move(
        field, pairs, move=Move(entry="e000", giver="j00", taker="j01", in_return="e001")
    )

    assert after == {("j01", "e000"), ("j00", "e001")}


def test_hash_follows_the_field_and_not_its_order() -> None:
    field = make_field(2, 3, conflicts=frozenset({("j00", "e000")}))
    turned = replace(field, readers=field.readers[::-1], entries=field.entries[::-1])
    others = [
        replace(field, entries=field.entries[:2]),
        replace(field, conflicts=frozenset()),
        replace(field, kept=frozenset({("j01", "e001")})),
        replace(field, readers=(field.readers[0], Reader("j01", 5))),
        replace(field, topics={"e000": ("track:1",)}),
    ]

    first = field_hash(field, wanted={"": 2})

    assert field_hash(turned, wanted={"": 2}) == first
    hashes = {field_hash(each, wanted={"": 2}) for each in others}
    assert len(hashes | {first, field_hash(field, wanted={"": 3})}) == 7


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_is_adjusted_is_possible_and_keeps_all_that_is(data: st.DataObject) -> None:
    field = make_field(4, 6, capacity=data.draw(st.none() | st.integers(1, 4)))
    every = st.sampled_from(field.allowed())
    field = replace(field, conflicts=data.draw(st.frozensets(every, max_size=6)))
    begun = data.draw(st.frozensets(every, max_size=3)) - field.conflicts
    field = replace(field, kept=begun)
    strangers = frozenset({("gone", "e000"), ("j00", "gone")})
    old = data.draw(st.frozensets(every, max_size=12)) | strangers

    kept = still_possible(field, old, seed=1)

    assert begun <= kept <= (old | begun) - field.conflicts - strangers
    loads, started = Counter(judge for judge, _ in kept), Counter(judge for judge, _ in begun)
    for reader in field.readers:
        room = 6 if reader.capacity is None else max(reader.capacity, started[reader.key])
        possible = sum(
            judge == reader.key for judge, _ in (old - field.conflicts - strangers) | begun
        )
        assert loads[reader.key] == min(room, possible)
