"""Which reminders people must get when the clock was moved like this. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

# What remained of the round when the run began, and the leads of its rule: one has begun already,
# the others begin twenty minutes, one day and two days later.
REMAINING = timedelta(days=10)
LEADS = (
    REMAINING + timedelta(hours=2),
    REMAINING - timedelta(minutes=10),
    REMAINING - timedelta(days=1),
    REMAINING - timedelta(days=2),
)
JUMPS = (timedelta(minutes=20), timedelta(days=3), timedelta(hours=-1))


def planned_leads(moves: Iterable[timedelta]) -> list[timedelta]:
    """The shortest lead that had begun each time when somebody looked: each once, none made up."""
    told: list[timedelta] = []
    passed = timedelta()
    for move in (timedelta(), *moves):
        passed += move
        lead = min(lead for lead in LEADS if REMAINING - lead <= passed)
        if lead not in told:
            told.append(lead)
    return told
