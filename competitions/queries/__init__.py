from __future__ import annotations

from competitions.queries.deadlines import (
    Deadline,
    deadline_for,
    effective_end,
    hold_round,
    round_for,
    share_deadline,
    shifts_of,
)
from competitions.queries.pages import (
    Card,
    Countdown,
    Schedule,
    card_of,
    countdown_of,
    running_competitions,
    schedule_of,
    show_days,
    with_rounds,
)
from competitions.queries.parts import (
    WorkshopBox,
    announcements_of,
    tracks_of,
    workshop_box,
    workshop_boxes,
)
from competitions.queries.people import (
    Invited,
    invited_without_signup,
    people_concerned,
    units_of,
)
from competitions.queries.uses import uses_of

__all__ = [
    "Card",
    "Countdown",
    "Deadline",
    "Invited",
    "Schedule",
    "WorkshopBox",
    "announcements_of",
    "card_of",
    "countdown_of",
    "deadline_for",
    "effective_end",
    "hold_round",
    "invited_without_signup",
    "people_concerned",
    "round_for",
    "running_competitions",
    "schedule_of",
    "share_deadline",
    "shifts_of",
    "show_days",
    "tracks_of",
    "units_of",
    "uses_of",
    "with_rounds",
    "workshop_box",
    "workshop_boxes",
]
