from __future__ import annotations

from competitions.queries.attendance import (
    AttendanceCounts,
    attendance_counts,
    attendees_of,
    attendees_visible_to,
    materials_of,
    sendable_units,
    tickets_of,
    workshops_of,
    workshops_with_counts,
)
from competitions.queries.deadlines import (
    effective_end,
    hold_round,
    rounds_ending,
    shifts_of,
)
from competitions.queries.extensions import (
    ExtensionPreview,
    extension_preview,
    rounds_to_extend,
)
from competitions.queries.history import (
    history_of,
    round_plans,
)
from competitions.queries.pages import (
    Card,
    Countdown,
    Schedule,
    competition_called,
    countdown_of,
    running_competitions,
    schedule_of,
    show_days,
    with_rounds,
)
from competitions.queries.parts import (
    WorkshopBox,
    announcements_of,
    categories_of,
    forms_of,
    tiers_of,
    workshop_box,
    workshop_boxes,
)
from competitions.queries.people import (
    Invited,
    invited_without_signup,
    people_concerned,
    people_to_tell,
    units_of,
)
from competitions.queries.public import next_public_change, public_stamp
from competitions.queries.reminders import reminders_sent, rules_of, told_counts
from competitions.queries.setup import (
    competition_of,
    is_form_locked,
    is_workshop_used,
    line_of,
    missing_for_publication,
    parent_of,
    siblings_of,
)
from competitions.queries.uses import uses_of

__all__ = [
    "AttendanceCounts",
    "Card",
    "Countdown",
    "ExtensionPreview",
    "Invited",
    "Schedule",
    "WorkshopBox",
    "announcements_of",
    "attendance_counts",
    "attendees_of",
    "attendees_visible_to",
    "categories_of",
    "competition_called",
    "competition_of",
    "countdown_of",
    "effective_end",
    "extension_preview",
    "forms_of",
    "history_of",
    "hold_round",
    "invited_without_signup",
    "is_form_locked",
    "is_workshop_used",
    "line_of",
    "materials_of",
    "missing_for_publication",
    "next_public_change",
    "parent_of",
    "people_concerned",
    "people_to_tell",
    "public_stamp",
    "reminders_sent",
    "round_plans",
    "rounds_ending",
    "rounds_to_extend",
    "rules_of",
    "running_competitions",
    "schedule_of",
    "sendable_units",
    "shifts_of",
    "show_days",
    "siblings_of",
    "tickets_of",
    "tiers_of",
    "told_counts",
    "units_of",
    "uses_of",
    "with_rounds",
    "workshop_box",
    "workshop_boxes",
    "workshops_of",
    "workshops_with_counts",
]
