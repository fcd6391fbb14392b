"""The rows of the table in their order, with what each may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """`ratio` is CPU against the floor's page of the same kind; `source` says who set it."""

    key: str
    label: str
    ratio: float
    source: str
    statements: int = 0
    is_save: bool = False


LIST, COMMITTEE, BIG = "public list", "committee list", "first page of 5,000"
# Set in milliseconds: the floor's detail took 3 of them there, and its score form 14.
READ = "15 ms"
OURS = "our own"
PAGES = (
    Budget("home", "home, made anew", 1.3, LIST),
    Budget("home-kept", "home, kept, against an empty view", 2.0, LIST),
    Budget("competition", "competition page, made anew", 2.5, OURS),
    Budget("results", "public results, 45 winners, anew", 1.3, LIST),
    Budget("results-kept", "public results, kept, against empty", 2.0, LIST),
    Budget("board-60", "board of 25, 60 proposals", 1.5, COMMITTEE),
    Budget("board", "board of 25, all proposals", 1.5, COMMITTEE),
    Budget("screening-queue-60", "screening queue, 60 proposals", 2.5, BIG),
    Budget("screening-queue", "screening queue, all proposals", 2.5, BIG),
    Budget("register", "register of 5,000 entries, made anew", 2.5, BIG),
    Budget("screening", "screening page", 5.0, OURS),
    # Set as a fiftieth of pretalx and ahead of HotCRP: 28 ms where the floor's list took 16.
    Budget("queue", "judge's queue of 25", 1.5, OURS),
    Budget("scorecard", "scorecard shown", 1.1, READ),
    Budget("scorecard-save", "scorecard saved, 8 values", 1.2, "saves", statements=8, is_save=True),
    Budget("proposal", "proposal page", 5.0, READ),
    Budget("section", "section shown", 5.0, OURS),
    Budget("section-save", "section saved", 1.5, "saves", statements=4, is_save=True),
    Budget("login", "login", 1.2, OURS),
)
# A list must not grow with the edition.
GROWTH = 1.2
SAVE_ALONE_MS, SAVE_P99_MS = 20, 150
# Of a hundred searches among 5,000 entries, ninety-five.
SEARCH_MS = 60
# The deadline: half of two cores, and nobody waits longer.
RUSH_CORES, RUSH_P99_MS = 1.0, 300
# Forty judges who save at the same moment: ninety-five of a hundred waits.
CROWD_P95_MS = 300
# A final send while Redis is frozen, against one while it answers.
FROZEN_RATIO, REDIS_TIMEOUT_MS = 1.2, 1000
# Reminders for 5,000 people; statements for each thousand of them, and of a tick with nothing new.
PLANNING_SECONDS, PLANNING_STATEMENTS, IDLE_STATEMENTS = 5, 10, 3
MAILS_A_SECOND, DOCTOR_SECONDS = 50, 2
WORKER_MEGABYTES = 120
# While fifty files of 5 MB arrive at once.
UPLOAD_MEGABYTES = 200
# Processor seconds for what the control room says of a city's edition and of the largest one.
CITY_CALIBRATION, LARGEST_CALIBRATION, ROBUSTNESS = 1, 20, 10
# A ranking of 2.4 million values.
LARGE_SECONDS, LARGE_MEGABYTES = 30, 1024
