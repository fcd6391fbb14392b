"""What will go out when, and what went out to whom."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions import queries
from competitions.permissions import Action, allowed_actions
from competitions.reminders import plan_of
from competitions.requests import AuthedRequest
from competitions.views.access import competition_for
from kipp.lib.web import PAGE


@require_safe
def reminder_list(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_SETUP)
    sent = queries.reminders_sent(competition)
    context = {
        "competition": competition,
        "can_edit": Action.EDIT_SETUP in allowed_actions(request.actor, competition),
        "plan": plan_of(competition, at=timezone.now()),
        "page": Paginator(sent, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "competitions/reminders.html", context)
