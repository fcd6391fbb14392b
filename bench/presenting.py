"""Two days of presentations at a hard size: 46 teams, each before three of twelve judges."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from time import process_time

from judging.scheduling import (
    Absence,
    Span,
    Team,
    Want,
    Wish,
    arrange_teams,
    cut_places,
    parse_pause,
)

TEAMS, JUDGES, HEARD_BY, DRAWS = 46, 12, 3, 10
ROOMS, PAUSE, MINUTES = "ABC", "12.00-13.00", 30
MORNINGS = [datetime(2021, 3, day, 8, tzinfo=UTC) for day in (16, 17)]


def timetable_seconds() -> float:
    """Of one processor, for the slowest of so many draws of panels and wishes."""
    days = [Span(morning, morning + timedelta(hours=8, minutes=40)) for morning in MORNINGS]
    places = cut_places(days, rooms=ROOMS, pauses=[parse_pause(PAUSE)], minutes=MINUTES)
    away = [
        Absence(f"j{number}", Span(days[0].starts, days[0].starts + timedelta(hours=2)))
        for number in range(2)
    ]
    slowest = 0.0
    for seed in range(DRAWS):
        teams = drawn_teams(Random(seed))  # noqa: S311 - nobody guesses here
        begun = process_time()
        arrange_teams(teams, places, absences=away, seed=seed)
        slowest = max(slowest, process_time() - begun)
    return slowest


def drawn_teams(lot: Random) -> list[Team]:
    judges = [f"j{number}" for number in range(JUDGES)]
    return [
        Team(f"T{number:02}", frozenset(lot.sample(judges, HEARD_BY)), tuple(drawn_wishes(lot)))
        for number in range(TEAMS)
    ]


def drawn_wishes(lot: Random) -> list[Wish]:
    wishes = []
    if lot.random() < 0.4:
        wishes.append(Wish(Want.NOT_ON, day=lot.choice(MORNINGS).date()))
    if lot.random() < 0.2:
        want = lot.choice((Want.NOT_BEFORE, Want.NOT_AFTER))
        wishes.append(Wish(want, clock=time(lot.choice((10, 11, 14)))))
    return wishes
