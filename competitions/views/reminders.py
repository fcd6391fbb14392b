"""What will go out when, and what went out to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions import queries
from competitions.models import Competition
from competitions.month_sheets import months_of
from competitions.permissions import Action, allowed_actions
from competitions.reminders import PlannedReminder, plan_of
from competitions.requests import AuthedRequest
from competitions.views.access import competition_for
from kipp.lib.web import page_of


@require_safe
def reminder_list(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_SETUP)
    at = timezone.now()
    rules = list(queries.rules_of(competition))
    plan = plan_of(rules)
    context = {
        "competition": competition,
        "can_edit": Action.EDIT_SETUP in allowed_actions(request.actor, competition),
        "rules": rules,
        "upcoming": next((row for row in plan if row.due_at > at), None),
        "today": at.astimezone(ZoneInfo(competition.time_zone)).date(),
        "months": months_of(_entries(plan, competition=competition, at=at)),
        "page": page_of(queries.reminders_sent(competition), request),
    }
    return render(request, "competitions/reminders.html", context)


def _entries(
    plan: list[PlannedReminder], *, competition: Competition, at: datetime
) -> Iterator[tuple[date, dict[str, Any]]]:
    """By the day in the competition's zone, with how many were told of what is past."""
    told = queries.told_counts(competition)
    zone = ZoneInfo(competition.time_zone)
    for row in plan:
        yield (
            row.due_at.astimezone(zone).date(),
            {
                "row": row,
                "is_past": row.due_at <= at,
                "told": told.get((row.rule.pk, row.lead, row.ends_at), 0),
            },
        )
