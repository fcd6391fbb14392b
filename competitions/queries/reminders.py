from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet

from competitions.models import Competition, Reminder, ReminderRule


def reminders_sent(competition: Competition) -> QuerySet[Reminder]:
    """Who was reminded of what and when, newest first, with the mail that carried it."""
    return Reminder.objects.filter(rule__round__competition=competition).select_related(
        "rule__round", "recipient", "message"
    )


def rules_of(competition: Competition) -> QuerySet[ReminderRule]:
    """In the order of the rounds."""
    return (
        ReminderRule.objects.filter(round__competition=competition)
        .select_related("round__competition")
        .prefetch_related("round__extensions__unit")
        .order_by("round__order", "round__starts_at", "audience")
    )


def told_counts(competition: Competition) -> dict[tuple[int, int, datetime], int]:
    """How many people each rule has told, by rule, lead and end."""
    rows = (
        Reminder.objects.filter(rule__round__competition=competition)
        .order_by()
        .values_list("rule", "lead", "ends_at")
        .annotate(count=Count("pk"))
    )
    return {(rule, lead, ends_at): count for rule, lead, ends_at, count in rows}
