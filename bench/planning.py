"""Who reads what, at the largest size promised: 100 judges, 5,000 entries, three readings each."""

from __future__ import annotations

import random
import time

from judging.assigning import Field, Reader, assign_panels, measure

JUDGES, ENTRIES, READINGS = 100, 5_000, 3
CONFLICTS, CATEGORIES = 10_000, 8
SPARE = 1.2


def plan_seconds() -> float:
    """Of one processor, with the statistics that the page of the draft shows."""
    field = large_field()
    begun = time.process_time()
    plan = assign_panels(field, wanted={"desk": READINGS}, seed=1)
    measure(field, {(each.judge, each.entry) for each in plan.readings})
    return time.process_time() - begun


def large_field() -> Field:
    lot = random.Random(2020)  # noqa: S311 - nobody guesses here
    topics = [(f"category:{number}", "track:1") for number in range(CATEGORIES)]
    judges = [f"j{number:03}" for number in range(JUDGES)]
    entries = [f"e{number:04}" for number in range(ENTRIES)]
    capacity = int(ENTRIES * READINGS / JUDGES * SPARE)
    return Field(
        readers=tuple(
            Reader(judge, capacity, panel="desk", topics=frozenset(lot.choice(topics)[:1]))
            for judge in judges
        ),
        entries=tuple(entries),
        topics={entry: lot.choice(topics) for entry in entries},
        conflicts=frozenset(
            (lot.choice(judges), lot.choice(entries)) for _pair in range(CONFLICTS)
        ),
    )
