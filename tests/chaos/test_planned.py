"""The pure parts of the chaos suite: what a seed decides, what a moved clock must bring."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

from tests.chaos.faults import FAULTS
from tests.chaos.planned import JUMPS, LEADS, planned_leads
from tests.chaos.schedule import lines_of, schedule
from tests.chaos.summary import Outcome, faults_of, never_happened, table_of

PARTS = {name: fault.part for name, fault in FAULTS.items()}
LATER, LONG_LATER, BACK = JUMPS
FIRST, AFTER_MINUTES, _AFTER_A_DAY, AFTER_TWO_DAYS = LEADS


def test_schedule_follows_from_its_seed_alone() -> None:
    assert lines_of(schedule(7, PARTS)) == lines_of(schedule(7, PARTS))
    assert schedule(7, PARTS) != schedule(8, PARTS)


def test_schedule_has_every_fault_once_and_every_jump() -> None:
    acts = schedule(7, PARTS)

    struck = [step.fault for act in acts for step in act.steps]
    assert sorted(struck) == sorted(PARTS)
    assert {act.jump for act in acts} == {*JUMPS, None}


def test_schedule_moves_each_clock_of_running_processes_within_three_seeds() -> None:
    for seed in range(50):
        acts = [act for each in range(seed, seed + 3) for act in schedule(each, PARTS)]
        assert {act.jump for act in acts if act.jump and not act.is_down} == set(JUMPS)


def test_schedule_hits_nothing_that_is_still_broken() -> None:
    for seed in range(50):
        for act in schedule(seed, PARTS):
            free_at: dict[str, float] = {}
            for step in act.steps:
                part = PARTS[step.fault]
                assert step.at >= free_at.get(part, 0.0)
                free_at[part] = step.at + step.lasts


def test_planned_leads_are_told_once_and_only_the_latest_of_those_missed() -> None:
    told = {moves: planned_leads(moves) for moves in permutations(JUMPS)}

    assert told == {
        (LATER, LONG_LATER, BACK): [FIRST, AFTER_MINUTES, AFTER_TWO_DAYS],
        (LATER, BACK, LONG_LATER): [FIRST, AFTER_MINUTES, AFTER_TWO_DAYS],
        (LONG_LATER, LATER, BACK): [FIRST, AFTER_TWO_DAYS],
        (LONG_LATER, BACK, LATER): [FIRST, AFTER_TWO_DAYS],
        (BACK, LATER, LONG_LATER): [FIRST, AFTER_TWO_DAYS],
        (BACK, LONG_LATER, LATER): [FIRST, AFTER_TWO_DAYS],
    }
    assert planned_leads([timedelta()]) == [FIRST]


def outcome(seed: int, *happened: str, broken: tuple[str, ...] = ()) -> Outcome:
    possible = frozenset({"kill beat", "disk full"})
    return Outcome(seed, 90.0, 1200, 400, broken, possible, frozenset(happened))


def test_table_says_of_each_seed_what_broke() -> None:
    lines = table_of([outcome(1), outcome(2, broken=("lost mails: 0", "drained"))])

    assert lines[2:] == [
        "     1  kept          90     1200    400",
        "     2  BROKEN        90     1200    400  lost mails: 0; drained",
        "1 of 2 kept everything, in 3.0 minutes.",
    ]


def test_ten_seeds_leave_no_fault_out() -> None:
    nine = [outcome(seed, "kill beat") for seed in range(9)]

    assert never_happened(nine) == []
    assert never_happened([*nine, outcome(9)]) == ["disk full"]
    assert never_happened([*nine, outcome(9, "disk full")]) == []
    assert faults_of(nine)[2:] == ["   0 of 9  disk full", "   9 of 9  kill beat"]
