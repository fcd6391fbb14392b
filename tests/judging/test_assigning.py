from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.assigning import (
    Field,
    Pair,
    Plan,
    Reader,
    Reading,
    Reason,
    Shortage,
    Unfilled,
    assign_entries,
    assign_panels,
    default_readings,
    measure,
    plan_of,
    reading_order,
)
from judging.assigning.balance import candidates
from judging.assigning.overlap import (
    bridge_islands,
    islands,
    lack_of_overlap,
    repair_by_swaps,
    ties_between,
)
from judging.assigning.plan import misfit


def make_field(judges: int, entries: int, **fields: Any) -> Field:
    capacity = fields.pop("capacity", None)
    return Field(
        readers=tuple(Reader(f"j{number:02}", capacity) for number in range(judges)),
        entries=tuple(f"e{number:03}" for number in range(entries)),
        **fields,
    )


def pairs_of(plan: Plan) -> set[Pair]:
    return {(reading.judge, reading.entry) for reading in plan.readings}


@pytest.mark.parametrize(
    ("judges", "entries", "expected"), [(8, 60, None), (9, 60, 3), (8, 61, 3), (0, 0, None)]
)
def test_default_readings_depend_on_the_size(
    judges: int, entries: int, expected: int | None
) -> None:
    assert default_readings(judges=judges, entries=entries) == expected


def test_everybody_reads_everything_but_conflicts() -> None:
    field = make_field(
        3, 4, conflicts=frozenset({("j00", "e000")}), kept=frozenset({("j01", "e000")})
    )

    plan = assign_entries(field, readings=None, seed=1)

    assert len(plan.readings) == 11
    assert ("j00", "e000") not in pairs_of(plan)
    assert plan.readings[3] == Reading("j01", "e000", Reason.KEPT)
    assert plan.readings[0] == Reading("j00", "e001", Reason.EVERYBODY)
    assert (plan.load_min, plan.load_max) == (3, 4)
    assert (plan.readings_min, plan.readings_max) == (2, 3)
    assert plan.is_connected
    assert plan.unfilled == ()


def test_everybody_within_their_capacity_is_balanced() -> None:
    plan = assign_entries(make_field(4, 10, capacity=5), readings=None, seed=1)

    assert (plan.load_min, plan.load_max) == (5, 5)
    assert (plan.readings_min, plan.readings_max) == (2, 2)
    assert {gap.reason for gap in plan.unfilled} == {Shortage.CAPACITY}
    assert sum(gap.missing for gap in plan.unfilled) == 20


def test_real_size_is_even_connected_and_complete() -> None:
    conflicts = frozenset((f"j{number % 12:02}", f"e{number:03}") for number in range(0, 260, 2))
    field = make_field(12, 260, conflicts=conflicts)

    plan = assign_entries(field, readings=3, seed=2020)

    assert (plan.load_min, plan.load_max) == (65, 65)
    assert (plan.readings_min, plan.readings_max) == (3, 3)
    assert plan.is_connected
    assert plan.ties_min >= 3
    assert not pairs_of(plan) & conflicts


def test_seed_decides_and_order_of_input_does_not() -> None:
    field = make_field(5, 12)
    turned = Field(readers=field.readers[::-1], entries=field.entries[::-1])

    plan = assign_entries(field, readings=2, seed=7)

    assert assign_entries(turned, readings=2, seed=7) == plan
    assert pairs_of(assign_entries(field, readings=2, seed=8)) != pairs_of(plan)


def test_started_work_is_kept_unless_it_is_barred() -> None:
    kept = frozenset({("j00", f"e{number:03}") for number in range(5)} | {("gone", "e001")})
    field = make_field(
        4, 6, kept=kept, conflicts=frozenset({("j00", "e004")}), capacity=3
    )  # j00 has started four: above the limit, and the one that is barred

    plan = assign_entries(field, readings=2, seed=3)

    reasons = {(reading.judge, reading.entry): reading.reason for reading in plan.readings}
    assert {pair for pair, reason in reasons.items() if reason is Reason.KEPT} == {
        ("j00", f"e{number:03}") for number in range(4)
    }
    assert Counter(judge for judge, _ in reasons)["j00"] == 4
    assert plan.unfilled == ()


def test_more_kept_readings_than_asked_stay() -> None:
    kept = frozenset({("j00", "e000"), ("j01", "e000"), ("j02", "e000")})

    plan = assign_entries(make_field(3, 3, kept=kept), readings=1, seed=3)

    assert kept <= pairs_of(plan)
    assert plan.readings_max == 3


def test_entries_that_cannot_be_filled_say_why() -> None:
    field = Field(
        readers=(Reader("a", 1), Reader("b", 9)),
        entries=("barred", "half", "free"),
        conflicts=frozenset({("a", "barred"), ("b", "barred"), ("b", "half")}),
    )

    plan = assign_entries(field, readings=2, seed=1)

    assert sum(gap.missing for gap in plan.unfilled) == 4
    assert Unfilled("barred", 2, Shortage.CONFLICTS) in plan.unfilled
    assert {gap.entry: gap.reason for gap in plan.unfilled}["half"] in set(Shortage)


@pytest.mark.parametrize("readings", [None, 2])
def test_nobody_to_read_leaves_every_entry_unfilled(readings: int | None) -> None:
    plan = assign_entries(make_field(0, 2), readings=readings, seed=1)

    assert plan.readings == ()
    assert plan.unfilled == tuple(
        Unfilled(entry, readings or 1, Shortage.CONFLICTS) for entry in ("e000", "e001")
    )
    assert (plan.load_min, plan.load_max, plan.is_connected) == (0, 0, True)


def test_nothing_to_read_is_an_empty_plan() -> None:
    plan = assign_entries(make_field(2, 0), readings=3, seed=1)

    assert (plan.readings, plan.unfilled, plan.readings_max) == ((), (), 0)
    assert not plan.is_connected


def test_no_reading_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        assign_entries(make_field(2, 2), readings=0, seed=1)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_plan_keeps_every_hard_rule(data: st.DataObject) -> None:
    judges, entries = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 10))
    field = make_field(judges, entries, capacity=data.draw(st.none() | st.integers(1, 8)))
    every = st.sampled_from(field.allowed())
    conflicts = data.draw(st.frozensets(every, max_size=8))
    kept = data.draw(st.frozensets(every, max_size=4))
    field = Field(readers=field.readers, entries=field.entries, conflicts=conflicts, kept=kept)
    readings = data.draw(st.none() | st.integers(1, 4))

    plan = assign_entries(field, readings=readings, seed=data.draw(st.integers(0, 99)))

    pairs = pairs_of(plan)
    assert len(plan.readings) == len(pairs)
    assert not pairs & conflicts
    assert kept - conflicts <= pairs
    started = Counter(judge for judge, _ in kept - conflicts)
    loads = Counter(judge for judge, _ in pairs)
    for reader in field.readers:
        room = entries if reader.capacity is None else reader.capacity
        assert loads[reader.key] <= max(room, started[reader.key])
    assert (plan.load_min, plan.load_max) == (
        min(loads[reader.key] for reader in field.readers),
        max(loads.values(), default=0),
    )
    read = Counter(entry for _, entry in pairs)
    gaps = {gap.entry: gap for gap in plan.unfilled}
    possible = Counter(entry for _, entry in field.allowed())
    for entry in field.entries:
        wanted = max(possible[entry], 1) if readings is None else readings
        assert read[entry] + (gaps[entry].missing if entry in gaps else 0) >= wanted
        if entry in gaps:
            by_conflict = read[entry] == possible[entry]
            assert gaps[entry].reason is (Shortage.CONFLICTS if by_conflict else Shortage.CAPACITY)


def test_reading_order_is_the_judges_own_and_newcomers_do_not_shuffle_it() -> None:
    entries = [f"e{number}" for number in range(20)]

    order = reading_order("j1", entries, seed=5)
    later = reading_order("j1", [*entries, "new"], seed=5)

    assert sorted(order) == sorted(entries)
    assert order != tuple(entries)
    assert order == reading_order("j1", reversed(entries), seed=5)
    assert order != reading_order("j2", entries, seed=5)
    assert order != reading_order("j1", entries, seed=6)
    assert [entry for entry in later if entry != "new"] == list(order)


JUDGES = ["a", "b", "c", "d"]
APART = frozenset(
    {("a", "1"), ("b", "1"), ("a", "2"), ("b", "2")}
    | {("c", "3"), ("d", "3"), ("c", "4"), ("d", "4")}
)
ALL = frozenset((judge, entry) for judge in JUDGES for entry in "1234")


def test_islands_are_judges_without_a_shared_entry() -> None:
    ties = ties_between([*JUDGES, "e"], APART)

    assert islands(ties) == [{"e"}, {"a", "b"}, {"c", "d"}]
    assert lack_of_overlap(ties) == (3, 2 + 2 + 2 + 2 + 3)


def test_swaps_connect_two_panels_and_keep_loads_and_readings() -> None:
    swapped = repair_by_swaps(APART, judges=JUDGES, allowed=ALL, kept=frozenset(), seed=1)

    assert lack_of_overlap(ties_between(JUDGES, swapped)) == (1, 4)  # two entries: two ties each
    assert Counter(judge for judge, _ in swapped) == Counter(judge for judge, _ in APART)
    assert Counter(entry for _, entry in swapped) == Counter(entry for _, entry in APART)


@pytest.mark.parametrize(("allowed", "kept"), [(APART, frozenset()), (ALL, APART)])
def test_swaps_leave_what_is_barred_or_started(
    allowed: frozenset[Pair], kept: frozenset[Pair]
) -> None:
    assert repair_by_swaps(APART, judges=JUDGES, allowed=allowed, kept=kept, seed=1) == APART


def test_swaps_that_do_not_help_are_not_made() -> None:
    alone = frozenset({("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")})

    assert repair_by_swaps(alone, judges=JUDGES, allowed=ALL, kept=frozenset(), seed=1) == alone


def test_bridge_adds_single_readings_where_there_is_room() -> None:
    capacity = dict.fromkeys(JUDGES, 3)

    joined = bridge_islands(APART, capacity=capacity, allowed=ALL, seed=1)
    full = bridge_islands(APART, capacity=dict.fromkeys(JUDGES, 2), allowed=ALL, seed=1)

    assert joined > APART
    assert len(joined) == len(APART) + 1
    assert len(islands(ties_between(JUDGES, joined))) == 1
    assert full == APART


def test_single_readings_are_tied_by_a_few_more() -> None:
    plan = assign_entries(make_field(4, 12), readings=1, seed=1)

    extra = [reading for reading in plan.readings if reading.reason is Reason.OVERLAP]
    assert len(extra) == 3
    assert plan.is_connected


def test_judges_read_what_they_know_best_while_loads_stay_even() -> None:
    health, schools = frozenset({"category:h"}), frozenset({"category:s"})
    readers = tuple(
        Reader(f"j{number}", topics=health if number < 2 else schools) for number in range(4)
    )
    topics = {f"e{n}": ("category:h" if n < 6 else "category:s", "track:1") for n in range(12)}
    field = Field(readers=readers, entries=tuple(topics), topics=topics)

    plan = assign_entries(field, readings=2, seed=4)
    figures = measure(field, pairs_of(plan))

    # One exchange of two entries ties the fields together.
    assert (figures.fitting, figures.strange) == (22 / 24, 2 / 24)
    assert (plan.load_min, plan.load_max, figures.islands) == (6, 6, 1)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [({"category:h", "track:1"}, 0), ({"track:1"}, 1), ({"category:s"}, 2), (set(), 1)],
)
def test_fit_counts_from_the_narrowest_topic(stated: set[str], expected: float) -> None:
    reader = Reader("j", topics=frozenset(stated))

    assert misfit(reader, ("category:h", "track:1")) == expected


def test_every_panel_gives_its_own_readings() -> None:
    readers = (
        *(Reader(f"d{n}", panel="desk") for n in range(3)),
        Reader("i0", panel="independent"),
    )
    field = Field(readers=readers, entries=("a", "b", "c", "d"))
    wanted = {"desk": 2, "independent": None}

    plan = assign_panels(field, wanted=wanted, seed=1)

    read = Counter((entry, judge[0]) for judge, entry in pairs_of(plan))
    assert read == {(entry, panel): n for entry in "abcd" for panel, n in (("d", 2), ("i", 1))}
    assert (plan.unfilled, plan.is_connected) == ((), True)
    alone = plan_of(field, {("d0", "a"): Reason.MANUAL}, wanted=wanted, seed=1)
    assert Counter(gap.panel for gap in alone.unfilled) == {"desk": 4, "independent": 4}


def test_a_large_field_is_planned_from_candidates_and_kept_work_is_among_them() -> None:
    judges, entries = [f"j{n}" for n in range(20)], ["a", "b"]
    allowed = [(judge, entry) for judge in judges for entry in entries]
    lots = {pair: number / 40 for number, pair in enumerate(allowed)}

    few = candidates(allowed, costs=lots, lots=lots, kept=frozenset({("j10", "a")}), width=6)

    assert [judge for judge, entry in few if entry == "a"] == [
        "j0", "j1", "j2", "j10", "j17", "j18", "j19",
    ]  # fmt: skip
    assert len(few) == 13


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_permutation_of_the_input_gives_the_same_plan(data: st.DataObject) -> None:
    field = make_field(data.draw(st.integers(2, 5)), data.draw(st.integers(2, 8)))
    field = replace(field, conflicts=data.draw(st.frozensets(st.sampled_from(field.allowed()))))
    turned = replace(
        field,
        readers=tuple(data.draw(st.permutations(field.readers))),
        entries=tuple(data.draw(st.permutations(field.entries))),
    )

    plan = assign_panels(field, wanted={"": 2}, seed=3)

    assert assign_panels(turned, wanted={"": 2}, seed=3) == plan
    possible = Counter(entry for _, entry in field.allowed())
    gaps = {gap.entry: gap for gap in plan.unfilled}
    read = Counter(entry for _, entry in pairs_of(plan))
    for entry in field.entries:
        assert read[entry] >= min(2, possible[entry])
        assert (entry in gaps) == (read[entry] < 2)
