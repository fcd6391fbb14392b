"""The committee's history panel and its plan: the audit trail and the reminders in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.history import Line, Words, as_lines
from accounts.models import AuditEntry
from competitions.models import Competition, Round

WORDS: Words = {
    "competition.loaded": _("Definition loaded from a file"),
    "competition.cloned": _("Copied from last year"),
    "competition.part_added": _("Added: %(name)s"),
    "competition.part_changed": _("Changed: %(name)s"),
    "competition.part_moved": _("Moved: %(name)s"),
    "competition.part_removed": _("Removed: %(name)s"),
    "competition.published": _("Published"),
    "competition.archived": _("Archived"),
    "competition.announced": _("Announced: %(title)s"),
    "competition.announcement_changed": _("Announcement changed: %(title)s"),
    "competition.announcement_removed": _("Announcement removed: %(title)s"),
    "competition.seat_given": _("Seat in the committee: %(name)s"),
    "competition.hook_set": _("Webhook set: %(host)s"),
    "competition.hook_removed": _("Webhook removed"),
    "competition.seat_taken": _("Left the committee: %(name)s"),
    "round.extended": _("Round extended: %(round)s (letter %(letter_number)s)"),
    "stage.added": _("Stage added: %(name)s"),
    "stage.moved": _("Stage moved: %(name)s"),
    "stage.removed": _("Stage removed: %(name)s"),
    "screening.announced": _("Screening announced, number %(number)s"),
    "workshop.signed_up": _("Signed up for the workshop: %(name)s"),
    "workshop.cancelled": _("Seat given back: %(name)s"),
    "workshop.attended": _("Attended: %(name)s"),
    "workshop.attendance_undone": _("Attendance undone: %(name)s"),
    "workshop.material_added": _("Material added: %(title)s"),
    "workshop.material_removed": _("Material removed: %(title)s"),
}


def history_of(entries: Iterable[AuditEntry]) -> list[Line]:
    return as_lines(entries, words=WORDS)


def round_plans(competition: Competition) -> QuerySet[Round]:
    """The rounds with what hangs on them: workshop and reminders."""
    return competition.rounds.select_related("workshop").prefetch_related("reminder_rules")
