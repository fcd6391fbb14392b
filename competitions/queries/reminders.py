from __future__ import annotations

from django.db.models import QuerySet

from competitions.models import Competition, Reminder


def reminders_sent(competition: Competition) -> QuerySet[Reminder]:
    """Who was reminded of what and when, newest first, with the mail that carried it."""
    return Reminder.objects.filter(rule__round__competition=competition).select_related(
        "rule__round", "recipient", "message"
    )
